"""Calls the pixels door: gray pictures of any size and polarity → the pictures that the network sees."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from recognizer.doors.session import DOORS, Session
from recognizer.ink import Image, Pixels

OUTPUTS = ["picture", "place"]
MOST_SIDE_PX = 1024  # larger pictures are shrunk to this first
PIXELS_AT_ONCE = 1 << 20  # pixels in one run of the graph: some 60 MB of working memory
PICTURES_AT_ONCE = 32  # the graph's own grids cost about 2 MB a picture
MOST_PLANS = 64  # shapes of single pictures that memory is planned for


class PixelsDoor:
    """Pictures → the pictures that the network sees; all 0 where no ink is found."""

    def __init__(self) -> None:
        self.session = Session(DOORS / "pixels.onnx", ["ink"], OUTPUTS)
        self.planned: set[tuple[int, ...]] = set()

    def __call__(self, images: Sequence[Pixels]) -> npt.NDArray[np.float32]:
        """N pictures → (N, 1, 28, 28) float32 in [0, 1]; pictures of one size share a run."""
        return self.placed(images)[0]

    def placed(self, images: Sequence[Pixels]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """The same, and where each of them lies: (N, 3) float32, left, top and side in px of what was given."""
        pictures, places = self._alone(images[0]) if len(images) == 1 else self._together(images)
        factors = np.array([shrinking(image.image.shape) for image in images], np.float32)
        return pictures, places * factors[:, None]

    def _together(self, images: Sequence[Pixels]) -> Iterable[npt.NDArray[np.float32]]:
        pictures = np.empty((len(images), 1, 28, 28), np.float32)
        places = np.empty((len(images), 3), np.float32)
        for indexes in batches([shrunk_shape(image.image.shape) for image in images]):
            stack = np.stack([shrunk(images[index].image) for index in indexes])
            pictures[indexes], places[indexes] = self.session.run(ink=stack)
        return pictures, places

    def _alone(self, given: Pixels) -> Iterable[npt.NDArray[np.float32]]:
        """(1, 1, 28, 28) and (1, 3): somebody waits. The first 64 shapes are planned for, the others not."""
        image = shrunk(given.image)
        session = self.session
        if image.shape in self.planned or len(self.planned) < MOST_PLANS:
            self.planned.add(image.shape)
            session = self._planning
        return session.run(ink=image[None])

    @cached_property
    def _planning(self) -> Session:
        return Session(DOORS / "pixels.onnx", ["ink"], OUTPUTS, plans=True, content=self.session.content)


def shrinking(shape: tuple[int, ...]) -> int:
    """How many pixels of the picture, across and down, become one."""
    return -(-max(shape) // MOST_SIDE_PX)


def shrunk_shape(shape: tuple[int, ...]) -> tuple[int, int]:
    factor = shrinking(shape)
    return -(-shape[0] // factor), -(-shape[1] // factor)


def shrunk(image: Image) -> Image:
    """At most 1,024 px a side, by the mean of square blocks of whole pixels, halves rounded up.

    The blocks at the right and lower edge may be smaller. Whole numbers throughout; the golden drawings hold every
    other reader to this rule.
    """
    factor = shrinking(image.shape)
    if factor == 1:
        return image
    rows, columns = (np.arange(0, side, factor) for side in image.shape)
    # Row by row of blocks: numpy would widen the whole picture to 64 bits, 134 MB for the largest.
    bands = (image[row : row + factor].sum(0, dtype=np.int64) for row in rows)
    sums = np.stack([np.add.reduceat(band, columns) for band in bands])
    heights, widths = (
        np.minimum(factor, side - starts) for side, starts in zip(image.shape, (rows, columns), strict=True)
    )
    counts = np.outer(heights, widths)
    means: Image = ((2 * sums + counts) // (2 * counts)).astype(np.uint8)
    return means


def batches(shapes: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Indexes of pictures of one shape, as many as memory is meant to hold."""
    by_shape: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, shape in enumerate(shapes):
        by_shape[shape].append(index)
    groups = []
    for (height, width), indexes in by_shape.items():
        size = max(1, min(PICTURES_AT_ONCE, PIXELS_AT_ONCE // (height * width)))
        groups += [indexes[start : start + size] for start in range(0, len(indexes), size)]
    return groups
