"""What lies beside the paper in a photo: the desk, other paper, holes, a finger."""

from dataclasses import replace

import numpy as np

from recognizer.evaluation.situations.cameras import Picture, phone, photograph, sharp
from recognizer.evaluation.situations.papers import add_texture, paper
from recognizer.evaluation.situations.pens import any_pen, dark_pen, write_digit
from recognizer.evaluation.situations.sheet import BEYOND, Cover, Sheet, blur

FAR = 1.0  # beyond all edges of the sheet
DARK, ANY = (8, 110), (8, 240)  # tones of desks
PHOTOS = ((1.0, 1.0), (4 / 3, 1.0), (1.0, 4 / 3), (16 / 9, 1.0), (1.0, 16 / 9))  # wide, high


def page_edge_on_a_dark_desk(random: np.random.Generator, digit: int) -> Picture:
    """A desk along one side of the picture."""
    return _page(random, digit, 1, DARK, (0.15, 0.45))


def page_edge_with_a_small_digit(random: np.random.Generator, digit: int) -> Picture:
    """A desk along one side or two; the digit has 6 to 14 % of the picture's height."""
    return _page(random, digit, int(random.integers(1, 3)), DARK, (0.06, 0.14))


def page_corner_on_a_dark_desk(random: np.random.Generator, digit: int) -> Picture:
    return _page(random, digit, 2, DARK, (0.12, 0.4))


def page_edge_on_any_desk(random: np.random.Generator, digit: int) -> Picture:
    """The desk may be as light as the paper, or lighter."""
    return _page(random, digit, int(random.integers(1, 4)), ANY, (0.12, 0.45))


def note_on_a_dark_desk(random: np.random.Generator, digit: int) -> Picture:
    """A white note with the desk all around; the digit has 20 to 60 % of the note's height."""
    return _note(random, digit, DARK, (170, 250))


def sticky_note_on_any_desk(random: np.random.Generator, digit: int) -> Picture:
    """A note of any tone on a desk of any other tone."""
    return _note(random, digit, ANY, (90, 240))


def spiral_binding(random: np.random.Generator, digit: int) -> Picture:
    """Holes and wires along one edge."""
    size = random.uniform(0.15, 0.45)
    sheet = paper(random, size)
    edge, step, radius = random.uniform(0.03, 0.12), random.uniform(0.04, 0.1), random.uniform(0.01, 0.018)
    rows = np.arange(-BEYOND, 1 + BEYOND, step)
    holes = sheet.discs((edge, y, radius) for y in rows)
    wires = sheet.lines([((edge, y), (edge - 0.2, y - step / 3)) for y in rows], radius * 0.8)
    sheet.darken(holes, 0.85)
    sheet.paint(wires, random.uniform(20, 200))
    return _write(sheet, random, digit, size, (edge + radius + 0.03, 0, sheet.wide, sheet.high))


def punched_holes(random: np.random.Generator, digit: int) -> Picture:
    """One or two holes near an edge, through which the desk shows."""
    size = random.uniform(0.2, 0.45)
    sheet = paper(random, size)
    radius, x = random.uniform(0.025, 0.06), random.uniform(0.07, 0.13)
    rows = [random.uniform(0.1, 0.3), random.uniform(0.7, 0.9)][: random.integers(1, 3)]
    holes = sheet.discs((x, y, radius) for y in rows)
    sheet.paint(holes, random.uniform(10, 130))
    return _write(sheet, random, digit, size, (x + radius + 0.03, 0, sheet.wide, sheet.high))


def finger_at_the_edge(random: np.random.Generator, digit: int) -> Picture:
    """A thumb holds the paper, or lies on the lens: sharp or blurred."""
    size = random.uniform(0.2, 0.45)
    sheet = paper(random, size)
    x, y, reach = random.uniform(0.15, 0.85), random.uniform(0.0, 0.12), random.uniform(0.08, 0.18)
    thumb = sheet.cover(lambda pencil: pencil.line([(x + random.uniform(-0.2, 0.2), y - 1), (x, y)], 2 * reach))
    thumb = blur(thumb, random.choice([0.003, 0.02]) * sheet.unit)
    across, _ = sheet.grid()
    shade = 1 - 0.5 * (np.abs(across - x) / reach).clip(0, 1) ** 2
    sheet.paint(thumb, (random.uniform(90, 190) * shade).astype(np.float32))
    room = (0.0, y + reach + 0.02, 1.0, 1.0)
    if random.random() < 0.5:
        sheet.tones, room = sheet.tones[::-1], (0.0, 0.0, 1.0, 1 - y - reach - 0.02)
    return _write(sheet, random, digit, size, room)


