"""The data sets' file formats, bytes → arrays. Knows neither where files are nor their use."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from recognizer.errors import RecognizerError

IDX_TYPES: dict[int, np.dtype[Any]] = {
    0x08: np.dtype(np.uint8),
    0x0B: np.dtype(">i2"),
    0x0C: np.dtype(">i4"),
    0x0D: np.dtype(">f4"),
}
UNIPEN_BOX = 500  # height of the writing boxes, in the tablet's units


class DataError(RecognizerError):
    """A data set that is missing, cannot be downloaded, or has unexpected content."""


@dataclass(frozen=True, eq=False)
class Drawing:
    """One drawing of a data set.

    label: "0" to "9", a letter, or a character's name.
    writer: the writer's name in the data set ("train12", "uji03").
    strokes: each (n, 2) float64, n ≥ 1, x and y in the data set's unit, y down.
    """

    label: str
    writer: str
    strokes: tuple[npt.NDArray[np.float64], ...]


def idx_array(content: bytes, name: str) -> npt.NDArray[Any]:
    """Read an IDX file, the format of MNIST, as an array of the type and shape in its header.

    Raises `DataError` if the header is not IDX or does not match the length.
    """
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] not in IDX_TYPES:
        raise DataError(f"{name}: not an IDX file; it starts with {content[:4].hex(' ') or 'nothing'}")
    start = 4 + 4 * content[3]
    shape = tuple(int(side) for side in np.frombuffer(content[4:start], ">u4")) if len(content) >= start else ()
    return _body(content, start, shape, IDX_TYPES[content[2]], name)


def _body(content: bytes, start: int, shape: tuple[int, ...], dtype: np.dtype[Any], name: str) -> npt.NDArray[Any]:
    expected = start + int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
    if not shape or len(content) != expected:
        raise DataError(f"{name}: the IDX header declares {expected} bytes {shape}, but the file has {len(content)}")
    return np.frombuffer(content, dtype, offset=start).reshape(shape)


def jsonl_drawings(content: bytes, name: str) -> list[Drawing]:
    """Read JSON lines: {"label": "7", "writer": "w03", "strokes": [[[x, y], ...], ...]}, y down.

    Other fields are ignored. Raises `DataError` with the line number for other content.
    """
    lines = content.decode("utf-8", errors="replace").splitlines()
    return [_jsonl_drawing(line, f"{name}, line {number}") for number, line in enumerate(lines, 1) if line.strip()]


def _jsonl_drawing(line: str, place: str) -> Drawing:
    try:
        row = json.loads(line)
        strokes = tuple(np.array(stroke, dtype=np.float64) for stroke in row["strokes"])
        drawing = Drawing(str(row["label"]), str(row["writer"]), strokes)
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise DataError(f"{place}: not a drawing: {error!r}") from None
    return _check(drawing, place)


def _check(drawing: Drawing, place: str) -> Drawing:
    if not drawing.strokes:
        raise DataError(f"{place}: a drawing without strokes")
    for points in drawing.strokes:
        if points.ndim != 2 or points.shape[1] != 2 or not len(points) or not np.isfinite(points).all():
            raise DataError(f"{place}: a stroke must be a list of finite [x, y] points; its shape is {points.shape}")
    return drawing


def unipen_drawings(content: bytes, split: str, name: str) -> list[Drawing]:
    """Read the UCI pen digits' original text; y is turned down, from 0 to 500 in the tablet's boxes.

    Each digit has a `.SEGMENT` line with its label, a `.COMMENT` line with label, writer and number among the writer's
    250 digits (the collectors dropped some), then points between `.PEN_DOWN` and `.PEN_UP`. Both files number their
    writers from 1, but have different people, so the names start with the split: "train12", "test06".
    Raises `DataError` for other content.
    """
    _, *segments = content.decode("ascii", errors="replace").split(".SEGMENT ")
    if not segments:
        raise DataError(f"{name}: not the pen digits' text: no line starts with .SEGMENT")
    return [_unipen_drawing(text.splitlines(), split, f"{name}, digit {n}") for n, text in enumerate(segments, 1)]


def _unipen_drawing(lines: list[str], split: str, place: str) -> Drawing:
    try:
        _, label, _ = lines[0].split('"')
        _, commented_label, writer, _ = lines[1].split()
        strokes = _unipen_strokes(lines[2:])
        if label != commented_label:
            raise ValueError(f"labelled {label} and {commented_label}")
        return _check(Drawing(label, f"{split}{int(writer):02d}", strokes), place)
    except (ValueError, IndexError) as error:
        raise DataError(f"{place}: not in the format of the pen digits' text: {error}") from None


def _unipen_strokes(lines: list[str]) -> tuple[npt.NDArray[np.float64], ...]:
    strokes: list[list[tuple[float, float]]] = []
    for line in filter(str.strip, lines):
        if line.startswith(".PEN_DOWN"):
            strokes.append([])
        elif not line.startswith("."):
            x, y = line.split()
            strokes[-1].append((float(x), UNIPEN_BOX - float(y)))
    return tuple(np.array(points, dtype=np.float64).reshape(-1, 2) for points in strokes)
