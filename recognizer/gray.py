"""Converts a decoded picture to gray, in bands of rows: a whole RGBA copy of the largest would take 67 MB."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from PIL import Image as PillowImage

from recognizer.ink import Image
from recognizer.rows_of_pixels import RowsOfPixels

LEAST_ALPHA_RANGE = 16  # of 255: if alpha varies by this much over one colour, alpha is the ink
CLEAR_BELOW = 32  # of 255: at less alpha, the colour is mostly rounding error
ONE_COLOUR = 8  # of 255: colours that differ by less than this count as one colour
BAND_PX = 1 << 20  # pixels of a band, but at least one row

Picture = PillowImage.Image
Source = PillowImage.Image | RowsOfPixels


def to_gray(picture: Source) -> Image:
    """Return (H, W) uint8. `pictures.decode` says how transparency is read.

    Raises `ValueError` if Pillow cannot convert the picture's mode.
    """
    if picture.mode.startswith("I;16"):
        return _convert_bands(picture, lambda band: np.asarray(band) >> 8)
    if picture.has_transparency_data:
        return _remove_alpha(picture)
    return _convert_bands(picture, lambda band: band.convert("L"))


def _bands(picture: Source) -> Iterator[Picture]:
    rows = max(1, BAND_PX // picture.width)
    for top in range(0, picture.height, rows):
        yield picture.crop((0, top, picture.width, min(picture.height, top + rows)))


def _convert_bands(picture: Source, convert: Callable[[Picture], Any]) -> Image:
    """convert: a band → its gray, as an array or a picture."""
    whole = np.empty((picture.height, picture.width), np.uint8)
    top = 0
    for band in _bands(picture):
        whole[top : top + band.height] = convert(band)
        top += band.height
    return whole


def _remove_alpha(picture: Source) -> Image:
    alpha = _convert_bands(picture, lambda band: _rgba(band).getchannel("A"))
    faintest, strongest = int(alpha.min()), int(alpha.max())
    if strongest == 0:
        return alpha
    if strongest - faintest >= LEAST_ALPHA_RANGE and _is_one_colour(picture, min(CLEAR_BELOW, strongest)):
        return alpha
    del alpha
    return _put_on_paper(picture, max((0, 255), key=lambda tone: _variance(picture, tone)))


def _rgba(band: Picture) -> Picture:
    return band if band.mode == "RGBA" else band.convert("RGBA")


def _is_one_colour(picture: Source, least_alpha: int) -> bool:
    """True if all pixels of at least this alpha have one colour."""
    is_visible = [255 * (alpha >= least_alpha) for alpha in range(256)]
    counts = np.zeros((4, 256), int)
    for band in map(_rgba, _bands(picture)):
        visible = band.getchannel("A").point(is_visible)
        counts += np.array(band.histogram(visible)).reshape(4, 256)
        if any(np.ptp(np.flatnonzero(channel)) >= ONE_COLOUR for channel in counts[:3] if channel.any()):
            return False
    return True


def _variance(picture: Source, tone: int) -> float:
    """Return the variance of the picture's gray on paper of this tone."""
    counts, tones = np.zeros(256, int), np.arange(256)
    for band in _bands(picture):
        counts += np.array(_composite(band, tone).histogram())
    mean = counts @ tones / counts.sum()
    return float(counts @ (tones - mean) ** 2 / counts.sum())


def _put_on_paper(picture: Source, tone: int) -> Image:
    return _convert_bands(picture, lambda band: _composite(band, tone))


def _composite(band: Picture, tone: int) -> Picture:
    band = _rgba(band)
    paper = PillowImage.new("L", band.size, tone)
    return PillowImage.composite(band.convert("L"), paper, band.getchannel("A"))
