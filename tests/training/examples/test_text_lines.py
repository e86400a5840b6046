"""Lines of writing: who draws what, in which order, and how near."""

from collections import Counter

import numpy as np
import pytest

from recognizer.datasets.formats import Drawing
from recognizer.training.examples.text_lines import (
    GAPS,
    Drawn,
    compose_line,
    delay,
    draw_text,
    hands_of,
    ink_gap,
    join,
)

UPRIGHT = np.array([[0.0, 0.0], [0.0, 1.0]])


def upright_at(x: float) -> np.ndarray:
    return UPRIGHT + np.array([x, 0.0])


HAND = {str(digit): [[UPRIGHT * 2, upright_at(0.3)]] for digit in range(10)}


def strokes_of(line, index: int) -> list:
    return [stroke.points for stroke in line.drawn if index in stroke.owners]


def test_a_hand_has_all_ten_digits_in_their_relative_sizes():
    digits = [Drawing(str(label), "anna", (UPRIGHT * (1 + label),)) for label in range(10)]
    hands = hands_of([*digits, Drawing("7", "ben", (UPRIGHT,))])
    assert list(hands) == ["anna"]
    heights = [np.ptp(hands["anna"][str(label)][0][0][:, 1]) for label in range(10)]
    np.testing.assert_allclose(np.array(heights) / heights[0], np.arange(1, 11))
    assert np.median(heights) == 1


def test_texts_have_twelve_digits_at_most_and_four_on_average():
    random = np.random.default_rng(0)
    lengths = [len(draw_text("digits", random)) for _ in range(3_000)]
    assert set(lengths) == set(range(1, 13)) and 3.8 < np.mean(lengths) < 4.4


def test_a_number_has_at_most_one_sign_in_front_and_one_point_before_a_digit():
    random = np.random.default_rng(0)
    texts = [draw_text("number", random) for _ in range(2_000)]
    assert all(float(text.replace(",", ".")) is not None and text[-1].isdigit() for text in texts)
    seen = Counter(letter for text in texts for letter in set(text) if not letter.isdigit())
    assert min(seen[letter] for letter in "-+.,") > 100


@pytest.mark.parametrize("gap", GAPS)
def test_every_character_is_drawn_from_left_to_right(gap):
    random = np.random.default_rng(0)
    for _ in range(50):
        line = compose_line(draw_text("number", random), HAND, gap, random)
        lefts = [min(points[:, 0].min() for points in strokes_of(line, index)) for index in range(len(line.text))]
        assert lefts == sorted(lefts)


@pytest.mark.parametrize(("gap", "least", "most"), [("wide", 0.45, 3), ("tight", 0, 0.3), ("overlapping", -0.5, 0.05)])
def test_the_ink_of_digits_is_as_far_apart_as_asked_for(gap, least, most):
    random = np.random.default_rng(0)
    lines = [compose_line("48", HAND, gap, random) for _ in range(50)]
    gaps = [ink_gap(strokes_of(line, 0), strokes_of(line, 1)) for line in lines if len(line.drawn) == 4]
    assert len(gaps) > 40 and least < min(gaps) and max(gaps) < most


def test_a_point_never_hides_in_a_digit():
    random = np.random.default_rng(0)
    for _ in range(100):
        line = compose_line("4.8", HAND, "overlapping", random)
        before, (dot,), after = (strokes_of(line, index) for index in range(3))
        assert max(points[:, 0].max() for points in before) < dot[:, 0].min() + 0.05
        assert dot[:, 0].max() < min(points[:, 0].min() for points in after) + 0.05


def test_a_joined_stroke_belongs_to_both_digits():
    drawn = [Drawn(UPRIGHT, (0,)), Drawn(upright_at(0.5), (1,)), Drawn(upright_at(9), (2,))]
    lines = [join(drawn, "123", np.random.default_rng(seed)) for seed in range(20)]
    assert {tuple(stroke.owners for stroke in line) for line in lines} == {((0,), (1,), (2,)), ((0, 1), (2,))}
    assert {len(join(drawn, "1-3", np.random.default_rng(seed))) for seed in range(20)} == {3}


def test_a_late_stroke_comes_after_the_next_digit_or_last():
    drawn = [Drawn(UPRIGHT, (0,)), Drawn(UPRIGHT * 2, (0,)), Drawn(UPRIGHT, (1,)), Drawn(UPRIGHT, (2,))]
    orders = {tuple(s.owners[0] for s in delay(drawn, 3, np.random.default_rng(seed))) for seed in range(30)}
    assert orders == {(0, 0, 1, 2), (0, 1, 0, 2), (0, 1, 2, 0)}


def test_the_same_seed_composes_the_same_line():
    first, second = (compose_line("-3.14", HAND, "natural", np.random.default_rng(4)) for _ in range(2))
    assert all(np.array_equal(a.points, b.points) for a, b in zip(first.drawn, second.drawn, strict=True))
