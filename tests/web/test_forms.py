"""The form fields in other forms: required or not, with Django's own options."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from digit_recognition.forms import PictureField, SizeField, StrokesField
from recognizer.ink import Pixels, Strokes
from tests.support.drawings import PNG, SEVEN, data_url

FIELDS = [PictureField, StrokesField, SizeField]
EMPTY_FILE = SimpleUploadedFile("empty.png", b"")


def bound(field: forms.Field, value: object) -> forms.Form:
    return type("Questionnaire", (forms.Form,), {"ink": field})({} if value is None else {"ink": value})


@pytest.mark.parametrize("field", [PictureField, StrokesField])
@pytest.mark.parametrize("value", [None, ""], ids=["absent", "empty"])
def test_an_optional_field_accepts_no_value(field, value):
    form = bound(field(required=False), value)
    assert form.is_valid() and form.cleaned_data == {"ink": None}


@pytest.mark.parametrize(
    ("field", "text"), [(PictureField, "There is no image"), (StrokesField, "There is no drawing")]
)
@pytest.mark.parametrize("value", [None, ""], ids=["absent", "empty"])
def test_a_required_field_says_what_to_send(field, text, value):
    assert text in bound(field(), value).errors["ink"][0]


@pytest.mark.parametrize("field", FIELDS)
def test_the_text_for_a_missing_value_can_be_changed(field):
    assert bound(field(error_messages={"required": "Draw it."}), None).errors["ink"] == ["Draw it."]


@pytest.mark.parametrize(("field", "value"), [(PictureField, "junk"), (StrokesField, [[7]]), (SizeField, [0, 1])])
def test_an_optional_field_still_refuses_unreadable_values(field, value):
    assert not bound(field(required=False), value).is_valid()


@pytest.mark.parametrize("required", [True, False])
def test_an_empty_file_is_refused(required):
    with pytest.raises(forms.ValidationError, match="There is no image"):
        PictureField(required=required).clean(EMPTY_FILE)


@pytest.mark.parametrize("required", [True, False])
def test_a_value_is_read_whether_it_is_required_or_not(required):
    assert isinstance(PictureField(required=required).clean(data_url(PNG)), Pixels)
    assert isinstance(StrokesField(required=required).clean(SEVEN), Strokes)
    assert SizeField(required=required).clean([280, 280]) == (280.0, 280.0)


def test_the_validators_of_a_form_field_run():
    def refuse(drawing: Strokes) -> None:
        raise forms.ValidationError(f"{len(drawing.strokes)} strokes")

    assert bound(StrokesField(validators=[refuse]), SEVEN).errors["ink"] == [f"{len(SEVEN)} strokes"]
