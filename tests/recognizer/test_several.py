"""Several digits are declined, and say so, through both doors; a digit whose strokes do not touch is answered."""

import json
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

import recognizer
from recognizer.ink import pixels_from, strokes_from
from recognizer.model import Model
from recognizer.several import MOST_PARTS, PartReading, chance_of_several, parts_to_read
from tests.golden.apart import ONE_APART, SEVERAL, above, beside, move
from tests.golden.drawings import DIGITS, label
from tests.golden.rendering import illuminate, render

GOLDEN = Path(__file__).parents[1] / "golden"
TINY = Path(__file__).parents[1] / "models" / "tiny"


def cases(name):
    return [pytest.param(case, id=case["name"]) for case in json.loads((GOLDEN / name).read_text(encoding="utf-8"))]


@pytest.fixture(scope="module")
def reader():
    return recognizer.load()


def draw(drawing, side_px=280, pen_px=5):
    return render(drawing, side_px, 0.8 * side_px, pen_px)


@pytest.mark.parametrize("case", cases("several.json"))
def test_the_rule_gives_the_golden_chance(case):
    readings = [PartReading(tuple(each["box"]), each["digit"], each["confidence"]) for each in case["readings"]]
    assert chance_of_several(case["whole"], readings) == pytest.approx(case["chance"], abs=1e-12)
    assert chance_of_several(case["whole"], readings[::-1]) == pytest.approx(case["chance"], abs=1e-12)


@pytest.mark.parametrize("name", SEVERAL)
def test_several_digits_in_strokes_are_declined_as_such(reader, name):
    (answer,) = reader.predict_strokes([SEVERAL[name]])
    assert (answer.digit, answer.reason) == (None, "several digits")


@pytest.mark.parametrize("name", SEVERAL)
def test_several_digits_in_a_picture_are_declined_as_such(reader, name):
    (answer,) = reader.predict_pixels([draw(SEVERAL[name], 400, 4)])
    assert (answer.digit, answer.reason) == (None, "several digits")


@pytest.mark.parametrize("name", ONE_APART)
def test_one_digit_whose_strokes_do_not_touch_is_answered(reader, name):
    (drawn,) = reader.predict_strokes([ONE_APART[name]])
    (seen,) = reader.predict_pixels([draw(ONE_APART[name])])
    assert drawn.digit == seen.digit == label(name)


@pytest.mark.parametrize("step", [60, 90, 140, 300])
@pytest.mark.parametrize("second", sorted(DIGITS)[::3])
def test_a_one_and_any_digit_are_not_answered_as_one(reader, second, step):
    (answer,) = reader.predict_strokes([beside("1 bar", second, step=step)])
    assert answer.digit is None


@pytest.mark.parametrize("first", sorted(DIGITS)[::3])
def test_two_digits_one_above_the_other_are_not_answered_as_one(reader, first):
    pictures = [draw(above(first, "4 closed", step=step)) for step in (150, 170, 250)]
    assert [answer.digit for answer in reader.predict_pixels(pictures)] == [None] * 3


@pytest.mark.parametrize("name", ["0 round", "3 round", "7 crossed"])
def test_a_dot_or_a_stray_mark_beside_a_digit_is_no_second_digit(reader, name):
    drawing = DIGITS[name]
    marked = [[*drawing, [[150, 20]]], [*drawing, [[150, 20], [152, 34]]], [*drawing, [[-30, 150], [-30, 160]]]]
    assert [answer.digit for answer in reader.predict_strokes(marked)] == [label(name)] * 3


def test_the_confidence_is_low_but_the_probabilities_are_those_of_the_whole(reader, monkeypatch):
    (answer,) = reader.predict_strokes([SEVERAL["81"]])
    assert 0 < answer.confidence < 0.1
    monkeypatch.setattr("recognizer.recognizer.chance_of_several", lambda *_: None)
    (whole,) = reader.predict_strokes([SEVERAL["81"]])
    assert answer.probabilities == whole.probabilities and sum(whole.probabilities) == pytest.approx(1, abs=1e-5)
    assert answer.box == whole.box == (16, 5, 140, 135)
    np.testing.assert_array_equal(answer.seen, whole.seen)


