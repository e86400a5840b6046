"""Tells the drawing from boxes, lines and pieces of neighbours on a rough copy of a picture's ink. Part of the pixels
door.

First, lines that touch the drawing are cut off: those that run from edge to edge, and boxes around it. Then the largest
part that is no line and no box is the main part, and the others are judged by it.
"""

import torch
from torch import Tensor
from torch.nn.functional import max_pool2d, one_hot, pad

from recognizer.training.doors.paper import GRID
from recognizer.training.doors.parts import LONG, PARTS, Parts, find_parts, on_runs, open_by

EDGE_TO_EDGE = 0.95  # of the rows or columns: a line that runs from edge to edge covers at least this share
LONGEST = 40  # cells: straight runs of a line from edge to edge
CROSSED = 4  # cells: ink on both sides of a line, this near to it, crosses it
THICK = 8  # cells: what is thicker in all directions is no line
HUGGING = 6  # cells: a left-over line is thinner than this, with its distance from the edge
LEAST_REST = 10  # cells: a drawing that is left without the lines
BAND = 3  # cells: a box's lines lie within this band along its sides
BOXED = 0.8  # the least share of each side of a box that is covered by its line
LINE = 0.8  # the least share of a line's or a box's cells that lie on long straight runs
REAL = 0.02  # of the inkiest part's ink: less is a speck
ENCLOSED = 0.2  # of a box's longer side: what it encloses is at least this long
LONGER = 1.25  # a line is longer than the drawing by this factor
FLAT = 0.25  # an underline's height over its width
UNDER = 0.5  # of the drawing's width: an underline's least width
PIECE = 0.75  # of the main part's width: a piece of a neighbour is narrower
REMAINS = 0.63  # of the picture's side: shorter lines along an edge are left-overs of a cell


def find_furniture(ink: Tensor, cell_px: Tensor) -> Tensor:
    """Return 1 for cells that belong to furniture and its soft edge, else 0: (N, 1, 64, 64) → the same."""
    inked = (ink > 0).to(ink.dtype)
    lines = touching_lines(inked)
    rest = inked * (1 - lines)
    parts = find_parts(ink, rest)
    gone = (parts.cells * other_parts(parts, cell_px).unsqueeze(2)).amax(1).reshape(ink.shape)
    gone = torch.maximum(gone, lines)
    rest = inked * (1 - gone)
    return torch.maximum(gone, max_pool2d(gone, 5, 1, 2) * (1 - max_pool2d(rest, 3, 1, 1)))


def touching_lines(inked: Tensor) -> Tensor:
    """Return 1 for the cells of lines from edge to edge, and of a box around the rest, where no other ink crosses."""
    thin = inked * (1 - open_by(inked, (THICK, THICK)))
    across = long_runs(thin, LONGEST)
    down = long_runs(thin.transpose(2, 3), LONGEST).transpose(2, 3)
    across = across * (across.amax(2, keepdim=True).mean(3, keepdim=True) > EDGE_TO_EDGE)
    down = down * (down.amax(3, keepdim=True).mean(2, keepdim=True) > EDGE_TO_EDGE)
    lines = uncrossed(inked, across, down)
    rest = inked * (1 - lines)
    # In a tight crop, a digit's own lines run from edge to edge, and the rest touches an edge.
    apart = inked * (1 - max_pool2d(lines, 3, 1, 1))
    drawn = (at_edges(apart).sum((2, 3), keepdim=True) < 2) & (rest.sum((2, 3), keepdim=True) > LEAST_REST)
    lines = lines * drawn
    rest = inked * (1 - lines)
    return torch.maximum(lines, box_around(rest))


def long_runs(inked: Tensor, length: int) -> Tensor:
    """Return 1 for inked cells on runs of at least `length` cells along a row, which may lean a little."""
    return open_by(max_pool2d(inked, (3, 1), 1, (1, 0)), (1, length)) * inked


def uncrossed(inked: Tensor, across: Tensor, down: Tensor) -> Tensor:
    """Return the lines without the cells that have other ink on both sides."""
    rest = inked * (1 - torch.maximum(across, down))
    reach = 2 * CROSSED + 1
    above = max_pool2d(pad(rest, (1, 1, CROSSED, 0)), (CROSSED + 1, 3), 1)
    below = max_pool2d(pad(rest, (1, 1, 0, CROSSED)), (CROSSED + 1, 3), 1)
    left = max_pool2d(pad(rest, (CROSSED, 0, 1, 1)), (3, CROSSED + 1), 1)
    right = max_pool2d(pad(rest, (0, CROSSED, 1, 1)), (3, CROSSED + 1), 1)
    return torch.maximum(across * (1 - above * below), down * (1 - left * right))


def at_edges(cells: Tensor) -> Tensor:
    """Keep only the outermost cells."""
    return cells * (1 - pad(torch.ones(1, 1, GRID - 2, GRID - 2), (1, 1, 1, 1)))


