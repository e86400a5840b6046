"""Why a request is refused, and with which HTTP status. The library's errors get their statuses here alone."""

import logging

from django.db import DatabaseError
from django.utils.translation import gettext

from recognizer.errors import InkError, ModelError, PictureTooLarge, RecognizerError, UnsupportedPicture

logger = logging.getLogger(__name__)


class Refusal(Exception):
    """An answer other than 200: its status, and a message that a person can act on."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers or {}


def refusal_for(error: RecognizerError | DatabaseError) -> Refusal:
    """The library's error, or the database's, as an answer."""
    match error:
        case PictureTooLarge():
            return Refusal(413, _sentence(error.message))
        case UnsupportedPicture():
            return Refusal(415, _sentence(error.message))
        case InkError():
            return Refusal(400, _sentence(error.message))
        case ModelError():
            return _unavailable(error, gettext("There is no usable model on the server at the moment."))
        case _:
            return _unavailable(error, gettext("The server cannot read its list of models at the moment."))


def _unavailable(error: Exception, message: str) -> Refusal:
    # Paths and tables are for the operator. No drawing is in such an error: it is raised before one is looked at.
    logger.error("No prediction, see `python manage.py check`: %s", error)
    return Refusal(503, message)


def _sentence(message: str) -> str:
    return f"{message[:1].upper()}{message[1:].rstrip('.')}."
