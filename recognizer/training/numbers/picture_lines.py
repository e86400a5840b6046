"""Composes lines of MNIST's pictures: numbers whose digits stand beside each other, from wide apart to overlapping."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image

from recognizer.numbers.line_pictures import Ink, shrink_ink
from recognizer.training.examples.text_lines import BOX_GAPS, INK_GAPS, SYMBOLS, UNLIKE
from recognizer.training.numbers.lines import Line

TALL = 20.0  # px: a digit's longer side in MNIST
HEIGHT, BASE = 56, 38  # px: of the canvas, and where its base line is
SYMBOL_PEN = (1.0, 2.2)  # px: half of the pen's width


def compose_pictures(text: str, digits: Mapping[str, Sequence[Ink]], gap: str, random: np.random.Generator) -> Line:
    """Write a text with pictures, see `compose_canvas`. Shrink it as the reader shrinks the ink of a picture."""
    canvas, spans = compose_canvas(text, digits, gap, random)
    picture, corner, scale = shrink_ink(canvas, box_of(canvas))
    return Line(text, picture, (spans - corner[0]) * scale)


def compose_canvas(
    text: str, digits: Mapping[str, Sequence[Ink]], gap: str, random: np.random.Generator
) -> tuple[Ink, npt.NDArray[np.float64]]:
    """Write a text with pictures: by label, each (28, 28) in [0, 1]. gap: one of `text_lines.GAPS`.

    Return the canvas, and where each character begins and ends, (n, 2) px.
    """
    unlike = random.random() < UNLIKE
    slope, drift = random.normal(0, 0.04), random.normal(0, 0.02)
    canvas = np.zeros((HEIGHT, int((len(text) + 1) * 2.6 * TALL)), np.float32)
    right = 0.0
    spans = []
    pen = float(random.uniform(*SYMBOL_PEN))
    for index, letter in enumerate(text):
        size = (random.uniform(0.6, 1) if unlike else random.normal(1, 0.06)) + drift * index
        if letter in SYMBOLS:
            ink, top = symbol(letter, pen, random)
        else:
            ink = crop(digits[letter][int(random.integers(len(digits[letter])))])
            ink = resize(ink, float(np.clip(size, 0.5, 1.15)))
            top = BASE - len(ink)
        top += round(random.normal(0, 0.03) * TALL + slope * right)
        top = int(np.clip(top, 0, HEIGHT - len(ink)))
        has_symbol = not text[max(index - 1, 0) : index + 1].isdigit()
        here = "close" if has_symbol and gap in INK_GAPS else gap
        left = place(canvas, ink, top, right, here, random) if index else 2
        left = min(left, canvas.shape[1] - ink.shape[1])
        spot = canvas[top : top + len(ink), left : left + ink.shape[1]]
        np.maximum(spot, ink, out=spot)
        right = max(right, left + ink.shape[1])
        spans.append((left, left + ink.shape[1]))
    return canvas, np.array(spans)


def place(canvas: Ink, ink: Ink, top: int, right: float, gap: str, random: np.random.Generator) -> int:
    """Return the column where a picture begins, behind those on the canvas."""
    if gap in BOX_GAPS:
        return round(right + random.uniform(*BOX_GAPS[gap]) * TALL)
    rows = slice(max(top - 1, 0), top + len(ink) + 1)
    before = canvas[rows] > 0.4
    ends = np.where(before.any(1), canvas.shape[1] - before[:, ::-1].argmax(1), -1000)
    mine = np.pad(ink > 0.4, ((top - rows.start, rows.stop - top - len(ink)), (0, 0)))[: len(ends)]
    starts = np.where(mine.any(1), mine.argmax(1), 1000)
    shared = (ends - starts)[before.any(1) & mine.any(1)]
    touching = int(shared.max()) if len(shared) else int(right)
    touching = max(touching, int(right) - ink.shape[1] // 3)
    move = round(float(random.uniform(*INK_GAPS[gap])) * TALL)
    column: int = max(touching + move, 0)
    return column


def symbol(letter: str, pen: float, random: np.random.Generator) -> tuple[Ink, int]:
    """Draw a sign, point or comma; return it and its top row on the canvas."""
    strokes = [stroke * TALL for stroke in SYMBOLS[letter](random)]
    points = np.concatenate([dense(stroke) for stroke in strokes])
    low = np.floor(points.min(0) - pen - 1)
    size = np.ceil(points.max(0) + pen + 1) - low
    y, x = np.mgrid[: int(size[1]), : int(size[0])] + 0.5
    distance = np.hypot(x[..., None] - (points[:, 0] - low[0]), y[..., None] - (points[:, 1] - low[1])).min(2)
    ink = (pen - distance + 0.5).clip(0, 1).astype(np.float32)
    return ink, int(BASE - TALL + low[1])


def dense(stroke: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    steps = np.linspace(0, len(stroke) - 1, 8 * len(stroke))
    return np.stack([np.interp(steps, np.arange(len(stroke)), stroke[:, axis]) for axis in (0, 1)], 1)


def crop(picture: Ink) -> Ink:
    left, top, right, bottom = box_of(picture)
    return picture[top:bottom, left:right]


def box_of(ink: Ink) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero((ink > 0.15).any(1)), np.flatnonzero((ink > 0.15).any(0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def resize(ink: Ink, size: float) -> Ink:
    height, width = ink.shape
    shape = max(round(width * size), 1), max(round(height * size), 1)
    return np.asarray(Image.fromarray(ink).resize(shape, Image.Resampling.BILINEAR))
