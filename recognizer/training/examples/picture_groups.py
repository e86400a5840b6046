"""Not-digits made of MNIST's pictures: rows, columns and pages of digits. Also digits with something beside them.

In whole batches: (n, k, 28, 28) pictures, k to a canvas → (n, 64, 64) in [0, 1]. Lengths without a unit in their name
are in px of MNIST's pictures, where a digit is 20 px. `groups` does the same with strokes.
"""

import torch
from torch import Generator, Tensor
from torch.nn.functional import affine_grid, avg_pool2d, grid_sample, normalize, pad

from recognizer.training.doors.strokes import BOX_PX, SIDE_PX
from recognizer.training.examples.distortion import normal, uniform
from recognizer.training.examples.groups import CLOSELY, LIKE_ONE_ABOVE

CANVAS_PX = 64
IN_GROUP = 3  # pictures for a group; the third is often left out
IN_PAGE = 16  # pictures for a page, in four lines
CELL_PX = SIDE_PX // 2  # of a page's digits
INKED = 0.3  # share of full ink, from which a pixel belongs to the digit's box
THREE = 0.15  # share of groups with three digits
MARGIN_PX = 3  # of the canvas, without ink: what touches an edge may be cut off
UNLIKE = 0.4  # share of groups whose digits have unlike sizes
SMALLEST = 0.5  # of the digits of unlike sizes
CLOSE, FAR = 6.0, 46.0  # largest gap of close digits, and of all: two upright ones of 28 px each, 20 px apart
MOST_OVERLAP, MOST_OVERLAP_SHARE = 4.0, 0.4  # of two boxes in a row: px, and as a share of the narrower one
MOST_OVERLAP_ABOVE = 1.0  # px, of two boxes in a column
MOST_SHARED_INK = 0.15  # of the digit with less ink: with more the two look like one
GROUP_SIZE = (0.6, 0.9)  # the group's longer side, as a share of the canvas
DIGIT_SIZE = (0.45, 0.65)  # the same of a digit beside a piece
PIECE = (0.06, 0.33)  # share of the next digit that is still in the picture
MOST_PIECE_INK = 0.25  # of the digit's ink: a larger piece may be a 1
MARKED_SIZE = (0.3, 0.52)  # the longer side of a digit beside a mark, as a share of the canvas
MARK_GAP = (0.08, 0.7)  # between digit and mark, in heights of the digit; less where the canvas ends
# Marks: a disc (a punched hole), half a disc (a finger at the edge), a level bar (a printed word). Half of the extent,
# across and down, in heights of the digit, and how often.
MARKS = (((0.07, 0.2), (0.07, 0.2)), ((0.12, 0.3), (0.12, 0.3)), ((0.25, 0.7), (0.04, 0.13)))
MARK_SHARES = (0.4, 0.3, 0.3)
NARROW = 0.45  # width over height of a 1
TWO_MARKS = 0.35  # share of marked digits with a second mark of the same kind


def groups(pictures: Tensor, classes: Tensor, generator: Generator) -> Tensor:
    """Put two or three digits side by side or one above the other: (n, 3, 28, 28) and (n, 3) → (n, 64, 64).

    A group whose digits share too much ink is replaced by another one.
    """
    count = len(pictures)
    alike = torch.rand(count, 1, generator=generator) >= UNLIKE
    sizes = torch.where(
        alike, 1 + normal(generator, 0.06, count, IN_GROUP), uniform(generator, SMALLEST, 1, count, IN_GROUP)
    )
    low, high = boxes(pictures)
    extent = (high - low) * sizes.unsqueeze(2)  # (n, 3, 2): width, height
    column = torch.rand(count, 1, generator=generator) < 0.5
    corner = corners(extent, classes, column, generator)
    present = torch.ones(count, IN_GROUP, dtype=torch.bool)
    present[:, 2] = torch.rand(count, generator=generator) < THREE
    corner, zoom = fit(corner, extent, present, generator)
    inks = draw(pictures, low, corner, sizes * zoom) * present[:, :, None, None]
    return inks.amax(1)[fair_ones(inks)]


def fair_ones(inks: Tensor) -> Tensor:
    """Return n indexes of groups whose digits share little ink, each about as often: (n, k, H, W) → (n,).

    If there is none, the indexes of all.
    """
    shared = torch.minimum(inks[:, :-1], inks[:, 1:]).sum((2, 3))
    least = torch.minimum(inks[:, :-1].sum((2, 3)), inks[:, 1:].sum((2, 3)))
    every = torch.arange(len(inks))
    fair = every[(shared <= MOST_SHARED_INK * least).all(1)]
    return fair[every % len(fair)] if len(fair) else every


