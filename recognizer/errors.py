"""The library's few errors. The web layer alone maps them to HTTP statuses."""


class RecognizerError(Exception):
    """Base of every error that this library raises on purpose."""


class InkError(RecognizerError, ValueError):
    """A drawing or picture that cannot be read; `index` is its place in the call's list, if it came in one."""

    def __init__(self, message: str, index: int | None = None) -> None:
        super().__init__(message if index is None else f"item {index}: {message}")
        self.message = message
        self.index = index


class BrokenPicture(InkError):
    """Bytes that are not a whole, decodable picture."""


class PictureTooLarge(InkError):
    """More bytes or more declared pixels than the limits allow; nothing was decoded."""


class UnsupportedPicture(InkError):
    """A picture in a format that is not taken."""


class ModelError(RecognizerError):
    """A model folder that is missing, incomplete or damaged."""
