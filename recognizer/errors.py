"""The library's errors. Only the web layer maps them to HTTP statuses."""


class RecognizerError(Exception):
    """Base of every error that this library raises on purpose."""


class InkError(RecognizerError, ValueError):
    """A drawing or picture that cannot be read. `index` is its place in the call's list, if there was a list.

    `message` is `text` with `values` filled in. To show it in another language, translate `text` and fill in `values`.
    """

    def __init__(self, text: str, index: int | None = None, **values: object) -> None:
        self.text, self.index, self.values = text, index, values
        written = {name: f"{value:,}" if isinstance(value, int) else value for name, value in values.items()}
        self.message = text.format(**written) if values else text
        super().__init__(self.message if index is None else f"item {index}: {self.message}")


class BrokenPicture(InkError):
    """Bytes that are not a whole, decodable picture."""


class PictureTooLarge(InkError):
    """More bytes, pixels, parts or pages than the limits allow. The picture was not decoded."""


class UnsupportedPicture(InkError):
    """A picture in a format that is not supported."""


class ModelError(RecognizerError):
    """A model folder that is missing, incomplete or damaged."""


class UnusableFile(ModelError):
    """A file that cannot be imported as a model; the message says what to do instead."""


def first_line(error: Exception) -> str:
    """Return the first line of an error's text, at most 200 characters, or its class if it has no text."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


def how_to_install(extra: str) -> str:
    """Return how to install a missing package of an extra. There is no release on a package index yet."""
    target = "training" if extra == "train" else extra
    return f"In a clone of the repository type `make {target}`, or in your own environment: pip install '.[{extra}]'"
