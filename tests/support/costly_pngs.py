"""PNGs that cost far more than their size suggests, each made in a fraction of a second: name → its bytes."""

import itertools
import struct
import zlib
from collections.abc import Callable, Iterator

from PIL import Image

from tests.support.files import PNG_SIGNATURE, chunk, encode

SIDE_PX = 4096  # the largest accepted side
ROOM = 11_990_000  # bytes, nearly the most that are accepted
GRAY, COLOUR, PALETTE, GRAY_AND_ALPHA, COLOUR_AND_ALPHA = 0, 2, 3, 4, 6  # kinds of PNG
CHANNELS = {GRAY: 1, COLOUR: 3, PALETTE: 1, GRAY_AND_ALPHA: 2, COLOUR_AND_ALPHA: 4}
PAETH = 4  # the slowest filter
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
GROWS_TO_1_MB = zlib.compress(bytes(1 << 20), 9)  # the most that Pillow unpacks of a text
TONES = chunk(b"PLTE", bytes(range(256)) * 3)


def many(part: bytes, room: int = ROOM) -> bytes:
    return part * (room // len(part))


def flat(kind: int, depth: int, *, interlaced: bool = False, beside: bytes = b"") -> bytes:
    """A PNG of the largest size with every pixel 0."""
    pixels = zlib.compressobj(1)
    data = b""
    for left, top, across, down in ADAM7 if interlaced else [(0, 0, 1, 1)]:
        width, height = -(-(SIDE_PX - left) // across), -(-(SIDE_PX - top) // down)
        line = bytes([PAETH]) + bytes((width * CHANNELS[kind] * depth + 7) // 8)
        data += b"".join(pixels.compress(line * 64) for _ in range(height // 64))
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", SIDE_PX, SIDE_PX, depth, kind, 0, 0, interlaced))
    idat = chunk(b"IDAT", data + pixels.flush())
    return PNG_SIGNATURE + header + beside + idat + chunk(b"IEND", b"")


def drawn(mode: str, colours: int) -> bytes:
    """Four blocks, half transparent."""
    picture = Image.new(mode, (SIDE_PX, SIDE_PX))
    for step in range(4):
        colour = (200 - 20 * (step % colours), 100, 50, 128)
        picture.paste(Image.new(mode, (900, 300), colour), (1000 * step, 900 * step))
    return encode(picture, compress_level=1)


def noisy() -> bytes:
    """A PNG of the largest size, half transparent, with nearly the most bytes that are accepted."""
    picture = Image.new("RGBA", (SIDE_PX, SIDE_PX), (200, 100, 50, 128))
    picture.paste(Image.merge("RGBA", [Image.effect_noise((1650, 1650), 90) for _ in range(4)]))
    return encode(picture, compress_level=1)


def small(*between: bytes, pixels: bytes | None = None) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, GRAY, 0, 0, 0))
    idat = chunk(b"IDAT", zlib.compress(bytes(9 * 8))) if pixels is None else pixels
    return b"".join([PNG_SIGNATURE, header, *between, idat, chunk(b"IEND", b"")])


def in_parts(side_px: int, part_bytes: int) -> bytes:
    """An uncompressed PNG in chunks of this many bytes."""
    data = zlib.compress(bytes(side_px * (side_px + 1)), 0)
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side_px, side_px, 8, GRAY, 0, 0, 0))
    parts = (chunk(b"IDAT", data[at : at + part_bytes]) for at in range(0, len(data), part_bytes))
    return b"".join([PNG_SIGNATURE, header, *parts, chunk(b"IEND", b"")])


def animated() -> bytes:
    numbers, pixel = itertools.count(1), zlib.compress(bytes(2), 9)

    def frames() -> Iterator[bytes]:
        for _ in range(ROOM // 80):
            yield chunk(b"fcTL", struct.pack(">IIIIIHHBB", next(numbers), 1, 1, 0, 0, 1, 1, 0, 0))
            yield chunk(b"fdAT", struct.pack(">I", next(numbers)) + pixel)

    control = chunk(b"acTL", struct.pack(">II", 50_000, 0))
    first = chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, 8, 8, 0, 0, 1, 1, 0, 0))
    return small(control, first, pixels=chunk(b"IDAT", zlib.compress(bytes(9 * 8))) + b"".join(frames()))


