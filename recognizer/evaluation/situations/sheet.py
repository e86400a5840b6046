"""A sheet before the camera, and what is drawn on it. Knows no digit and no light.

Lengths are shares of the picture's shorter side; (0, 0) is the picture's upper left corner. The sheet reaches beyond
the picture, because the camera may turn.
"""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from recognizer.evaluation.situations.hands import Points

BEYOND = 0.2  # how far the sheet reaches beyond the picture
LEAST_PX = 180  # smaller pictures are drawn at this size and shrunk by the camera
FINER = 3  # times: drawn larger and shrunk, for antialiasing
FINE_PX = 450  # from this size on, less is enough

Field = npt.NDArray[np.floating]  # (H, W)
Cover = Field  # 0 to 1: how much of each pixel is covered
Path = Sequence[tuple[float, float]] | Points
Width = float | npt.NDArray[np.floating]


class Sheet:
    """Tones from 0 (black) to 255. side_px: of the picture's shorter side; wide, high: its sides in shorter sides."""

    def __init__(self, tone: float, side_px: int, wide: float = 1.0, high: float = 1.0) -> None:
        self.side_px, self.wide, self.high = side_px, wide, high
        self.unit = float(max(side_px, LEAST_PX))  # drawn pixels in 1
        rows, columns = (int(np.ceil((side + 2 * BEYOND) * self.unit)) for side in (high, wide))
        self.tones: Field = np.full((rows, columns), tone, np.float32)

    @property
    def shape(self) -> tuple[int, int]:
        return self.tones.shape[0], self.tones.shape[1]

    def cover(self, draw: Callable[["Pencil"], None]) -> Cover:
        """Return what `draw` draws."""
        finer = FINER if self.unit < FINE_PX else FINER - 1
        image = Image.new("L", (self.shape[1] * finer, self.shape[0] * finer), 0)
        draw(Pencil(ImageDraw.Draw(image), self.unit * finer))
        return np.asarray(image.reduce(finer), np.float32) / 255

    def lines(self, paths: Iterable[Path], width: float) -> Cover:
        """Return lines with round ends."""
        return self.strokes((path, width) for path in paths)

    def strokes(self, strokes: Iterable[tuple[Path, Width]]) -> Cover:
        """Return lines of one width each, or of one width for each of their points."""

        def draw(pencil: Pencil) -> None:
            for path, width in strokes:
                pencil.line(path, width)

        return self.cover(draw)

    def discs(self, discs: Iterable[tuple[float, float, float]]) -> Cover:
        """Return discs: x, y and radius of each."""

        def draw(pencil: Pencil) -> None:
            for x, y, radius in discs:
                pencil.disc(x, y, radius)

        return self.cover(draw)

    def polygon(self, corners: Path) -> Cover:
        return self.cover(lambda pencil: pencil.polygon(corners))

    def text(self, text: str, x: float, y: float, size: float) -> Cover:
        """Return printed letters of this height around (x, y)."""
        return self.cover(lambda pencil: pencil.text(text, x, y, size))

    def paint(self, cover: Cover, tone: float | Field) -> None:
        """Cover with opaque paint."""
        self.tones += cover * (tone - self.tones)

    def darken(self, cover: Cover, share: float | Field) -> None:
        """Take a share of the light that comes back, as ink does."""
        self.tones *= 1 - cover * share

    def noise(self, random: np.random.Generator, scale: float) -> Field:
        """Return smooth noise, standard deviation about 1. scale: of its grains, in shorter sides."""
        return smooth_noise(random, self.shape, max(1.0, scale * self.unit))

    def crop(self, left: float, top: float, right: float, bottom: float) -> None:
        """Move the picture's edges. (0, 0) stays the upper left corner of the picture."""
        start_x, start_y = (round(side * self.unit) for side in (left, top))
        end_x, end_y = (round((side + 2 * BEYOND) * self.unit) for side in (right, bottom))
        self.wide, self.high = right - left, bottom - top
        self.tones = self.tones[max(0, start_y) : end_y, max(0, start_x) : end_x]

    def grid(self) -> tuple[Field, Field]:
        """Return x (1, W) and y (H, 1) of the pixels' middles."""
        rows, columns = ((np.arange(size, dtype=np.float32) + 0.5) / self.unit - BEYOND for size in self.shape)
        return columns[None, :], rows[:, None]


class Pencil:
    """Draws on a sheet's enlarged cover."""

    def __init__(self, draw: ImageDraw.ImageDraw, unit: float) -> None:
        self._draw, self._unit = draw, unit

    def line(self, path: Path, width: Width) -> None:
        """Draw with a round tip, of one width or one for each point."""
        points = self._place(path)
        widths = np.broadcast_to(np.asarray(width, float) * self._unit, len(points)).clip(1)
        for start, end, wide in zip(points, points[1:], widths[1:], strict=False):
            self._draw.line([start, end], 255, round(float(wide)))
        for (x, y), wide in zip(points, widths / 2, strict=True):
            self._draw.ellipse((x - wide, y - wide, x + wide, y + wide), 255)

    def polygon(self, corners: Path) -> None:
        self._draw.polygon(self._place(corners), 255)

    def clear(self, corners: Path) -> None:
        self._draw.polygon(self._place(corners), 0)

    def disc(self, x: float, y: float, radius: float, radius_down: float | None = None) -> None:
        (x, y), across, down = self._place([(x, y)])[0], radius * self._unit, (radius_down or radius) * self._unit
        self._draw.ellipse((x - across, y - down, x + across, y + down), 255)

    def round_rectangle(self, edges: tuple[float, float, float, float], radius: float) -> None:
        """edges: left, top, right, bottom."""
        self._draw.rounded_rectangle(self._place([edges[:2], edges[2:]]), radius * self._unit, 255)

    def text(self, text: str, x: float, y: float, size: float) -> None:
        self._draw.text(self._place([(x, y)])[0], text, 255, ImageFont.load_default(size * self._unit), anchor="mm")

    def _place(self, path: Path) -> list[tuple[float, float]]:
        points = (np.asarray(path, float) + BEYOND) * self._unit
        return [(float(x), float(y)) for x, y in points]


def smooth_noise(random: np.random.Generator, shape: tuple[int, int], grain_px: float) -> Field:
    rows, columns = (int(np.ceil(size / grain_px)) + 1 for size in shape)
    grains = Image.fromarray(random.normal(0, 1, (rows, columns)).astype(np.float32))
    size = (round(columns * grain_px), round(rows * grain_px))
    return np.asarray(grains.resize(size, Image.Resampling.BICUBIC), np.float32)[: shape[0], : shape[1]]


def blur(field: Field, radius_px: float) -> Field:
    """Blur a field of 0 to 1."""
    image = Image.fromarray(np.rint(field * 255).astype(np.uint8))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(float(radius_px))), np.float32) / 255


def rectangle(left: float, top: float, right: float, bottom: float) -> list[tuple[float, float]]:
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def box_of(cover: Cover, sheet: Sheet) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of what is covered."""
    rows, columns = (np.flatnonzero(cover.max(axis) > 0.5) for axis in (1, 0))
    edges = np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]) / sheet.unit - BEYOND
    left, top, right, bottom = edges.tolist()
    return left, top, right, bottom
