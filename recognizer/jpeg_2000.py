"""Reads the header of a JPEG 2000's codestream, which its decoder trusts, whatever the file around it says."""

import struct
from dataclasses import dataclass

from recognizer.errors import BrokenPicture, InkError
from recognizer.picture_boxes import boxes
from recognizer.picture_streams import number_at

CODESTREAM, CODING_STYLE = b"\xff\x4f\xff\x51", 0xFF52
MOST_SEGMENTS = 1_000


@dataclass(frozen=True)
class Codestream:
    """The picture of a JPEG 2000 file. levels: how often its decoder can halve it."""

    width: int
    height: int
    components: int
    tiles: int
    levels: int


def codestream_of(data: bytes) -> Codestream:
    """Raises `BrokenPicture` for a damaged file."""
    try:
        starts = [begin for kind, begin, _ in boxes(data) if kind == b"jp2c"] if data[:1] == b"\0" else [0]
        return _read_codestream(data, starts[0])
    except InkError:
        raise
    except (struct.error, IndexError, ValueError, ZeroDivisionError):
        raise BrokenPicture("the picture's header is damaged") from None


def _read_codestream(data: bytes, start: int) -> Codestream:
    marker, *numbers, components = struct.unpack_from(">4s4x8LH", data, start)
    if marker != CODESTREAM:
        raise ValueError("no codestream")
    right, lower, left, upper, tile_width, tile_height, tile_left, tile_upper = numbers
    tiles = -(-(right - tile_left) // tile_width) * -(-(lower - tile_upper) // tile_height)
    return Codestream(right - left, lower - upper, components, tiles, _levels(data, start + 2))


def _levels(data: bytes, at: int) -> int:
    """Return the levels in the first segment of kind `CODING_STYLE`; each has a marker, its length and content."""
    for _ in range(MOST_SEGMENTS):
        if number_at(data, at, 2) == CODING_STYLE:
            return data[at + 9]
        at += 2 + number_at(data, at + 2, 2)
    raise ValueError("no coding style")
