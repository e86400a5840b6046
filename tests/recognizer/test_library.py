"""Answers of the library for any number of drawings: order, indexes, declining, and the form of a prediction."""

import threading
import tracemalloc

import numpy as np
import pytest

from recognizer import InkError, recognizer
from recognizer.ink import pixels_from, strokes_from
from tests.golden.drawings import DIGITS, OTHERS, label
from tests.golden.rendering import render

SEVEN, FOUR = DIGITS["7 crossed"], DIGITS["4 open"]
DOT = [[[3, 4]]]


def test_a_prediction_holds_the_digit_and_its_confidence(tiny):
    (answer,) = tiny.predict_strokes([SEVEN])
    assert (answer.digit, answer.reason, answer.model) == (7, None, "tiny")
    assert 0.5 < answer.confidence <= 1
    assert len(answer.probabilities) == 10 and answer.probabilities.index(max(answer.probabilities)) == 7
    assert sum(answer.probabilities) == pytest.approx(1)


def test_a_prediction_holds_plain_numbers_and_what_the_network_saw(tiny):
    (answer,) = tiny.predict_strokes([SEVEN])
    assert {type(answer.digit), type(answer.confidence), *map(type, answer.probabilities)} == {int, float}
    assert answer.seen.shape == (28, 28) and answer.seen.dtype == np.uint8
    assert answer.seen.max() == 255 and answer.seen[0, 0] == 0


def test_a_prediction_cannot_be_changed(tiny):
    (answer,) = tiny.predict_strokes([SEVEN])
    with pytest.raises(AttributeError):
        answer.digit = 3


@pytest.mark.parametrize("drawing", [[], [[]], DOT, [[[3, 4]] * 9], DOT * 3])
def test_a_blank_drawing_is_declined_without_asking_the_network(tiny, drawing):
    (answer,) = tiny.predict_strokes([drawing])
    assert (answer.digit, answer.reason, answer.confidence) == (None, "blank", 0)
    assert answer.probabilities == (0.1,) * 10 and answer.seen.max() == 0


@pytest.mark.parametrize("tone", [0, 90, 255])
def test_a_blank_picture_is_declined_without_asking_the_network(tiny, tone):
    (answer,) = tiny.predict_pixels([np.full((50, 60), tone, np.uint8)])
    assert (answer.digit, answer.reason, answer.confidence) == (None, "blank", 0)
    assert answer.probabilities == (0.1,) * 10 and answer.seen.max() == 0


def test_a_horizontal_line_is_not_a_digit(tiny):
    (answer,) = tiny.predict_strokes([OTHERS["horizontal line"]])
    assert (answer.digit, answer.reason) == (None, "not a digit")


def test_confidence_speaks_of_the_best_digit_when_it_declines_too(tiny):
    (answer,) = tiny.predict_strokes([OTHERS["zigzag"]])
    assert answer.digit is None and answer.reason in ("unsure", "not a digit")
    assert 0 < answer.confidence < 0.5 and sum(answer.probabilities) == pytest.approx(1)


def test_a_picture_and_its_strokes_get_the_same_answer(tiny):
    answers = tiny.predict_pixels([render(drawing) for drawing in DIGITS.values()])
    assert [answer.digit for answer in answers] == [label(name) for name in DIGITS]


@pytest.mark.parametrize("min_extent, reason", [(0, None), (120, None), (200, "blank")])
def test_min_extent_makes_small_drawings_blank(tiny, min_extent, reason):
    assert tiny.predict_strokes([SEVEN], min_extent=min_extent)[0].reason == reason


def test_two_tiny_ticks_are_not_a_dot(tiny):
    """Without min_extent, only an exact dot is blank."""
    assert tiny.predict_strokes([OTHERS["two dots"]])[0].reason != "blank"


def test_no_drawings_get_no_answers(tiny):
    assert tiny.predict_strokes([]) == [] and tiny.predict_pixels([]) == []