def test_the_answers_have_the_same_bits_alone_and_in_a_batch(reader):
    drawings = [*SEVERAL.values(), *ONE_APART.values()]
    pictures = [draw(drawing, side_px) for drawing in drawings for side_px in (100, 280)]
    alone = [reader.predict_strokes([drawing])[0] for drawing in drawings]
    alone += [reader.predict_pixels([picture])[0] for picture in pictures]
    together = reader.predict_strokes(drawings) + reader.predict_pixels(pictures)
    for one, other in zip(alone, together, strict=True):
        assert one == other and one.box == other.box
        np.testing.assert_array_equal(one.seen, other.seen)


def test_drawings_and_pictures_may_be_mixed(reader):
    inks = [strokes_from(SEVERAL["81"]), pixels_from(draw(DIGITS["7 plain"])), pixels_from(draw(SEVERAL["10"]))]
    answers = reader.predict_checked(inks)
    assert [answer.reason for answer in answers] == ["several digits", None, "several digits"]


@pytest.mark.parametrize(("size", "offset"), [(1e-6, 0), (1e9, 0), (1, -1e9), (5e305, -4e307)])
def test_unit_and_place_do_not_matter(reader, size, offset):
    far = [[[x * size + offset, y * size + offset] for x, y in stroke] for stroke in SEVERAL["2 above 3"]]
    assert reader.predict_strokes([far])[0].reason == "several digits"


def test_a_network_without_a_class_for_not_digits_declines_several_digits_too(monkeypatch):
    reader = recognizer.load(TINY)
    apart = [[[0, 0], [0, 9]]], [[[0, 0], [0, 9]], [[8, 0], [8, 9]]]
    monkeypatch.setattr(
        Model, "__call__", lambda _, pictures: (np.eye(10)[[1] * len(pictures)], np.ones(len(pictures)))
    )
    assert [answer.reason for answer in reader.predict_strokes(apart)] == [None, "several digits"]
    assert [answer.reason for answer in reader.predict_pixels(map(draw, apart))] == [None, "several digits"]


def test_at_most_four_parts_are_read():
    boxes = [(2.0 * place, 0.0, 2.0 * place + 1, 1.0) for place in range(1000)]
    assert len(parts_to_read(boxes)) == MOST_PARTS


def test_parts_of_many_large_pictures_take_little_memory(reader):
    pictures = [draw(SEVERAL["nine in a column"], 1024, 8)] * 8
    reader.predict_pixels(pictures[:1])
    tracemalloc.start()
    reader.predict_pixels(pictures)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 150e6


def test_a_column_of_small_digits_on_noisy_dark_paper_is_declined_as_such(reader):
    column = render(SEVERAL["nine in a column"], 500, 480, 4, place=(0.1, 0.5), paper=90, ink=50)
    (answer,) = reader.predict_pixels([illuminate(column, 1, 3)])
    assert answer.reason == "several digits"


HOSTILE = {
    "5,000 points": [[[index * 37 % 101, index * 53 % 103]] for index in range(5000)],
    "10,000 points in 2,000 strokes": [
        [[(stroke * 5 + point) * 37 % 101, (stroke * 5 + point) * 53 % 103] for point in range(5)]
        for stroke in range(2000)
    ],
    "5,000 points in one place": [*[[[1, 1]]] * 5000, [[2, 2]]],
    "1,000 points in one place and a stroke that thinning leaves out": [*[[[5, 5], [5, 5]]] * 1000, [[0, 0], [0, 9]]],
    "one digit, a thousand times": DIGITS["7 crossed"] * 1000,
    "1,000 digits": [stroke for place in range(1000) for stroke in move(DIGITS["1 bar"], 30 * place, 0)],
    "empty strokes": [[], [], *SEVERAL["81"], []],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_drawings_are_answered(reader, name):
    (answer,) = reader.predict_strokes([HOSTILE[name]])
    assert np.isfinite(answer.confidence) and (name != "empty strokes" or answer.reason == "several digits")
