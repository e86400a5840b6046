"""Limits what a picture may cost. Estimates from its header the time and memory of decoding. Decodes nothing."""

from dataclasses import dataclass
from typing import Any

from recognizer.ink import MAX_SIDE_PX, MIN_SIDE_PX
from recognizer.jpeg_2000 import codestream_of
from recognizer.picture_boxes import coded_pictures
from recognizer.picture_parts import cost_error, scans_of


@dataclass(frozen=True)
class Limits:
    """What one picture may cost.

    side_px: of the picture as its decoder returns it; see `scale_of`. pixels: of the picture in its file.
    progressive_side_px: of a JPEG of several scans, in its file.
    memory_bytes: of the decoder and its output, beside the file's.
    keeps_size: True if a picture that is decoded smaller is enlarged again, so that boxes fit the file.
    """

    side_px: int
    progressive_side_px: int
    pixels: int
    seconds: float
    memory_bytes: int
    keeps_size: bool


# For someone who waits, and for servers, which read for many.
ANSWERING = Limits(MAX_SIDE_PX, MAX_SIDE_PX, MAX_SIDE_PX**2, 0.6, 226_000_000, keeps_size=False)
# For scans: A4 at 600 dpi has 35 million pixels. A long strip may have any shape.
SCANNING = Limits(1 << 31, 1 << 31, 40_000_000, 5.0, 520_000_000, keeps_size=True)
JPEG_PIXELS = 8192 * 6144  # what phones call 50 megapixels
JPEG_2000_PIXELS = MAX_SIDE_PX**2  # a larger one is decoded at half its size, if its file is made for that

# Seconds on one core of some 3 GHz, rounded up from what `python -m benchmarks.pictures` measures.
PER_PIXEL_S = 22e-9  # in any format
PER_SKIPPED_PIXEL_S = 5e-9  # of a JPEG that is decoded smaller
PER_BLOCK_S = 20e-9  # of a JPEG, in each scan
PER_RUN_S = 150e-9  # of a run-length encoded BMP, which Pillow reads in Python
PER_CODED_PIXEL_S = 10e-9  # of HEIC and AVIF
PER_CODED_BYTE_S = 60e-9
PER_JPEG_2000_PIXEL_S = 60e-9

BYTES_PER_PIXEL = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2}  # in Pillow's memory; other modes take 4
PLANES = 2  # gray copies at a time, while it is turned
WEBP_BYTES_PER_PIXEL = 12  # two canvases of the decoder, and its output
GIF_BYTES_PER_PIXEL = 10  # the frame before, its background, and a copy
PIXELS_PER_BLOCK = 64
BYTES_PER_COEFFICIENT = 2  # a JPEG of several scans holds one for each pixel and component
BYTES_PER_JPEG_2000_SAMPLE = 5
TIMES_AS_SLOW = 2  # HEIC and AVIF, which phones write and whose decoders are slow, may take twice the time
COPIES = 2  # of the file, where it counts beside much else


@dataclass(frozen=True)
class Cost:
    seconds: float
    memory_bytes: int  # beside the file's own


def check_cost(picture: Any, data: bytes, limits: Limits) -> Cost:
    """Return what decoding costs; raise `PictureTooLarge` if it is too much. picture: `data` as Pillow opened it."""
    cost = cost_of(picture, data)
    seconds = limits.seconds * (TIMES_AS_SLOW if picture.format in CODED else 1)
    if cost.seconds > seconds or cost.memory_bytes > limits.memory_bytes:
        raise cost_error()
    return cost


