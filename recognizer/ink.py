"""Checks strokes and pixels and puts them into arrays. Knows nothing of doors or models."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from recognizer.errors import InkError

MIN_SIDE_PX = 2
MAX_SIDE_PX = 4096
MIN_EXTENT_PX = 8.0  # CSS px: a smaller drawing on a canvas is an accidental touch; `engine.js` has this number, too

Stroke = npt.NDArray[np.float64]  # (n, 2) x, y; y down, any unit
Image = npt.NDArray[np.uint8]  # (H, W) gray, either polarity


@dataclass(frozen=True)
class Strokes:
    """One drawing. It is blank if it is smaller than `min_extent`, in its own unit, in both x and y."""

    strokes: tuple[Stroke, ...]
    min_extent: float = 0.0

    @property
    def nbytes(self) -> int:
        return sum(stroke.nbytes for stroke in self.strokes)


@dataclass(frozen=True)
class Pixels:
    """One picture: (H, W) uint8, dark ink on light paper or light ink on dark."""

    image: Image

    @property
    def nbytes(self) -> int:
        return self.image.nbytes


def strokes_from(drawing: Iterable[Any], min_extent: float = 0.0) -> Strokes:
    """A drawing as nested sequences or arrays, [[[x, y, ...], ...], ...] → `Strokes`.

    Each point has two or more numbers, x and y first; the others (time, pressure) are ignored. Raises
    `InkError` for any other nesting, for text, and for numbers that are not finite.
    """
    is_number = isinstance(drawing, np.ndarray) and drawing.ndim == 0
    if is_number or isinstance(drawing, str | bytes | dict) or not isinstance(drawing, Iterable):
        raise InkError("a drawing is a list of strokes, each a list of [x, y] points")
    return Strokes(tuple(_stroke(stroke) for stroke in drawing), float(min_extent))


def pixels_from(image: Any) -> Pixels:
    """(H, W) uint8 array, 2 to 4,096 px a side → `Pixels`; raises `InkError` for anything else."""
    if isinstance(image, np.ndarray):
        image = np.asarray(image)  # unwraps a masked array or a matrix
    if not isinstance(image, np.ndarray) or image.ndim != 2 or image.dtype != np.uint8:
        raise InkError(
            "a picture must be a gray (H, W) array of uint8, not {kind}; recognizer.pictures.decode reads files",
            kind=_kind(image),
        )
    if min(image.shape) < MIN_SIDE_PX or max(image.shape) > MAX_SIDE_PX:
        size = f"{image.shape[1]}x{image.shape[0]}"
        raise InkError(
            "a picture must have {least} to {most} px a side, not {size}",
            least=MIN_SIDE_PX,
            most=MAX_SIDE_PX,
            size=size,
        )
    return Pixels(image)


def _stroke(stroke: Any) -> Stroke:
    if isinstance(stroke, np.ndarray | memoryview):
        return _check_points(np.asarray(stroke))
    if isinstance(stroke, str | bytes | dict) or not isinstance(stroke, Sequence):
        raise InkError("a stroke is a list of [x, y] points")
    if not (_are_points(stroke) and _have_two(stroke)):
        raise InkError("a point is [x, y]: two numbers or more")
    numbers = [number for point in stroke for number in (point[0], point[1])]
    for kind in set(map(type, numbers)):
        if kind is bool or not issubclass(kind, int | float | np.integer | np.floating):
            raise InkError("a coordinate must be a number, not {kind}", kind=kind.__name__)
    try:
        return _check_points(np.array(numbers, np.float64).reshape(-1, 2))
    except OverflowError:
        raise InkError("a coordinate is too large to be a 64-bit float") from None


def _are_points(points: Sequence[Any]) -> bool:
    """Look at the few types of points only: a look at each point would take longer than all other checks."""
    kinds = set(map(type, points))
    return all(issubclass(kind, Sequence | np.ndarray) and not issubclass(kind, str | bytes | dict) for kind in kinds)


def _have_two(points: Sequence[Any]) -> bool:
    try:
        return min(map(len, points), default=2) >= 2
    except TypeError:  # an array of no dimension has no length
        return False


def _check_points(points: npt.NDArray[Any]) -> Stroke:
    if points.ndim != 2 or points.shape[1] < 2 or points.dtype.kind not in "iuf":
        raise InkError("a stroke must be an (n, 2 or more) array of numbers, not {kind}", kind=_kind(points))
    xy = points[:, :2].astype(np.float64)
    if not np.isfinite(xy).all():
        raise InkError("a coordinate is not a finite number")
    return xy


def _kind(value: Any) -> str:
    return f"{value.dtype} {value.shape}" if isinstance(value, np.ndarray) else type(value).__name__
