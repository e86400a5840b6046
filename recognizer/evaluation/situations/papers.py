"""Sheets of paper: tone and texture. Knows no digit."""

import numpy as np

from recognizer.evaluation.situations.sheet import BEYOND, Field, Sheet

COMMON_PX, LARGE_PX = (28, 600), (600, 1500)  # sides of pictures
LARGE_SHARE = 0.08
LEAST_DIGIT_PX = 20


def paper(
    random: np.random.Generator, digit: float, wide: float = 1.0, high: float = 1.0, most_px: int = 1500
) -> Sheet:
    """Return an empty sheet of random size, on which a digit of this size is at least 20 px high."""
    sheet = Sheet(
        random.uniform(150, 250), side(random, LEAST_DIGIT_PX / digit, round(most_px / max(wide, high))), wide, high
    )
    add_texture(sheet, random)
    return sheet


def side(random: np.random.Generator, least_px: float, most_px: int = 1500) -> int:
    """Return a random side of a picture, px."""
    from_px, to_px = LARGE_PX if random.random() < LARGE_SHARE else COMMON_PX
    low, high = min(max(from_px, least_px), most_px), min(max(to_px, least_px * 1.5), most_px)
    return round(float(np.exp(random.uniform(np.log(low), np.log(max(low, high))))))


def add_texture(sheet: Sheet, random: np.random.Generator) -> None:
    """Add fibres, clouds and grain: up to some 2 % of the tone."""
    sheet.tones *= 1 + random.uniform(0, 0.012) * sheet.noise(random, random.uniform(0.08, 0.4))
    sheet.tones *= 1 + random.uniform(0, 0.015) * sheet.noise(random, random.uniform(0.01, 0.04))
    if random.random() < 0.4:
        sheet.darken(_fibres(sheet, random), random.uniform(-0.03, 0.04))


def _fibres(sheet: Sheet, random: np.random.Generator) -> Field:
    starts = random.uniform((-BEYOND, -BEYOND), (sheet.wide + BEYOND, sheet.high + BEYOND), (60, 2))
    ways = random.normal(0, 0.03, (60, 2))
    return sheet.lines([np.stack([start, start + way]) for start, way in zip(starts, ways, strict=True)], 0.004)


def crumple(sheet: Sheet, random: np.random.Generator, depth: float) -> None:
    """Add creases: each side of a crease has a slope of its own, and its own light."""
    x, y = sheet.grid()
    for _ in range(random.integers(4, 10)):
        angle = random.uniform(0, np.pi)
        middle = random.uniform((0, 0), (sheet.wide, sheet.high))
        away = (x - middle[0]) * np.cos(angle) + (y - middle[1]) * np.sin(angle)
        side_of = np.where(away > 0, 1, -1) * np.exp(-np.abs(away) / random.uniform(0.05, 0.4))
        sheet.tones *= (1 + depth * random.uniform(0.2, 1) * side_of).astype(np.float32)
