"""What it takes to decode a picture, told from its header: processor time and memory. Decodes nothing."""

from dataclasses import dataclass
from typing import Any

from recognizer.picture_parts import scans_of, too_costly

MOST_SECONDS = 0.6
MOST_MEMORY_BYTES = 200 << 20

# Seconds on one core of some 3 GHz, rounded up from what `python -m benchmarks.pictures` measures.
PER_PIXEL_S = 22e-9  # whatever the format
PER_BLOCK_S = 20e-9  # of a JPEG, for each scan
PER_RUN_S = 150e-9  # of a run-length encoded BMP, which Pillow reads in Python

BYTES_PER_PIXEL = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2}  # as Pillow holds it; the other modes: 4
PLANES = 4  # of gray, at most at a time: a transparent picture on two papers, a turned one and Pillow's copies of it
WEBP_BYTES_PER_PIXEL = 12  # two canvases of the decoder, and what it hands over
PIXELS_PER_BLOCK = 64
BYTES_PER_COEFFICIENT = 2  # of which a JPEG of several scans has one for each pixel and component


@dataclass(frozen=True)
class Cost:
    seconds: float
    memory_bytes: int  # beside the file's own


def check_cost(picture: Any, data: bytes) -> None:
    """`picture`: what Pillow opened of `data`, not decoded. Raises `PictureTooLarge` for what costs too much."""
    cost = cost_of(picture, data)
    if cost.seconds > MOST_SECONDS or cost.memory_bytes > MOST_MEMORY_BYTES:
        raise too_costly()


def cost_of(picture: Any, data: bytes) -> Cost:
    """An upper bound. Raises `PictureTooLarge` for a JPEG of too many scans."""
    pixels = picture.width * picture.height
    decoded = pixels * BYTES_PER_PIXEL.get(picture.mode, 4)
    beside = _beside(picture, data)
    planes = decoded + PLANES * pixels
    return Cost(pixels * PER_PIXEL_S + beside.seconds, max(decoded + beside.memory_bytes, planes))


def _beside(picture: Any, data: bytes) -> Cost:
    """What the format takes beside the decoded pixels."""
    pixels = picture.width * picture.height
    match picture.format:
        case "JPEG" | "MPO":
            return _of_scans(picture, data)
        case "WEBP":
            return Cost(0, pixels * (WEBP_BYTES_PER_PIXEL - 4))
        case "TIFF" if picture.info["compression"] != "raw":
            bits = picture.tag_v2.get(BITS_PER_SAMPLE, (1,))
            samples = max(len(bits), picture.tag_v2.get(SAMPLES_PER_PIXEL, 1))
            return Cost(0, pixels * samples * max(bits) // 8)
        case "BMP" if picture.info["compression"] in RUN_LENGTHS:
            return Cost(min(2 * pixels, len(data)) * PER_RUN_S, pixels)
    return Cost(0, 0)


BITS_PER_SAMPLE, SAMPLES_PER_PIXEL = 258, 277  # tags of a TIFF
RUN_LENGTHS = (1, 2)  # of 8 bits, of 4; how a BMP names them


def _of_scans(picture: Any, data: bytes) -> Cost:
    scans = scans_of(data)
    pixels = picture.width * picture.height
    is_kept = scans.count > 1 or "progressive" in picture.info
    coefficients = pixels * picture.layers if is_kept else 0
    blocks = scans.components * pixels // PIXELS_PER_BLOCK
    return Cost(blocks * PER_BLOCK_S, coefficients * BYTES_PER_COEFFICIENT)