def corners(extent: Tensor, classes: Tensor, column: Tensor, generator: Generator) -> Tensor:
    """Return the upper left corner of each digit's box: (n, 3, 2), column: (n, 1) bool → (n, 3, 2)."""
    along, beside = (torch.where(column, extent[..., 1 - side], extent[..., side]) for side in (0, 1))  # (n, 3)
    narrower = torch.minimum(along[:, :-1], along[:, 1:])
    least = torch.where(column, least_gap(classes, COLUMN_GAPS), least_gap(classes, ROW_GAPS))
    least = torch.maximum(least, -MOST_OVERLAP_SHARE * narrower)
    close = uniform(generator, 0, CLOSE, *least.shape)
    wide = uniform(generator, CLOSE, FAR, *least.shape)
    wide[:, 1:] = wide[:, 1:].clamp(max=2 * CLOSE)  # three digits, far apart, would be too small
    gap = torch.where(torch.rand(least.shape, generator=generator) < CLOSELY, least + close, wide)
    start = torch.cat([torch.zeros(len(gap), 1), (along[:, :-1] + gap).cumsum(1)], 1)
    level = torch.randint(0, 3, (len(gap), 1), generator=generator) / 2  # first ends, middles or last ends level
    across = level * (beside[:, :1] - beside) + normal(generator, 1.5, *beside.shape)
    return torch.stack([torch.where(column, across, start), torch.where(column, start, across)], 2)


def least_gap(classes: Tensor, gaps: Tensor) -> Tensor:
    """Return the smallest gap between neighbours at which they do not look like one digit: (n, k) → (n, k - 1)."""
    return gaps[classes[:, :-1], classes[:, 1:]]


def _row_gaps() -> Tensor:
    gaps = torch.full((10, 10), -MOST_OVERLAP)
    gaps[1, 1] = 3.0  # else a thick one
    gaps[0, 1] = gaps[1, 0] = gaps[1, 3] = 1.0  # else a 9, a 6 and an 8
    return gaps


def _column_gaps() -> Tensor:
    gaps = torch.full((10, 10), -MOST_OVERLAP_ABOVE)
    for upper, lower in LIKE_ONE_ABOVE.items():
        gaps[int(upper), list(map(int, lower))] = 3.0
    gaps[1, 1] = 5.0  # else a long one
    return gaps


ROW_GAPS, COLUMN_GAPS = _row_gaps(), _column_gaps()  # (10, 10) px, by the class of the first and of the second


def fit(corner: Tensor, extent: Tensor, present: Tensor, generator: Generator) -> tuple[Tensor, Tensor]:
    """Scale and move groups into the canvas, anywhere inside: corners in px of the canvas, and the zoom (n, 1)."""
    here = present.unsqueeze(2)
    low = torch.where(here, corner, torch.inf).amin(1, keepdim=True)
    size = torch.where(here, corner + extent, -torch.inf).amax(1, keepdim=True) - low  # (n, 1, 2)
    zoom = uniform(generator, *GROUP_SIZE, len(corner), 1, 1) * CANVAS_PX / size.amax(2, keepdim=True)
    room = CANVAS_PX - size * zoom - 2 * MARGIN_PX
    place = MARGIN_PX + torch.rand(len(corner), 1, 2, generator=generator) * room
    return (corner - low) * zoom + place, zoom.squeeze(2)


