"""Rows to choose a model by, beside its held-out loss: groups, pieces, hands. No test set and no training drawing.

Digits are MNIST's and the pen writers' that `Config` holds out. Groups are put together here and drawn by Pillow, not
by the code that makes examples. Only the lines of forms and the misread hands are that code's, with other seeds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

import recognizer
from recognizer.datasets import sets
from recognizer.datasets.formats import Drawing
from recognizer.datasets.sets import NOT_A_DIGIT
from recognizer.errors import RecognizerError
from recognizer.evaluation.canvas_pictures import Place, draw_ink, on_light_paper
from recognizer.evaluation.grids import best_digits
from recognizer.prediction import Prediction
from recognizer.recognizer import Recognizer
from recognizer.training.config import Config
from recognizer.training.examples import misread_styles
from recognizer.training.examples.form_lines import form_lines
from recognizer.training.teachers import held_out_overlap

Array = npt.NDArray[np.float64]
Image = npt.NDArray[np.uint8]
Strokes = Sequence[Array]
Rows = Iterator["HeldOutRow"]

N = 600  # drawings in a row
SEED = 2027
AXES = {"beside": 1, "above": 0}  # the axis of the picture along which digits follow each other
PICTURE_GAPS_PX = (-4, 0, 4, 10, 20)  # between MNIST's 28 px pictures; the digits are 8 px further apart, or more
INK_GAPS_PX = (-2, 0, 2, 6)  # between the boxes of MNIST's digits, which are 20 px high
PEN_GAPS = (0.0, 0.1, 0.3, 0.8)  # between the boxes of pen digits, in heights
PIECES = (0.15, 0.3, 0.5)  # share of the next digit that is still in the picture
SIZE_PX, PEN_PX = (120, 250), (5, 18)  # of drawings on canvases


@dataclass(frozen=True)
class HeldOutRow:
    """right, declined and wrong add up to n. Of not-digits, those that are answered are wrong, and none is right."""

    name: str
    n: int
    right: int
    declined: int
    wrong: int

    def __str__(self) -> str:
        counts = f"right {self.right:5d}   declined {self.declined:5d}   wrong {self.wrong:5d}"
        return f"{self.name:40s} n {self.n:5d}   {counts}"


def held_out_rows(folder: Path, n: int = N) -> Rows:
    """Measure a model, row by row, about two minutes. Raises `RecognizerError` if it learnt from these digits."""
    reader, config = recognizer.load(folder), Config()
    if reader.card.config and (seen := held_out_overlap(config, reader.card.config)):
        raise RecognizerError(f"{reader.name} cannot be measured on data that it learnt from: {seen}")
    mnist = sets.mnist("train")
    kept = len(mnist.labels) - config.held_out_mnist
    images, labels = mnist.images[kept:], mnist.labels[kept:]
    pens = [pen for pen in sets.pendigits("train") if pen.writer in config.held_out_pen_writers]
    yield from digit_rows(reader, images, labels, pens)
    yield from picture_rows(reader, images, labels, n)
    yield from pen_rows(reader, pens, n)
    yield from hand_rows(reader, n)


def digit_rows(reader: Recognizer, images: Image, labels: npt.NDArray[np.int64], pens: Sequence[Drawing]) -> Rows:
    """Yield the digits one by one, to check that the model reads single digits as well as before."""
    yield row_of("MNIST through the pixels door", reader.predict_pixels(list(images)), labels)
    digits = np.array([int(pen.label) for pen in pens])
    yield row_of("pen digits as strokes", reader.predict_strokes(pen.strokes for pen in pens), digits)
    random = np.random.default_rng(SEED)
    canvases = [on_canvas(pen.strokes, random) for pen in pens]
    yield row_of("pen digits on a canvas", reader.predict_pixels(canvases), digits)


def picture_rows(reader: Recognizer, images: Image, labels: npt.NDArray[np.int64], n: int) -> Rows:
    """Yield groups of MNIST's pictures, pages of them, and digits with a piece of the next."""
    cropped = [crop(image) for image in images]
    for name, parts, gaps in (("pictures", list(images), PICTURE_GAPS_PX), ("digits", cropped, INK_GAPS_PX)):
        for where, axis in AXES.items():
            for gap in gaps:
                pairs = np.random.default_rng([SEED, axis, gap + 99]).integers(0, len(parts), (n, 2))
                joined = [frame(join([parts[first], parts[second]], axis, gap)) for first, second in pairs]
                yield not_digits(f"MNIST {name} {where}, gap {gap} px", reader.predict_pixels(joined))
    random = np.random.default_rng(SEED)
    pages = [frame(page(images[random.integers(0, len(images), (4, 4))])) for _ in range(n)]
    yield not_digits("MNIST pages of 16 digits", reader.predict_pixels(pages))
    for share in PIECES:
        pairs = random.integers(0, len(images), (n, 2))
        cut = [with_piece(cropped[first], cropped[second], share, random) for first, second in pairs]
        yield row_of(f"MNIST with {share:.0%} of the next", reader.predict_pixels(cut), labels[pairs[:, 0]])


