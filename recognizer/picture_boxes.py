"""Counts what a HEIC or AVIF file makes its decoder do: coded sizes, pictures, tiles. Decodes nothing.

The size in the header of such a file is a claim. What its decoder allocates is told by the headers of the coded
pictures, of which one file can hold thousands.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from recognizer.errors import BrokenPicture, InkError, UnsupportedPicture
from recognizer.picture_parts import parts_error
from recognizer.picture_streams import Size, av1_sizes, hevc_sizes, number_at

MOST_BOXES = 20_000  # a photo of a phone has some 200
MOST_UNITS = 20_000  # parts of all coded pictures together
MOST_CONFIG_BYTES = 1_024  # of a codec; phones write 150
MOST_ITEMS = 1_000  # and extents of all items; a phone's photo of 48 megapixels has 200 tiles
CODED = (b"av01", b"hvc1")
SIZE = struct.Struct(">4xLL")  # of the property `ispe`


@dataclass(frozen=True)
class Coded:
    """The coded pictures that make up the main picture of a file.

    pixels, most_pixels: of the largest picture, see `Size`. all_pixels: the sum of all, alpha included.
    """

    pixels: int
    most_pixels: int
    all_pixels: int
    bytes_per_pixel: float  # of the decoder's own planes; of alpha, too


@dataclass
class _Item:
    """An entry of the file: a coded picture, a grid of them, or metadata."""

    kind: bytes
    extents: list[tuple[int, int, int]] = field(default_factory=list)  # construction method, offset, length
    properties: list[int] = field(default_factory=list)


@dataclass
class _Meta:
    items: dict[int, _Item] = field(default_factory=dict)
    properties: list[tuple[bytes, bytes]] = field(default_factory=list)  # kind, content
    references: list[tuple[bytes, int, list[int]]] = field(default_factory=list)  # kind, from, to
    primary: int = 0
    data: bytes = b""  # of the box `idat`


def brands_of(data: bytes) -> set[bytes]:
    """Return the brands that an ISO media file names at its start; none if it is another kind of file."""
    if data[4:8] != b"ftyp":
        return set()
    end = min(int.from_bytes(data[:4]), len(data), 1024)
    return {data[8:12], *(data[at : at + 4] for at in range(16, end - 3, 4))}


def coded_pictures(data: bytes) -> Coded:
    """Return what the main picture of a HEIC or AVIF file is coded as.

    Raises `BrokenPicture` for a damaged file, `UnsupportedPicture` for a picture that is derived from others in another
    way than by a grid, `PictureTooLarge` for too many parts.
    """
    try:
        return _coded_pictures(data, _read_meta(data))
    except InkError:  # a `ValueError`, too
        raise
    except (struct.error, IndexError, KeyError, ValueError, StopIteration):
        raise BrokenPicture("the picture's header is damaged") from None


def _coded_pictures(data: bytes, meta: _Meta) -> Coded:
    primary = meta.items[meta.primary]
    parts = [meta.primary] if primary.kind in CODED else _tiles(meta, primary)
    alphas = _auxiliaries(meta, {meta.primary, *parts})
    used = {part: meta.items[part] for part in (*parts, *alphas)}
    places = {part: _places(data, meta, item) for part, item in used.items()}
    if sum(len(within) for each in places.values() for within in each) > len(data):
        raise ValueError("the pictures share their content")
    most_units = MOST_UNITS // len(used)
    sizes = {part: _coded_size(b"".join(places[part]), meta, item, most_units) for part, item in used.items()}
    planes = [max((_bytes_per_pixel(meta, used[part]) for part in some), default=0) for some in (parts, alphas)]
    return Coded(
        max(size.pixels for size in sizes.values()),
        max(size.most_pixels for size in sizes.values()),
        sum(sizes[part].pixels for part in (*parts, *alphas)),
        sum(planes),
    )


def _tiles(meta: _Meta, item: _Item) -> list[int]:
    """Return the tiles of a grid, each as often as it is used."""
    if item.kind != b"grid":
        raise UnsupportedPicture(
            "{format} pictures are not supported; send a PNG, JPEG, WebP, AVIF or HEIC", format="derived HEIC or AVIF"
        )
    (tiles,) = [to for kind, start, to in meta.references if kind == b"dimg" and start == meta.primary]
    if any(meta.items[tile].kind not in CODED for tile in tiles):
        raise ValueError("a tile is not coded")
    return tiles


def _auxiliaries(meta: _Meta, items: set[int]) -> list[int]:
    """Return the coded pictures that belong to items, such as alpha. Depth maps are counted too."""
    found = {start for kind, start, to in meta.references if kind == b"auxl" and not items.isdisjoint(to)}
    return [start for start in found if meta.items[start].kind in CODED]


# Boxes: length, kind, content.


def boxes(data: bytes, start: int = 0, end: int | None = None) -> Iterator[tuple[bytes, int, int]]:
    """Yield each box's kind, and where its content starts and ends."""
    end = len(data) if end is None else end
    for _ in range(MOST_BOXES):
        if start + 8 > end:
            return
        length, kind = struct.unpack_from(">L4s", data, start)
        head = 8
        if length == 1:
            (length,) = struct.unpack_from(">Q", data, start + 8)
            head = 16
        stop = end if length == 0 else start + length
        if length and length < head:
            raise ValueError("a box is shorter than its head")
        yield kind, start + head, min(stop, end)
        start = stop
    raise parts_error(MOST_BOXES)


