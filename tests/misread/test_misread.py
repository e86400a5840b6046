"""The shipped model on our own drawings, through both doors: commonly misread shapes, non-digits, almost blank ones."""

from itertools import product

import numpy as np
import pytest
from PIL import Image, ImageDraw

import recognizer
from recognizer.ink import MIN_EXTENT_PX
from tests.golden.drawings import label
from tests.golden.rendering import FINER, draw_stroke, render
from tests.misread.digits import DIGITS
from tests.misread.not_digits import BETWEEN, BLANKS, NOT_DIGITS, SEVERAL

CANVAS_PX = 280
PEN_PX = 12
# Known failures of the shipped model and its doors. When one is answered correctly, its test fails: remove it here.
DECLINED = {
    ("strokes", "8 with rings that do not meet"),
    ("pixels", "8 with rings that do not meet"),
    ("strokes", "1 with a flag and a base, by a very shaky mouse"),
}
NOT_DECLINED_AS_SUCH = {
    ("strokes", "question mark"),
    ("pixels", "equals sign"),
    ("strokes", "scribble round and round"),
    ("pixels", "scribble round and round"),
}


def through_both_doors(names, wrong=frozenset()):
    """Parameters for each door and name. Known failures are marked."""
    cases = list(product(("strokes", "pixels"), names))
    assert set(cases) >= wrong
    failing = pytest.mark.xfail(strict=True, reason="known: see docs/experiments.md")
    return [pytest.param(*case, marks=failing if case in wrong else ()) for case in cases]


@pytest.fixture(scope="module")
def shipped():
    return recognizer.load()


@pytest.fixture
def read(door, shipped):
    """The answer to a drawing, as strokes or drawn on a canvas of 280 px."""
    if door == "strokes":
        return lambda drawing: shipped.predict_strokes([drawing])[0]
    return lambda drawing: shipped.predict_pixels([render(drawing, CANVAS_PX, pen_px=PEN_PX)])[0]


@pytest.mark.parametrize("door, name", through_both_doors(DIGITS, DECLINED))
def test_a_shape_that_is_commonly_misread_is_read(read, name):
    answer = read(DIGITS[name])
    assert (answer.digit, answer.reason) == (label(name), None)


@pytest.mark.parametrize("door, name", through_both_doors(NOT_DIGITS, NOT_DECLINED_AS_SUCH))
def test_a_shape_that_is_not_a_digit_is_declined_as_not_a_digit(read, name):
    answer = read(NOT_DIGITS[name])
    assert (answer.digit, answer.reason) == (None, "not a digit")


@pytest.mark.parametrize("door, name", through_both_doors(SEVERAL))
def test_several_digits_side_by_side_are_declined_as_such(read, name):
    answer = read(SEVERAL[name])
    assert (answer.digit, answer.reason) == (None, "several digits")


@pytest.mark.parametrize("door, name", through_both_doors(BETWEEN))
def test_a_shape_between_two_digits_is_read_as_one_of_them_or_unsure(read, name):
    pair = {int(name[0]), int(name[5])}
    answer = read(BETWEEN[name])
    best = set(np.argsort(answer.probabilities)[-2:].tolist())
    assert answer.digit in pair or (answer.reason == "unsure" and best == pair)


@pytest.mark.parametrize("name", BLANKS)
def test_strokes_of_next_to_nothing_are_blank(shipped, name):
    (answer,) = shipped.predict_strokes([BLANKS[name]], min_extent=MIN_EXTENT_PX)
    assert (answer.digit, answer.reason) == (None, "blank")


@pytest.mark.parametrize("name", BLANKS)
def test_a_picture_of_next_to_nothing_is_blank(shipped, name):
    (answer,) = shipped.predict_pixels([in_place(BLANKS[name])])
    assert (answer.digit, answer.reason) == (None, "blank")


def in_place(drawing):
    """(280, 280) uint8: the drawing at its own place and size."""
    sheet = Image.new("L", (CANVAS_PX * FINER, CANVAS_PX * FINER), 255)
    pen = ImageDraw.Draw(sheet)
    for stroke in filter(None, drawing):
        draw_stroke(pen, [(x * FINER, y * FINER) for x, y in stroke], PEN_PX * FINER, 0)
    return np.array(sheet.resize((CANVAS_PX, CANVAS_PX), Image.Resampling.BOX))