def box_around(inked: Tensor) -> Tensor:
    """Return 1 for the lines along all four sides of the ink's own box, if something is left inside: (N, 1, 64, 64)."""
    rows, columns = inked.amax(3, keepdim=True), inked.amax(2, keepdim=True)  # (N, 1, 64, 1), (N, 1, 1, 64)
    place = torch.arange(GRID, dtype=inked.dtype)
    y, x = place[:, None], place[None]
    bottom, right = (rows * (y + 1)).amax(2, keepdim=True), (columns * (x + 1)).amax(3, keepdim=True)
    top, left = GRID - (rows * (GRID - y)).amax(2, keepdim=True), GRID - (columns * (GRID - x)).amax(3, keepdim=True)
    near = lambda at, edge: ((at - edge + 0.5).abs() < BAND) & (inked > 0)
    bands = [near(y, top + 0.5), near(y, bottom - 0.5), near(x, left + 0.5), near(x, right - 0.5)]
    bands = [band.to(inked.dtype) for band in bands]
    width, height = (right - left).clamp(min=1), (bottom - top).clamp(min=1)
    cover = [
        bands[0].amax(2, keepdim=True).sum(3, keepdim=True) / width,
        bands[1].amax(2, keepdim=True).sum(3, keepdim=True) / width,
        bands[2].amax(3, keepdim=True).sum(2, keepdim=True) / height,
        bands[3].amax(3, keepdim=True).sum(2, keepdim=True) / height,
    ]
    closed = torch.stack(cover).amin(0) > BOXED
    runs = torch.maximum(
        long_runs(inked, LONG) * torch.maximum(bands[0], bands[1]),
        long_runs(inked.transpose(2, 3), LONG).transpose(2, 3) * torch.maximum(bands[2], bands[3]),
    )
    lines = uncrossed(inked, runs * torch.maximum(bands[0], bands[1]), runs * torch.maximum(bands[2], bands[3]))
    rest = inked * (1 - lines)
    inside = rest * ((y > top + BAND) & (y < bottom - BAND - 1) & (x > left + BAND) & (x < right - BAND - 1))
    tall = inside.amax(3, keepdim=True).sum(2, keepdim=True) > ENCLOSED * torch.maximum(width, height)
    spans = (rest * torch.maximum(bands[2], bands[3])).amax((2, 3), keepdim=True)
    both = (rest * bands[2]).amax((2, 3), keepdim=True) * (rest * bands[3]).amax((2, 3), keepdim=True)
    mostly = inside.sum((2, 3), keepdim=True) > 0.5 * rest.sum((2, 3), keepdim=True)
    return lines * (closed & tall & mostly & (both == 0)).to(inked.dtype)


def other_parts(parts: Parts, cell_px: Tensor) -> Tensor:
    """Return 1 for the parts that are not the drawing: (N, 12)."""
    px = cell_px.transpose(1, 2)  # (N, 1, 2)
    size = (parts.high - parts.low) * px  # (N, 12, 2)
    longer = size.amax(2)
    touched = torch.cat([parts.low < 1, parts.high > GRID - 1], 2).to(size.dtype).sum(2)  # (N, 12): edges
    real = (parts.ink > REAL * parts.ink.amax(1, keepdim=True)).to(size.dtype) * (parts.area > 0)
    straight = (parts.straight >= LINE).to(size.dtype)
    frame = encloses(parts, longer, real) * straight
    edge_line = straight * (touched > 0)
    off_centre = ((parts.low + parts.high) / GRID - 1).abs().amax(2)  # 0 in the middle, 1 at an edge
    likely = (1 - frame) * (1 - 0.5 * straight) * (1 - 0.7 * (touched > 0)) * (1 - 0.9 * off_centre)
    candidate = real * likely * parts.ink
    main = one_hot(candidate.argmax(1), PARTS).to(size.dtype)  # (N, 12)
    of_main = lambda value: (value * main).sum(1, keepdim=True)
    near = (parts.low * main.unsqueeze(2)).sum(1, keepdim=True)  # (N, 1, 2)
    far = (parts.high * main.unsqueeze(2)).sum(1, keepdim=True)
    width = (far - near)[..., 1] * px[..., 1]
    within = of_main(touched) == 0  # the main part touches no edge
    long_line = straight * (longer > LONGER * of_main(longer))
    line = edge_line * within * (longer > 0.9 * of_main(longer))
    flat = size[..., 0] < FLAT * size[..., 1]
    under = (parts.low[..., 0] > far[..., 0] - 1) & flat & (size[..., 1] > UNDER * width)
    beside = (parts.low[..., 1] > far[..., 1]) | (parts.high[..., 1] < near[..., 1])
    piece = beside & (touched > 0) & within & (size[..., 1] < PIECE * width)
    at_corner = (touched > 1) & within & (longer < PIECE * of_main(longer))
    sliver = edge_line * within * (size.amin(2) < 3 * px.amax(2))
    gone = torch.stack([frame, long_line, line, sliver, (under | piece | at_corner).to(size.dtype)]).amax(0)
    return torch.maximum(gone * (1 - main), remains(parts))


def remains(parts: Parts) -> Tensor:
    """Return 1 for short lines along an edge, left over of an empty cell: (N, 12)."""
    size = parts.high - parts.low  # (N, 12, 2) cells
    at_edge = (parts.low < 1) | (parts.high > GRID - 1)
    along = size.flip(2)
    left_over = at_edge & (size < HUGGING) & (along < REMAINS * GRID) & (along > 2 * size)
    return (left_over.any(2) & (parts.straight >= LINE)).to(size.dtype)


def encloses(parts: Parts, longer: Tensor, real: Tensor) -> Tensor:
    """Return 1 for parts whose box holds the box of another part that is no speck: (N, 12)."""
    low, high = parts.low, parts.high
    inside = ((low.unsqueeze(1) > low.unsqueeze(2)) & (high.unsqueeze(1) < high.unsqueeze(2))).all(
        3
    )  # (N, outer, inner)
    large = longer.unsqueeze(1) > ENCLOSED * longer.unsqueeze(2)
    return (inside & large & (real.unsqueeze(1) > 0)).any(2).to(real.dtype)
