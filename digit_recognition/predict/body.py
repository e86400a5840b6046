"""Reads a request's body once and within its limit, then parses it. Knows forms, JSON and pictures, not drawings."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext

from digit_recognition.numerals import number
from digit_recognition.predict.refusals import Refusal
from recognizer.pictures import MAX_BYTES

JSON = "application/json"
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
PICTURE = "image/"  # followed by a format, which is not trusted

# Base64 makes a picture a third larger, percent escapes of + and / add to that, and a form has other fields.
MAX_FORM_BYTES = MAX_BYTES * 3 // 2 + 65_536
MAX_JSON_BYTES = MAX_BYTES * 4 // 3 + 65_536  # a picture as base64, without escapes
MOST_JSON_VALUES = 500_000  # as Python objects they take up to forty times their bytes

MAX_LENGTH_DIGITS = 18  # `int` raises ValueError for thousands of digits


@dataclass(frozen=True)
class Form:
    """The fields and files of a form, all in memory."""

    fields: QueryDict
    files: "MultiValueDict[str, UploadedFile[Any]]" = field(default_factory=MultiValueDict)


def read(request: HttpRequest) -> bytes:
    """Return the whole body. Raises `Refusal`: 413 over the limit, 400 if cut off, 411 if its length is unknown.

    Reads nothing if the declared length is over the limit, and otherwise at most one byte more than the limit. Under
    ASGI Django itself reads the body first, into memory and onto disk, so the proxy must have a limit.
    """
    limit = LIMITS.get(request.content_type or "", MAX_BYTES)
    declared = _declared_length(request)
    if declared is not None and declared > limit:
        raise _too_large()
    data = _read_at_most(request, limit + 1, declared)
    if len(data) > limit:
        raise _too_large()
    if declared is not None and len(data) < declared:
        raise Refusal(400, gettext("The request ended early: it is shorter than its Content-Length."))
    return data


LIMITS = {URLENCODED: MAX_FORM_BYTES, MULTIPART: MAX_FORM_BYTES, JSON: MAX_JSON_BYTES}


def parse_form(request: HttpRequest, data: bytes) -> Form:
    """Return a form's fields and files; both are empty for other content types. Raises `Refusal` 400 or 413."""
    try:
        if request.content_type == MULTIPART:
            meta = {"CONTENT_TYPE": request.META["CONTENT_TYPE"], "CONTENT_LENGTH": len(data)}
            return Form(*MultiPartParser(meta, BytesIO(data), [_InMemoryUpload(request)], request.encoding).parse())
        return Form(QueryDict(data if request.content_type == URLENCODED else b"", encoding="utf-8"))
    except RequestDataTooBig:  # the project's DATA_UPLOAD_MAX_MEMORY_SIZE, if lower than our limit
        raise _too_large() from None
    except (MultiPartParserError, SuspiciousOperation, ValueError, LookupError):  # LookupError: unknown charset
        raise Refusal(400, gettext("The form is malformed or has too many parts.")) from None


def parse_json(data: bytes) -> dict[str, Any]:
    """Parse a JSON object strictly. Raises `Refusal`: 413 for more than 12 MB without a picture, else 400.

    NaN, Infinity, repeated keys and too many values are refused too.
    """
    if len(data) > MAX_BYTES and b'"image"' not in data:
        raise _too_large()
    if data.count(b",") > MOST_JSON_VALUES:
        text = gettext("The JSON holds more than {most} numbers and strokes.")
        raise Refusal(400, text.format(most=number(MOST_JSON_VALUES)))
    try:
        value = json.loads(
            data.decode("utf-8"), parse_constant=_refuse_constant, object_pairs_hook=_refuse_repeated_keys
        )
    except UnicodeDecodeError:
        raise Refusal(400, gettext("The JSON is not UTF-8.")) from None
    except RecursionError:
        raise Refusal(400, gettext("The JSON is nested too deeply.")) from None
    except ValueError:
        raise Refusal(400, gettext("The JSON is malformed.")) from None
    if not isinstance(value, dict):
        raise Refusal(400, gettext('The JSON is not an object. Send {"strokes": [[[x, y], …], …]} or {"image": "…"}.'))
    return value


def _declared_length(request: HttpRequest) -> int | None:
    """Return the Content-Length; 0 without a body, None for a chunked body."""
    declared = request.META.get("CONTENT_LENGTH")
    if not declared:
        return None if "HTTP_TRANSFER_ENCODING" in request.META else 0
    if not (str(declared).isascii() and str(declared).isdigit() and len(str(declared)) <= MAX_LENGTH_DIGITS):
        raise Refusal(400, gettext("The Content-Length is not a number."))
    return int(declared)


def _read_at_most(request: HttpRequest, size: int, declared: int | None) -> bytes:
    stream: Any = request
    if declared is None and "wsgi.input" in request.META:
        # Django takes a body of unknown length for an empty one, so read the server's own stream. Servers that decode
        # chunks set this key, as gunicorn does; Django's `runserver` cannot decode them.
        if not request.META.get("wsgi.input_terminated"):
            raise Refusal(411, gettext("Chunked requests are not supported. Send a Content-Length."))
        stream = request.META["wsgi.input"]
    try:
        return b"".join(_pieces(stream, size))
    except Exception:  # each server raises its own errors for broken chunks
        raise Refusal(400, gettext("The request ended early or is malformed.")) from None


def _pieces(stream: Any, size: int) -> Iterable[bytes]:
    while size > 0:
        piece = stream.read(min(size, 65_536))
        if not piece:
            return
        size -= len(piece)
        yield piece


def _too_large() -> Refusal:
    return Refusal(413, gettext("Too large: the limit is 12 MB."))


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not valid JSON")


def _refuse_repeated_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a key is repeated")
    return dict(pairs)


class _InMemoryUpload(MemoryFileUploadHandler):
    """Keep each file in memory, whatever the site's settings say. It is within the limit, and stays off the disk."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        self.activated = True