def test_answers_come_in_order_for_any_number_of_drawings_and_blanks(tiny):
    drawings = [[DOT, SEVEN, FOUR, []][index % 4] for index in range(600)]
    assert [answer.digit for answer in tiny.predict_strokes(drawings)] == [None, 7, 4, None] * 150


def test_answers_come_in_order_for_pictures_of_mixed_sizes(tiny):
    pictures = [render(SEVEN, 100, 70, 5), np.zeros((9, 9), np.uint8) + 255, render(FOUR, 60, 40, 3)]
    assert [answer.digit for answer in tiny.predict_pixels(pictures * 20)] == [7, None, 4] * 20


def test_a_drawing_gets_the_same_answer_alone_and_among_others(tiny):
    together = tiny.predict_strokes([*DIGITS.values(), *OTHERS.values()])
    alone = [tiny.predict_strokes([drawing])[0] for drawing in [*DIGITS.values(), *OTHERS.values()]]
    for answer, other in zip(together, alone, strict=True):
        assert (answer.digit, answer.reason) == (other.digit, other.reason)
        assert answer.confidence == pytest.approx(other.confidence, abs=1e-5)
        assert answer.probabilities == pytest.approx(other.probabilities, abs=1e-5)


def test_drawings_and_pictures_may_come_from_a_generator_or_one_array(tiny):
    assert [answer.digit for answer in tiny.predict_strokes(drawing for drawing in (SEVEN, FOUR))] == [7, 4]
    assert [answer.digit for answer in tiny.predict_pixels(np.stack([render(SEVEN), render(FOUR)]))] == [7, 4]
    assert tiny.predict_strokes(np.zeros((2, 1, 5, 2)))[1].reason == "blank"


def test_checked_ink_of_both_kinds_is_predicted(tiny):
    assert tiny.predict(strokes_from(SEVEN)).digit == tiny.predict(pixels_from(render(SEVEN))).digit == 7
    assert tiny.predict(strokes_from(SEVEN, min_extent=1000)).reason == "blank"


@pytest.mark.parametrize("index", [0, 1, 255, 256, 300])
def test_a_bad_drawing_is_named_by_its_index(tiny, index):
    drawings = [SEVEN] * 310
    drawings[index] = [[[0, float("nan")]]]
    with pytest.raises(InkError, match=f"item {index}: a coordinate is not a finite number") as raised:
        tiny.predict_strokes(drawings)
    assert raised.value.index == index and raised.value.message == "a coordinate is not a finite number"


@pytest.mark.parametrize("index", [0, 2])
def test_a_bad_picture_is_named_by_its_index(tiny, index):
    pictures = [render(SEVEN, 28, 20, 2)] * 3
    pictures[index] = np.zeros((1, 9), np.uint8)
    with pytest.raises(InkError, match=f"item {index}: a picture must have 2 to 4,096 px a side, not 9x1"):
        tiny.predict_pixels(pictures)


def kind(value):
    return type(value).__name__


@pytest.mark.parametrize("drawing", [SEVEN, tuple(SEVEN), [np.array(SEVEN[0])], np.zeros((2, 5, 2))], ids=kind)
def test_a_single_drawing_is_refused_with_the_advice_to_put_it_into_a_list(tiny, drawing):
    with pytest.raises(InkError, match=r"^this is one drawing; pass a list of drawings: \[drawing\]$"):
        tiny.predict_strokes(drawing)


@pytest.mark.parametrize("side", [2, 28, 280])
def test_a_single_picture_is_refused_with_the_advice_to_put_it_into_a_list(tiny, side):
    with pytest.raises(InkError, match=r"^this is one picture; pass a list of pictures: \[picture\]$"):
        tiny.predict_pixels(np.zeros((side, side), np.uint8))


