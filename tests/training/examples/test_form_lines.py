"""Lines of forms, none of which may look like a digit."""

import numpy as np
import pytest

from recognizer.training.examples import form_lines
from recognizer.training.examples.form_lines import LEAST_WIDTH

KINDS = [
    form_lines.frame,
    form_lines.table,
    form_lines.comb,
    form_lines.corner,
    form_lines.tee,
    form_lines.crossing,
    form_lines.parallels,
]


def drawn(count: int = 500) -> list[list[np.ndarray]]:
    random = np.random.default_rng(0)
    return [form_lines.form_lines(random) for _ in range(count)]


def test_every_line_is_straight_and_nearly_level_or_upright():
    offsets = [np.abs(np.diff(line, axis=0)[0]) for lines in drawn() for line in lines]
    assert all(len(line) == 2 for lines in drawn(20) for line in lines)
    assert max(offset.min() for offset in offsets) < 0.1 < min(offset.max() for offset in offsets)


def test_a_line_is_never_alone():
    assert min(map(len, drawn())) >= 2


@pytest.mark.parametrize("kind", KINDS[:-1], ids=lambda kind: kind.__name__)
def test_no_kind_is_as_narrow_as_a_one_or_a_zero(kind):
    random = np.random.default_rng(0)
    for _ in range(200):
        width, height = np.ptp(np.concatenate(kind(random)), axis=0)
        assert width >= 0.5 * height


def test_parallel_lines_stand_apart_further_than_the_widest_pen():
    random = np.random.default_rng(0)
    for _ in range(200):
        middles = np.array([line.mean(0) for line in form_lines.parallels(random)])
        assert np.abs(np.diff(middles, axis=0)).max(1).min() >= 0.5


def test_a_frame_is_wider_than_a_zero_of_straight_lines():
    random = np.random.default_rng(0)
    frames = [np.concatenate(form_lines.box(form_lines.width(random), random)) for _ in range(200)]
    inner = [np.ptp(points[4:, 0]) for points in frames]  # between the upright lines
    assert min(inner) >= LEAST_WIDTH


def test_no_corner_is_a_seven():
    random = np.random.default_rng(0)
    for _ in range(200):
        level, upright = form_lines.corner(random)
        at_top, at_right = level[0, 1] == 0, upright[0, 0] > 0
        assert not (at_top and at_right)


def test_the_same_seed_draws_the_same_lines():
    first, again = (drawn(30) for _ in range(2))
    assert all(np.array_equal(np.stack(one), np.stack(two)) for one, two in zip(first, again, strict=True))
