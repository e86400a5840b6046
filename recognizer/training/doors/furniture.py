"""Finds furniture: boxes, lines and pieces of neighbours beside the drawing. Part of the pixels door.

It looks at the ink of a rough copy of the picture.

First, lines that touch the drawing are cut off: `lines.py`. Then the most likely part is the main part, and all other
parts are judged by it.
"""

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import max_pool2d, one_hot

from recognizer.training.doors.frames import frame_around
from recognizer.training.doors.lines import touching_lines
from recognizer.training.doors.parts import PARTS, TINY, Parts, find_parts
from recognizer.training.doors.resampling import GRID

LINE = 0.8  # the least share of a line's or a box's cells that lie on long straight runs
REAL = 0.02  # of the inkiest part's ink: less is a speck
ENCLOSED = 0.2  # of a box's longer side: what it encloses is at least this long; in a box of thin lines, …
ENCLOSED_IN_THIN = 0.35  # … it has this share of the shorter side
ENCLOSED_AREA = 0.09  # of a box's inked cells, if its lines are thick: what it encloses is larger
THIN = 0.3  # of a box's cells: if fewer are inked, its lines are thin
LONGER = 1.25  # a line is longer than the main part by this factor …
TALL_ONE = 1.7  # times as tall as the tallest other writing: a 1 in a line of writing is lower
ABOUT_AS_LONG = 0.9  # … or by this one, if it touches an edge
THIN_LINE = 3  # cells: a line along an edge that is thinner than this may have any length
AWAY = 0.1  # of the main part's longer side: a line keeps so far away, …
LEAST_GAP = 2  # … and at least so many cells
FLAT = 0.25  # an underline's height over its width
PIECE = 0.75  # of the main part's width: a piece of a neighbour is narrower
EDGE_BAND = 5  # cells along an edge
NARROW = 3  # cells: a part of this width needs no straight run to be a line
OWN_WIDTH = 1.2  # a line is left over if it is less than its own width away from the edge; blur hides a fifth
HUGGING = 6  # cells: a left-over line along an edge is thinner than this
FULL = 0.45  # of its box's cells: a left-over line covers more, a 1 with a flag less
LEFT_OVER = 0.63  # of the picture's side: a longer line along an edge may be a 1


class Measured(NamedTuple):
    """What is asked about each part: (N, 12)."""

    height: Tensor  # px
    width: Tensor
    longer: Tensor
    touched: Tensor  # the number of edges
    straight: Tensor  # 0 or 1
    encloses: Tensor  # 0 or 1: it encloses another part that is no speck


def find_furniture(ink: Tensor, cell_px: Tensor, *, several: bool = False) -> Tensor:
    """Return 1 for cells that belong to furniture and its soft edge, else 0: (N, 1, 64, 64) → the same.

    cell_px (N, 2, 1): a cell's height and width. several: of a line of writing, in which an upright line may be a 1.
    """
    inked = (ink > 0).to(ink.dtype)
    lines = touching_lines(inked)
    parts = find_parts(ink / ink.amax((2, 3), keepdim=True).clamp(min=TINY), inked * (1 - lines))
    # Most drawings are one part, away from the edges.
    others = (parts.area[:, 1:] > 0).any() | (parts.low < 1).any() | (parts.high > GRID - 1).any()
    gone = torch.maximum(
        lines, torch.cond(others, of_line if several else of_digit, no_furniture, (inked, cell_px, *parts))
    )
    drawn = inked * (1 - gone)
    return torch.maximum(gone, max_pool2d(gone, 5, 1, 2) * (1 - max_pool2d(drawn, 3, 1, 1)))


def of_digit(inked: Tensor, cell_px: Tensor, *found: Tensor) -> Tensor:
    """Return 1 for the cells of parts that are not the drawing. found: the fields of `Parts`."""
    return furniture_of(inked, cell_px, Parts(*found), several=False)


def of_line(inked: Tensor, cell_px: Tensor, *found: Tensor) -> Tensor:
    """Do the same in a line of writing."""
    return furniture_of(inked, cell_px, Parts(*found), several=True)


def furniture_of(inked: Tensor, cell_px: Tensor, parts: Parts, *, several: bool) -> Tensor:
    measured = measure(parts, cell_px)
    main = main_part(parts, measured)
    furniture = is_furniture(parts, measured, main, cell_px)
    others = inked * (1 - cells_of(parts, main))
    if several:
        ones = may_be_one(parts, measured)
        furniture = furniture * (1 - ones)
        # Digits stand in a row, as the dashes of a frame do: only straight parts are dashes.
        others = cells_of(parts, measured.straight * (1 - ones) * (1 - main))
    frame = frame_around(cells_of(parts, main), others)
    off_edges = (of_main(measured.touched, main) == 0).unsqueeze(2).unsqueeze(3)  # (N, 1, 1, 1): the main part
    tapering = beside_edges(parts, furniture) * off_edges * (1 - cells_of(parts, main))
    furniture = torch.maximum(furniture, mostly_in(parts, frame))
    return torch.stack([cells_of(parts, furniture), tapering, frame]).amax(0)


