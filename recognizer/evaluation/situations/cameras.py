"""Turns a sheet into a picture: light, perspective, blur, noise, JPEG. Knows no digit."""

import io
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from recognizer.evaluation.situations.sheet import BEYOND, Field, Sheet, smooth_noise

Picture = npt.NDArray[np.uint8]  # (H, W)
MOST_BLUR = 0.03  # in heights of the digit
MOST_SHIFT = 0.7 * BEYOND  # of the picture's corners on the sheet


@dataclass(frozen=True)
class Camera:
    """tilt_deg: of the sheet; perspective: shift of each corner, in shorter sides; blur: likewise; blur_px: at least.

    fall: the share of light lost across the picture; vignette: in the corners. shadow: the share of light that a shadow
    takes, and its soft edge in shorter sides. noise: standard deviation, levels. quality: of JPEG, or None.
    """

    tilt_deg: float = 0.0
    perspective: float = 0.0
    blur: float = 0.0
    blur_px: float = 0.3
    fall: float = 0.0
    vignette: float = 0.0
    shadow: float = 0.0
    shadow_edge: float = 0.1
    noise: float = 0.0
    quality: int | None = None


def phone(random: np.random.Generator) -> Camera:
    return Camera(
        tilt_deg=random.uniform(-4, 4),
        perspective=random.uniform(0, 0.06),
        blur=random.uniform(0, 0.006),
        blur_px=random.uniform(0.3, 0.8),
        fall=random.uniform(0, 0.3),
        vignette=random.uniform(0, 0.2),
        shadow=random.uniform(0.1, 0.45) if random.random() < 0.3 else 0.0,
        shadow_edge=random.uniform(0.02, 0.2),
        noise=random.uniform(0.5, 6),
        quality=int(random.integers(40, 96)),
    )


def scanner(random: np.random.Generator) -> Camera:
    quality = int(random.integers(50, 96)) if random.random() < 0.6 else None
    return Camera(
        random.uniform(-1.5, 1.5), blur_px=random.uniform(0.3, 0.7), noise=random.uniform(0, 3), quality=quality
    )


def screen(random: np.random.Generator) -> Camera:
    """A screenshot."""
    return Camera(blur_px=random.uniform(0.2, 0.5))


def any_camera(random: np.random.Generator) -> Camera:
    return phone(random) if random.random() < 0.6 else scanner(random)


def sharp(camera: Camera, size: float) -> Camera:
    """Return the camera with a blur that leaves a digit of this height readable."""
    return replace(camera, blur=min(camera.blur, MOST_BLUR * size))


def level(camera: Camera, most_deg: float) -> Camera:
    """Return the camera held straighter, for crops along a line."""
    return replace(
        camera, tilt_deg=float(np.clip(camera.tilt_deg, -most_deg, most_deg)), perspective=camera.perspective / 3
    )


def photograph(sheet: Sheet, camera: Camera, random: np.random.Generator, light: Field | float = 1.0) -> Picture:
    """Return the picture. light: on the sheet, a share of full light."""
    lit = Image.fromarray(np.rint(np.clip(sheet.tones * light, 0, 255)).astype(np.uint8))
    seen = _shrink(_warp(lit, sheet, camera, random), sheet)
    blurred = seen.filter(ImageFilter.GaussianBlur(camera.blur_px + camera.blur * sheet.side_px))
    tones = np.asarray(blurred, np.float32) * _light(camera, seen.size, random)
    return compress(add_noise(tones, camera.noise, random), camera.quality)


def add_noise(tones: Field, deviation: float, random: np.random.Generator) -> Field:
    """Add noise of single pixels, and coarser noise half as strong."""
    rows, columns = tones.shape
    fine = random.normal(0, 1, tones.shape).astype(np.float32)
    return tones + deviation * (0.9 * fine + 0.45 * smooth_noise(random, (rows, columns), 3))


def compress(tones: Field, quality: int | None) -> Picture:
    picture = np.rint(np.clip(tones, 0, 255)).astype(np.uint8)
    if quality is None:
        return picture
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=quality)
    return np.array(Image.open(file))


def _warp(lit: Image.Image, sheet: Sheet, camera: Camera, random: np.random.Generator) -> Image.Image:
    size = (round(sheet.wide * sheet.unit), round(sheet.high * sheet.unit))
    corners = np.array([(0, 0), (sheet.wide, 0), (sheet.wide, sheet.high), (0, sheet.high)])
    seen = (_turn(corners, camera.tilt_deg) + random.uniform(-1, 1, (4, 2)) * camera.perspective - corners).clip(
        -MOST_SHIFT, MOST_SHIFT
    ) + corners
    matrix = _homography(corners * sheet.unit, (seen + BEYOND) * sheet.unit)
    return lit.transform(size, Image.Transform.PERSPECTIVE, matrix, Image.Resampling.BILINEAR)


def _turn(points: npt.NDArray[np.float64], degrees: float) -> npt.NDArray[np.float64]:
    middle, turn = points.mean(0), np.deg2rad(degrees)
    matrix = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    turned: npt.NDArray[np.float64] = (points - middle) @ matrix + middle
    return turned


def _homography(new: npt.NDArray[np.float64], old: npt.NDArray[np.float64]) -> list[float]:
    """Return the eight numbers with which Pillow finds the old place of each new one."""
    rows = []
    for (x, y), (u, v) in zip(new, old, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    return [float(number) for number in np.linalg.solve(np.array(rows), old.reshape(-1))]


def _shrink(seen: Image.Image, sheet: Sheet) -> Image.Image:
    if sheet.side_px >= sheet.unit:
        return seen
    size = (round(sheet.wide * sheet.side_px), round(sheet.high * sheet.side_px))
    return seen.resize(size, Image.Resampling.BOX)


def _light(camera: Camera, size: tuple[int, int], random: np.random.Generator) -> Field:
    columns, rows = size
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    x, y = (x - columns / 2) / min(size), (y - rows / 2) / min(size)
    light: Field = 1 - camera.fall * (0.5 + _along(x, y, random) / np.hypot(columns, rows) * min(size))
    light *= 1 - camera.vignette * (x**2 + y**2) * (min(size) ** 2 / (columns**2 + rows**2)) * 4
    if camera.shadow:
        away = _along(x, y, random) - random.uniform(-0.4, 0.4)
        light *= 1 - camera.shadow / (1 + np.exp(np.clip(-away / camera.shadow_edge * 4, -40, 40)))
    return light


def _along(x: Field, y: Field, random: np.random.Generator) -> Field:
    angle = random.uniform(0, 2 * np.pi)
    along: Field = np.float32(np.cos(angle)) * x + np.float32(np.sin(angle)) * y
    return along
