"""Scans, copies and faxes."""

from dataclasses import replace

import numpy as np
from PIL import Image

from recognizer.evaluation.situations.cameras import Picture, any_camera, photograph, scanner
from recognizer.evaluation.situations.cells import table_cell
from recognizer.evaluation.situations.desks import FAR, lay_desk
from recognizer.evaluation.situations.forms import box
from recognizer.evaluation.situations.papers import paper
from recognizer.evaluation.situations.pens import any_pen, any_point, dark_pen, somewhere, write_digit
from recognizer.evaluation.situations.sheet import Field, Sheet, rectangle


def black_scanner_border(random: np.random.Generator, digit: int) -> Picture:
    """One to four black sides, the page a little oblique."""
    size = random.uniform(0.2, 0.5)
    sheet = paper(random, size)
    edges = [0.0 - FAR, 0.0 - FAR, 1 + FAR, 1 + FAR]
    for side in random.permutation(4)[: random.integers(1, 5)]:
        edges[side] = random.uniform(0.01, 0.1) if side < 2 else 1 - random.uniform(0.01, 0.1)
    page = sheet.polygon(np.array(rectangle(*edges)) + random.normal(0, 0.008, (4, 2)))
    lay_desk(sheet, page, random, (0, 30))
    write_digit(sheet, digit, any_pen(random), random, *any_point(random, 0.4, 0.6), size)
    return photograph(sheet, scanner(random), random)


def black_and_white_scan(random: np.random.Generator, digit: int) -> Picture:
    """A fax: one bit a pixel, with rough edges."""
    sheet, _ = _written(random, digit, (40, 400))
    return to_one_bit(photograph(sheet, scanner(random), random), random)


def black_and_white_box(random: np.random.Generator, digit: int) -> Picture:
    return to_one_bit(box(random, digit), random)


def black_and_white_cell(random: np.random.Generator, digit: int) -> Picture:
    return to_one_bit(table_cell(random, digit), random)


def fax(random: np.random.Generator, digit: int) -> Picture:
    """One bit, half the resolution downwards, with lost rows and specks."""
    sheet, _ = _written(random, digit, (60, 300))
    bits = to_one_bit(photograph(sheet, scanner(random), random), random)
    bits = np.repeat(bits[::2], 2, 0)
    bits[random.random(bits.shape) < random.uniform(0, 0.006)] ^= 255
    return bits


def dithered(random: np.random.Generator, digit: int) -> Picture:
    """Gray turned into black and white dots."""
    sheet, _ = _written(random, digit, (80, 500))
    sheet.tones = np.minimum(sheet.tones * 1.2, 250)
    gray = Image.fromarray(photograph(sheet, scanner(random), random))
    return np.asarray(gray.convert("1").convert("L"))


def copy_of_a_copy(random: np.random.Generator, digit: int) -> Picture:
    """Hard contrast, dirt and streaks."""
    sheet, _ = _written(random, digit, (60, 800))
    places = random.uniform(0, 1, (random.integers(5, 40), 2))
    dots = sheet.discs((x, y, 0.003) for x, y in places)
    sheet.darken(dots, random.uniform(0.3, 0.9))
    streak = sheet.lines([((x := random.uniform(0, 1), -1), (x, 2))], 0.004)
    sheet.darken(streak, random.uniform(0, 0.25))
    picture = photograph(sheet, scanner(random), random).astype(np.float32)
    middle = np.median(picture) * random.uniform(0.6, 0.8)
    copied: Picture = np.rint(255 / (1 + np.exp(-(picture - middle) / random.uniform(6, 20)))).astype(np.uint8)
    return copied


def negative(random: np.random.Generator, digit: int) -> Picture:
    """A scan with its tones inverted."""
    sheet, _ = _written(random, digit, (28, 800))
    return 255 - photograph(sheet, scanner(random), random)


def book_fold(random: np.random.Generator, digit: int) -> Picture:
    """The dark fold of an open book along one side."""
    size = random.uniform(0.2, 0.5)
    sheet = paper(random, size)
    x, _ = sheet.grid()
    width = random.uniform(0.03, 0.1)
    sheet.tones *= 1 - random.uniform(0.4, 0.9) * np.exp(-((x / width) ** 2))
    write_digit(sheet, digit, dark_pen(random), random, random.uniform(0.5, 0.65), random.uniform(0.4, 0.6), size)
    return photograph(sheet, scanner(random), random)


def enlarged_from_a_tiny_picture(random: np.random.Generator, digit: int) -> Picture:
    """A picture of 24 to 48 px, enlarged to blocks or smoothly."""
    sheet, _ = _written(random, digit, (24, 48))
    tiny = Image.fromarray(photograph(sheet, scanner(random), random))
    times = int(random.integers(4, 16))
    smooth = random.random() < 0.5
    way = Image.Resampling.BICUBIC if smooth else Image.Resampling.NEAREST
    return np.asarray(tiny.resize((tiny.width * times, tiny.height * times), way))


def padded_to_a_square(random: np.random.Generator, digit: int) -> Picture:
    """Bars of one tone at two sides, as apps add them."""
    longer = random.uniform(1.2, 2)
    wide, high = (longer, 1.0) if random.random() < 0.5 else (1.0, longer)
    sheet, size = paper(random, 0.4, wide, high), random.uniform(0.4, 0.7)
    write_digit(sheet, digit, any_pen(random), random, *somewhere(sheet, random, size), size)
    picture = photograph(sheet, any_camera(random), random)
    side = max(picture.shape)
    square = np.full((side, side), random.choice([0, 0, 128, 255]), np.uint8)
    top, left = ((side - part) // 2 for part in picture.shape)
    square[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
    return square


def to_one_bit(picture: Picture, random: np.random.Generator) -> Picture:
    """Turn into black and white, at a limit that differs for dark and light parts of the paper."""
    gray = picture.astype(np.float32)
    around = _local_paper(picture)
    return np.where(gray < around * random.uniform(0.72, 0.86), 0, 255).astype(np.uint8)


def _local_paper(picture: Picture) -> Field:
    """Return the tone of the paper around each pixel."""
    small = Image.fromarray(picture).resize((8, 8), Image.Resampling.BOX)
    return np.asarray(small.resize(picture.shape[::-1], Image.Resampling.BICUBIC), np.float32)


def _written(random: np.random.Generator, digit: int, sides_px: tuple[int, int]) -> tuple[Sheet, float]:
    size = random.uniform(0.4, 0.75)
    sheet = Sheet(random.uniform(190, 250), round(random.uniform(*sides_px)))
    pen = replace(dark_pen(random), width=random.uniform(0.05, 0.12))
    write_digit(sheet, digit, pen, random, *somewhere(sheet, random, size), size)
    return sheet, size


READ = (
    black_scanner_border,
    black_and_white_scan,
    black_and_white_box,
    black_and_white_cell,
    fax,
    dithered,
    copy_of_a_copy,
    negative,
    book_fold,
    enlarged_from_a_tiny_picture,
    padded_to_a_square,
)
