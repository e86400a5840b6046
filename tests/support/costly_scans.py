"""WebPs, TIFFs, BMPs that cost more than their size suggests: name → its bytes. TIFF and BMP are only for `frames`."""

import struct
import zlib
from collections.abc import Callable, Iterable

import numpy as np
from PIL import Image

from tests.support.costly_pngs import SIDE_PX, exif, many
from tests.support.files import encode

# WebP: chunks in a RIFF file.


def webp_chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)


def webp(*chunks: bytes) -> bytes:
    return webp_chunk(b"RIFF", b"WEBP" + b"".join(chunks))


def extended(flags: int, side_px: int) -> bytes:
    return webp_chunk(b"VP8X", bytes([flags, 0, 0, 0]) + (side_px - 1).to_bytes(3, "little") * 2)


def webp_of_many_chunks() -> bytes:
    pixels = encode(Image.new("RGB", (8, 8)), "WEBP")[12:]
    return webp(extended(0, 8), pixels, many(webp_chunk(b"JUNK", b"")))


def animated_webp() -> bytes:
    pixels = encode(Image.new("RGB", (16, 16)), "WEBP", lossless=True)[12:]
    frame = webp_chunk(b"ANMF", bytes(6) + (15).to_bytes(3, "little") * 2 + bytes([9, 0, 0, 0]) + pixels)
    return webp(extended(2, 2750), webp_chunk(b"ANIM", bytes(6)), many(frame))


def flat_webp(mode: str, **options) -> bytes:
    picture = Image.new(mode, (SIDE_PX, SIDE_PX), (200, 100, 50, 128)[: len(mode)])
    picture.paste((20, 40, 60, 250)[: len(mode)], (1000, 1000, 3000, 1500))
    return encode(picture, "WEBP", method=0, **options)


ONE_SYMBOL = [1, 0, 0, 0]  # a code with the single symbol 0, which takes no bits
EIGHT_BITS = [0, *map(int, f"{8:04b}"[::-1]), *(bit for kind in range(12) for bit in (int(kind in (2, 11)), 0, 0)), 0]


