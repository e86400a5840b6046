"""Runs the pixels door: gray pictures of any size and polarity → the pictures that the network sees."""

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from recognizer.batching import batches_by_shape
from recognizer.doors.session import DOORS, Session
from recognizer.ink import Image, Pixels

OUTPUTS = ["picture", "place"]
MOST_SIDE_PX = 1024  # larger pictures are shrunk to this first
PIXELS_AT_ONCE = 1 << 20  # pixels in one run of the graph: some 60 MB of memory
PICTURES_AT_ONCE = 32  # the graph's own grids cost about 2 MB a picture
MOST_PLANS = 64  # shapes of single pictures whose memory is planned; see `Session`


class PixelsDoor:
    """Pictures → the pictures that the network sees; all 0 if no ink is found."""

    def __init__(self) -> None:
        self.session = Session(DOORS / "pixels.onnx", ["ink"], OUTPUTS)
        self.planned_shapes: set[tuple[int, ...]] = set()

    def __call__(self, images: Sequence[Pixels]) -> npt.NDArray[np.float32]:
        """N pictures → (N, 1, 28, 28) float32 in [0, 1], light ink on dark. Pictures of one size share a run."""
        return self.pictures_and_places(images)[0]

    def pictures_and_places(self, images: Sequence[Pixels]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Return also where each picture lies in the given picture: (N, 3) float32, its left, top and side in px."""
        pictures, places = self._run_single(images[0]) if len(images) == 1 else self._run_batches(images)
        factors = np.array([shrink_factor(image.image.shape) for image in images], np.float32)
        return pictures, places * factors[:, None]

    def _run_batches(self, images: Sequence[Pixels]) -> Iterable[npt.NDArray[np.float32]]:
        pictures = np.empty((len(images), 1, 28, 28), np.float32)
        places = np.empty((len(images), 3), np.float32)
        for indexes in batches([shrunk_shape(image.image.shape) for image in images]):
            stack = np.stack([shrink(images[index].image) for index in indexes])
            pictures[indexes], places[indexes] = self.session.run(ink=stack)
        return pictures, places

    def _run_single(self, given: Pixels) -> Iterable[npt.NDArray[np.float32]]:
        """→ (1, 1, 28, 28) and (1, 3). Faster for the first 64 shapes: someone may be waiting for a single answer."""
        image = shrink(given.image)
        session = self.session
        if image.shape in self.planned_shapes or len(self.planned_shapes) < MOST_PLANS:
            self.planned_shapes.add(image.shape)
            session = self._planning_session
        return session.run(ink=image[None])

    @cached_property
    def _planning_session(self) -> Session:
        return Session(DOORS / "pixels.onnx", ["ink"], OUTPUTS, plans=True, content=self.session.content)


def shrink_factor(shape: tuple[int, ...]) -> int:
    """Return the side of the square blocks that `shrink` turns into one pixel each, px."""
    return -(-max(shape) // MOST_SIDE_PX)


def shrunk_shape(shape: tuple[int, ...]) -> tuple[int, int]:
    factor = shrink_factor(shape)
    return -(-shape[0] // factor), -(-shape[1] // factor)


def shrink(image: Image) -> Image:
    """Shrink to at most 1,024 px a side: each pixel is the mean of a square block of pixels, halves rounded up.

    Blocks at the right and lower edge may be smaller. All sums are integers. The golden drawings hold the JavaScript
    version to the same rule.
    """
    factor = shrink_factor(image.shape)
    if factor == 1:
        return image
    rows, columns = (np.arange(0, side, factor) for side in image.shape)
    # One row of blocks at a time: numpy would widen the whole picture to 64 bits, 134 MB for the largest.
    bands = (image[row : row + factor].sum(0, dtype=np.int64) for row in rows)
    sums = np.stack([np.add.reduceat(band, columns) for band in bands])
    heights, widths = (
        np.minimum(factor, side - starts) for side, starts in zip(image.shape, (rows, columns), strict=True)
    )
    counts = np.outer(heights, widths)
    means: Image = ((2 * sums + counts) // (2 * counts)).astype(np.uint8)
    return means


def batches(shapes: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Return the indexes of pictures that share a run: of one shape, few enough for memory."""
    return batches_by_shape(shapes, lambda shape: min(PICTURES_AT_ONCE, PIXELS_AT_ONCE // (shape[0] * shape[1])))
