"""What a request passes before the model is asked: method, size, token, content type, form. In this order."""

import threading

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import gettext

from digit_recognition import body
from digit_recognition.forms import InkForm, PictureForm, StrokesForm
from digit_recognition.refusals import Refusal

# How many requests a process decodes and answers at once. Any number may wait for their visitors, 4 MB each, but a
# picture takes a hundred times as much while it is decoded.
TURNS = threading.BoundedSemaphore(2)


def receive(request: HttpRequest) -> bytes:
    """The body, which may take its time to come; raises `Refusal` for another method or too many bytes."""
    if request.method != "POST":
        raise Refusal(405, gettext("Use POST."), {"Allow": "POST"})
    return body.read(request)


def admit(request: HttpRequest, data: bytes) -> InkForm:
    """The valid form of a request that may be answered; raises `Refusal` for any other."""
    sent = body.parse_form(request, data)
    # Django's check looks for the token among the fields; set here, they are not read and parsed a second time.
    request.POST = sent.fields  # type: ignore[assignment]  # stubs ask for one that cannot be changed
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
    """Django's own check of cookie, token and origin; what fails it is refused in this app's one shape."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        raise Refusal(403, gettext("CSRF token missing or invalid. Reload the page and send its token."))


def _unreachable(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError("the check answers nothing itself")