def exif(*tags: tuple[int, int, int, int], orientation: int = 6) -> bytes:
    """EXIF with tags as (tag, type, number of values, value or offset), followed by the orientation."""
    packed = b"".join(struct.pack(">HHLL", *tag) for tag in tags)
    turn = struct.pack(">HHLHH", 0x0112, 3, 1, orientation, 0)
    return b"MM\0*\0\0\0\x08" + struct.pack(">H", len(tags) + 1) + packed + turn + bytes(4)


READ: dict[str, Callable[[], bytes]] = {
    "PNG, gray": lambda: flat(GRAY, 8),
    "PNG, 1 bit": lambda: flat(GRAY, 1),
    "PNG, 16 bits": lambda: flat(GRAY, 16),
    "PNG, 16 bits, interlaced": lambda: flat(GRAY, 16, interlaced=True),
    "PNG, colour": lambda: flat(COLOUR, 8),
    "PNG, colour, interlaced": lambda: flat(COLOUR, 8, interlaced=True),
    "PNG, colour of 16 bits": lambda: flat(COLOUR, 16),
    "PNG, gray with alpha": lambda: flat(GRAY_AND_ALPHA, 8),
    "PNG, gray of 16 bits with alpha": lambda: flat(GRAY_AND_ALPHA, 16),
    "PNG, one colour with alpha": lambda: drawn("RGBA", 1),
    "PNG, four colours with alpha": lambda: drawn("RGBA", 4),
    "PNG, noise with alpha": noisy,
    "PNG, colour of 16 bits with alpha": lambda: flat(COLOUR_AND_ALPHA, 16),
    "PNG, colour of 16 bits with alpha, interlaced": lambda: flat(COLOUR_AND_ALPHA, 16, interlaced=True),
    "PNG, gray with a clear tone": lambda: flat(GRAY, 8, beside=chunk(b"tRNS", bytes(2))),
    "PNG, 1 bit with a clear tone": lambda: flat(GRAY, 1, beside=chunk(b"tRNS", bytes(2))),
    "PNG, colour with a clear colour": lambda: flat(COLOUR, 8, beside=chunk(b"tRNS", bytes(6))),
    "PNG, palette": lambda: flat(PALETTE, 8, beside=TONES),
    "PNG, palette with alphas": lambda: flat(PALETTE, 8, beside=TONES + chunk(b"tRNS", bytes(range(256)))),
    "PNG, turned": lambda: flat(COLOUR_AND_ALPHA, 8, beside=chunk(b"eXIf", exif())),
    "PNG, EXIF of 60,000 tags": lambda: small(chunk(b"eXIf", exif(*((tag, 4, 1, tag) for tag in range(300, 60_300))))),
    "PNG, uncompressed, in parts of 1 kB": lambda: in_parts(1980, 1000),
}
TOO_MANY_PARTS: dict[str, Callable[[], bytes]] = {
    "PNG, many texts": lambda: small(many(chunk(b"tEXt", b"a\0"))),
    "PNG, many unknown chunks": lambda: small(many(chunk(b"abCd", b""))),
    "PNG, many chunks behind the pixels": lambda: small(
        pixels=chunk(b"IDAT", zlib.compress(bytes(9 * 8))) + many(chunk(b"abCd", b""))
    ),
    "PNG, many empty parts": lambda: small(pixels=many(chunk(b"IDAT", b""))),
    "PNG, in parts of 1 byte": lambda: in_parts(540, 1),
    "PNG, many frames": animated,
    "PNG, many texts that grow": lambda: small(many(chunk(b"zTXt", b"a\0\0" + GROWS_TO_1_MB))),
    "PNG, many texts without a name that grow": lambda: small(many(chunk(b"zTXt", b"\0\0" + GROWS_TO_1_MB))),
    "PNG, many foreign texts that grow": lambda: small(many(chunk(b"iTXt", b"a\0\1\0\0\0" + GROWS_TO_1_MB))),
    "PNG, many colour profiles that grow": lambda: small(many(chunk(b"iCCP", b"a\0\0" + GROWS_TO_1_MB))),
}
