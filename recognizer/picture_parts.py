"""Counts the parts of a picture file: segments, scans, chunks, tags. Knows neither pixels nor Pillow.

Pillow reads these parts in Python, and a JPEG decoder goes over all pixels once for each scan. 12 MB of such parts can
take minutes. The limits are far above what cameras and programs write.
"""

import contextlib
import re
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from recognizer.errors import BrokenPicture, PictureTooLarge

MOST_PARTS = 20_000  # a PNG of 20 MB in chunks of 1 kB; programs write chunks of 8 kB or more
MOST_SCANS = 100  # of a JPEG, the limit of libtiff and GDAL; libjpeg writes 10, mozjpeg tries up to 64
MOST_EXIF_SEGMENTS = 64  # Pillow copies all earlier ones when it appends the next
MOST_GROWTH = 128_000_000  # bytes that compressed texts and colour profiles may grow to
MOST_TAGS = 1_000  # in a directory; cameras and scanners write fewer than 200
MOST_PAGES = 10_001  # of a TIFF; later pages are not read
MOST_TAGS_IN_ALL = 400_000  # of all pages together: some 40 for each page
MOST_VALUES = 70_000  # of one tag; a page of 4,096 px a side has at most 65,536 tiles


@dataclass(frozen=True)
class Scans:
    """How often a JPEG's decoder goes over the picture."""

    count: int
    components: int  # of all scans together


def check_parts(data: bytes, formats: Sequence[str]) -> None:
    """Raise `PictureTooLarge` if reading the header as one of these formats would take long.

    Raises `BrokenPicture` if there are too many bytes between a JPEG's segments, or unknown blocks in a GIF. Other
    damage is left to Pillow.
    """
    for name, (starts, check) in CHECKS.items():
        if name in formats and data.startswith(starts):
            check(data)


def scans_of(jpeg: bytes) -> Scans:
    """Return the scans of the first picture in the file. Raises `PictureTooLarge` if there are too many."""
    count = components = 0
    for marker, content in _segments(jpeg):
        if marker == SCAN:
            count += 1
            components += int.from_bytes(jpeg[content + 2 : content + 3])
        if count > MOST_SCANS:
            raise parts_error(MOST_SCANS)
    return Scans(count, components)


def cost_error() -> PictureTooLarge:
    return PictureTooLarge("the picture takes too much time or memory to read; save it again as a plain PNG or JPEG")


def parts_error(most: int) -> PictureTooLarge:
    return PictureTooLarge("the picture has more than {most} parts; save it again as a plain PNG or JPEG", most=most)


# A JPEG has segments: a marker, two bytes of length, and content.

SCAN, END, EXIF = 0xDA, 0xD9, 0xE1
WITHOUT_CONTENT = {*range(0x01, 0xC0), *range(0xD0, 0xDA), *range(0xF0, 0xFE)}
IN_HEADER = re.compile(rb"\xff[^\0\xff]")
IN_SCANS = re.compile(rb"\xff[^\0\x01\xff\xd0-\xd7]")  # skips stuffed and fill bytes and restart markers


def _check_jpeg_header(data: bytes) -> None:
    exif_segments = 0
    for marker, content in _segments(data):
        if marker == SCAN:
            return
        exif_segments += marker == EXIF and data.startswith(b"Exif\0\0", content + 2)
        if exif_segments > MOST_EXIF_SEGMENTS:
            raise parts_error(MOST_EXIF_SEGMENTS)


def _segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield each segment's marker, and the index of the first byte after it."""
    at, parts, between, marker_in = 2, 0, 0, IN_HEADER
    while found := marker_in.search(data, at):
        parts += 1
        between += found.start() - at if marker_in is IN_HEADER else 0
        if parts > MOST_PARTS:
            raise parts_error(MOST_PARTS)
        _check_bytes_between_segments(between)
        marker, at = data[found.end() - 1], found.end()
        yield marker, at
        if marker == END and marker_in is IN_SCANS:
            return
        if marker == SCAN:
            marker_in = IN_SCANS
        if marker not in WITHOUT_CONTENT:
            at += int.from_bytes(data[at : at + 2])
    if marker_in is IN_HEADER:
        _check_bytes_between_segments(len(data) - at)


def _check_bytes_between_segments(count: int) -> None:
    if count > MOST_PARTS:  # Pillow skips these bytes one by one
        raise BrokenPicture("the picture's header is damaged")


# A PNG has chunks: length, kind, content and checksum.

GROWING = (b"iCCP", b"zTXt", b"iTXt")
PILLOWS_MOST_TEXT = 1 << 20  # bytes: such a chunk may not grow larger in Pillow
DEFLATES_MOST_GROWTH = 1032  # times the compressed length


def _check_png(data: bytes) -> None:
    at, growth = 8, 0
    for _ in range(MOST_PARTS):
        length, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        if kind in (b"IEND", b""):
            return
        if kind in GROWING:
            growth += min(PILLOWS_MOST_TEXT, length * DEFLATES_MOST_GROWTH)
        if growth > MOST_GROWTH:
            raise cost_error()
        at += 12 + length
    raise parts_error(MOST_PARTS)


