"""A decoded picture → (H, W) uint8 gray, in bands of rows: whole copies of the largest would take 67 MB each."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from PIL import Image as PillowImage

from recognizer.ink import Image

LEAST_ALPHA_RANGE = 16  # of 255: where alpha varies by this much over one colour, alpha is the ink
CLEAR_BELOW = 32  # of 255: the colour of fainter pixels is mostly rounding
ONE_COLOUR = 8  # of 255: colours that differ by less than this are one
BAND_PX = 1 << 20

Picture = PillowImage.Image


def to_gray(picture: Picture) -> Image:
    """Transparent ones as `pictures.decode` says. Raises `ValueError` for a mode that Pillow cannot convert."""
    if picture.mode.startswith("I;16"):
        return _in_bands(picture, lambda band: np.asarray(band) >> 8)
    if picture.has_transparency_data:
        return _without_alpha(picture)
    return _in_bands(picture, lambda band: band.convert("L"))


def _bands(picture: Picture) -> Iterator[Picture]:
    rows = max(1, BAND_PX // picture.width)
    for top in range(0, picture.height, rows):
        yield picture.crop((0, top, picture.width, min(picture.height, top + rows)))


def _in_bands(picture: Picture, plane: Callable[[Picture], Any]) -> Image:
    """`plane`: a band → its gray, as an array or picture."""
    whole = np.empty((picture.height, picture.width), np.uint8)
    top = 0
    for band in _bands(picture):
        whole[top : top + band.height] = plane(band)
        top += band.height
    return whole


def _without_alpha(picture: Picture) -> Image:
    alpha = _in_bands(picture, lambda band: _rgba(band).getchannel("A"))
    faintest, strongest = int(alpha.min()), int(alpha.max())
    if strongest == 0:
        return alpha
    if strongest - faintest >= LEAST_ALPHA_RANGE and _is_one_colour(picture, min(CLEAR_BELOW, strongest)):
        return alpha
    del alpha
    return max((_on_paper(picture, tone) for tone in (0, 255)), key=_contrast)


def _rgba(band: Picture) -> Picture:
    return band if band.mode == "RGBA" else band.convert("RGBA")


def _is_one_colour(picture: Picture, least_alpha: int) -> bool:
    """Whether the pixels of at least this alpha are of one colour."""
    is_visible = [255 * (alpha >= least_alpha) for alpha in range(256)]
    counts = np.zeros((4, 256), int)
    for band in map(_rgba, _bands(picture)):
        visible = band.getchannel("A").point(is_visible)
        counts += np.array(band.histogram(visible)).reshape(4, 256)
        if any(np.ptp(np.flatnonzero(of_channel)) >= ONE_COLOUR for of_channel in counts[:3] if of_channel.any()):
            return False
    return True


def _on_paper(picture: Picture, tone: int) -> Image:
    def composed(band: Picture) -> Picture:
        band = _rgba(band)
        paper = PillowImage.new("L", band.size, tone)
        return PillowImage.composite(band.convert("L"), paper, band.getchannel("A"))

    return _in_bands(picture, composed)


def _contrast(image: Image) -> float:
    """Variance of the tones."""
    counts, tones = np.array(PillowImage.fromarray(image).histogram()), np.arange(256)
    mean = counts @ tones / counts.sum()
    return float(counts @ (tones - mean) ** 2 / counts.sum())
