"""Cuts off lines that touch the drawing: lines from edge to edge, and a box around it. Part of the pixels door."""

import torch
from torch import Tensor
from torch.nn.functional import max_pool2d, pad

from recognizer.training.doors.parts import LONG, TINY, open_by
from recognizer.training.doors.resampling import GRID

EDGE_TO_EDGE = 0.95  # of the rows or columns: a line that runs from edge to edge covers at least this share
LEAST_RUN = 40  # cells: straight runs of a line from edge to edge are at least so long
THICK = 8  # cells: what is thicker in all directions is no line
CROSSED = 4  # cells: ink on both sides of a line, this near to it, crosses it
LEAST_REST = 10  # cells: a drawing that is left without the lines
BAND = 3  # cells: a box's lines lie within this band along its sides
WIDER = 1.5  # times its usual width: there, something lies along a line
BOXED = 0.8  # the least share of each side of a box that is covered by its line
ENCLOSED = 0.2  # of a box's longer side: what it encloses is at least this tall


def touching_lines(inked: Tensor) -> Tensor:
    """Return 1 for the cells of such lines, except where other ink crosses: (N, 1, 64, 64), 0 or 1 → the same."""
    spans = torch.maximum(inked.amax(2).mean(2), inked.amax(3).mean(2))  # (N, 1): of the columns or the rows
    # Few drawings run from edge to edge.
    lines = torch.cond(spans.max() > EDGE_TO_EDGE, lines_from_edge_to_edge, no_lines, (inked,))
    rest = inked * (1 - lines)
    return torch.maximum(lines, box_lines(rest))


def no_lines(inked: Tensor) -> Tensor:
    return torch.zeros_like(inked)


def lines_from_edge_to_edge(inked: Tensor) -> Tensor:
    """In a tight crop, a digit's own lines run from edge to edge, too. There, the rest touches an edge."""
    thin = inked * (1 - open_by(inked, (THICK, THICK)))
    across, down = runs_across(thin, LEAST_RUN), runs_down(thin, LEAST_RUN)
    across = across * (across.amax(2, keepdim=True).mean(3, keepdim=True) > EDGE_TO_EDGE)
    down = down * (down.amax(3, keepdim=True).mean(2, keepdim=True) > EDGE_TO_EDGE)
    lines = without_crossings(inked, keep_usual_width(across, 2), keep_usual_width(down, 3))
    lines = torch.maximum(lines, across * down)  # where two lines cross
    rest = inked * (1 - lines)
    apart = inked * (1 - max_pool2d(lines, 3, 1, 1))
    outermost = apart.sum((2, 3), keepdim=True) - apart[..., 1:-1, 1:-1].sum((2, 3), keepdim=True)
    return lines * ((outermost < 2) & (rest.sum((2, 3), keepdim=True) > LEAST_REST))


def runs_across(inked: Tensor, length: int) -> Tensor:
    """Return 1 for inked cells on runs of at least `length` cells along a row, which may lean a little."""
    return open_by(max_pool2d(inked, (3, 1), 1, (1, 0)), (1, length)) * inked


def runs_down(inked: Tensor, length: int) -> Tensor:
    return runs_across(inked.transpose(2, 3), length).transpose(2, 3)


def keep_usual_width(line: Tensor, axis: int) -> Tensor:
    """Keep a line only where it is about as wide as usual. Elsewhere a stroke lies along it, such as a 2's base.

    axis: 2 if the line runs across, 3 if it runs down.
    """
    width = line.sum(axis, keepdim=True)
    covered = (width > 0).to(line.dtype)
    # The harmonic mean: few wide places change it little.
    usual = covered.sum((2, 3), keepdim=True) / (covered / width.clamp(min=1)).sum((2, 3), keepdim=True).clamp(min=TINY)
    return line * (width < torch.maximum(usual * WIDER, usual + 1))