# A WebP has chunks: kind, length and content, which an odd length follows by a zero.


def _check_webp(data: bytes) -> None:
    at = 12
    for _ in range(MOST_PARTS):
        if at + 8 > len(data):
            return
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        at += 8 + length + length % 2
    raise parts_error(MOST_PARTS)


# A TIFF has a directory of tags for each page, followed by the offset of the next page's directory.

BYTE_ORDERS = {b"II": "<", b"MM": ">"}
NUMBER_TYPES = {3, 4, 5, 8, 9, 10, 11, 12, 13, 16}  # value types that Pillow unpacks one by one
EXIF_DIRECTORIES = {34665, 34853, 40965}


@dataclass(frozen=True)
class _Layout:
    head: int  # bytes before the offset of the first directory
    offset: struct.Struct
    count: struct.Struct
    tag: struct.Struct  # tag, value type, number of values, the value or the offset of the values


def _check_tiff(data: bytes) -> None:
    order, is_big = BYTE_ORDERS[data[:2]], data[2] == 43
    head, *fields = (8, "Q", "Q", "HHQQ") if is_big else (4, "L", "H", "HHLL")
    layout = _Layout(head, *(struct.Struct(order + field) for field in fields))
    damage = contextlib.suppress(struct.error, OverflowError)  # cut off, or an offset behind the end
    with damage:
        (start,) = layout.offset.unpack_from(data, layout.head)
        first = _directory(data, start, layout)
        for tag in EXIF_DIRECTORIES & first.keys():
            with damage:
                _directory(data, first[tag], layout)
        _check_pages(data, start, layout)


def _check_pages(data: bytes, start: int, layout: _Layout) -> None:
    seen: set[int] = set()
    tags = 0
    while start and start not in seen and len(seen) < MOST_PAGES:
        seen.add(start)
        tags += len(_directory(data, start, layout))
        if tags > MOST_TAGS_IN_ALL:
            raise parts_error(MOST_TAGS_IN_ALL)
        (count,) = layout.count.unpack_from(data, start)
        (start,) = layout.offset.unpack_from(data, start + layout.count.size + count * layout.tag.size)


def _directory(data: bytes, start: int, layout: _Layout) -> dict[int, int]:
    """Return each tag's value, or the offset of its values."""
    (count,) = layout.count.unpack_from(data, start)
    begin = start + layout.count.size
    count = min(count, (len(data) - begin) // layout.tag.size)
    if count > MOST_TAGS:
        raise parts_error(MOST_TAGS)
    found: dict[int, int] = {}
    for tag, value_type, value_count, value in layout.tag.iter_unpack(data[begin : begin + count * layout.tag.size]):
        # Pillow skips a tag of more values than the file has bytes.
        if value_type in NUMBER_TYPES and MOST_VALUES < value_count <= len(data):
            raise parts_error(MOST_VALUES)
        found.setdefault(tag, value)
    return found


# A GIF has blocks; those of frames and extensions consist of parts of up to 255 bytes.

EXTENSION, FRAME, TRAILER = 0x21, 0x2C, 0x3B
COLOURS = 0x80  # a flag: a table of colours follows
MOST_GIF_PARTS = 500_000  # a GIF of 64 MB has 250,000 parts of 255 bytes
MOST_GIF_PIXELS = 40_000_000  # of the canvas, which grows with its frames while Pillow looks for the next one
FRAME_PLACE = struct.Struct("<xHHHH")  # left, top, width, height


def _check_gif(data: bytes) -> None:
    at, parts = 13 + _colours_bytes(data, 10), 0
    with contextlib.suppress(IndexError, struct.error):  # cut off
        width, height = struct.unpack_from("<HH", data, 6)
        while (kind := data[at]) != TRAILER:
            if kind not in (EXTENSION, FRAME):
                raise BrokenPicture("the picture is cut off or damaged")
            if kind == FRAME:
                left, top, across, down = FRAME_PLACE.unpack_from(data, at)
                width, height = max(width, left + across), max(height, top + down)
            if width * height > MOST_GIF_PIXELS:
                raise PictureTooLarge("the picture declares more than {most} pixels", most=MOST_GIF_PIXELS)
            at += 2 if kind == EXTENSION else 11 + _colours_bytes(data, at + 9)
            while data[at]:
                at, parts = at + 1 + data[at], parts + 1
                if parts > MOST_GIF_PARTS:
                    raise parts_error(MOST_GIF_PARTS)
            at, parts = at + 1, parts + 1


def _colours_bytes(data: bytes, flags_at: int) -> int:
    flags = data[flags_at] if flags_at < len(data) else 0
    return 3 << (flags & 7) + 1 if flags & COLOURS else 0


CHECKS: dict[str, tuple[bytes | tuple[bytes, ...], Callable[[bytes], None]]] = {
    "JPEG": (b"\xff\xd8", _check_jpeg_header),
    "PNG": (b"\x89PNG", _check_png),
    "WEBP": (b"RIFF", _check_webp),
    "GIF": (b"GIF8", _check_gif),
    "TIFF": ((b"II*\0", b"MM\0*", b"II\0*", b"MM*\0", b"II+\0", b"MM\0+"), _check_tiff),
}
