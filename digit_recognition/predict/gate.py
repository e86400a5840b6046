"""Checks a request before the model answers it: method, size, the form's shape, token, content type, ink."""

import threading
from dataclasses import dataclass
from io import BytesIO
from typing import Any, get_args

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext

from digit_recognition.forms import InkForm, PictureForm, json_form
from digit_recognition.predict import body
from digit_recognition.predict.refusals import Refusal
from recognizer.ink import Pixels, Strokes
from recognizer.numbers.reading import Allow

# A process decodes and answers two requests at a time. Any number of bodies may arrive meanwhile, but decoding a large
# picture takes far more memory.
SLOTS = threading.BoundedSemaphore(2)


def receive(request: HttpRequest) -> bytes:
    """Return the body, however slowly it arrives. Raises `Refusal`: 405, or those of `body.read`."""
    if request.method != "POST":
        raise Refusal(405, gettext("Use POST."), {"Allow": "POST"})
    return body.read(request)


@dataclass(frozen=True)
class Question:
    """What a request asks. with_seen: send what the network saw, too; allow: for numbers, as it was sent."""

    ink: Strokes | Pixels
    with_seen: bool
    allow: Any

    def allowed(self) -> Allow:
        """Return what a number may have. Raises `Refusal` 400."""
        if self.allow not in get_args(Allow):
            raise Refusal(400, gettext("“allow” must be “digits” or “number”."))
        allow: Allow = self.allow
        return allow


def admit(request: HttpRequest, data: bytes) -> Question:
    """Return what a request asks. Raises `Refusal` if the token, content type or form is wrong."""
    sent = body.parse_form(request, data)
    # Django's check looks for the token in POST. Setting it here saves reading and parsing the body again.
    request.POST = sent.fields  # type: ignore[assignment]  # stubs want an immutable one
    _TokenCheck(_unreachable).process_view(request, _unreachable, (), {})
    form = _form(request, data, sent)
    request.POST = QueryDict()
    del data, sent  # large, like the picture
    try:
        if not form.is_valid():
            raise form.refusal()
        allow = form.cleaned_data["allow"] or request.GET.get("allow", "digits")
        return Question(form.ink, form.cleaned_data["seen"], allow)
    finally:
        form.let_go()


def _form(request: HttpRequest, data: bytes, sent: body.Form) -> InkForm:
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refusal(415, gettext("Compressed requests are not supported."))
    kind = request.content_type or ""
    if kind == body.JSON:
        return json_form(body.parse_json(data))
    if kind.startswith(body.PICTURE):
        picture = InMemoryUploadedFile(BytesIO(data), "image", "image", kind, len(data), None)
        return PictureForm({}, MultiValueDict({"image": [picture]}))
    if kind in (body.URLENCODED, body.MULTIPART) or not data:
        return PictureForm(sent.fields, sent.files)
    raise Refusal(415, gettext("Send a picture, a form with the field “image”, or JSON with “strokes” or “image”."))


class _TokenCheck(CsrfViewMiddleware):
    """Django's own check of cookie, token and origin. A failure raises `Refusal`, so it has the shape of all errors."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        raise Refusal(403, gettext("CSRF token missing or invalid. Reload the page and send its token."))


def _unreachable(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError("the CSRF check never calls the view")