def cost_of(picture: Any, data: bytes) -> Cost:
    """Return an upper bound. Raises `PictureTooLarge` for a JPEG of too many scans."""
    scale = scale_of(picture, data)
    pixels = -(-picture.width // scale) * -(-picture.height // scale)
    decoded = 0 if picture.format in CODED else pixels * BYTES_PER_PIXEL.get(picture.mode, 4)
    beside = _format_cost(picture, data)
    return Cost(pixels * PER_PIXEL_S + beside.seconds, decoded + max(beside.memory_bytes, PLANES * pixels))


def scale_of(picture: Any, data: bytes) -> int:
    """Return by how much the decoder makes the picture smaller: 1, 2, 4 or 8."""
    match picture.format:
        case "JPEG" | "MPO":
            shorter, longer = sorted(picture.size)
            possible = [scale for scale in (1, 2, 4, 8) if scale == 1 or shorter // scale >= MIN_SIDE_PX]
            return next((scale for scale in possible if -(-longer // scale) <= MAX_SIDE_PX), possible[-1])
        case "JPEG2000":
            halved = picture.width * picture.height > JPEG_2000_PIXELS and codestream_of(data).levels > 0
            return 2 if halved else 1
    return 1


def has_scans(picture: Any, data: bytes) -> bool:
    """True for a JPEG of several scans, whose decoder holds the whole picture, however small its output is."""
    return "progressive" in picture.info or scans_of(data).count > 1


def _format_cost(picture: Any, data: bytes) -> Cost:
    """Return what the format costs beside the decoded pixels."""
    pixels = picture.width * picture.height
    match picture.format:
        case "JPEG" | "MPO":
            return _jpeg_cost(picture, data)
        case "WEBP":
            return Cost(0, pixels * (WEBP_BYTES_PER_PIXEL - 4) + COPIES * len(data))
        case "GIF":
            return Cost(0, pixels * GIF_BYTES_PER_PIXEL)
        case "AVIF" | "HEIF":
            return _coded_cost(picture, data)
        case "JPEG2000":
            smaller = pixels // scale_of(picture, data) ** 2
            samples = codestream_of(data).components
            return Cost(smaller * PER_JPEG_2000_PIXEL_S, smaller * samples * BYTES_PER_JPEG_2000_SAMPLE)
        case "TIFF" if picture.info["compression"] != "raw":
            bits = picture.tag_v2.get(BITS_PER_SAMPLE, (1,))
            samples = max(len(bits), picture.tag_v2.get(SAMPLES_PER_PIXEL, 1))
            return Cost(0, pixels * samples * max(bits) // 8)
        case "BMP" if picture.info["compression"] in RUN_LENGTHS:
            return Cost(min(2 * pixels, len(data)) * PER_RUN_S, pixels)
    return Cost(0, 0)


BITS_PER_SAMPLE, SAMPLES_PER_PIXEL = 258, 277  # TIFF tags
RUN_LENGTHS = (1, 2)  # a BMP's compressions RLE8 and RLE4
CODED = ("AVIF", "HEIF")
TILES = 4  # or more: a decoder that decodes tile by tile needs less memory


def _jpeg_cost(picture: Any, data: bytes) -> Cost:
    scans = scans_of(data)
    pixels = picture.width * picture.height
    coefficients = pixels * _samples_per_pixel(picture) if has_scans(picture, data) else 0
    blocks = scans.components * pixels // PIXELS_PER_BLOCK
    seconds = blocks * PER_BLOCK_S if scans.count > 1 else 0
    skipped = pixels * PER_SKIPPED_PIXEL_S if scale_of(picture, data) > 1 else 0
    copies = COPIES * len(data) if coefficients else 0
    return Cost(seconds + skipped, int(coefficients * BYTES_PER_COEFFICIENT) + copies)


def _samples_per_pixel(picture: Any) -> float:
    """Return the numbers in the file for each pixel: 3 for colour, 1.5 if colour has half the resolution."""
    areas = [across * down for _, across, down, _ in picture.layer]
    return float(sum(areas) / max(areas))


def _coded_cost(picture: Any, data: bytes) -> Cost:
    """Return the cost of HEIC and AVIF: what the decoder's planes, its output and a copy of that take."""
    coded = coded_pictures(data)
    pixels = max(picture.width * picture.height, coded.pixels)
    channels = len(picture.mode) if picture.mode in ("L", "LA", "RGB", "RGBA") else 4
    planes = coded.bytes_per_pixel
    if picture.format == "AVIF":
        bytes_per_pixel = 2 * channels + 1.2 * planes + 1.7
    elif coded.pixels <= pixels / TILES:
        bytes_per_pixel = channels + 1.5 * planes + 1
    else:
        bytes_per_pixel = channels + 2.5 * planes + 2.75
    seconds = max(pixels, coded.all_pixels) * PER_CODED_PIXEL_S + len(data) * PER_CODED_BYTE_S
    return Cost(seconds, int(pixels * bytes_per_pixel))
