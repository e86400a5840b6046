"""Lines are found in drawings and pictures; what is no single line is declined. The line network is a stand-in."""

import tracemalloc
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from recognizer.doors import PixelsDoor, StrokesDoor
from recognizer.ink import pixels_from, strokes_from
from recognizer.model import MODELS, Model
from recognizer.numbers import number_reader
from recognizer.numbers.line_model import LineCard
from recognizer.numbers.line_pictures import draw_strokes
from recognizer.numbers.number_reader import NumberReader, widened
from recognizer.numbers.search import CHARACTERS
from recognizer.numbers.weighing import Weights, WeightsByAllow
from recognizer.recognizer import SHIPPED, Recognizer
from tests.golden.apart import above, beside, move
from tests.golden.drawings import DIGITS
from tests.golden.rendering import render

SEVEN = DIGITS["7 crossed"]
WEIGHTS = Weights(
    digits=1.0,
    least=1e-3,
    cut_digits=1.0,
    cut_least=1e-3,
    symbol=-0.1,
    bias=0.0,
    lead=1.0,
    doubt=0.3,
    found=0.1,
    beside=0.5,
    sure=0.8,
)
BY_ALLOW = WeightsByAllow(WEIGHTS, WEIGHTS)


class SaysSeven:
    """Says 7 in the middle of each line."""

    card = LineCard("says seven", "", BY_ALLOW, BY_ALLOW)

    def __call__(self, pictures: np.ndarray) -> np.ndarray:
        chances = np.zeros((len(pictures), pictures.shape[2] // 2, 1 + len(CHARACTERS)), np.float32)
        chances[:, :, 0] = 1
        chances[:, chances.shape[1] // 2] = np.eye(1 + len(CHARACTERS))[1 + CHARACTERS.index("7")]
        return chances


class SaysSevenMinus(SaysSeven):
    """Says 7 in the middle of each line, and a minus behind it, which is as good as certain."""

    def __call__(self, pictures: np.ndarray) -> np.ndarray:
        chances = super().__call__(pictures)
        place = chances.shape[1] * 3 // 4
        chances[:, place] = 0.01 * np.eye(1 + len(CHARACTERS))[0]
        chances[:, place, 1 + CHARACTERS.index("-")] = 0.99
        return chances


def reader_with(lines: Any) -> NumberReader:
    model = Model(MODELS / SHIPPED)
    return NumberReader(model, StrokesDoor(), PixelsDoor(), lines, Recognizer(model).predict)


@pytest.fixture(scope="module")
def reader() -> NumberReader:
    return reader_with(SaysSeven())


@pytest.mark.parametrize(("unit", "offset"), [(1.0, 0.0), (1e-6, 3.0), (1e300, -1e300)])
def test_a_drawing_of_any_unit_is_read_and_its_box_is_in_that_unit(reader, unit, offset):
    drawing = [[[x * unit + offset, y * unit + offset] for x, y in stroke] for stroke in SEVEN]
    reading = reader.read_drawing(strokes_from(drawing), "digits")
    assert (reading.text, reading.reason) == ("7", None)
    points = np.concatenate([np.array(stroke) for stroke in drawing])
    np.testing.assert_allclose(reading.box, [*points.min(0), *points.max(0)])
    np.testing.assert_allclose(reading.digits[0].box, reading.box, rtol=1e-6)
    assert reading.digits[0].strokes == tuple(range(len(SEVEN)))


@pytest.mark.parametrize("drawing", [[], [[]], [[[5.0, 5.0]]]])
def test_no_ink_and_a_dot_are_blank(reader, drawing):
    assert reader.read_drawing(strokes_from(drawing), "digits").reason == "blank"


def test_two_lines_of_strokes_are_several(reader):
    reading = reader.read_drawing(strokes_from(above("7 crossed", "2 plain", step=300)), "digits")
    assert (reading.text, reading.reason) == (None, "several lines")
    assert reading.box is not None


def test_the_largest_coordinates_have_a_finite_box(reader):
    most = np.finfo(float).max
    drawing = [[[(x / 50 - 1) * most, (y / 70 - 1) * most] for x, y in stroke] for stroke in SEVEN]
    reading = reader.read_drawing(strokes_from(drawing), "digits")
    assert reading.text == "7" and np.isfinite([reading.box, reading.digits[0].box]).all()


def test_a_digit_and_a_sign_are_no_digit_where_signs_are_not_allowed():
    drawing = strokes_from([*SEVEN, [[110, 75], [150, 74]]])
    reader = reader_with(SaysSevenMinus())
    assert reader.predict(drawing).digit == 7  # the bar counts as a stray mark
    reading = reader.read_drawing(drawing, "digits")
    assert (reading.text, reading.reason) == (None, "not a number")


class SaysEleven(SaysSeven):
    """Says 1 in two places of each line; no more than this is sure."""

    card = replace(SaysSeven.card, strokes=WeightsByAllow(*[replace(WEIGHTS, sure=0.999)] * 2))

    def __call__(self, pictures: np.ndarray) -> np.ndarray:
        chances = np.zeros((len(pictures), pictures.shape[2] // 2, 1 + len(CHARACTERS)), np.float32)
        chances[:, :, 0] = 1
        for place in (chances.shape[1] // 2 - 3, chances.shape[1] // 2 + 3):
            chances[:, place] = np.eye(1 + len(CHARACTERS))[1 + CHARACTERS.index("1")]
        return chances


@pytest.mark.parametrize("step", [0, 120])
def test_one_sure_digit_is_no_unsure_number(step):
    """The digit network rejects each piece of a 7 that was taken for 11. Two digits are too wide for one."""
    drawing = SEVEN if not step else beside("7 crossed", "7 crossed", step=step)
    reader = reader_with(SaysEleven())
    reading = reader.read_drawing(strokes_from(drawing), "digits")
    assert (reading.text, reading.reason) == (("7", None) if not step else (None, "unsure"))


COLUMN = [stroke for row in range(40) for stroke in move(beside("2 plain", "7 crossed", "4 open"), 0, 250 * row)]


def test_a_column_of_numbers_is_no_1(reader, monkeypatch):
    assert reader.predict(strokes_from(COLUMN)).digit == 1
    monkeypatch.setattr(reader, "predict", lambda ink: pytest.fail("taken for a digit"))
    picture = pixels_from(render(COLUMN, 2000, 1900, pen_px=4)[:, 800:1200])
    for reading in (reader.read_drawing(strokes_from(COLUMN), "digits"), reader.read_picture(picture, "digits")):
        assert (reading.text, reading.reason) == (None, "several lines")


def test_of_many_strokes_some_are_read_those_at_the_edges_among_them(reader, monkeypatch):
    drawn: list[int] = []

    def draw(strokes):
        drawn.append(len(strokes))
        return draw_strokes(strokes)

    monkeypatch.setattr(number_reader, "draw_strokes", draw)
    bars = [[[40.0, 20.0], [40.0, 80.0]]] * 3000
    edges = [[], [[10.0, 30.0], [10.0, 80.0]], [[80.0, 30.0], [80.0, 80.0]], [[50.0, 10.0], [50.0, 90.0]]]
    reading = reader.read_drawing(strokes_from([*bars, *bars, *edges, *bars]), "digits")
    assert reading.box == (10, 10, 80, 90)
    assert drawn and max(drawn) <= 512 + 4


def test_a_long_scribble_above_a_line_takes_little_memory(reader):
    scribble = [[float(x % 2) * 1000, x % 90] for x in range(10_000)]
    tracemalloc.start()
    reading = reader.read_drawing(strokes_from([scribble, [[0, 150], [900, 250]]]), "digits")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert reading.reason == "several lines" and peak < 60e6


def test_a_picture_is_read_and_its_box_is_in_its_px(reader):
    picture = render(SEVEN, 280, pen_px=10)
    reading = reader.read_picture(pixels_from(picture), "digits")
    assert (reading.text, reading.reason) == ("7", None)
    rows, columns = np.nonzero(picture < 128)
    np.testing.assert_allclose(reading.box, [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1], atol=4)


def test_a_blank_picture_is_blank(reader):
    assert reader.read_picture(pixels_from(np.full((60, 200), 240, np.uint8)), "digits").reason == "blank"


def test_each_line_of_a_picture_is_read_from_top_to_bottom(reader):
    two = [*move(SEVEN, 0, 0), *move(SEVEN, 20, 320)]
    picture = pixels_from(render(two, 600, pen_px=14))
    assert reader.read_picture(picture, "digits").reason == "several lines"
    lines = reader.read_lines(picture, "digits")
    assert [line.text for line in lines] == ["7", "7"]
    assert lines[0].box[3] < lines[1].box[1]


def test_paper_is_added_in_the_tone_of_the_edge():
    image = np.full((4, 6), 200, np.uint8)
    image[1:3, 2:4] = 0
    wide = widened(image, 2)
    assert wide.shape == (8, 10)
    assert (wide[:2] == 200).all() and (wide[2:-2, 2:-2] == image).all()


def test_digits_beside_each_other_are_one_line(reader):
    assert reader.read_drawing(strokes_from(beside("7 crossed", "4 open")), "digits").reason != "several lines"
