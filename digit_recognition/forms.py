"""Turns what a request sent into ink, or into a field's error. Knows the limits of a drawing, not of a body."""

import base64
import binascii
import math
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, gettext_lazy

from digit_recognition.conf import conf
from digit_recognition.numerals import number
from digit_recognition.refusals import Refusal, refusal_for
from recognizer import pictures
from recognizer.errors import InkError
from recognizer.ink import MIN_EXTENT_PX, Pixels, Strokes, pixels_from, strokes_from

DATA_URL = re.compile(r"data:(?P<type>[\w.+-]+/[\w.+-]+)(?:;[\w.+-]+=[\w.+-]+)*;base64,", re.ASCII | re.IGNORECASE)
# image/jpg is not a registered type, but clients send it.
PICTURE_TYPES = ("image/png", "image/jpeg", "image/jpg", "image/webp")
LINE_ENDS = str.maketrans("", "", "\r\n")  # `base64` of the shell writes lines


class InkForm(forms.Form):
    """What the forms share: `ink` once valid, and whether the answer is to show what the network saw."""

    seen = forms.BooleanField(required=False)

    @property
    def ink(self) -> Strokes | Pixels:
        raise NotImplementedError

    def refusal(self) -> Refusal:
        """The first error as an answer; the field's error carries the status, 400 where it has none."""
        error = next(iter(self.errors.as_data().values()))[0]
        return Refusal(error.params["status"] if error.params else 400, error.messages[0])


class FileOrText(forms.FileInput):
    """A file where one was sent, else the text of the field with that name."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return super().value_from_datadict(data, files, name) or data.get(name)


class PictureField(forms.Field):
    """A file of a multipart form, or a data URL in a text field → `Pixels`; None where nothing was sent."""

    widget = FileOrText
    default_error_messages = {
        "required": gettext_lazy("There is no image: send a PNG, JPEG or WebP picture in the field “image”.")
    }

    def to_python(self, value: "UploadedFile[Any] | str | None") -> Pixels | None:
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        data = _bytes_from_data_url(value) if isinstance(value, str) else value.read()
        if not data:  # a file was chosen, and it is empty
            raise ValidationError(self.error_messages["required"])
        try:
            return pixels_from(pictures.decode(data))
        except InkError as error:
            raise _refused(refusal_for(error)) from None


class PictureForm(InkForm):
    image = PictureField()

    @property
    def ink(self) -> Pixels:
        pixels: Pixels = self.cleaned_data["image"]
        return pixels


class StrokesField(forms.Field):
    """[[[x, y], ...], ...] → `Strokes`; None where nothing was sent."""

    default_error_messages = {"required": gettext_lazy('There is no drawing: send {"strokes": [[[x, y], …], …]}.')}

    def to_python(self, value: Any) -> Strokes | None:
        if value is None or value == "":
            return None
        if isinstance(value, list):
            _refuse_too_many_points(value)
        try:
            return strokes_from(value)
        except InkError as error:
            raise _refused(refusal_for(error)) from None


class SizeField(forms.Field):
    """[width, height] of the canvas in CSS px; None where nothing was sent."""

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
        # Without the canvas's size the unit is unknown, and no drawing too small.
        return Strokes(drawing.strokes, MIN_EXTENT_PX) if self.cleaned_data["size"] else drawing


def _bytes_from_data_url(text: str) -> bytes:
    """Raises ValidationError with status 415 for another type, 413 by the text's length before it is decoded."""
    head = DATA_URL.match(text.strip()[:200])
    if head is None:
        raise ValidationError(gettext("“image” is not a base64 data URL (data:image/png;base64,…)."))
    if head["type"].lower() not in PICTURE_TYPES:
        raise _refused(Refusal(415, gettext("Only PNG, JPEG and WebP are supported.")))
    # A form that was sent without percent escapes turns each + into a blank, which base64 never holds.
    encoded = text.strip()[head.end() :].replace(" ", "+").translate(LINE_ENDS)
    if len(encoded) > (pictures.MAX_BYTES + 2) // 3 * 4:
        raise _refused(Refusal(413, gettext("The picture is too large: the limit is 4 MB.")))
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise ValidationError(gettext("The data URL in “image” is not valid base64.")) from None


def _refuse_too_many_points(strokes: list[Any]) -> None:
    # A stroke without points counts as one: a million empty strokes are no drawing either.
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


def _refused(refusal: Refusal) -> ValidationError:
    return ValidationError(refusal.message, params={"status": refusal.status})
