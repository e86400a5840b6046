"""HEIC and AVIF of the largest sizes, and scans for `frames`: name → the file's bytes."""

from collections.abc import Callable

from PIL import Image, ImageDraw

from tests.support.files import encode
from tests.support.heic import encode_heic

A4_AT_600_DPI = (4961, 7016)
FAST = {"preset": "ultrafast"}  # of the HEVC encoder


def blocks(mode: str, width: int, height: int) -> Image.Image:
    """A picture with edges, quick to encode."""
    picture = Image.new(mode, (width, height), (230, 220, 210, 255)[: len(mode)] if len(mode) > 1 else 230)
    pen = ImageDraw.Draw(picture)
    for step in range(0, min(width, height), 97):
        ink = (step % 200, 40, 90, 90 + step % 160)[: len(mode)] if len(mode) > 1 else step % 200
        pen.rectangle((step, step // 2, step + 60, step // 2 + 300), fill=ink)
    return picture


def avif(mode: str, side_px: int, subsampling: str, **options) -> bytes:
    return encode(blocks(mode, side_px, side_px), "AVIF", speed=10, subsampling=subsampling, **options)


def heic(mode: str, side_px: int, chroma: int, **options) -> bytes:
    return encode_heic(blocks(mode, side_px, side_px), quality=50, chroma=chroma, enc_params=FAST, **options)


READ: dict[str, Callable[[], bytes]] = {
    "AVIF": lambda: avif("RGB", 4096, "4:2:0"),
    "AVIF, gray": lambda: avif("L", 4096, "4:0:0"),
    "AVIF, fine colour": lambda: avif("RGB", 4096, "4:4:4"),
    "AVIF, fine colour with alpha": lambda: avif("RGBA", 3900, "4:4:4"),
    "AVIF with film grain": lambda: avif("RGB", 4096, "4:2:0", advanced={"film-grain-test": "1"}),
    "HEIC": lambda: heic("RGB", 4096, 420),
    "HEIC, gray": lambda: heic("L", 4096, 420),
    "HEIC, fine colour": lambda: heic("RGB", 4080, 444),
    "HEIC with alpha": lambda: heic("RGBA", 4096, 420),
    "HEIC in tiles": lambda: heic("RGB", 4096, 420, tile_size=512),
}
SCANS: dict[str, Callable[[], bytes]] = {
    "A4 at 600 dpi, WebP": lambda: encode(blocks("RGB", *A4_AT_600_DPI), "WEBP", method=0),
    "A4 at 600 dpi, AVIF": lambda: encode(blocks("RGB", *A4_AT_600_DPI), "AVIF", speed=10),
    "A4 at 600 dpi, GIF of two frames": lambda: encode(
        blocks("L", *A4_AT_600_DPI), "GIF", save_all=True, append_images=[blocks("L", *A4_AT_600_DPI).rotate(180)]
    ),
    "A4 at 600 dpi, HEIC": lambda: encode_heic(blocks("RGB", *A4_AT_600_DPI), quality=50, enc_params=FAST),
    "a strip of 1,000 by 30,000 px, WebP": lambda: encode(blocks("RGB", 16_000, 1_000), "WEBP", method=0),
    "a strip of 1,000 by 30,000 px, PNG": lambda: encode(blocks("RGB", 1_000, 30_000), compress_level=1),
    "a strip of 1,000 by 30,000 px, JPEG": lambda: encode(blocks("RGB", 1_000, 30_000), "JPEG"),
    "a strip of 1,000 by 30,000 px, AVIF": lambda: encode(blocks("RGB", 1_000, 30_000), "AVIF", speed=10),
    "a strip of 1,000 by 30,000 px, TIFF": lambda: encode(blocks("RGB", 30_000, 1_000), "TIFF"),
    "A4 at 600 dpi, JPEG 2000": lambda: encode(blocks("RGB", *A4_AT_600_DPI), "JPEG2000"),
    "A4 at 600 dpi, PNG with alpha": lambda: encode(blocks("RGBA", *A4_AT_600_DPI), compress_level=1),
    "A4 at 600 dpi, TIFF": lambda: encode(blocks("RGB", *A4_AT_600_DPI), "TIFF", compression="tiff_lzw"),
    "A4 at 600 dpi, BMP": lambda: encode(blocks("L", *A4_AT_600_DPI), "BMP"),
    "A4 at 600 dpi, progressive JPEG": lambda: encode(
        blocks("RGB", *A4_AT_600_DPI), "JPEG", progressive=True, subsampling=0
    ),
    "50 megapixels, JPEG": lambda: encode(blocks("RGB", 8192, 6144), "JPEG", subsampling=0),
}
