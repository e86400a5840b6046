"""Makes the picture that the line network sees: one line of writing, 32 px high, light ink on dark.

`engine/line_pictures.js` does the same to the last bit: the golden lines test both. All that is added up is a whole
number, so that no order of adding matters.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from recognizer.ink import Stroke

HEIGHT = 32  # px
WRITING = 26.0  # px: the height of the writing, without its pen
FINER = 2  # times: the ink that the digit network judges is so much finer than the line's picture
MARGIN = 8.0  # px of paper before and after the writing
WIDTH_STEP = 16  # px: widths are multiples of this, so that lines of about one length share a run
MOST_WRITING = 1600.0  # px: longer writing is drawn smaller
STEP = 0.75  # px between the points along a stroke, …
MOST_POINTS = 20_000  # … or more, if a line would have more points: a scribble may be very long
PEN = 1.5  # px: half of the width of a line's foot; its ink falls evenly from the middle to there
LEAST_LENGTH = 1.5  # px of line: a dot has this much ink
GAIN = 1.9  # a line's ink is cut off at 1, so that it is about as wide as PEN
ONE = 1 << 16  # whole numbers for an ink of 1
LEAST_INK = 0.08  # of full ink: paler ink does not tell how dark the pen is
FULL = 0.8  # of typical ink, counts as full
TOE = 0.25  # of full ink: paler ink is noise, or the soft edge of a line
REACH = 0.6  # new pixels: a larger pixel is the mean of what is nearer; with more, loops fill

Bytes = npt.NDArray[np.uint8]
Array = npt.NDArray[np.float64]
Ink = npt.NDArray[np.float32]


class LinePicture(NamedTuple):
    """picture: (32, W) uint8. A place (x, y) of the writing lies at ((x, y) - corner) · scale in it, px."""

    picture: Bytes
    corner: tuple[float, float]
    scale: float


def draw_strokes(strokes: Sequence[Stroke], pen: float = PEN) -> LinePicture:
    """Draw strokes with one standard pen. strokes: each (n, 2), n ≥ 1, finite, in any unit, together no dot.

    pen: px; other pens are for training alone.
    """
    points = np.concatenate(strokes)
    low, high = points.min(0), points.max(0)
    wide, high = (high - low).tolist()
    scale = min(WRITING / high if high > 0 else np.inf, MOST_WRITING / wide if wide > 0 else np.inf)
    width = WIDTH_STEP * int(np.ceil((wide * scale + 2 * MARGIN) / WIDTH_STEP))
    start = np.array([MARGIN, (HEIGHT - high * scale) / 2])
    scaled = [(stroke - low) * scale for stroke in strokes]
    step = step_of(scaled)
    places, lengths = zip(*(walk(stroke, step) for stroke in scaled), strict=True)
    ink = deposit(np.concatenate(places) + start, np.concatenate(lengths), width, pen)
    corner = low - start / scale
    return LinePicture(ink, (float(corner[0]), float(corner[1])), scale)


def step_of(strokes: Sequence[Stroke]) -> float:
    """Return the distance between the points along the strokes, px."""
    length = 0.0
    for stroke in strokes:
        length += float(distances_along(stroke)[-1])
    return max(STEP, length / MOST_POINTS)


def distances_along(stroke: Stroke) -> Array:
    """Return the distance along the stroke from its start to each point."""
    across, down = np.diff(stroke, axis=0).T
    return np.concatenate([[0.0], np.cumsum(np.sqrt(across * across + down * down))])


def walk(stroke: Stroke, step: float) -> tuple[Array, Array]:
    """Return points along a stroke, evenly apart, (n, 2), and the length of line that each stands for. px."""
    along = distances_along(stroke)
    length = float(along[-1])
    count = max(int(np.ceil(length / step)), 1)
    missing = max(LEAST_LENGTH - length, 0.0)
    share = np.full(count, (length + missing) / count)
    if length == 0:
        return stroke[:1], share
    wanted = (np.arange(count) + 0.5) * (length / count)
    before = np.searchsorted(along, wanted, "right") - 1
    before = np.minimum(before, len(along) - 2)
    part = (wanted - along[before]) / (along[before + 1] - along[before])
    return stroke[before] + part[:, None] * (stroke[before + 1] - stroke[before]), share


def deposit(places: Array, lengths: Array, width: int, pen: float) -> Bytes:
    """Draw a tent of ink on each place: (n, 2) and (n,), px → (32, width) uint8."""
    first = np.floor(places - pen + 0.5)  # the first pixel whose middle the tent may reach
    offsets = np.arange(int(2 * pen) + 1)
    cells = first[:, :, None] + offsets  # (n, 2, 4)
    tents = np.maximum(1 - np.abs(cells + 0.5 - places[:, :, None]) / pen, 0)
    columns, rows = cells[:, 0].astype(np.int64), cells[:, 1].astype(np.int64)
    weights = tents[:, 1, :, None] * tents[:, 0, None, :] * (lengths * (GAIN / pen * ONE))[:, None, None]
    inside = ((rows >= 0) & (rows < HEIGHT))[:, :, None] & ((columns >= 0) & (columns < width))[:, None, :]
    index = rows[:, :, None] * width + columns[:, None, :]
    # float64 represents every whole number up to 2⁵³: the sums are exact in any order.
    ink = np.bincount(index[inside], np.floor(weights[inside] + 0.5), HEIGHT * width).reshape(HEIGHT, width)
    return np.floor(np.minimum(ink, ONE) * 255 / ONE + 0.5).astype(np.uint8)


def shrink_ink(ink: Ink, box: Sequence[float]) -> LinePicture:
    """Bring a line of a picture's ink to the standard height and full contrast.

    ink: (H, W), 0 paper, about 1 ink; box: of the line, left, top, right, bottom, px.
    """
    left, top, right, bottom = box
    wide, high = right - left, bottom - top
    scale = min(WRITING / high, MOST_WRITING / wide)
    width = WIDTH_STEP * int(np.ceil((wide * scale + 2 * MARGIN) / WIDTH_STEP))
    corner = left - MARGIN / scale, top - (HEIGHT / scale - high) / 2
    low = resample(ink, corner[1], 1 / scale, HEIGHT)
    small = full_contrast(resample(low.T, corner[0], 1 / scale, width).T)
    return LinePicture(np.floor(small * 255 + 0.5).astype(np.uint8), corner, scale)


def fine_ink(ink: Ink, line: LinePicture) -> Ink:
    """Return the same ink as a line's picture, twice as fine: (64, 2 W) float32 in [0, 1]."""
    picture, corner, scale = line
    low = resample(ink, corner[1], 1 / (FINER * scale), FINER * HEIGHT)
    fine = full_contrast(resample(low.T, corner[0], 1 / (FINER * scale), FINER * picture.shape[1]).T)
    return fine.astype(np.float32)


