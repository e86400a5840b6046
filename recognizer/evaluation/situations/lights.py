"""Light that is hard for a camera: shadows, flashes, screens, darkness, a moving hand."""

from dataclasses import replace

import numpy as np

from recognizer.evaluation.situations.cameras import Picture, phone, photograph
from recognizer.evaluation.situations.papers import paper
from recognizer.evaluation.situations.pens import Pen, any_pen, dark_pen, somewhere, write_digit
from recognizer.evaluation.situations.sheet import Field, Sheet, blur, rectangle


def shadow_of_the_phone(random: np.random.Generator, digit: int) -> Picture:
    """The shadow's edge goes across the digit, or near it."""
    sheet = _written(random, digit)[0]
    turn, corner = random.uniform(-0.4, 0.4), random.uniform((0.2, -0.8), (0.8, 0.8))
    turning = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    shadow = sheet.polygon(np.array(rectangle(0, 0, 1.5, 2.5)) @ turning + corner)
    soft = blur(shadow, random.uniform(0.003, 0.05) * sheet.unit)
    return _photograph(sheet, random, 1 - random.uniform(0.2, 0.6) * soft)


def shadow_of_a_pen_or_hand(random: np.random.Generator, digit: int) -> Picture:
    """A narrow soft shadow."""
    sheet = _written(random, digit)[0]
    start, end = random.uniform(0, 1, 2), random.uniform(0.7, 2.3, 2)
    shadow = sheet.lines([np.stack([start, end])], random.uniform(0.06, 0.25))
    soft = blur(shadow, random.uniform(0.01, 0.05) * sheet.unit)
    return _photograph(sheet, random, 1 - random.uniform(0.15, 0.5) * soft)


def stripes_of_a_blind(random: np.random.Generator, digit: int) -> Picture:
    sheet = _written(random, digit)[0]
    step, lean = random.uniform(0.2, 0.5), random.uniform(-0.5, 0.5)
    starts = np.arange(-1, 2, step)
    stripes = sheet.lines([((-0.5, y), (1.5, y + lean)) for y in starts], step / 2)
    soft = blur(stripes, random.uniform(0.01, 0.04) * sheet.unit)
    return _photograph(sheet, random, 1 - random.uniform(0.15, 0.4) * soft)


def flash_spot(random: np.random.Generator, digit: int) -> Picture:
    """The spot is white; it does not hide the digit."""
    sheet = _written(random, digit, dark_pen(random))[0]
    (x, y), (across, down) = random.uniform(0.1, 0.9, 2), sheet.grid()
    away = np.hypot(across - x, down - y)
    spot = np.exp(-((away / random.uniform(0.15, 0.4)) ** 2)) * random.uniform(0.3, 0.9)
    return _photograph(sheet, random, (0.75 + spot).astype(np.float32))


def dark_corners(random: np.random.Generator, digit: int) -> Picture:
    sheet, _ = _written(random, digit)
    camera = replace(phone(random), vignette=random.uniform(0.4, 0.75), shadow=0.0)
    return photograph(sheet, camera, random)


def light_from_one_side(random: np.random.Generator, digit: int) -> Picture:
    sheet, _ = _written(random, digit)
    return photograph(sheet, replace(phone(random), fall=random.uniform(0.5, 0.9), vignette=0.0), random)


def dim_light(random: np.random.Generator, digit: int) -> Picture:
    """Dark and noisy."""
    sheet, _ = _written(random, digit, dark_pen(random))
    dim = random.uniform(0.15, 0.4)
    camera = replace(phone(random), noise=random.uniform(1, 5), shadow=0.0)
    return photograph(sheet, camera, random, dim)


def out_of_focus(random: np.random.Generator, digit: int) -> Picture:
    sheet, size = _written(random, digit, replace(dark_pen(random), width=random.uniform(0.07, 0.12)))
    return photograph(sheet, replace(phone(random), blur=size * random.uniform(0.02, 0.05)), random)


def moved_camera(random: np.random.Generator, digit: int) -> Picture:
    """Motion blur."""
    sheet, size = _written(random, digit, dark_pen(random))
    far, angle = random.uniform(0.03, 0.1) * size * sheet.unit, random.uniform(0, 2 * np.pi)
    moves = [(round(far * part * np.sin(angle)), round(far * part * np.cos(angle))) for part in np.linspace(0, 1, 7)]
    sheet.tones = np.mean([np.roll(sheet.tones, move, (0, 1)) for move in moves], 0)
    return photograph(sheet, phone(random), random)


def photo_of_a_screen(random: np.random.Generator, digit: int) -> Picture:
    """Moiré: waves of a screen's and a camera's pixels."""
    tones = (random.uniform(190, 240), 35.0) if random.random() < 0.7 else (25.0, 210.0)
    sheet = _screen(random, digit, *tones)
    x, y = sheet.grid()
    waves = np.mean([_waves(x, y, random) for _ in range(3)], 0)
    return _photograph(sheet, random, (1 + random.uniform(0.04, 0.15) * waves).astype(np.float32))


def _waves(x: Field, y: Field, random: np.random.Generator) -> Field:
    across, down, bend = random.uniform(-150, 150), random.uniform(-150, 150), random.uniform(-20, 20)
    return np.sin(across * x + down * y + bend * x * y + random.uniform(0, 6))


def _screen(random: np.random.Generator, digit: int, back: float, ink: float) -> Sheet:
    size = random.uniform(0.35, 0.7)
    sheet = paper(random, size)
    cover = write_digit(
        sheet, digit, Pen(random.uniform(0.06, 0.14), 0.5), random, *somewhere(sheet, random, size), size
    )
    sheet.tones[:] = back
    sheet.paint(cover, ink)
    return sheet


def _written(random: np.random.Generator, digit: int, pen: Pen | None = None) -> tuple[Sheet, float]:
    size = random.uniform(0.3, 0.65)
    sheet = paper(random, size)
    write_digit(sheet, digit, pen or any_pen(random), random, *somewhere(sheet, random, size), size)
    return sheet, size


def _photograph(sheet: Sheet, random: np.random.Generator, light: Field) -> Picture:
    return photograph(sheet, replace(phone(random), shadow=0.0), random, light)


READ = (
    shadow_of_the_phone,
    shadow_of_a_pen_or_hand,
    stripes_of_a_blind,
    flash_spot,
    dark_corners,
    light_from_one_side,
    dim_light,
    out_of_focus,
    moved_camera,
    photo_of_a_screen,
)
