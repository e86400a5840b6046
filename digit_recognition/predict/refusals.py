"""The answers other than 200. Only this file maps the library's errors to HTTP statuses."""

import logging

from django.db import DatabaseError
from django.utils.translation import gettext, gettext_noop

from digit_recognition.models import MissingModel
from digit_recognition.numerals import number
from recognizer.errors import InkError, ModelError, PictureTooLarge, RecognizerError, UnsupportedPicture

logger = logging.getLogger(__name__)


class Refusal(Exception):
    """An answer other than 200: its status, and a message that says what to do."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers or {}


def refusal_for(error: RecognizerError | DatabaseError) -> Refusal:
    """Return the answer to an error of the library or the database."""
    match error:
        case PictureTooLarge():
            return Refusal(413, _sentence(error))
        case UnsupportedPicture():
            return Refusal(415, _sentence(error))
        case InkError():
            return Refusal(400, _sentence(error))
        case MissingModel():
            text = gettext(
                "The model in use, {name}, is missing on the server. An administrator can run “manage.py check "
                "--database default” to see what to do."
            )
            return _service_unavailable(error, text.format(name=error.name))
        case ModelError():
            return _service_unavailable(
                error,
                gettext(
                    "There is no usable model on the server. An administrator can run “manage.py migrate” to set one "
                    "up. “manage.py check --database default” shows what is wrong."
                ),
            )
        case _:
            return _service_unavailable(
                error, gettext("The server can't read its list of models right now. Try again later.")
            )


def _service_unavailable(error: Exception, message: str) -> Refusal:
    # Only the operator sees paths and tables. The error never contains a drawing.
    logger.error("No prediction, see `python manage.py check --database default`: %s", error)
    return Refusal(503, message)


def _sentence(error: InkError) -> str:
    values = {name: number(value) if isinstance(value, int) else value for name, value in error.values.items()}
    message = gettext(error.text).format(**values)
    end = "" if message.endswith(STOPS) else "."
    return f"{message[:1].upper()}{message[1:]}{end}"


STOPS = (".", "।")

# The library's messages about ink. The library is English only, so they are marked for translation here.
LIBRARY_TEXTS = (
    gettext_noop("a drawing is a list of strokes, each a list of [x, y] points"),
    gettext_noop("a stroke is a list of [x, y] points"),
    gettext_noop("a point is [x, y]: two numbers or more"),
    gettext_noop("a coordinate must be a number, not {kind}"),
    gettext_noop("a coordinate is too large to be a 64-bit float"),
    gettext_noop("a coordinate is not a finite number"),
    gettext_noop("a stroke must be an (n, 2 or more) array of numbers, not {kind}"),
    gettext_noop("a picture must be a gray (H, W) array of uint8, not {kind}; recognizer.pictures.decode reads files"),
    gettext_noop("a picture must have {least} to {most} px a side, not {size}"),
    gettext_noop("the picture has {bytes} bytes; the limit is {most}"),
    gettext_noop("the picture declares more than {most} px a side"),
    gettext_noop("the picture's header is damaged"),
    gettext_noop("the picture starts like a {format} but is damaged or cut off"),
    gettext_noop("{format} pictures are not supported; send a PNG, JPEG, WebP, AVIF or HEIC"),
    gettext_noop("this is not a picture; send a PNG, JPEG, WebP, AVIF or HEIC"),
    gettext_noop(
        "HEIC pictures need the package pillow-heif. In a clone of the repository type `make heif`, or in your own "
        "environment: pip install '.[heif]'"
    ),
    gettext_noop("the picture has more than {most} parts; save it again as a plain PNG or JPEG"),
    gettext_noop("the picture takes too much time or memory to read; save it again as a plain PNG or JPEG"),
    gettext_noop("the picture is {size} px; the limit is {most} px a side"),
    gettext_noop("the picture declares more than {most} pixels"),
    gettext_noop("the picture is {size} px; the limit is {most} pixels in all"),
    gettext_noop("the picture is {size} px; a JPEG may have 50 megapixels"),
    gettext_noop("the picture is {size} px; a progressive JPEG may have {most} px a side. Save it as a baseline JPEG"),
    gettext_noop("the picture is {size} px; at least {least} px a side are needed"),
    gettext_noop("the picture is cut off or damaged"),
    gettext_noop("only the first {most} pages are read"),
    gettext_noop("a picture must be the bytes of a file, not {kind}"),
)
