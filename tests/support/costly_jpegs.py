"""JPEGs that cost far more than they weigh, segment by segment: name → its bytes.

The scans are packed by hand. Both their Huffman tables know one symbol, of one bit: no difference to the block before,
and a run of 16,384 to 32,767 empty blocks.
"""

import functools
import itertools
import struct
from collections.abc import Callable

from PIL import Image

from tests.support.costly_pngs import ROOM, SIDE_PX, exif, many
from tests.support.files import encode

BASELINE, PROGRESSIVE, ARITHMETIC = 0xC0, 0xC2, 0xCA
ONE_SYMBOL = bytes([1]) + bytes(15)


def segment(marker: int, data: bytes = b"") -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def jpeg(side_px: int, *scans: bytes, frame: int = PROGRESSIVE, components: int = 1, header: bytes = b"") -> bytes:
    parts = b"".join(bytes([number, 0x11, 0]) for number in range(1, components + 1))
    head = [
        segment(0xDB, b"\0" + b"\1" * 64),
        segment(frame, struct.pack(">BHHB", 8, side_px, side_px, components) + parts),
        segment(0xC4, b"\0" + ONE_SYMBOL + b"\0"),
        segment(0xC4, b"\x10" + ONE_SYMBOL + b"\xe0"),
    ]
    return b"".join([b"\xff\xd8", header, *head, *scans, b"\xff\xd9"])


def scan(components: int = 1, first: int = 0, last: int = 0) -> bytes:
    """A scan without data. Decoders read zeros instead."""
    tables = b"".join(bytes([number, 0]) for number in range(1, components + 1))
    return segment(0xDA, bytes([components]) + tables + bytes([first, last, 0]))


def dc_scan(side_px: int, components: int = 1) -> bytes:
    return scan(components) + bytes((side_px // 8) ** 2 * components // 8)


def ac_scan(side_px: int, component: int = 1) -> bytes:
    bits, left = "", (side_px // 8) ** 2
    while left > 0:
        run = max(min(left, 32_767), 16_384)
        bits, left = bits + "0" + format(run - 16_384, "014b"), left - run
    bits += "1" * (-len(bits) % 8)
    packed = bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))
    return segment(0xDA, bytes([1, component, 0, 1, 63, 0])) + packed.replace(b"\xff", b"\xff\0")


def scan_bomb(scans: int, components: int = 1, side_px: int = SIDE_PX) -> bytes:
    of_each = itertools.cycle([ac_scan(side_px, component) for component in range(1, components + 1)])
    rest = itertools.islice(of_each, scans - 1)
    return jpeg(side_px, dc_scan(side_px, components), *rest, components=components)


def small(header: bytes = b"", between: bytes = b"") -> bytes:
    return jpeg(8, scan() + b"\0", between, ac_scan(8), header=header)


@functools.cache
def noise(mode: str) -> Image.Image:
    channels = [Image.effect_noise((SIDE_PX, SIDE_PX), 30)] * len(mode)
    return channels[0] if mode == "L" else Image.merge(mode, channels)


def photo(mode: str, quality: int, **options) -> bytes:
    return encode(noise(mode), "JPEG", quality=quality, **options)


READ: dict[str, Callable[[], bytes]] = {
    "JPEG, 30 scans of colour": lambda: scan_bomb(30, 3),
    "JPEG, 100 scans of 2,000 px a side": lambda: scan_bomb(100, 3, 2000),
    "JPEG, tables for 180 segments": lambda: small(many(segment(0xDB, (b"\0" + b"\1" * 64) * 1000))),
    "JPEG, Photoshop's resources for 180 segments": lambda: small(
        many(segment(0xED, b"Photoshop 3.0\0" + (b"8BIM\4\4" + bytes(6)) * 5400))
    ),
    "JPEG, 60 segments of EXIF": lambda: small(segment(0xE1, b"Exif\0\0" + exif() + bytes(65_000)) * 60),
    "JPEG, colour profile of 60 segments": lambda: small(
        b"".join(segment(0xE2, b"ICC_PROFILE\0" + bytes([part, 60]) + bytes(65_000)) for part in range(1, 61))
    ),
    "JPEG, gray noise": lambda: photo("L", 91),
    "JPEG, colour noise": lambda: photo("RGB", 91, subsampling=0),
    "JPEG, progressive colour noise": lambda: photo("RGB", 84, subsampling=0, progressive=True),
    "JPEG, 50 megapixels of noise": lambda: encode(
        Image.merge("RGB", [Image.effect_noise((8192, 6144), 30)] * 3), "JPEG", quality=40, subsampling=0
    ),
    "JPEG, CMYK noise": lambda: photo("CMYK", 10),
    "JPEG, progressive CMYK noise": lambda: photo("CMYK", 10, progressive=True),
    "JPEG, restart after each block": lambda: photo("L", 20, restart_marker_blocks=1),
    "JPEG, turned": lambda: photo("RGB", 30, exif=b"Exif\0\0" + exif()),
}
TOO_MANY_PARTS: dict[str, Callable[[], bytes]] = {
    "JPEG, 20 segments of EXIF, then small ones": lambda: small(
        segment(0xE1, b"Exif\0\0" + bytes(65_000)) * 20 + many(segment(0xE1, b"Exif\0\0a"), 2_680_000)
    ),
    "JPEG, many segments": lambda: small(many(segment(0xFE))),
    "JPEG, many markers without content": lambda: small(many(b"\xff\xd0")),
}
TOO_COSTLY: dict[str, Callable[[], bytes]] = {
    "JPEG, 116,000 scans": lambda: scan_bomb(116_000),
    "JPEG, 100 scans of CMYK": lambda: scan_bomb(100, 4),
    "JPEG, 30 scans of all components": lambda: jpeg(SIDE_PX, dc_scan(SIDE_PX, 4) * 30, components=4),
    "JPEG, 100 arithmetic scans": lambda: jpeg(SIDE_PX, scan() * 100, frame=ARITHMETIC),
    "JPEG, many scans that are not progressive": lambda: jpeg(
        SIDE_PX, many(scan(last=63)), frame=BASELINE, components=3
    ),
    "JPEG, many segments between scans": lambda: small(between=many(segment(0xFE))),
}
NO_HEADER: dict[str, Callable[[], bytes]] = {
    "JPEG, junk between segments": lambda: small(segment(0xFE) + bytes(ROOM)),
    "JPEG, fill bytes": lambda: small(b"\xff" * ROOM),
    "JPEG, fill bytes to the end": lambda: b"\xff\xd8" + b"\xff" * ROOM,
}
DAMAGED: dict[str, Callable[[], bytes]] = {
    "JPEG, many components": lambda: small(many(segment(BASELINE, b"\x08\0\x08\0\x08\1" + bytes(65_001)))),
    "JPEG, cut off": lambda: photo("RGB", 30, subsampling=0)[:2_000_000],
}
