"""Checks a request before the model answers it: method, size, token, content type, form, in this order."""

import threading

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import gettext

from digit_recognition.forms import InkForm, PictureForm, StrokesForm
from digit_recognition.predict import body
from digit_recognition.predict.refusals import Refusal

# A process decodes and answers two requests at a time. Any number of bodies may arrive meanwhile, 4 MB each, but
# decoding a picture takes a hundred times as much memory.
SLOTS = threading.BoundedSemaphore(2)


def receive(request: HttpRequest) -> bytes:
    """Return the body, however slowly it arrives. Raises `Refusal`: 405, or those of `body.read`."""
    if request.method != "POST":
        raise Refusal(405, gettext("Use POST."), {"Allow": "POST"})
    return body.read(request)


def admit(request: HttpRequest, data: bytes) -> InkForm:
    """Return the valid form of a request. Raises `Refusal` if the token, content type or form is wrong."""
    sent = body.parse_form(request, data)
    # Django's check looks for the token in POST. Setting it here saves reading and parsing the body again.
    request.POST = sent.fields  # type: ignore[assignment]  # stubs want an immutable one
    _TokenCheck(_unreachable).process_view(request, _unreachable, (), {})
    form = _form(request, data, sent)
    if not form.is_valid():
        raise form.refusal()
    return form


def _form(request: HttpRequest, data: bytes, sent: body.Form) -> InkForm:
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refusal(415, gettext("Compressed requests are not supported."))
    if request.content_type == body.JSON:
        return StrokesForm(body.parse_json(data))
    if request.content_type in (body.URLENCODED, body.MULTIPART) or not data:
        return PictureForm(sent.fields, sent.files)
    raise Refusal(415, gettext("Send a form with the field “image”, or JSON with the key “strokes”."))


class _TokenCheck(CsrfViewMiddleware):
    """Django's own check of cookie, token and origin. A failure raises `Refusal`, so it has the shape of all errors."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        raise Refusal(403, gettext("CSRF token missing or invalid. Reload the page and send its token."))


def _unreachable(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError("the CSRF check never calls the view")