def pages(pictures: Tensor, generator: Generator) -> Tensor:
    """Put small digits or letters in two to four lines, some places empty: (n, 16, 28, 28) → (n, 64, 64)."""
    count = len(pictures)
    small = avg_pool2d(pictures, 2)  # (n, 16, 14, 14)
    lines, places = (torch.randint(2, 5, (count, 1, 1), generator=generator) for _ in range(2))
    number = torch.arange(4)
    inside = (number[:, None] < lines) & (number < places)  # (n, 4, 4)
    written = torch.rand(count, 4, 4, generator=generator) < 0.85
    written[:, 0, 0] = written[:, 1, 1] = True
    small = small * (inside & written).flatten(1)[:, :, None, None]
    sheet = small.unflatten(1, (4, 4)).transpose(2, 3).flatten(3).flatten(1, 2)  # (n, 56, 56)
    return pad(sheet, ((CANVAS_PX - 4 * CELL_PX) // 2,) * 4)


def with_pieces(pictures: Tensor, generator: Generator) -> Tensor:
    """Show a digit whole and a little of the next one, cut off by the picture's edge: (n, 2, 28, 28) → (n, 64, 64).

    A piece with much ink is left out, and the digit then stands alone.
    """
    count = len(pictures)
    low, high = boxes(pictures)
    extent = high - low  # (n, 2, 2)
    zoom = uniform(generator, *DIGIT_SIZE, count, 1) * CANVAS_PX / extent[:, 0].amax(1, keepdim=True)
    sizes = torch.cat([zoom, zoom * uniform(generator, 0.85, 1.15, count, 1)], 1)
    extent = extent * sizes.unsqueeze(2)
    column = torch.rand(count, 1, generator=generator) < 0.25
    along = torch.where(column, extent[..., 1], extent[..., 0])  # (n, 2)
    beside = torch.where(column, extent[..., 0], extent[..., 1])
    edge = CANVAS_PX - uniform(generator, *PIECE, count) * along[:, 1]  # where the next digit begins
    start = MARGIN_PX + torch.rand(count, generator=generator) * (edge - along[:, 0] - 2 * MARGIN_PX).clamp(min=0)
    start = torch.stack([start, edge], 1)
    room = CANVAS_PX - beside[:, :1] - 2 * MARGIN_PX
    across = MARGIN_PX + torch.rand(count, 1, generator=generator) * room
    across = across + (beside[:, :1] - beside) * torch.rand(count, 1, generator=generator)
    before = torch.rand(count, 1, generator=generator) < 0.5  # the piece is of the digit before
    start = torch.where(before, CANVAS_PX - start - along, start)
    corner = torch.stack([torch.where(column, across, start), torch.where(column, start, across)], 2)
    inks = draw(pictures, low, corner, sizes)
    ink = inks.sum((2, 3))
    small = ink[:, 1] <= MOST_PIECE_INK * ink[:, 0]
    return torch.maximum(inks[:, 0], inks[:, 1] * small[:, None, None])


def with_marks(pictures: Tensor, generator: Generator) -> Tensor:
    """Show a digit and one or two marks beside it that are no writing: (n, 1, 28, 28) → (n, 64, 64).

    What the pixels door leaves of holes, fingers and printed words looks like this.
    """
    count = len(pictures)
    kind = torch.multinomial(torch.tensor(MARK_SHARES), count, replacement=True, generator=generator)
    low, high = boxes(pictures)
    extent = (high - low)[:, 0]  # (n, 2)
    zoom = uniform(generator, *MARKED_SIZE, count) * CANVAS_PX / extent.amax(1)
    extent = extent * zoom[:, None]
    narrow = extent[:, 0] < NARROW * extent[:, 1]  # a 1 with a dot is an i or an exclamation mark
    column = ((torch.rand(count, generator=generator) < 0.5) & ~narrow) | (kind == 2)  # an upright bar may be a 1
    half = mark_sizes(kind, generator) * extent[:, 1:]  # (n, 2): half a mark's width and height
    along, beside = torch.where(column, extent.T.flip(0), extent.T)  # (n,) each
    reach = 2 * torch.where(column, half[:, 1], half[:, 0])
    room = CANVAS_PX - 2 * MARGIN_PX - along - reach
    gap = torch.minimum(uniform(generator, *MARK_GAP, count) * extent[:, 1], room.clamp(min=1))
    start = MARGIN_PX + torch.rand(count, generator=generator) * (room - gap).clamp(min=0)
    middle = start + along + gap + reach / 2
    after = torch.rand(count, generator=generator) < 0.5
    start, middle = (torch.where(after, each, CANVAS_PX - each) for each in (start, middle))
    start = torch.where(after, start, start - along)
    across = MARGIN_PX + torch.rand(count, generator=generator) * (CANVAS_PX - 2 * MARGIN_PX - beside)
    corner = torch.where(column, torch.stack([across, start]), torch.stack([start, across])).T.unsqueeze(1)
    canvas = draw(pictures, low, corner, zoom[:, None])[:, 0]
    second = torch.rand(count, generator=generator) < TWO_MARKS
    for drawn in (torch.ones(count, dtype=torch.bool), second):
        aside = across + uniform(generator, -0.6, 1.6, count) * beside
        centre = torch.where(column, torch.stack([aside, middle]), torch.stack([middle, aside]))
        canvas = torch.maximum(canvas, draw_marks(centre, half, kind, generator) * drawn[:, None, None])
    return canvas


def mark_sizes(kind: Tensor, generator: Generator) -> Tensor:
    """Return half of each mark's width and height, in heights of the digit: (n,) → (n, 2). Discs are round."""
    ranges = torch.tensor(MARKS)[kind]  # (n, 2, 2)
    place = torch.rand(len(kind), 2, generator=generator)
    place[:, 1] = torch.where(kind == 2, place[:, 1], place[:, 0])
    return ranges[..., 0] + place * (ranges[..., 1] - ranges[..., 0])


def draw_marks(centre: Tensor, half: Tensor, kind: Tensor, generator: Generator) -> Tensor:
    """centre: (2, n) px; half: (n, 2) px; kind: (n,) indexes of `MARKS` → (n, 64, 64)."""
    places = torch.arange(CANVAS_PX) + 0.5
    right = places[None, None, :] - centre[0][:, None, None]
    down = places[None, :, None] - centre[1][:, None, None]
    wide, high = half[:, 0, None, None], half[:, 1, None, None]
    disc = high - torch.hypot(right, down)
    bar = torch.minimum(wide - right.abs(), high - down.abs())
    turn = torch.randint(0, 4, (len(kind), 1, 1), generator=generator)  # which half of the disc is left
    side = torch.where(turn % 2 == 0, right, down) * torch.where(turn < 2, 1, -1)
    which = kind[:, None, None]
    inside = torch.where(which == 2, bar, torch.where(which == 1, torch.minimum(disc, side), disc))
    ragged = uniform(generator, 0.4, 1, len(kind), 1, CANVAS_PX)  # a word's letters are not all as dark
    tone = torch.where(which == 2, ragged, 1.0) * uniform(generator, 0.6, 1, len(kind), 1, 1)
    return (inside + 0.5).clamp(0, 1) * tone


def boxes(pictures: Tensor) -> tuple[Tensor, Tensor]:
    """Return the upper left and the lower right corner of the ink's box: (…, 28, 28) → (…, 2) each, x and y in px."""
    inked = pictures > INKED * pictures.amax((-2, -1), keepdim=True).clamp(min=1e-6)
    sides = torch.stack([inked.any(-2), inked.any(-1)], -2).to(torch.uint8)  # (…, 2, 28): columns, rows
    first = sides.argmax(-1)
    last = sides.shape[-1] - sides.flip(-1).argmax(-1)
    return first.to(pictures.dtype), last.to(pictures.dtype)


def draw(pictures: Tensor, low: Tensor, corner: Tensor, zoom: Tensor) -> Tensor:
    """Draw each picture so that its box begins at `corner`: (n, k, 28, 28), (n, k, 2) px, (n, k) → (n, k, 64, 64)."""
    count, each = pictures.shape[:2]
    scale = CANVAS_PX / (SIDE_PX * zoom)
    shift = scale.unsqueeze(2) + 2 / SIDE_PX * (low - corner / zoom.unsqueeze(2)) - 1  # (n, k, 2)
    zero = torch.zeros_like(scale)
    rows = [torch.stack([scale, zero, shift[..., 0]], 2), torch.stack([zero, scale, shift[..., 1]], 2)]
    matrix = torch.stack(rows, 2).flatten(0, 1)  # (n · k, 2, 3)
    grid = affine_grid(matrix, [count * each, 1, CANVAS_PX, CANVAS_PX], align_corners=False)
    return grid_sample(pictures.flatten(0, 1).unsqueeze(1), grid, align_corners=False).view(count, each, CANVAS_PX, -1)


def as_seen(canvases: Tensor) -> Tensor:
    """Return clean canvases as the pixels door shows them: ink's longer side 20 px, its mass in the middle.

    (n, H, H) with ink → (n, 1, 28, 28).
    """
    side = canvases.shape[-1]
    low, high = boxes(canvases)
    longer = (high - low).amax(1)  # (n,)
    places = torch.arange(side) + 0.5
    mass = canvases.sum((1, 2)).clamp(min=1e-6)
    centre = torch.stack([(canvases.sum(1) * places).sum(1), (canvases.sum(2) * places).sum(1)], 1) / mass[:, None]
    scale = longer / BOX_PX * SIDE_PX / side
    shift = centre * 2 / side - 1
    zero = torch.zeros_like(scale)
    rows = [torch.stack([scale, zero, shift[:, 0]], 1), torch.stack([zero, scale, shift[:, 1]], 1)]
    finer = 3 * SIDE_PX
    grid = affine_grid(torch.stack(rows, 1), [len(canvases), 1, finer, finer], align_corners=False)
    shown = avg_pool2d(grid_sample(canvases.unsqueeze(1), grid, align_corners=False), 3)
    return shown / shown.amax((1, 2, 3), keepdim=True).clamp(min=1e-6)


def likeness(pictures: Tensor, others: Tensor) -> Tensor:
    """Return the correlation of each two pictures: (n, 1, 28, 28) each → (n,), 1 for the same picture."""
    first, second = (normalize(each.flatten(1) - each.mean((1, 2, 3))[:, None], dim=1) for each in (pictures, others))
    return (first * second).sum(1)


def soften(pictures: Tensor) -> Tensor:
    """Blur pictures, so that a small shift between two of them counts little."""
    return avg_pool2d(avg_pool2d(pictures, 3, 1, 1), 3, 1, 1)
