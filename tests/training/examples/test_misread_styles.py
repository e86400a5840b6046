"""Digits as hands write them that earlier models misread."""

from collections import Counter

import numpy as np
import pytest
import torch

from recognizer.training.config import Config
from recognizer.training.examples.distortion import cut_ends
from recognizer.training.examples.misread_styles import (
    STYLES,
    block_six,
    block_zero,
    draw_misread,
    flat_topped_six,
    seven_with_short_leg,
    straight_backed_six,
    strike_through,
)
from recognizer.training.examples.points import points_of
from recognizer.training.through_doors import render_strokes


def pictures_of(style, count: int = 60) -> torch.Tensor:
    random = np.random.default_rng(0)
    points = points_of([style(random) for _ in range(count)])
    cut = cut_ends(points, Config().stroke_cut, torch.Generator().manual_seed(0))
    return render_strokes(type(points)(cut, points.ends).segments(), torch.full((count, 1, 1), 1.8))


def holes(picture: torch.Tensor) -> int:
    """Count the areas of paper that ink surrounds."""
    from scipy.ndimage import label

    return int(label(picture.numpy() < 0.3)[1]) - 1


@pytest.mark.parametrize("style", [flat_topped_six, straight_backed_six, block_six, block_zero])
def test_a_bowl_stays_closed_where_its_ends_are_cut(style):
    """An open 6 is a 5."""
    closed = [holes(picture[0]) >= 1 for picture in pictures_of(style)]
    assert np.mean(closed) >= 0.95


def test_every_style_is_drawn_as_often_and_has_its_digit():
    random = np.random.default_rng(0)
    counts = Counter(draw_misread(random)[0] for _ in range(900))
    assert set(counts) == {digit for digit, _ in STYLES} == {0, 2, 4, 6, 7, 8}
    assert 250 < counts[6] < 350 and 70 < counts[8] < 130


@pytest.mark.parametrize(("digit", "style"), STYLES, ids=lambda value: getattr(value, "__name__", str(value)))
def test_no_two_drawings_of_a_style_are_alike_and_all_are_upright(digit, style):
    random = np.random.default_rng(0)
    drawings = [np.concatenate(style(random)) for _ in range(50)]
    assert len({points.tobytes() for points in drawings}) == 50
    sizes = np.array([np.ptp(points, axis=0) for points in drawings])
    assert np.isfinite(sizes).all() and (sizes[:, 0] < 0.95 * sizes[:, 1]).all()


def test_the_bar_of_a_seven_with_a_short_leg_is_wider_than_a_flag_and_its_leg_short():
    random = np.random.default_rng(0)
    for _ in range(100):
        points = np.concatenate(seven_with_short_leg(random))
        leg, bar = points[0, 1] - points[1, 1], points[-2, 0] - points[1, 0]
        assert 0.1 < leg < 0.45 and bar > 0.18


def test_the_same_seed_draws_the_same_digit():
    (digit, strokes), (other, again) = (draw_misread(np.random.default_rng(3)) for _ in range(2))
    assert digit == other and all(np.array_equal(a, b) for a, b in zip(strokes, again, strict=True))


def test_a_line_strikes_through_the_middle_and_is_longer_than_the_drawing_is_wide():
    random = np.random.default_rng(0)
    drawing = [np.array([[2.0, 1.0], [3.0, 3.0]]), np.array([[2.5, 1.0], [2.5, 2.0]])]
    for _ in range(100):
        (left, start), (right, end) = strike_through(drawing, random)
        assert left < 2 and right > 3 and min(start, end) > 1.3 and max(start, end) < 2.7
