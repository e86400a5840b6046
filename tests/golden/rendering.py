"""Our own drawings as gray pictures: on a canvas, on paper, on a blackboard. Drawn by Pillow, not by the doors."""

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from tests.golden.drawings import Drawing

FINER = 4  # drawn this many times larger, then shrunk: antialiased

Gray = npt.NDArray[np.uint8]
Light = npt.NDArray[np.floating]


def render(
    drawing: Drawing,
    side_px: int = 280,
    box_px: float = 180,
    pen_px: float = 12,
    place: tuple[float, float] = (0.5, 0.5),
    paper: int = 255,
    ink: int = 0,
) -> Gray:
    """(side, side) uint8: the drawing's longer side is `box_px`, pen included; `place` is 0 (near edge) to 1 (far)."""
    sheet = Image.new("L", (side_px * FINER, side_px * FINER), paper)
    pen = ImageDraw.Draw(sheet)
    for stroke in place_on_canvas(drawing, side_px, box_px, pen_px, place):
        draw_stroke(pen, [(x * FINER, y * FINER) for x, y in stroke], pen_px * FINER, ink)
    return np.array(sheet.resize((side_px, side_px), Image.Resampling.BOX))


def draw_stroke(pen: ImageDraw.ImageDraw, points: list[tuple[float, float]], width: float, ink: int) -> None:
    """A round pen: a line, and a disc at each point."""
    pen.line(points, fill=ink, width=max(1, round(width)))
    for x, y in points:
        pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=ink)


def place_on_canvas(
    drawing: Drawing, side_px: int, box_px: float, pen_px: float, place: tuple[float, float]
) -> list[list[tuple[float, float]]]:
    points = np.array([point for stroke in drawing for point in stroke])
    low, extent = points.min(0), np.ptp(points, axis=0)
    scale = (box_px - pen_px) / extent.max()
    corner = np.array(place) * (side_px - extent * scale - pen_px) + pen_px / 2
    return [[tuple((np.array(point) - low) * scale + corner) for point in stroke] for stroke in drawing]


def illuminate(picture: Gray, light: Light | float, noise: float = 0.0, seed: int = 0) -> Gray:
    """A photo of the picture: tones times light, plus camera noise with this standard deviation in tones."""
    tones = picture * light + np.random.default_rng(seed).normal(0, noise, picture.shape)
    return np.clip(np.rint(tones), 0, 255).astype(np.uint8)


def across(side_px: int) -> Light:
    """(side, side): 0 at the left edge to 1 at the right."""
    return np.tile((np.arange(side_px) + 0.5) / side_px, (side_px, 1))


def crop(picture: Gray) -> Gray:
    """The picture cut to its ink, without paper around it."""
    inked = np.abs(picture.astype(int) - int(picture[0, 0])) > 40
    rows, columns = np.flatnonzero(inked.any(1)), np.flatnonzero(inked.any(0))
    return picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].copy()