def mostly_in(parts: Parts, cells: Tensor) -> Tensor:
    """Return 1 for parts that lie mostly in these cells: (N, 1, 64, 64) → (N, 12)."""
    return ((parts.cells * cells.flatten(2)).sum(2) > parts.area / 2).to(cells.dtype)


def no_furniture(inked: Tensor, *found: Tensor) -> Tensor:
    return torch.zeros_like(inked)


def cells_of(parts: Parts, chosen: Tensor) -> Tensor:
    """Return 1 for the cells of the chosen parts, (N, 12): (N, 1, 64, 64)."""
    return (parts.cells * chosen.unsqueeze(2)).amax(1).reshape(-1, 1, GRID, GRID)


def beside_edges(parts: Parts, furniture: Tensor) -> Tensor:
    """Return 1 for cells along the edges that furniture touches: it tapers off there, below what is found as ink."""
    edges = torch.cat([parts.low < 1, parts.high > GRID - 1], 2).to(furniture.dtype)  # (N, 12, 4)
    near, far = (edges * furniture.unsqueeze(2)).amax(1).unsqueeze(2).chunk(2, 1)  # (N, 2, 1) each
    place = torch.arange(GRID, dtype=furniture.dtype)
    bands = torch.maximum(near * (place < EDGE_BAND), far * (place >= GRID - EDGE_BAND))  # (N, 2, 64)
    rows, columns = bands.unsqueeze(1).split(1, 2)  # (N, 1, 1, 64) each
    return torch.maximum(rows.transpose(2, 3), columns)


def is_furniture(parts: Parts, measured: Measured, main: Tensor, cell_px: Tensor) -> Tensor:
    """Return 1 for the parts that are not the drawing: (N, 12)."""
    lines = is_line(parts, measured, main, cell_px)
    by_main = torch.maximum(lines, is_underline_or_cut_off(parts, measured, main))
    frames = measured.encloses * measured.straight
    return torch.maximum(torch.maximum(frames, by_main) * (1 - main), is_left_over(parts))


def measure(parts: Parts, cell_px: Tensor) -> Measured:
    height, width = ((parts.high - parts.low) * cell_px.transpose(1, 2)).unbind(2)
    longer = torch.maximum(height, width)
    touched = torch.cat([parts.low < 1, parts.high > GRID - 1], 2).to(height.dtype).sum(2)
    straight = (parts.straight >= LINE).to(height.dtype)
    return Measured(height, width, longer, touched, straight, encloses(parts, height, width))


def encloses(parts: Parts, height: Tensor, width: Tensor) -> Tensor:
    """Return 1 for parts whose box holds the box of another part that is no speck: (N, 12)."""
    above_left = (parts.low.unsqueeze(1) > parts.low.unsqueeze(2)).all(3)  # (N, outer, inner)
    below_right = (parts.high.unsqueeze(1) < parts.high.unsqueeze(2)).all(3)
    longer, shorter = torch.maximum(height, width), torch.minimum(height, width)
    is_thin = parts.area < THIN * (parts.high - parts.low).prod(2)
    least = torch.where(is_thin, torch.minimum(ENCLOSED_IN_THIN * shorter, ENCLOSED * longer), ENCLOSED * longer)
    no_dot = parts.area.unsqueeze(1) > ENCLOSED_AREA * parts.area.unsqueeze(2)
    large = (longer.unsqueeze(1) > least.unsqueeze(2)) & (no_dot | is_thin.unsqueeze(2))
    return (above_left & below_right & large & is_real(parts).unsqueeze(1)).any(2).to(height.dtype)


def is_real(parts: Parts) -> Tensor:
    return (parts.ink > REAL * parts.ink.amax(1, keepdim=True)) & (parts.area > 0)


def main_part(parts: Parts, measured: Measured) -> Tensor:
    """Return 1 for the most likely part, else 0: (N, 12). It has much ink, and is near the middle, no line or frame."""
    off_centre = ((parts.low + parts.high) / GRID - 1).abs().amax(2)  # 0 in the middle, 1 at an edge
    frame = measured.encloses * measured.straight
    likely = (1 - frame) * (1 - 0.5 * measured.straight) * (1 - 0.7 * (measured.touched > 0)) * (1 - 0.9 * off_centre)
    likely = likely * (1 - 0.7 * measured.straight * (measured.touched > 1))  # a line into a corner
    return one_hot((likely * parts.ink * is_real(parts)).argmax(1), PARTS).to(parts.ink.dtype)


