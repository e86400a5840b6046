"""The shipped model on our own drawings, which no training has seen: changes that must not alter its answer."""

import numpy as np
import onnx
import pytest
from PIL import Image, ImageDraw

import recognizer
from recognizer.pictures import decode
from recognizer.recognizer import SHIPPED
from tests.golden.drawings import DIGITS, OTHERS, arc, label, shaky, slanted
from tests.golden.rendering import across, illuminate, render
from tests.support.files import TELLING, encode

MOST_BYTES = 1_500_000
SOME = ["0 round", "1 flagged", "2 plain", "3 round", "4 open", "5 with a hat", "6 curved", "7 crossed", "9 curved"]
EIGHT = "8 in one stroke"

every_digit = pytest.mark.parametrize("name", DIGITS)
some_digits = pytest.mark.parametrize("name", [*SOME, EIGHT])


@pytest.fixture(scope="module")
def shipped():
    return recognizer.load()


def digit_of(shipped, drawing, **options):
    return shipped.predict_strokes([drawing], **options)[0].digit


def digit_in(shipped, picture):
    return shipped.predict_pixels([picture])[0].digit


@every_digit
def test_a_golden_digit_is_read(shipped, name):
    (answer,) = shipped.predict_strokes([DIGITS[name]])
    assert (answer.digit, answer.reason) == (label(name), None)


@every_digit
def test_a_picture_of_a_golden_digit_is_read(shipped, name):
    assert digit_in(shipped, render(DIGITS[name])) == label(name)


@pytest.mark.parametrize("lean", [0, 0.1, 0.2, 0.3])
@pytest.mark.parametrize(
    "line", [[[0, 0], [0, 140]], [[0, 140], [0, 0]], [[0, y] for y in range(0, 141, 7)]], ids=["down", "up", "dense"]
)
def test_a_plain_vertical_line_is_1(shipped, line, lean):
    assert digit_of(shipped, slanted([line], lean)) == 1


def test_a_plain_vertical_line_in_a_picture_is_1(shipped):
    picture = np.full((280, 280), 255, np.uint8)
    picture[60:220, 135:147] = 0
    assert digit_in(shipped, picture) == digit_in(shipped, 255 - picture) == 1


@pytest.mark.parametrize(
    "line",
    [[[0, 0], [140, 0]], [[140, 0], [0, 0]], [[x, 0.03 * x] for x in range(0, 141, 7)]],
    ids=["right", "left", "dense"],
)
def test_a_horizontal_line_is_not_a_digit(shipped, line):
    (answer,) = shipped.predict_strokes([[line]])
    assert (answer.digit, answer.reason) == (None, "not a digit")


def test_a_horizontal_line_in_a_picture_is_not_a_digit(shipped):
    picture = np.full((280, 280), 255, np.uint8)
    picture[135:147, 60:220] = 0
    (line,) = shipped.predict_pixels([picture])
    assert (line.digit, line.reason) == (None, "not a digit")


@pytest.mark.parametrize("name", ["cross", "zigzag", "two dots"])
def test_a_mark_that_is_not_a_digit_is_declined(shipped, name):
    (answer,) = shipped.predict_strokes([OTHERS[name]])
    assert answer.digit is None and answer.reason in ("not a digit", "unsure")


def test_a_whole_word_of_loops_is_declined(shipped):
    loops = [point for x in range(0, 200, 25) for point in arc(x, 0, 20, 30, 90, 450)]
    assert digit_of(shipped, [loops]) is None


@pytest.mark.parametrize("unit, x, y", [(1e-6, 0, 0), (1e9, 0, 0), (1, 1e9, -1e9), (0.01, 5, 5)])
@some_digits
def test_unit_and_place_do_not_change_the_answer(shipped, name, unit, x, y):
    moved = [[[px * unit + x, py * unit + y] for px, py in stroke] for stroke in DIGITS[name]]
    answer, other = shipped.predict_strokes([DIGITS[name], moved])
    assert answer.digit == other.digit
    assert answer.probabilities == pytest.approx(other.probabilities, abs=1e-3)


@pytest.mark.parametrize("place", [(0, 0), (1, 0), (0, 1), (1, 1)])
@pytest.mark.parametrize("box, pen", [(40, 3), (90, 6)])
@some_digits
def test_a_drawing_in_a_corner_is_read(shipped, name, place, box, pen):
    assert digit_in(shipped, render(DIGITS[name], box_px=box, pen_px=pen, place=place)) == label(name)


@pytest.mark.parametrize("pen", [2, 5, 12, 24])
@some_digits
def test_the_pen_does_not_change_the_answer(shipped, name, pen):
    assert digit_in(shipped, render(DIGITS[name], box_px=220, pen_px=pen)) == label(name)


