"""Estimates from a picture's header the processor time and memory that decoding takes. Decodes nothing."""

from dataclasses import dataclass
from typing import Any

from recognizer.picture_parts import cost_error, scans_of

MOST_SECONDS = 0.6
MOST_MEMORY_BYTES = 200 << 20

# Seconds on one core of some 3 GHz, rounded up from what `python -m benchmarks.pictures` measures.
PER_PIXEL_S = 22e-9  # in any format
PER_BLOCK_S = 20e-9  # of a JPEG, in each scan
PER_RUN_S = 150e-9  # of a run-length encoded BMP, which Pillow reads in Python

BYTES_PER_PIXEL = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2}  # in Pillow's memory; other modes take 4
PLANES = 4  # most gray copies at a time: of a transparent picture on two papers, or of a picture while it is turned
WEBP_BYTES_PER_PIXEL = 12  # two canvases of the decoder, and its output
PIXELS_PER_BLOCK = 64
BYTES_PER_COEFFICIENT = 2  # a JPEG of several scans holds one for each pixel and component


@dataclass(frozen=True)
class Cost:
    seconds: float
    memory_bytes: int  # beside the file's own


def check_cost(picture: Any, data: bytes) -> None:
    """Raise `PictureTooLarge` if decoding costs too much. picture: `data` as Pillow opened it, not decoded."""
    cost = cost_of(picture, data)
    if cost.seconds > MOST_SECONDS or cost.memory_bytes > MOST_MEMORY_BYTES:
        raise cost_error()


def cost_of(picture: Any, data: bytes) -> Cost:
    """Return an upper bound. Raises `PictureTooLarge` for a JPEG of too many scans."""
    pixels = picture.width * picture.height
    decoded = pixels * BYTES_PER_PIXEL.get(picture.mode, 4)
    beside = _format_cost(picture, data)
    planes = decoded + PLANES * pixels
    return Cost(pixels * PER_PIXEL_S + beside.seconds, max(decoded + beside.memory_bytes, planes))


def _format_cost(picture: Any, data: bytes) -> Cost:
    """Return what the format costs beside the decoded pixels."""
    pixels = picture.width * picture.height
    match picture.format:
        case "JPEG" | "MPO":
            return _jpeg_cost(picture, data)
        case "WEBP":
            return Cost(0, pixels * (WEBP_BYTES_PER_PIXEL - 4))
        case "TIFF" if picture.info["compression"] != "raw":
            bits = picture.tag_v2.get(BITS_PER_SAMPLE, (1,))
            samples = max(len(bits), picture.tag_v2.get(SAMPLES_PER_PIXEL, 1))
            return Cost(0, pixels * samples * max(bits) // 8)
        case "BMP" if picture.info["compression"] in RUN_LENGTHS:
            return Cost(min(2 * pixels, len(data)) * PER_RUN_S, pixels)
    return Cost(0, 0)


BITS_PER_SAMPLE, SAMPLES_PER_PIXEL = 258, 277  # TIFF tags
RUN_LENGTHS = (1, 2)  # a BMP's compressions RLE8 and RLE4


def _jpeg_cost(picture: Any, data: bytes) -> Cost:
    scans = scans_of(data)
    pixels = picture.width * picture.height
    keeps_coefficients = scans.count > 1 or "progressive" in picture.info
    coefficients = pixels * picture.layers if keeps_coefficients else 0
    blocks = scans.components * pixels // PIXELS_PER_BLOCK
    return Cost(blocks * PER_BLOCK_S, coefficients * BYTES_PER_COEFFICIENT)