def resample(ink: npt.NDArray[np.floating], start: float, step: float, count: int) -> Array:
    """Resample the rows: (n, m) → (count, m). Beyond the ink lies paper, 0.

    start: where the first new row begins; step: how high each is, in old rows.
    """
    reach = max(REACH * step, 1.0)  # larger pixels are means, smaller ones are interpolated
    middle = start + (np.arange(count) + 0.5) * step
    first = np.floor(middle - reach + 0.5)
    cells = first[:, None] + np.arange(int(np.ceil(2 * reach)) + 1)
    weights = np.maximum(1 - np.abs(cells + 0.5 - middle[:, None]) / reach, 0)
    weights /= weights.sum(1, keepdims=True)
    weights *= (cells >= 0) & (cells < len(ink))
    at = cells.clip(0, len(ink) - 1).astype(np.int64)
    resampled = np.zeros((count, ink.shape[1]))
    for tap in range(cells.shape[1]):
        resampled += weights[:, tap, None] * ink[at[:, tap]]
    return resampled


def full_contrast(ink: Array) -> Array:
    """Bring ink to [0, 1]: typical ink, also of thin lines, becomes 1, and what is paler than noise 0."""
    deep = np.where(ink > LEAST_INK, ink, 0)
    total = deep.sum()
    if total <= 0:
        return np.zeros_like(ink)
    typical = float((deep * deep).sum() / total)
    return np.clip((ink / (FULL * typical) - TOE) / (1 - TOE), 0, 1)
