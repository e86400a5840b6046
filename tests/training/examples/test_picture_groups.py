"""Groups, pages and pieces composed of pictures of digits."""

import pytest
import torch

from recognizer.training.examples import picture_groups
from recognizer.training.examples.picture_groups import (
    CANVAS_PX,
    MOST_PIECE_INK,
    as_seen,
    boxes,
    draw,
    fair_ones,
    groups,
    least_gap,
    likeness,
    pages,
    soften,
    with_marks,
    with_pieces,
)
from tests.support.training import seeded


def bars(*shape: int, left: int = 10, right: int = 18) -> torch.Tensor:
    """Return pictures with a box of ink: columns left to right, rows 4 to 24."""
    pictures = torch.zeros(*shape, 28, 28)
    pictures[..., 4:24, left:right] = 1
    return pictures


def parts_of(canvas: torch.Tensor) -> list[tuple[int, int]]:
    """Return the ranges of columns or rows with ink, along the axis with more of them."""
    found = []
    for axis in (0, 1):
        inked = (canvas.amax(axis) > 0.5).int().tolist()
        starts = [place for place, ink in enumerate(inked) if ink and not (place and inked[place - 1])]
        ends = [place for place, ink in enumerate(inked) if ink and not (place + 1 < len(inked) and inked[place + 1])]
        found.append(list(zip(starts, ends, strict=True)))
    return max(found, key=len)


def test_a_box_holds_the_ink():
    low, high = boxes(bars(2, 3))
    assert low.shape == (2, 3, 2)
    assert low[0, 0].tolist() == [10, 4] and high[0, 0].tolist() == [18, 24]


def test_a_picture_is_drawn_where_it_should_be_and_as_large():
    low, _ = boxes(bars(1, 1))
    canvas = draw(bars(1, 1), low, torch.tensor([[[5.0, 30.0]]]), torch.tensor([[1.5]]))[0, 0]
    (left, top), (right, bottom) = (corner.tolist() for corner in boxes(canvas))
    assert (left, top) == (5, 30) and (right - left, bottom - top) == (12, 30)


def test_a_group_lies_wholly_on_its_canvas_and_shows_two_digits_or_three():
    classes = torch.full((200, 3), 1)  # ones never touch
    canvases = groups(bars(200, 3), classes, seeded())
    assert canvases.shape == (200, CANVAS_PX, CANVAS_PX)
    assert canvases[:, [0, -1]].max() == 0 and canvases[:, :, [0, -1]].max() == 0
    counts = [len(parts_of(canvas)) for canvas in canvases]
    assert set(counts) <= {2, 3} and 0.05 < counts.count(3) / 200 < 0.3


def test_other_digits_touch_in_some_groups():
    canvases = groups(bars(200, 3), torch.full((200, 3), 5), seeded())
    assert 0.1 < sum(len(parts_of(canvas)) == 1 for canvas in canvases) / 200 < 0.6


def test_digits_that_would_look_like_one_stay_apart():
    rows, columns = picture_groups.ROW_GAPS, picture_groups.COLUMN_GAPS
    assert least_gap(torch.tensor([[1, 1, 0]]), rows).tolist() == [[3, 1]]
    assert least_gap(torch.tensor([[0, 0, 1]]), columns).min() == 3
    assert least_gap(torch.tensor([[8, 5, 5]]), columns).max() < 0


def test_a_group_with_too_much_shared_ink_is_replaced():
    inks = torch.zeros(4, 2, 28, 28)
    inks[:, 0, :, :10] = 1
    inks[[0, 2], 1, :, 12:20] = 1  # beside the first
    inks[[1, 3], 1, :, 8:16] = 1  # a quarter of it over the first
    assert fair_ones(inks).tolist() == [0, 2, 0, 2]


def test_groups_that_are_all_unfair_are_kept():
    assert fair_ones(torch.ones(2, 2, 28, 28)).tolist() == [0, 1]


def test_a_page_has_several_lines_of_small_digits():
    canvases = pages(bars(50, 16), seeded())
    lines = [len(parts_of(canvas)) for canvas in canvases]
    assert canvases.shape == (50, CANVAS_PX, CANVAS_PX)
    assert min(lines) >= 2 and max(lines) == 4


def test_a_piece_touches_the_edge_and_is_small_beside_its_digit():
    pictures = bars(300, 2, left=6, right=22)
    canvases = with_pieces(pictures, seeded())
    edges = torch.stack([canvases[:, 0], canvases[:, -1], canvases[:, :, 0], canvases[:, :, -1]], 1).amax((1, 2)) > 0.5
    pieced = canvases[edges]
    assert 0.3 < edges.float().mean() < 0.95
    for canvas in pieced:
        parts = [end - start + 1 for start, end in parts_of(canvas)]
        assert len(parts) == 2 and min(parts) <= (MOST_PIECE_INK + 0.1) * max(parts)


def test_a_digit_beside_a_piece_is_whole():
    canvases = with_pieces(bars(100, 2, left=6, right=22), seeded())
    for canvas in canvases:
        inner = canvas.clone()
        inner[[0, -1]], inner[:, [0, -1]] = 0, 0
        widest = max(end - start + 1 for start, end in parts_of(canvas))
        assert 0.3 * CANVAS_PX < widest < 0.7 * CANVAS_PX


def parts_across(canvas: torch.Tensor) -> int:
    """Return the number of ranges of columns with ink."""
    inked = (canvas.amax(0) > 0.3).int()
    return int((inked.diff(prepend=torch.zeros(1)) == 1).sum())


@pytest.mark.parametrize("shares", [(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)], ids=["disc", "half", "bar"])
def test_marks_stand_apart_from_their_digit(shares, monkeypatch):
    monkeypatch.setattr(picture_groups, "MARK_SHARES", shares)
    canvases = with_marks(bars(200, 1, left=6, right=22), seeded())
    parts = [max(parts_across(canvas), parts_across(canvas.T)) for canvas in canvases]
    assert parts.count(1) < 0.1 * len(parts)  # where the canvas cuts the mark off


def test_a_narrow_digit_has_its_dot_beside_it(monkeypatch):
    """A 1 with a dot above or below is an i or an exclamation mark."""
    monkeypatch.setattr(picture_groups, "MARK_SHARES", (0.5, 0.5, 0.0))
    canvases = with_marks(bars(200, 1, left=12, right=16), seeded())
    assert sum(parts_across(canvas) == 1 for canvas in canvases) < 0.05 * len(canvases)


def test_a_canvas_is_seen_as_the_door_shows_it():
    canvas = torch.zeros(1, 64, 64)
    canvas[0, 40:60, 5:15] = 1
    (seen,) = as_seen(canvas)[0]
    (left, top), (right, bottom) = (corner.tolist() for corner in boxes(seen))
    assert (right - left, bottom - top) == pytest.approx((10, 20), abs=1) and (left, top) == (9, 4)


def test_a_lost_part_makes_pictures_unlike():
    both = bars(1, 1, left=3, right=6)[0] + bars(1, 1, left=20, right=23)[0]
    one = bars(1, 1, left=3, right=6)
    assert float(likeness(both[None], both[None])) == pytest.approx(1, abs=1e-5)
    assert float(likeness(soften(both[None]), soften(one))) < 0.8
    assert float(likeness(soften(both[None]), soften(both[None].roll(1, 3)))) > 0.8


def test_the_same_seed_composes_the_same_groups():
    classes = torch.randint(0, 10, (20, 3), generator=seeded())
    first, again, other = (groups(bars(20, 3), classes, seeded(seed)) for seed in (1, 1, 2))
    assert torch.equal(first, again) and not torch.equal(first, other)