def pen_beside(random: np.random.Generator, digit: int) -> Picture:
    """A pen or ruler lies on the paper and leaves the picture."""
    size = random.uniform(0.25, 0.45)
    sheet = paper(random, size)
    x, lean, width = random.uniform(0.03, 0.14), random.uniform(-0.06, 0.06), random.uniform(0.04, 0.12)
    body = sheet.lines([((x - lean, -1), (x + lean, 2))], width)
    sheet.darken(np.roll(blur(body, 0.01 * sheet.unit), int(0.01 * sheet.unit), 1), 0.25)
    across, _ = sheet.grid()
    sheet.paint(body, (random.uniform(20, 200) * (1 + 2 * (across - x))).clip(0, 250).astype(np.float32))
    return _write(sheet, random, digit, size, (x + width + abs(lean) + 0.02, 0, 1, 1))


def _page(
    random: np.random.Generator, digit: int, sides: int, tones: tuple[int, int], sizes: tuple[float, float]
) -> Picture:
    """A page that ends within the picture at some sides. sizes: of the digit, in heights of the picture."""
    wide, high = PHOTOS[random.integers(len(PHOTOS))]
    size = random.uniform(*sizes) * high
    sheet = paper(random, size, wide, high)
    left, top, right, bottom = _edges(random, sides, wide, high)
    corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)]) + random.normal(0, 0.008, (4, 2))
    lay_desk(sheet, sheet.polygon(corners), random, tones)
    edges = (max(left, 0) + 0.02, max(top, 0) + 0.02, min(right, wide) - 0.02, min(bottom, high) - 0.02)
    return _write(sheet, random, digit, size, edges)


def _edges(random: np.random.Generator, sides: int, wide: float, high: float) -> list[float]:
    """Return left, top, right, bottom of a page; as many of them as `sides` are within the picture."""
    edges, shares = [-FAR, -FAR, wide + FAR, high + FAR], random.uniform(0.015, 0.22, 4)
    for side in random.permutation(4)[:sides]:
        share = shares[side] * (wide if side % 2 == 0 else high)
        edges[side] = (share, share, wide - share, high - share)[side]
    return edges


def _note(random: np.random.Generator, digit: int, desks: tuple[int, int], notes: tuple[int, int]) -> Picture:
    side, share = random.uniform(0.35, 0.95), random.uniform(0.2, 0.6)
    size = side * share
    sheet = paper(random, size)
    sheet.tones *= random.uniform(*notes) / float(sheet.tones.mean())
    turn = np.deg2rad(random.uniform(-9, 9))
    half, middle = side / 2, 0.5 + random.uniform(-0.5, 0.5, 2) * (1 - side) * 0.7
    turning = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    corners = np.array([(-half, -half), (half, -half), (half, half), (-half, half)]) * (1, random.uniform(0.75, 1))
    lay_desk(sheet, sheet.polygon(corners @ turning + middle), random, desks)
    x, y = middle + random.uniform(-0.5, 0.5, 2) * side * max(0.0, 0.7 - share - 0.15)
    write_digit(sheet, digit, dark_pen(random), random, float(x), float(y), size)
    return photograph(sheet, sharp(phone(random), size), random)


def lay_desk(sheet: Sheet, page: Cover, random: np.random.Generator, tones: tuple[int, int]) -> None:
    """Put a desk around the page: plain or with a grain, and the page's shadow on it."""
    desk = Sheet(_other_tone(float(sheet.tones.mean()), random, tones), sheet.side_px, sheet.wide, sheet.high)
    add_texture(desk, random)
    if random.random() < 0.5:
        _, y = desk.grid()
        along = y + 0.08 * desk.noise(random, 0.5)
        desk.tones *= 1 + random.uniform(0.02, 0.15) * np.sin(along * random.uniform(30, 120)).astype(np.float32)
    reach = int(random.uniform(0, 0.02) * sheet.unit)
    desk.darken(np.roll(blur(page, 0.01 * sheet.unit), (reach, reach), (0, 1)), random.uniform(0, 0.5))
    sheet.tones = page * sheet.tones + (1 - page) * desk.tones


def _other_tone(paper_tone: float, random: np.random.Generator, tones: tuple[int, int]) -> float:
    """Return a tone that differs from the paper's, so that an edge can be seen."""
    while abs((tone := random.uniform(*tones)) - paper_tone) < 25:
        pass
    return tone


def _write(
    sheet: Sheet, random: np.random.Generator, digit: int, size: float, edges: tuple[float, float, float, float]
) -> Picture:
    """Write somewhere within these edges: left, top, right, bottom."""
    left, top, right, bottom = edges
    room = np.maximum(0, np.array([right - left, bottom - top]) - 1.15 * size - 0.08)
    x, y = np.array([left + right, top + bottom]) / 2 + random.uniform(-0.5, 0.5, 2) * room
    pen = replace(any_pen(random), dark=random.uniform(0.5, 0.9))
    write_digit(sheet, digit, pen, random, float(x), float(y), size)
    return photograph(sheet, sharp(phone(random), size), random)


READ = (
    page_edge_on_a_dark_desk,
    page_edge_with_a_small_digit,
    page_corner_on_a_dark_desk,
    page_edge_on_any_desk,
    note_on_a_dark_desk,
    sticky_note_on_any_desk,
    spiral_binding,
    punched_holes,
    finger_at_the_edge,
)
EITHER = (pen_beside,)