@pytest.mark.parametrize("channels", [3, 4])
def test_a_colour_picture_is_not_taken_for_a_stack_of_narrow_pictures(tiny, channels):
    with pytest.raises(InkError, match="one picture in colour"):
        tiny.predict_pixels(np.zeros((28, 28, channels), np.uint8))


@pytest.mark.parametrize("value", ["7", b"7", {"strokes": SEVEN}, None, 7], ids=kind)
def test_a_value_that_is_not_a_list_is_refused_by_its_type(tiny, value):
    with pytest.raises(InkError, match=f"^pass a list of drawings, not {kind(value)}$"):
        tiny.predict_strokes(value)
    with pytest.raises(InkError, match=f"^pass a list of pictures, not {kind(value)}$"):
        tiny.predict_pixels(value)


@pytest.mark.parametrize("drawing", [None, 7, True, {}], ids=["None", "7", "True", "dict"])
def test_an_item_that_is_not_a_drawing_is_named_by_its_index(tiny, drawing):
    with pytest.raises(InkError, match="item 0"):
        tiny.predict_strokes([drawing])


@pytest.mark.parametrize(
    "pictures",
    [[None], [b"\x89PNG"], [[[0, 1], [1, 0]]], np.zeros((2, 28, 28))],
    ids=["None", "bytes", "nested lists", "float64"],
)
def test_an_item_that_is_not_a_gray_picture_is_named_by_its_index(tiny, pictures):
    with pytest.raises(InkError, match="item 0"):
        tiny.predict_pixels(pictures)


def test_large_pictures_from_a_generator_are_not_all_held_in_memory(tiny):
    tracemalloc.start()
    answers = tiny.predict_pixels(np.full((2048, 2048), tone, np.uint8) for tone in range(100, 125))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(answers) == 25 and peak < 60e6


def test_small_drawings_are_read_in_large_batches(tiny, monkeypatch):
    monkeypatch.setattr(tiny, "_predict_drawings", lambda part: [len(part)])
    assert tiny.predict_strokes([SEVEN] * 600) == [recognizer.ITEMS_AT_ONCE, recognizer.ITEMS_AT_ONCE, 88]


def test_several_threads_get_the_answers_of_a_single_thread(tiny):
    names = list(DIGITS)[:8]
    found = {}

    def ask(name):
        found[name] = [tiny.predict_strokes([DIGITS[name]])[0].digit for _ in range(5)]

    threads = [threading.Thread(target=ask, args=[name]) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {name: [label(name)] * 5 for name in names}


def test_the_box_of_strokes_encloses_their_points_without_stray_marks(tiny):
    zero = [[(20 + 30 * (1 + np.sin(turn)), 10 + 40 * (1 - np.cos(turn))) for turn in np.linspace(0, 6.3, 40)]]
    alone, beside_a_mark = tiny.predict_strokes([zero, [*zero, [(300, 300), (301, 300)]]])
    assert alone.box == pytest.approx((20, 10, 80, 90), abs=0.5)
    assert beside_a_mark.box == alone.box and (beside_a_mark.seen == alone.seen).all()


def test_the_box_of_a_drawing_has_its_own_unit_however_large(tiny):
    huge = [[(1e305 * x, 1e305 * y) for x, y in stroke] for stroke in SEVEN]
    small, large = tiny.predict_strokes([SEVEN, huge])
    assert large.box == pytest.approx([1e305 * edge for edge in small.box])


def test_the_box_of_a_picture_lies_in_it(tiny):
    line = np.full((1000, 1000), 255, np.uint8)
    line[100:900, :40] = 0
    left, top, right, bottom = tiny.predict_pixels([line])[0].box
    assert left == 0 and right < 100 and top == pytest.approx(100, abs=40) and bottom == pytest.approx(900, abs=40)


def test_a_blank_drawing_has_no_box(tiny):
    blank, seven = tiny.predict_strokes([[[(5, 5)]], SEVEN])
    assert blank.box is None and seven.box is not None
