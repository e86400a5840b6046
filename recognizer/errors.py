"""The library's few errors. The web layer alone maps them to HTTP statuses."""


class RecognizerError(Exception):
    """Base of every error that this library raises on purpose."""


class InkError(RecognizerError, ValueError):
    """A drawing or picture that cannot be read; `index` is its place in the call's list, if it came in one.

    `message` is `text` with the values in place of their names: who speaks another language fills in its own text.
    """

    def __init__(self, text: str, index: int | None = None, **values: object) -> None:
        self.text, self.index, self.values = text, index, values
        written = {name: f"{value:,}" if isinstance(value, int) else value for name, value in values.items()}
        self.message = text.format(**written) if values else text
        super().__init__(self.message if index is None else f"item {index}: {self.message}")


class BrokenPicture(InkError):
    """Bytes that are not a whole, decodable picture."""


class PictureTooLarge(InkError):
    """More bytes or more declared pixels than the limits allow; nothing was decoded."""


class UnsupportedPicture(InkError):
    """A picture in a format that is not taken."""


class ModelError(RecognizerError):
    """A model folder that is missing, incomplete or damaged."""


class UnusableFile(ModelError):
    """A file that cannot be imported as a model; the message says what to do instead."""


def how_to_install(extra: str) -> str:
    """What to do where a package of an extra is missing. No index has a release yet."""
    target = "training" if extra == "train" else extra
    return f"In a clone of the repository type `make {target}`, or in your own environment: pip install '.[{extra}]'"
