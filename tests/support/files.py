"""Picture files written by hand, chunk by chunk, as no honest program would write them."""

import functools
import io
import re
import struct
import zlib

import numpy as np
from PIL import Image

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# An exported network must not hold paths, names of source files, or the origin of its nodes.
TELLING = re.compile(rb"site-packages|\.py\b|torch|[A-Za-z_.]/[A-Za-z_.]|[A-Z]:\\|namespace|stack_trace|pkg\.")


def encode(picture, kind="PNG", **options) -> bytes:
    """An array or Pillow image as a file's bytes."""
    file = io.BytesIO()
    (Image.fromarray(picture) if isinstance(picture, np.ndarray) else picture).save(file, kind, **options)
    return file.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, pixels: bytes = b"", *between: bytes, after: bytes = b"") -> bytes:
    """An 8-bit gray PNG. `pixels`: scan lines before compression, each with its filter byte."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(pixels, 9))
    return b"".join([PNG_SIGNATURE, header, *between, data, after, chunk(b"IEND", b"")])


def lines(width: int, height: int, tone: int = 255) -> bytes:
    return (b"\0" + bytes([tone]) * width) * height


@functools.cache
def zeros(count: int) -> bytes:
    """`count` zero bytes, compressed to about a thousandth."""
    return zlib.compress(bytes(count), 9)
