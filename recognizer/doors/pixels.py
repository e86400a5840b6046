"""Runs the pixels door: gray pictures of any size and polarity → the pictures that the network sees."""

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from recognizer.batching import batches_by_shape
from recognizer.doors.session import DOORS, LINE_CLEANER, Session
from recognizer.ink import Image, Pixels
from recognizer.parts import parts_of_ink
from recognizer.several import Part, parts_to_read

Clean = npt.NDArray[np.float32]  # (H, W): 0 paper, about 1 ink
MOST_SIDE_PX = 1024  # larger pictures are shrunk to this first
PIXELS_AT_ONCE = 1 << 20  # pixels in one run of a graph: some 60 MB of memory
PICTURES_AT_ONCE = 32  # the graphs' own grids cost about 2 MB a picture
MOST_PLANS = 64  # shapes of single pictures whose memory is planned; see `Session`


class PixelsDoor:
    """Pictures → the pictures that the network sees; all 0 if no ink is found.

    The door has two halves: `clean` leaves nothing but the ink, `place` brings it to the standard size, pen and place.
    """

    def __init__(self) -> None:
        self.cleaner = _Half("cleaner.onnx", "picture", ["clean"])
        self.line_cleaner = _Half(LINE_CLEANER, "picture", ["clean"])
        self.placer = _Half("placer.onnx", "clean", ["picture", "place"])

    def __call__(self, images: Sequence[Pixels]) -> npt.NDArray[np.float32]:
        """N pictures → (N, 1, 28, 28) float32 in [0, 1], light ink on dark. Pictures of one size share a run."""
        return self.pictures_and_places(images)[0]

    def pictures_and_places(self, images: Sequence[Pixels]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Return also where each picture lies in the given picture: (N, 3) float32, its left, top and side in px."""
        return self.place_in(images, self.clean(images))

    def place_in(
        self, images: Sequence[Pixels], inks: Sequence[Clean]
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Do the same, if the pictures' ink is at hand."""
        pictures, places = self.place(inks)
        factors = np.array([shrink_factor(image.image.shape) for image in images], np.float32)
        return pictures, places * factors[:, None]

    def parts(self, ink: Clean) -> list[Part]:
        """Return the parts of a picture's ink that may be digits of their own, placed like pictures; mostly none."""
        parts = parts_of_ink(ink)
        if parts is None:
            return []
        chosen = parts_to_read(parts.boxes)
        pictures, _ = self.place([parts.cut_out(index) for index in chosen])
        placed = zip(chosen, pictures, strict=True)
        return [Part(parts.boxes[index], picture) for index, picture in placed if picture.any()]

    def read_stack(self, stack: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """(N, H, W) uint8 → (N, 1, 28, 28), in one run of each half. For training and benchmarks."""
        (clean,) = self.cleaner.session.run(picture=stack)
        return self.placer.session.run(clean=clean)[0]

    def clean(self, images: Sequence[Pixels]) -> list[Clean]:
        """N pictures → the ink of each, without paper and frames, as large as the picture that `shrink` makes."""
        shapes = [shrunk_shape(image.image.shape) for image in images]
        found = self.cleaner.run(shapes, lambda index: shrink(images[index].image))
        return [clean for (clean,) in found]

    def clean_line(self, image: Image) -> Clean:
        """Do the same for one picture of at most 1,024 px a side, of lines of writing: no 1 is taken for a line."""
        ((clean,),) = self.line_cleaner.run([image.shape], lambda index: image)
        return clean

    def place(self, inks: Sequence[Clean]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """The ink of N pictures → (N, 1, 28, 28), and where each lies in its ink: (N, 3), left, top and side in px."""
        found = self.placer.run([ink.shape for ink in inks], lambda index: inks[index])
        pictures, places = np.empty((len(inks), 1, 28, 28), np.float32), np.empty((len(inks), 3), np.float32)
        for index, (picture, place) in enumerate(found):
            pictures[index], places[index] = picture, place
        return pictures, places


class _Half:
    """One graph of the door."""

    def __init__(self, file: str, name: str, outputs: list[str]) -> None:
        self.name = name
        self.file = DOORS / file
        self.session = Session(self.file, [name], outputs)
        self.planned_shapes: set[tuple[int, ...]] = set()

    def run(
        self, shapes: Sequence[tuple[int, ...]], picture: Callable[[int], npt.NDArray[np.generic]]
    ) -> list[tuple[npt.NDArray[np.float32], ...]]:
        """Return the outputs for each picture. picture: returns the picture of an index, of the shape given here."""
        found: dict[int, tuple[npt.NDArray[np.float32], ...]] = {}
        for indexes in batches(shapes):
            stack = np.stack([picture(index) for index in indexes])
            session = self._planning if len(shapes) == 1 and self._may_plan(shapes[0]) else self.session
            found.update(zip(indexes, zip(*session.run(**{self.name: stack}), strict=True), strict=True))
        return [found[index] for index in range(len(shapes))]

    @cached_property
    def _planning(self) -> Session:
        return Session(self.file, [self.name], self.session.outputs, plans=True, content=self.session.content)

    def _may_plan(self, shape: tuple[int, ...]) -> bool:
        """True for the first 64 shapes of single pictures: someone may be waiting for a single answer."""
        if len(self.planned_shapes) < MOST_PLANS:
            self.planned_shapes.add(shape)
        return shape in self.planned_shapes


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


def batches(shapes: Sequence[tuple[int, ...]]) -> list[list[int]]:
    """Return the indexes of pictures that share a run: of one shape, few enough for memory."""
    return batches_by_shape(shapes, lambda shape: min(PICTURES_AT_ONCE, PIXELS_AT_ONCE // (shape[0] * shape[1])))