def _read_meta(data: bytes) -> _Meta:
    meta = _Meta()
    start, end = next((begin, stop) for kind, begin, stop in boxes(data) if kind == b"meta")
    for kind, begin, stop in boxes(data, start + 4, end):
        match kind:
            case b"pitm":
                meta.primary = number_at(data, begin + 4, 2 if data[begin] == 0 else 4)
            case b"iinf":
                _read_item_kinds(data, begin, stop, meta)
            case b"iloc":
                _read_places(data, begin, meta)
            case b"iprp":
                _read_properties(data, begin, stop, meta)
            case b"iref":
                _read_references(data, begin, stop, meta)
            case b"idat":
                meta.data = data[begin:stop]
    return meta


def _check_count(count: int) -> None:
    if count > MOST_ITEMS:
        raise parts_error(MOST_ITEMS)


def _read_item_kinds(data: bytes, begin: int, stop: int, meta: _Meta) -> None:
    head = 6 if data[begin] == 0 else 8
    for kind, start, _ in boxes(data, begin + head, stop):
        if kind == b"infe" and data[start] >= 2:
            size = 2 if data[start] == 2 else 4
            number = number_at(data, start + 4, size)
            meta.items.setdefault(number, _Item(b"")).kind = data[start + 6 + size : start + 10 + size]
    _check_count(len(meta.items))


def _read_places(data: bytes, begin: int, meta: _Meta) -> None:
    version, sizes = data[begin], number_at(data, begin + 4, 2)
    offset_size, length_size, base_size, index_size = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    wide = 4 if version == 2 else 2
    count, at = number_at(data, begin + 6, wide), begin + 6 + wide
    _check_count(count)
    all_extents = 0
    for _ in range(count):
        number, at = number_at(data, at, wide), at + wide
        method = number_at(data, at, 2) & 15 if version else 0
        at += 4 if version else 2
        base, at = number_at(data, at, base_size), at + base_size
        extents, at = number_at(data, at, 2), at + 2
        all_extents += extents
        _check_count(all_extents)
        item = meta.items.setdefault(number, _Item(b""))
        for _ in range(extents):
            at += index_size if version else 0
            offset, length = number_at(data, at, offset_size), number_at(data, at + offset_size, length_size)
            item.extents.append((method, base + offset, length))
            at += offset_size + length_size


def _read_properties(data: bytes, begin: int, stop: int, meta: _Meta) -> None:
    for kind, start, end in boxes(data, begin, stop):
        if kind == b"ipco":
            meta.properties = [(name, data[first:last]) for name, first, last in boxes(data, start, end)]
        elif kind == b"ipma":
            _read_associations(data, start, meta)


def _read_associations(data: bytes, start: int, meta: _Meta) -> None:
    number_size, index_size = 4 if data[start] else 2, 2 if data[start + 3] & 1 else 1
    count, at = number_at(data, start + 4, 4), start + 8
    _check_count(count)
    for _ in range(count):
        item, many = number_at(data, at, number_size), data[at + number_size]
        at += number_size + 1
        indexes = [number_at(data, at + index_size * each, index_size) for each in range(many)]
        meta.items.setdefault(item, _Item(b"")).properties += [
            index & (0x7FFF if index_size == 2 else 0x7F) for index in indexes
        ]
        at += index_size * many


def _read_references(data: bytes, begin: int, stop: int, meta: _Meta) -> None:
    size = 4 if data[begin] else 2
    for kind, start, _ in boxes(data, begin + 4, stop):
        count = number_at(data, start + size, 2)
        _check_count(count + len(meta.references))
        to = [number_at(data, start + size + 2 + size * each, size) for each in range(count)]
        meta.references.append((kind, number_at(data, start, size), to))


# Coded pictures.


def _places(data: bytes, meta: _Meta, item: _Item) -> list[memoryview]:
    """Return the pieces of an item's content, not copied. A length of 0 means: to the end of the file."""
    sources = [(memoryview(meta.data if method == 1 else data), at, length) for method, at, length in item.extents]
    return [within[at : at + length if length else None] for within, at, length in sources]


def _coded_size(content: bytes, meta: _Meta, item: _Item, most_units: int) -> Size:
    """Return the largest of the sizes that the file and the stream declare."""
    config = _configuration(meta, item)
    coded = av1_sizes(content, most_units) if item.kind == b"av01" else hevc_sizes(content, config, most_units)
    declared = [width * height for width, height in map(SIZE.unpack_from, _properties(meta, item, b"ispe"))]
    pixels = max([*declared, *(size.pixels for size in coded)])
    return Size(pixels, max([pixels, *(size.most_pixels for size in coded)]))


def _properties(meta: _Meta, item: _Item, kind: bytes) -> list[bytes]:
    held = [meta.properties[index - 1] for index in item.properties if index]
    return [content for name, content in held if name == kind]


def _bytes_per_pixel(meta: _Meta, item: _Item) -> float:
    """Return the size of one pixel in planes, by the configuration of the codec."""
    config = _configuration(meta, item)
    if item.kind == b"av01":
        is_deep, is_gray, chroma = config[2] & 0x40, config[2] & 0x10, config[2] >> 2 & 3
        samples = 1.0 if is_gray else {3: 1.5, 2: 2.0}.get(chroma, 3.0)
    else:
        is_deep, samples = config[17] & 7, {0: 1.0, 1: 1.5, 2: 2.0, 3: 3.0}[config[16] & 3]
    return samples * (2 if is_deep else 1)


def _configuration(meta: _Meta, item: _Item) -> bytes:
    (config, *_) = _properties(meta, item, b"av1C" if item.kind == b"av01" else b"hvcC")
    if len(config) > MOST_CONFIG_BYTES:
        raise ValueError("too long")
    return config
