"""The data sets' file formats, bytes → arrays. Knows nothing of where files are or what trains on them."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from recognizer.errors import RecognizerError

IDX_TYPES = {0x08: np.dtype(np.uint8), 0x0B: np.dtype(">i2"), 0x0C: np.dtype(">i4"), 0x0D: np.dtype(">f4")}


class DataError(RecognizerError):
    """A data set that is missing, cannot be downloaded, or is not what it should be."""


@dataclass(frozen=True, eq=False)
class Drawing:
    """One drawing of a data set.

    label: what it shows: "0" to "9", a letter, or a character's name.
    writer: who drew it, a name of the data set's own ("train12", "uji03").
    strokes: each (n, 2) float64, n ≥ 1, x and y in the set's own unit, y down.
    """

    label: str
    writer: str
    strokes: tuple[npt.NDArray[np.float64], ...]


def idx_array(content: bytes, name: str) -> npt.NDArray[Any]:
    """An IDX file as MNIST uses it → array of the type and shape that its header names.

    Raises `DataError` if the header is not one of IDX or the length is not what it promises.
    """
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] not in IDX_TYPES:
        raise DataError(f"{name}: not an IDX file; it starts with {content[:4].hex(' ') or 'nothing'}")
    start = 4 + 4 * content[3]
    shape = tuple(int(side) for side in np.frombuffer(content[4:start], ">u4")) if len(content) >= start else ()
    return _body(content, start, shape, IDX_TYPES[content[2]], name)


def _body(content: bytes, start: int, shape: tuple[int, ...], dtype: np.dtype[Any], name: str) -> npt.NDArray[Any]:
    expected = start + int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
    if not shape or len(content) != expected:
        raise DataError(f"{name}: the IDX header promises {expected} bytes {shape}, the file has {len(content)}")
    return np.frombuffer(content, dtype, offset=start).reshape(shape)


def jsonl_drawings(content: bytes, name: str) -> list[Drawing]:
    """JSON lines, {"label": "7", "writer": "w03", "strokes": [[[x, y], ...], ...]}, y down → drawings.

    Further fields are ignored. Raises `DataError` with the line's number for anything else.
    """
    lines = content.decode("utf-8", errors="replace").splitlines()
    return [_jsonl_drawing(line, f"{name}, line {number}") for number, line in enumerate(lines, 1) if line.strip()]


def _jsonl_drawing(line: str, place: str) -> Drawing:
    try:
        row = json.loads(line)
        strokes = tuple(np.array(stroke, dtype=np.float64) for stroke in row["strokes"])
        drawing = Drawing(str(row["label"]), str(row["writer"]), strokes)
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{place}: not a drawing: {error!r}") from None
    return _checked(drawing, place)


def _checked(drawing: Drawing, place: str) -> Drawing:
    if not drawing.strokes:
        raise DataError(f"{place}: a drawing without strokes")
    for points in drawing.strokes:
        if points.ndim != 2 or points.shape[1] != 2 or not len(points) or not np.isfinite(points).all():
            raise DataError(f"{place}: a stroke is a list of finite [x, y] points, not of shape {points.shape}")
    return drawing