def without_crossings(inked: Tensor, across: Tensor, down: Tensor) -> Tensor:
    """Return the lines without the cells that have other ink on both sides."""
    rest = inked * (1 - torch.maximum(across, down))
    above = max_pool2d(pad(rest, (1, 1, CROSSED, 0)), (CROSSED + 1, 3), 1)
    below = max_pool2d(pad(rest, (1, 1, 0, CROSSED)), (CROSSED + 1, 3), 1)
    left = max_pool2d(pad(rest, (CROSSED, 0, 1, 1)), (3, CROSSED + 1), 1)
    right = max_pool2d(pad(rest, (0, CROSSED, 1, 1)), (3, CROSSED + 1), 1)
    return torch.maximum(across * (1 - above * below), down * (1 - left * right))


def box_lines(inked: Tensor) -> Tensor:
    """Return 1 for the lines along all four sides of the ink's own box, if something is left inside.

    A 0 of four straight lines has nothing inside. An 8 of straight lines has a bar inside, which touches both sides.
    """
    place = torch.arange(GRID, dtype=inked.dtype) + 0.5
    y, x = place[:, None], place
    top, bottom = ends(inked.amax(3, keepdim=True), y, 2)
    left, right = ends(inked.amax(2, keepdim=True), x, 3)
    width, height = (right - left).clamp(min=1), (bottom - top).clamp(min=1)
    upper, lower, first, last = (
        inked * band for band in (y < top + BAND, y > bottom - BAND, x < left + BAND, x > right - BAND)
    )
    covers = [side.amax(2, keepdim=True).sum(3, keepdim=True) / width for side in (upper, lower)]
    covers += [side.amax(3, keepdim=True).sum(2, keepdim=True) / height for side in (first, last)]
    boxed = torch.stack(covers).amin(0) > BOXED  # (N, 1, 1, 1)
    within = ((y > top + BAND) & (y < bottom - BAND) & (x > left + BAND) & (x < right - BAND)).to(inked.dtype)
    # Few drawings are in a box.
    lines: Tensor = torch.cond(boxed.any(), lines_of_box, no_box, (inked, upper, lower, first, last, within))
    return lines * boxed


def no_box(inked: Tensor, *sides: Tensor) -> Tensor:
    return torch.zeros_like(inked)


def lines_of_box(inked: Tensor, upper: Tensor, lower: Tensor, first: Tensor, last: Tensor, within: Tensor) -> Tensor:
    """Return 1 for the lines, unless too little is inside of them. All (N, 1, 64, 64): the ink, and what of it is
    along each side; within: 1 inside of the box.
    """
    across, down = runs_across(inked, LONG), runs_down(inked, LONG)
    across = torch.maximum(keep_usual_width(across * upper, 2), keep_usual_width(across * lower, 2))
    down = torch.maximum(keep_usual_width(down * first, 3), keep_usual_width(down * last, 3))
    lines = without_crossings(inked, across, down)
    rest = inked * (1 - lines)
    inside = rest * within
    sides = torch.maximum(
        within.amax(3, keepdim=True).sum(2, keepdim=True), within.amax(2, keepdim=True).sum(3, keepdim=True)
    )
    tall = inside.amax(3, keepdim=True).sum(2, keepdim=True) > ENCLOSED * (sides + 2 * BAND)
    mostly = inside.sum((2, 3), keepdim=True) > 0.5 * rest.sum((2, 3), keepdim=True)
    spans = (rest * first).amax((2, 3), keepdim=True) * (rest * last).amax((2, 3), keepdim=True)
    return lines * (tall & mostly & (spans == 0))


def ends(bins: Tensor, place: Tensor, axis: int) -> tuple[Tensor, Tensor]:
    """Return the near edge of the first and the far edge of the last bin that is 1, along an axis."""
    low = torch.where(bins > 0, place - 0.5, GRID).amin(axis, keepdim=True)
    high = torch.where(bins > 0, place + 0.5, 0).amax(axis, keepdim=True)
    return low, high