def webp_of_many_codes(side_px: int) -> bytes:
    """Lossless: each square of 4 px has five Huffman codes of its own, in 20 bits, as long as there are numbers."""
    squares = (side_px // 4) ** 2
    numbers = np.arange(squares, dtype=np.uint16)  # green the lower byte, red the upper
    named = np.unpackbits(np.stack([numbers & 255, numbers >> 8], 1).astype(np.uint8).ravel())
    green, red = [*EIGHT_BITS, *[1] * 256, *[0] * 24], [*EIGHT_BITS, *[1] * 256]
    codes = np.tile(np.array(ONE_SYMBOL * 5), min(squares, 1 << 16))
    size = [int(bit) for bit in f"{side_px - 1:014b}"[::-1]] * 2
    head = [*map(int, f"{0x2F:08b}"[::-1]), *size, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]
    bits = np.concatenate([head, green, red, ONE_SYMBOL * 3, named, codes]).astype(np.uint8)
    return webp(webp_chunk(b"VP8L", np.packbits(bits, bitorder="little").tobytes()))


# TIFF: each page has a directory of tags.

Tag = tuple[int, int, int, int]  # tag, type, number of values, value or offset
SHORT, LONG, RATIONAL = 3, 4, 5
PIXELS_AT, DIRECTORY_AT = 16, 80
TIFF = (b"II*\0" + struct.pack("<LQ", DIRECTORY_AT, 0), "<H", "<HHLL", "<L")
TIFF_OF_MOTOROLA = (b"MM\0*" + struct.pack(">LQ", DIRECTORY_AT, 0), ">H", ">HHLL", ">L")
BIG_TIFF = (b"II+\0" + struct.pack("<HHQ", 8, 0, DIRECTORY_AT), "<Q", "<HHQQ", "<Q")


def directory(tags: Iterable[Tag], following: int = 0, layout: tuple[bytes, str, str, str] = TIFF) -> bytes:
    _, count, tag, place = layout
    packed = [struct.pack(tag, *each) for each in sorted(tags)]
    return struct.pack(count, len(packed)) + b"".join(packed) + struct.pack(place, following)


def page(*more: Tag) -> list[Tag]:
    """A gray page of 8 × 8 px. Tags in `more` replace the usual ones."""
    usual = {256: 8, 257: 8, 258: 8, 262: 1, 273: PIXELS_AT, 277: 1, 278: 8, 279: 64}
    ours = {tag: (tag, LONG, 1, value) for tag, value in usual.items()}
    return list((ours | {tag[0]: tag for tag in more}).values())


def tiff(*directories: bytes, behind: bytes = b"", layout: tuple[bytes, str, str, str] = TIFF) -> bytes:
    return layout[0] + bytes(64) + b"".join(directories) + behind


def tiff_of_pages(count: int, *, loops: bool = False) -> bytes:
    size = len(directory(page()))
    places = [DIRECTORY_AT + size * number for number in range(1, count)] + [DIRECTORY_AT if loops else 0]
    return tiff(*(directory(page(), following) for following in places))


def tiff_with_values(tag: int, kind: int, count: int) -> bytes:
    """A TIFF with one tag of this many zeros at its end."""
    a_row_each = (278, LONG, 1, 1)
    place = DIRECTORY_AT + len(directory(page(a_row_each, (tag, kind, count, 0))))
    values = bytes(count * (8 if kind == RATIONAL else 4))
    return tiff(directory(page(a_row_each, (tag, kind, count, place))), behind=values)


def tiff_of_samples(samples: int, bits: int) -> bytes:
    """A TIFF of the largest size in one compressed strip."""
    line = bytes(SIDE_PX * samples * bits // 8)
    packer = zlib.compressobj(1)
    strip = b"".join(packer.compress(line * 64) for _ in range(SIDE_PX // 64)) + packer.flush()
    head = {256: SIDE_PX, 257: SIDE_PX, 259: 8, 262: 2, 277: samples, 278: SIDE_PX, 279: len(strip)}
    sizes = struct.pack(f"<{samples}H", *[bits] * samples)
    extra = struct.pack(f"<{samples}H", *[0] * samples)
    tags = [(tag, LONG, 1, value) for tag, value in head.items()]
    length = len(directory(page(*tags, (258, SHORT, samples, 0), (338, SHORT, samples - 3, 0))))
    sizes_at, extra_at, strip_at = (DIRECTORY_AT + length + offset for offset in (0, len(sizes), 2 * len(sizes)))
    extra_value = 0 if samples - 3 <= 2 else extra_at
    more = [*tags, (258, SHORT, samples, sizes_at), (273, LONG, 1, strip_at), (338, SHORT, samples - 3, extra_value)]
    return tiff(directory(page(*more)), behind=sizes + extra + strip)


def tiff_with_exif() -> bytes:
    """A small TIFF whose EXIF directory has a tag of a million fractions."""
    exif_at = DIRECTORY_AT + len(directory(page((34665, LONG, 1, 0))))
    values_at = exif_at + len(directory([(282, RATIONAL, 1, 0)]))
    inner = directory([(282, RATIONAL, 1_000_000, values_at)])
    return tiff(directory(page((34665, LONG, 1, exif_at))), inner, behind=bytes(8_000_000))


# BMP: Pillow reads compressed ones in Python.


def bmp(side_px: int, packing: int, data: bytes) -> bytes:
    bits, colours = {1: (8, 256), 2: (4, 16)}[packing]
    info = struct.pack("<LllHHLLllLL", 40, side_px, side_px, 1, bits, packing, 0, 0, 0, colours, 0)
    return b"BM" + struct.pack("<LLL", 0, 0, 54 + 4 * colours) + info + bytes(4 * colours) + data


OF_WEBP: dict[str, Callable[[], bytes]] = {
    "WebP, lossy": lambda: flat_webp("RGB"),
    "WebP, lossy with alpha": lambda: flat_webp("RGBA"),
    "WebP, lossless": lambda: flat_webp("RGB", lossless=True),
    "WebP, lossless with alpha": lambda: flat_webp("RGBA", lossless=True),
    "WebP, turned": lambda: flat_webp("RGB", exif=exif()),
}
READ: dict[str, Callable[[], bytes]] = {
    **OF_WEBP,
    "TIFF, 10,000 pages": lambda: tiff_of_pages(10_000),
    "TIFF, pages in a circle": lambda: tiff_of_pages(3, loops=True),
    "TIFF, colour of 16 bits in one strip": lambda: tiff_of_samples(4, 16),
    "BMP, packed by 4 bits": lambda: bmp(2000, 2, (b"\xfa\1" * 8 + b"\0\0") * 2000),
}
TOO_MANY_PARTS: dict[str, Callable[[], bytes]] = {
    "WebP, many chunks": webp_of_many_chunks,
    "WebP, many frames": animated_webp,
    "GIF, many parts": lambda: encode(Image.new("L", (8, 8)), "GIF")[:-1] + b"!\xfe" + b"\1a" * 600_000 + b"\0;",
    "TIFF, 44,000 tags": lambda: tiff(directory(page(*((tag, LONG, 1, tag) for tag in range(1000, 45_000))))),
    "TIFF, a million strips": lambda: tiff_with_values(273, LONG, 1_000_000),
    "TIFF, a million resolutions": lambda: tiff_with_values(282, RATIONAL, 1_000_000),
    "TIFF, a million fractions in its EXIF": tiff_with_exif,
}
TOO_COSTLY: dict[str, Callable[[], bytes]] = {
    "BMP, packed by 8 bits": lambda: bmp(4000, 1, b"\1\1" * 4000 * 4000),
}
# Their tables are known only while decoding; their memory has a bound, but a higher one.
OF_MANY_TABLES: dict[str, Callable[[], bytes]] = {
    "WebP, lossless of 65,536 codes": lambda: webp_of_many_codes(1024),
    "WebP, lossless of 65,536 codes, the largest": lambda: webp_of_many_codes(SIDE_PX),
}
