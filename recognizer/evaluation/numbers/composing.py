"""Composes numbers of one writer's digits: as strokes, on canvases, and of MNIST's pictures. Knows no network.

Lengths are in heights of the writer's digits; y is down, and the base line is at 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from recognizer.datasets.formats import Drawing

Array = npt.NDArray[np.float64]
Picture = npt.NDArray[np.uint8]
Hand = Mapping[str, Sequence[Sequence[Array]]]  # a writer's digits by label, each 1 high

LENGTH_SHARES = (0.06, 0.14, 0.2, 0.22, 0.16, 0.1, 0.07, 0.05)  # of 1 to 8 digits; mean 4
BOX_GAPS = {"apart": (0.25, 0.7), "natural": (0.06, 0.25)}  # between the digits' boxes
INK_GAPS = {"tight": (0.02, 0.12), "touching": (-0.03, 0.0)}  # between their lines, along any row
ROW = 0.04  # height of the rows in which lines are compared
FINER = 4  # times: drawn larger and shrunk, for antialiasing
MNIST_HEIGHT = 20  # px


@dataclass(frozen=True)
class Number:
    """A text and its strokes, in the order of writing."""

    text: str
    strokes: list[Array]


def hands_of(pens: Sequence[Drawing]) -> list[Hand]:
    """Return the digits of each writer who wrote all ten, 1 high: each was written in a box of its own, at any size."""
    hands: list[Hand] = []
    for writer in dict.fromkeys(pen.writer for pen in pens):
        hand: dict[str, list[list[Array]]] = {}
        for pen in pens:
            if pen.writer == writer:
                height = float(np.ptp(np.concatenate(pen.strokes)[:, 1]))
                hand.setdefault(pen.label, []).append([stroke / max(height, 1e-6) for stroke in pen.strokes])
        hands += [hand] if len(hand) == 10 else []
    return hands


def draw_digits(random: np.random.Generator) -> str:
    count = 1 + int(random.choice(len(LENGTH_SHARES), p=LENGTH_SHARES))
    return "".join(map(str, random.integers(0, 10, count)))


def draw_number(random: np.random.Generator) -> str:
    """Return a number with a sign, a point or comma, or both; each is within the number, or before its last digit."""
    digits = draw_digits(random)
    kind = random.integers(3)
    if kind and len(digits) > 1:
        place = int(random.integers(1, len(digits)))
        digits = digits[:place] + str(random.choice([".", ","])) + digits[place:]
    return digits if kind == 1 and len(digits) > 1 else str(random.choice(["-", "-", "+"])) + digits


def compose(text: str, hand: Hand, gap: str, random: np.random.Generator) -> Number:
    """Write a text in a hand. gap: of `BOX_GAPS` or `INK_GAPS`, or "mixed": as it comes, and some strokes late."""
    slope = random.normal(0, 0.03)
    strokes: list[Array] = []
    late: list[Array] = []
    right, before = 0.0, np.zeros((0, 2))
    for index, letter in enumerate(text):
        character = [stroke + np.array([0.0, random.normal(0, 0.02)]) for stroke in write(letter, hand, random)]
        beside_sign = not text[max(index - 1, 0) : index + 1].isdigit()
        here = str(random.choice(["apart", "natural", "natural", "tight"])) if gap == "mixed" else gap
        points = dense(character)
        if index:
            move = move_beside(before, right, points, "natural" if beside_sign and here in INK_GAPS else here, random)
        else:
            move = -float(points[:, 0].min())
        character = [stroke + np.array([move, slope * right]) for stroke in character]
        before = dense(character)
        right = max(right, float(before[:, 0].max()))
        has_late = gap == "mixed" and len(character) > 1 and random.random() < 0.1
        strokes += character[:-1] if has_late else [*character, *late]
        late = character[-1:] if has_late else []
    return Number(text, [*strokes, *late])


def write(letter: str, hand: Hand, random: np.random.Generator) -> list[Array]:
    """Return one character's strokes, its foot on the base line."""
    match letter:
        case "-":
            return [np.array([[0, -0.45], [random.uniform(0.3, 0.6), random.normal(-0.45, 0.03)]])]
        case "+":
            size = random.uniform(0.4, 0.65)
            across = np.array([[0, -0.48], [size, random.normal(-0.48, 0.02)]])
            return [across, np.array([[size / 2, -0.48 - size / 2], [size / 2, -0.48 + size / 2]])]
        case ".":
            return [np.array([[0, 0], [random.uniform(0, 0.04), random.uniform(0, 0.04)]]) - [0, 0.03]]
        case ",":
            return [np.array([[random.uniform(0.05, 0.12), -0.05], [0, random.uniform(0.12, 0.22)]])]
        case _:
            size = random.normal(1, 0.1)
            strokes = [stroke * size for stroke in hand[letter][int(random.integers(len(hand[letter])))]]
            return [stroke - [0, np.concatenate(strokes)[:, 1].max()] for stroke in strokes]


