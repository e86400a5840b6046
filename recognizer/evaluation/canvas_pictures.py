"""Drawings as canvas pictures, as a client sends them: a round pen on several papers, as PNG. Knows no network.

Pillow draws them, not the doors or the training code, so that no test picture looks like a training picture.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

CANVAS_PX = 280
FINER = 4  # times: drawn larger and shrunk, for antialiasing
SHADOW = 0.45  # share of the light that a shadow takes
SHADOW_EDGE_PX = 8.0  # scale of the soft edge
SHADOW_REACH = 0.25  # largest distance of the edge from the middle, as a share of the canvas

Cover = npt.NDArray[np.uint8]  # (280, 280), 0 paper to 255 ink
Tones = npt.NDArray[np.uint8]  # (280, 280) gray, (280, 280, 3) RGB or (280, 280, 4) RGBA


@dataclass(frozen=True)
class Place:
    """A drawing's place, from 0 (left or upper edge) to 1 (right or lower edge), and the place of a shadow."""

    across: float = 0.5
    down: float = 0.5
    shadow_angle: float = 0.0  # radians
    shadow_at: float = 0.0  # distance from the middle, as a share of the canvas

    @classmethod
    def at_random(cls, random: np.random.Generator) -> "Place":
        across, down = random.random(2)
        return cls(across, down, random.uniform(0, 2 * np.pi), random.uniform(-SHADOW_REACH, SHADOW_REACH))


def draw_ink(strokes: Sequence[npt.NDArray[np.float64]], size_px: float, pen_px: float, place: Place) -> Cover:
    """Draw strokes, (n, 2) in any unit; the longer side is `size_px`, including the pen's width."""
    sheet = Image.new("L", (CANVAS_PX * FINER,) * 2, 0)
    pen = ImageDraw.Draw(sheet)
    for points in _place(strokes, size_px, pen_px, place):
        _draw(pen, [(float(x), float(y)) for x, y in points * FINER], pen_px * FINER)
    return np.asarray(sheet.resize((CANVAS_PX, CANVAS_PX), Image.Resampling.BOX))


def _place(
    strokes: Sequence[npt.NDArray[np.float64]], size_px: float, pen_px: float, place: Place
) -> list[npt.NDArray[np.float64]]:
    all_points = np.concatenate(list(strokes))
    low, extent = all_points.min(0), np.ptp(all_points, axis=0)
    scale = (size_px - pen_px) / max(extent.max(), 1e-9)
    room = CANVAS_PX - pen_px - extent * scale
    corner = np.array([place.across, place.down]) * room + pen_px / 2
    return [(points - low) * scale + corner for points in strokes]


def _draw(pen: ImageDraw.ImageDraw, points: list[tuple[float, float]], width: float) -> None:
    """Draw with a round pen: lines, and a disc at each point."""
    pen.line(points, fill=255, width=max(1, round(width)))
    for x, y in points:
        pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=255)


def on_light_paper(cover: Cover, place: Place) -> Tones:
    return blend(cover, 255, 20)


def on_dark_paper(cover: Cover, place: Place) -> Tones:
    return blend(cover, 24, 235)


def without_paper(cover: Cover, place: Place) -> Tones:
    """Return black ink on transparency, like a canvas without a background."""
    return np.concatenate([np.zeros((*cover.shape, 3), np.uint8), cover[..., None]], 2)


def on_coloured_paper(cover: Cover, place: Place) -> Tones:
    """Return blue ink on yellow paper."""
    return np.stack([blend(cover, *tones) for tones in ((252, 40), (226, 70), (130, 160))], 2)


def on_shadowed_paper(cover: Cover, place: Place) -> Tones:
    """Return dark ink on gray paper with a shadow over a part of it."""
    from_middle = (np.arange(CANVAS_PX) + 0.5 - CANVAS_PX / 2)[:, None]
    along = from_middle.T * np.cos(place.shadow_angle) + from_middle * np.sin(place.shadow_angle)
    in_shadow = 1 / (1 + np.exp(-(along - place.shadow_at * CANVAS_PX) / SHADOW_EDGE_PX))
    lit: npt.NDArray[np.float64] = blend(cover, 185, 40) * (1 - SHADOW * in_shadow)
    return np.rint(lit).astype(np.uint8)


PAPERS: dict[str, Callable[[Cover, Place], Tones]] = {
    "light": on_light_paper,
    "dark": on_dark_paper,
    "transparent": without_paper,
    "coloured": on_coloured_paper,
    "gray with a shadow": on_shadowed_paper,
}


def blend(cover: Cover, paper: int, ink: int) -> npt.NDArray[np.uint8]:
    """Return tones between paper (cover 0) and ink (cover 255)."""
    tones: npt.NDArray[np.uint8] = np.linspace(paper, ink, 256).round().astype(np.uint8)[cover]
    return tones


def as_png(tones: Tones) -> bytes:
    file = io.BytesIO()
    Image.fromarray(tones).save(file, "PNG", compress_level=1)
    return file.getvalue()