def pen_rows(reader: Recognizer, pens: Sequence[Drawing], n: int) -> Rows:
    """Yield pairs of pen digits and lines of forms, through both doors."""
    for where, axis in AXES.items():
        for gap in PEN_GAPS:
            random = np.random.default_rng([SEED, axis, round(100 * gap)])
            chosen = random.integers(0, len(pens), (n, 2))
            pairs = [pair(pens[first].strokes, pens[second].strokes, 1 - axis, gap) for first, second in chosen]
            yield from both_doors(f"pen digits {where}, gap {gap:g}", reader, pairs, random)
    random = np.random.default_rng(SEED)
    yield from both_doors("lines of forms", reader, [form_lines(random) for _ in range(n)], random)


def hand_rows(reader: Recognizer, n: int) -> Rows:
    """Yield the hands that earlier models misread, through both doors."""
    for digit, style in misread_styles.STYLES:
        random = np.random.default_rng([SEED, digit])
        drawings = [style(random) for _ in range(n)]
        yield from both_doors(f"{digit}: {style.__name__}", reader, drawings, random, np.full(n, digit))


def both_doors(
    name: str,
    reader: Recognizer,
    drawings: Sequence[Strokes],
    random: np.random.Generator,
    labels: npt.NDArray[np.int64] | None = None,
) -> Rows:
    classes = np.full(len(drawings), NOT_A_DIGIT) if labels is None else labels
    yield row_of(f"{name}, strokes", reader.predict_strokes(drawings), classes)
    canvases = [on_canvas(strokes, random) for strokes in drawings]
    yield row_of(f"{name}, canvas", reader.predict_pixels(canvases), classes)


def not_digits(name: str, answers: Sequence[Prediction]) -> HeldOutRow:
    return row_of(name, answers, np.full(len(answers), NOT_A_DIGIT))


def row_of(name: str, answers: Sequence[Prediction], labels: npt.NDArray[np.int64]) -> HeldOutRow:
    answered = np.array([answer.digit is not None for answer in answers])
    right = int((answered & (best_digits(answers) == labels)).sum())
    return HeldOutRow(name, len(answers), right, int((~answered).sum()), int(answered.sum()) - right)


def on_canvas(strokes: Strokes, random: np.random.Generator) -> Image:
    """Draw with a pen of any of the page's widths, anywhere on light paper of 280 px."""
    place = Place.at_random(random)
    return on_light_paper(draw_ink(strokes, random.uniform(*SIZE_PX), random.uniform(*PEN_PX), place), place)


def pair(first: Strokes, second: Strokes, axis: int, gap: float) -> list[Array]:
    """Put two drawings of one height side by side (axis 0) or one above the other (axis 1), their middles level."""
    placed, low = [], 0.0
    for strokes in (first, second):
        points = np.concatenate(list(strokes))
        start, end = points.min(0), points.max(0)
        height = max(end[1] - start[1], 1e-6)
        move = np.zeros(2)
        move[axis] = low
        placed += [(stroke - start - (1 - np.eye(2)[axis]) * (end - start) / 2) / height + move for stroke in strokes]
        low += (end - start)[axis] / height + gap
    return placed


def crop(image: Image) -> Image:
    """Return the digit's box."""
    rows, columns = (np.flatnonzero((image > 60).any(axis)) for axis in (1, 0))
    return image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def join(parts: Sequence[Image], axis: int, gap: int) -> Image:
    """Put pictures one after the other along the axis, their middles level; a negative gap overlaps them."""
    start, across = 0, max(part.shape[1 - axis] for part in parts)
    length = max(sum(part.shape[axis] for part in parts) + gap, *(part.shape[axis] for part in parts))
    sheet = np.zeros((length, across), np.uint8)
    for part in parts:
        turned = part if axis == 0 else part.T
        begin, side = min(start, length - len(turned)), (across - turned.shape[1]) // 2
        there = sheet[begin : begin + len(turned), side : side + turned.shape[1]]
        np.maximum(there, turned, out=there)
        start = max(0, begin + len(turned) + gap)
    return sheet if axis == 0 else sheet.T


def page(images: Image) -> Image:
    """(rows, columns, 28, 28) → one picture of half the size."""
    rows, columns = images.shape[:2]
    sheet = images.transpose(0, 2, 1, 3).reshape(rows * 28, columns * 28)
    small: Image = sheet.reshape(rows * 14, 2, columns * 14, 2).mean((1, 3)).astype(np.uint8)
    return small


def with_piece(first: Image, second: Image, share: float, random: np.random.Generator) -> Image:
    """Put a digit into a picture whose right edge cuts the next one, and leave this share of its width."""
    kept = second[:, : max(1, round(share * second.shape[1]))]
    gap = int(random.integers(3, 9))
    return np.pad(join([first, kept], 1, gap), ((8, 8), (8, 0)))


def frame(picture: Image) -> Image:
    return np.pad(picture, 8)