def move_beside(before: Array, right: float, points: Array, gap: str, random: np.random.Generator) -> float:
    """Return how far to move a character to the right of the one before. before, points: of `dense`, (n, 2)."""
    start = float(points[:, 0].min())
    if gap in BOX_GAPS:
        return right + random.uniform(*BOX_GAPS[gap]) - start
    ends = {int(y // ROW): x for x, y in sorted(before.tolist())}
    starts = {int(y // ROW): x for x, y in sorted(points.tolist(), reverse=True)}
    rows = [row for row in starts if any(row + near in ends for near in (-1, 0, 1))]
    touching = [max(ends.get(row + near, -9.0) for near in (-1, 0, 1)) - starts[row] for row in rows]
    wide = float(np.ptp(points[:, 0]))
    least: float = max([*touching, right - start - 0.3 * wide])
    return least + random.uniform(*INK_GAPS[gap])


def dense(strokes: Sequence[Array]) -> Array:
    """Return points along all strokes, less than a row apart."""
    parts = []
    for stroke in strokes:
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(stroke, axis=0).T))])
        wanted = np.linspace(0, along[-1], 2 + int(2 * along[-1] / ROW))
        parts.append(np.stack([np.interp(wanted, along, stroke[:, axis]) for axis in (0, 1)], 1))
    return np.concatenate(parts)


def draw_canvas(number: Number, random: np.random.Generator) -> Picture:
    """Draw a number with a round pen, dark on light or light on dark: digits of 40 to 140 px, some paper around."""
    height = random.uniform(40, 140)
    pen = height * random.uniform(0.05, 0.13)
    every = np.concatenate(number.strokes)
    low, size = every.min(0), np.ptp(every, axis=0)
    margin = pen + height * random.uniform(0.15, 0.6, 2)
    wide, high = np.ceil(size * height + 2 * margin).astype(int).tolist()
    sheet = Image.new("L", (wide * FINER, high * FINER), 0)
    brush = ImageDraw.Draw(sheet)
    for stroke in number.strokes:
        points = [(float(x), float(y)) for x, y in ((stroke - low) * height + margin) * FINER]
        brush.line(points, 255, round(pen * FINER))
        for x, y in points:
            brush.ellipse([x - pen * FINER / 2, y - pen * FINER / 2, x + pen * FINER / 2, y + pen * FINER / 2], 255)
    cover = np.asarray(sheet.reduce(FINER))
    return 255 - cover if random.random() < 0.7 else cover


def compose_mnist(text: str, digits: Mapping[str, Sequence[Picture]], gap: str, random: np.random.Generator) -> Picture:
    """Put MNIST's pictures beside each other, light on dark. gap: "natural" or "tight"."""
    low, high = {"natural": (0.06, 0.25), "tight": (0.0, 0.08)}[gap]
    canvas = np.zeros((44, 30 * (len(text) + 1)), np.uint8)
    right = 8
    for letter in text:
        picture = digits[letter][int(random.integers(len(digits[letter])))]
        rows, columns = (np.flatnonzero((picture > 60).any(axis)) for axis in (1, 0))
        ink = picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        top = 34 - len(ink) + int(random.integers(-1, 2))
        spot = canvas[top : top + len(ink), right : right + ink.shape[1]]
        np.maximum(spot, ink[:, : spot.shape[1]], out=spot)
        right += ink.shape[1] + round(MNIST_HEIGHT * random.uniform(low, high))
    return canvas[:, : right + 8]
