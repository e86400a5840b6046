"""Turns the data of a request into ink, or into form errors. Knows the limits of a drawing, not of a body."""

import base64
import binascii
import math
import re
import threading
from contextlib import nullcontext
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext, gettext_lazy

from digit_recognition.conf import conf
from digit_recognition.numerals import number
from digit_recognition.predict.refusals import Refusal, refusal_for
from recognizer import pictures
from recognizer.errors import InkError
from recognizer.ink import MIN_EXTENT_PX, Pixels, Strokes, pixels_from, strokes_from
from recognizer.picture_kinds import kind_of

DATA_URL = re.compile(r"data:(?P<type>[\w.+-]+/[\w.+-]+)(?:;[\w.+-]+=[\w.+-]+)*;base64,", re.ASCII | re.IGNORECASE)
LARGE_BYTES = 40_000_000  # of memory, while a picture is decoded
ONE_LARGE_PICTURE = threading.Lock()  # in a process at a time
LINE_ENDS = str.maketrans("", "", "\r\n")  # the `base64` command wraps its output


class InkForm(forms.Form):
    """Base of the forms. `ink` is set once the form is valid; `seen` asks for the picture that the network saw.

    allow: "digits" or "number", for numbers alone; not checked here.
    """

    seen = forms.BooleanField(required=False)
    allow = forms.Field(required=False)

    @property
    def ink(self) -> Strokes | Pixels:
        raise NotImplementedError

    def refusal(self) -> Refusal:
        """Return the first error as a refusal, with the status that the error carries, or 400."""
        error = next(iter(self.errors.as_data().values()))[0]
        return Refusal(error.params["status"] if error.params else 400, error.messages[0])

    def let_go(self) -> None:
        """Drop the data. Forms are parts of reference cycles, which would keep pictures in memory for a while."""
        self.data, self.files, self.cleaned_data, self._errors = {}, MultiValueDict(), {}, None


class FileOrText(forms.FileInput):
    """Reads the uploaded file of that name, or else the text field."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return super().value_from_datadict(data, files, name) or data.get(name)


class PictureField(forms.Field):
    """A file of a multipart form, or a data URL in a text field → `Pixels`; None if nothing was sent."""

    widget = FileOrText
    default_error_messages = {
        "required": gettext_lazy(
            "There is no image: send a PNG, JPEG, WebP, AVIF or HEIC picture in the field “image”."
        )
    }

    def to_python(self, value: "UploadedFile[Any] | str | None") -> Pixels | None:
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        data = self.bytes_from_text(value) if isinstance(value, str) else value.read()
        if not data:  # an empty file
            raise ValidationError(self.error_messages["required"])
        try:
            picture = pictures.open_picture(data)
            with ONE_LARGE_PICTURE if picture.memory_bytes > LARGE_BYTES else nullcontext():
                return pixels_from(picture.decode())
        except InkError as error:
            raise _to_validation_error(refusal_for(error)) from None

    def bytes_from_text(self, text: str) -> bytes:
        return _bytes_from_data_url(text)


class PictureTextField(PictureField):
    """Base64 or a data URL in JSON → `Pixels`; None if nothing was sent."""

    def to_python(self, value: Any) -> Pixels | None:
        if value is not None and not isinstance(value, str):
            raise ValidationError(gettext("“image” must be a text: base64 or a data URL (data:image/png;base64,…)."))
        return super().to_python(value)

    def bytes_from_text(self, text: str) -> bytes:
        return _bytes_from_data_url(text) if text.lstrip()[:5].lower() == "data:" else _bytes_from_base64(text)


class PictureForm(InkForm):
    image = PictureField()

    @property
    def ink(self) -> Pixels:
        pixels: Pixels = self.cleaned_data["image"]
        return pixels


class PictureTextForm(PictureForm):
    image = PictureTextField()


class StrokesField(forms.Field):
    """[[[x, y], ...], ...] → `Strokes`; None if nothing was sent."""

    default_error_messages = {
        "required": gettext_lazy(
            'There is no drawing: send {"strokes": [[[x, y], …], …]} or {"image": "data:image/png;base64,…"}.'
        )
    }

    def to_python(self, value: Any) -> Strokes | None:
        if value is None or value == "":
            return None
        if isinstance(value, list):
            _refuse_too_many_points(value)
        try:
            return strokes_from(value)
        except InkError as error:
            raise _to_validation_error(refusal_for(error)) from None


class SizeField(forms.Field):
    """[width, height] of the canvas in CSS px → a tuple of floats; None if nothing was sent."""

    def to_python(self, value: Any) -> tuple[float, float] | None:
        if value is None:
            return None
        if not isinstance(value, list) or len(value) != 2 or not all(map(_is_length, value)):
            raise ValidationError(gettext("“size” must be [width, height]: two positive numbers."))
        return float(value[0]), float(value[1])


class StrokesForm(InkForm):
    strokes = StrokesField()
    size = SizeField(required=False)

    @property
    def ink(self) -> Strokes:
        drawing: Strokes = self.cleaned_data["strokes"]
        # Without the canvas's size the unit is unknown, so no drawing counts as too small.
        return Strokes(drawing.strokes, MIN_EXTENT_PX) if self.cleaned_data["size"] else drawing


def json_form(fields: dict[str, Any]) -> InkForm:
    """Return the form for the content of a JSON request. Raises `Refusal` if it holds a drawing and a picture."""
    if "image" not in fields:
        return StrokesForm(fields)
    if "strokes" in fields:
        raise Refusal(400, gettext("Send “strokes” or “image”, not both."))
    return PictureTextForm(fields)


def _bytes_from_data_url(text: str) -> bytes:
    """Raises `ValidationError`: 413 if too large, before decoding; 400 for malformed text; 415 for data that is no
    picture and is not declared as one. Other data that is no picture is refused later, by `pictures.open_picture`.
    """
    text = text.strip()
    head = DATA_URL.match(text[:200])
    if head is None:
        raise ValidationError(gettext("“image” is not a base64 data URL (data:image/png;base64,…)."))
    # Without percent escapes a form turns each + into a space. Base64 contains no spaces.
    data = _bytes_from_base64(text[head.end() :].replace(" ", "+"))
    if data and not head["type"].lower().startswith("image/") and kind_of(data) is None:
        raise _to_validation_error(Refusal(415, gettext("Only PNG, JPEG, WebP, AVIF and HEIC are supported.")))
    return data


def _bytes_from_base64(text: str) -> bytes:
    """Raises `ValidationError`: 413 if too large, before decoding, 400 for malformed text."""
    encoded = text.strip()
    if "\n" in encoded:
        encoded = encoded.translate(LINE_ENDS)
    if len(encoded) > (pictures.MAX_BYTES + 2) // 3 * 4:
        raise _to_validation_error(Refusal(413, gettext("The picture is too large: the limit is 12 MB.")))
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise ValidationError(gettext("“image” is not valid base64.")) from None


def _refuse_too_many_points(strokes: list[Any]) -> None:
    # A stroke without points counts as one point, so that a million empty strokes are too many.
    points = sum(max(1, len(stroke)) if isinstance(stroke, list) else 1 for stroke in strokes)
    if points > conf.MAX_POINTS:
        raise ValidationError(
            gettext("The drawing has %(points)s points; the limit is %(most)s.")
            % {"points": number(points), "most": number(conf.MAX_POINTS)}
        )


def _is_length(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value) and value > 0
    except OverflowError:
        return False


def _to_validation_error(refusal: Refusal) -> ValidationError:
    return ValidationError(refusal.message, params={"status": refusal.status})