@pytest.mark.parametrize("paper, ink", [(0, 255), (210, 70), (60, 200), (255, 120), (90, 20)])
@some_digits
def test_the_colours_do_not_change_the_answer(shipped, name, paper, ink):
    assert digit_in(shipped, render(DIGITS[name], paper=paper, ink=ink)) == label(name)


@some_digits
def test_a_transparent_canvas_is_read(shipped, name):
    alpha = 255 - render(DIGITS[name])
    canvas = np.dstack([np.full((*alpha.shape, 3), 30, np.uint8), alpha])
    assert digit_in(shipped, decode(encode(canvas))) == label(name)


@some_digits
def test_a_photo_in_uneven_light_is_read(shipped, name):
    photo = illuminate(render(DIGITS[name], paper=210, ink=60), 0.55 + 0.45 * across(280), noise=5)
    assert digit_in(shipped, photo) == label(name)


@some_digits
def test_a_blackboard_is_read(shipped, name):
    photo = illuminate(render(DIGITS[name], paper=60, ink=220), 0.6 + 0.4 * across(280), noise=5)
    assert digit_in(shipped, photo) == label(name)


@some_digits
def test_a_shaky_hand_is_read(shipped, name):
    assert digit_of(shipped, shaky(DIGITS[name], 2)) == label(name)


@some_digits
def test_drawing_it_twice_does_not_change_the_answer(shipped, name):
    assert digit_of(shipped, DIGITS[name] * 2) == label(name)


@some_digits
def test_a_stray_mark_does_not_change_the_answer(shipped, name):
    assert digit_of(shipped, [*DIGITS[name], [[-60, 20], [-59, 21]]]) == label(name)


def test_only_a_sure_answer_is_given(shipped):
    rule = shipped.card.rule
    for answer in shipped.predict_strokes([*DIGITS.values(), *OTHERS.values()]):
        is_sure = answer.digit_probability >= rule.digit and max(answer.probabilities) >= rule.sure
        assert (answer.digit is not None) == is_sure
        assert answer.confidence <= max(answer.probabilities) + 1e-6 and sum(answer.probabilities) == pytest.approx(1)


def test_a_blank_is_blank(shipped):
    answers = shipped.predict_strokes([[], [[[1, 2]]]]) + shipped.predict_pixels([np.zeros((9, 9), np.uint8)])
    assert {(answer.digit, answer.reason, answer.confidence) for answer in answers} == {(None, "blank", 0.0)}


def test_the_card_says_what_was_measured_and_how_often(shipped):
    assert shipped.name == SHIPPED == shipped.card.name
    for score in shipped.card.scores:
        assert score.set and score.n > 0 and 0 <= score.declined <= 1
        if score.accuracy is not None:
            low, high = score.interval
            assert 0 <= low <= score.accuracy <= high <= 1


def test_the_card_holds_the_required_scores(shipped):
    accuracy = {score.set: score.accuracy for score in shipped.card.scores}
    assert accuracy["mnist-test"] >= 0.996 and accuracy["mnist-test, as it is"] >= 0.996
    assert accuracy["pendigits-test"] >= 0.985


def test_the_model_folder_is_small_and_has_its_model_card():
    folder = recognizer.MODELS / SHIPPED
    assert (folder / "model.onnx").stat().st_size <= MOST_BYTES
    assert (folder / "README.md").read_text(encoding="utf-8").startswith("#")


def test_the_network_file_reveals_nothing_about_where_it_was_made():
    model = onnx.load(recognizer.MODELS / SHIPPED / "model.onnx")
    for weights in model.graph.initializer:
        weights.ClearField("raw_data")  # which may contain any sequence of letters
    assert TELLING.findall(model.SerializeToString()) == []


def test_an_answer_has_the_same_bits_alone_and_among_others(shipped):
    """Scribbles, which lie near decision boundaries, and drawings of equal and different length."""
    random = np.random.default_rng(1906)
    pictures = [scribble(random) for _ in range(100)]
    drawings = [*DIGITS.values(), *(random.normal(size=(1, 30, 2)).cumsum(1) for _ in range(100))]
    for together, ask, items in (
        (shipped.predict_pixels(pictures), shipped.predict_pixels, pictures),
        (shipped.predict_strokes(drawings), shipped.predict_strokes, drawings),
    ):
        alone = [ask([answer])[0] for answer in items]
        assert [(answer.probabilities, answer.confidence, answer.box) for answer in together] == [
            (answer.probabilities, answer.confidence, answer.box) for answer in alone
        ]


def scribble(random: np.random.Generator) -> np.ndarray:
    sheet = Image.new("L", (100, 100), 255)
    corners = [(int(x), int(y)) for x, y in random.integers(0, 100, (4, 2))]
    ImageDraw.Draw(sheet).line(corners, 0, int(random.integers(2, 9)))
    return np.asarray(sheet)