def of_main(value: Tensor, main: Tensor) -> Tensor:
    """(N, 12) → (N, 1)."""
    return (value * main).sum(1, keepdim=True)


def is_line(parts: Parts, measured: Measured, main: Tensor, cell_px: Tensor) -> Tensor:
    """Return 1 for straight parts that are longer than the main part, or run along an edge: (N, 12)."""
    longest = of_main(measured.longer, main)
    apart = (measured.touched > 0) & (of_main(measured.touched, main) == 0)
    thin = torch.minimum(measured.height, measured.width) < THIN_LINE * cell_px.amax(1)
    along_edge = apart & ((measured.longer > ABOUT_AS_LONG * longest) | thin)
    long = (measured.longer > LONGER * longest) & (juts_out(parts, measured, main) > 0)
    return measured.straight * is_apart(parts, main) * (long | along_edge)


def may_be_one(parts: Parts, measured: Measured) -> Tensor:
    """Return 1 for upright lines that are not much taller than other writing: (N, 12)."""
    upright = (measured.straight > 0) & (measured.height > 2 * measured.width) & (measured.touched == 0)
    written = torch.where(is_real(parts) & (measured.straight == 0), measured.height, 0)
    tallest = written.amax(1, keepdim=True)
    tallest = torch.where(tallest > 0, tallest, torch.where(is_real(parts), measured.height, 0).amax(1, keepdim=True))
    return (upright & (measured.height < TALL_ONE * tallest)).to(parts.ink.dtype)


def juts_out(parts: Parts, measured: Measured, main: Tensor) -> Tensor:
    """Return 1 for parts that reach farther than the main part at both ends, as no stroke of a digit does: (N, 12)."""
    low, high = main_box(parts, main)
    beyond = ((parts.low < low) & (parts.high > high)).to(parts.ink.dtype)  # (N, 12, 2)
    return torch.where(measured.height > measured.width, beyond[..., 0], beyond[..., 1])


def main_box(parts: Parts, main: Tensor) -> tuple[Tensor, Tensor]:
    """Return the near and the far edge of the main part's rows and columns, (N, 1, 2) cells."""
    low, high = ((edge * main.unsqueeze(2)).sum(1, keepdim=True) for edge in (parts.low, parts.high))
    return low, high


def is_apart(parts: Parts, main: Tensor) -> Tensor:
    """Return 1 for parts that keep away from the main part, as the strokes of one digit do not: (N, 12)."""
    low, high = main_box(parts, main)
    gap = torch.maximum(parts.low - high, low - parts.high).amax(2)  # (N, 12) cells
    return (gap >= (AWAY * (high - low).amax(2)).clamp(min=LEAST_GAP)).to(gap.dtype)


def is_underline_or_cut_off(parts: Parts, measured: Measured, main: Tensor) -> Tensor:
    """Return 1 for underlines, and for what the picture's edge has cut off: (N, 12)."""
    low, high = parts.low, parts.high  # (N, 12, 2)
    bottom, left, right = (of_main(edge, main) for edge in (high[..., 0], low[..., 1], high[..., 1]))
    width = of_main(measured.width, main)
    flat = measured.height < FLAT * measured.width
    underline = flat & (low[..., 0] > bottom) & (is_apart(parts, main) * juts_out(parts, measured, main) > 0)
    beside = (low[..., 1] > right) | (high[..., 1] < left)
    narrow = beside & (measured.touched > 0) & (measured.width < PIECE * width)
    corner = (measured.touched > 1) & (measured.longer < PIECE * of_main(measured.longer, main))
    cut_off = (narrow | corner) & (of_main(measured.touched, main) == 0)
    return (underline | cut_off).to(width.dtype)


def is_left_over(parts: Parts) -> Tensor:
    """Return 1 for short lines along an edge that no other stroke is near: left-overs of a cell. (N, 12)."""
    across = parts.high - parts.low  # (N, 12, 2) cells
    along = across.flip(2)
    width = parts.ink.unsqueeze(2) / along.clamp(min=1)
    gap = torch.minimum(parts.centre, GRID - parts.centre) - width / 2
    line = (across < HUGGING) & (along > 2 * across) & (along < LEFT_OVER * GRID)
    narrow = (across <= NARROW) | (parts.straight.unsqueeze(2) >= LINE)
    full = (parts.area > FULL * across.prod(2)).unsqueeze(2)
    left_over = (line & narrow & full & (gap < OWN_WIDTH * width)).any(2)
    stroke = is_real(parts) & ~left_over
    apart = torch.maximum(
        parts.low.unsqueeze(1) - parts.high.unsqueeze(2), parts.low.unsqueeze(2) - parts.high.unsqueeze(1)
    ).amax(3)  # (N, 12, 12) cells: between each two
    beside = ((apart < LEAST_GAP) & stroke.unsqueeze(1)).any(2)
    return (left_over & ~beside).to(across.dtype)
