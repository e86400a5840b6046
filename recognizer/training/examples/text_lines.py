"""Composes lines of writing: numbers in one writer's digits, from wide apart to overlapping, with sign and point.

Lengths are in heights of the writer's digits; y is down, and the base line is at 1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from recognizer.datasets.formats import Drawing
from recognizer.numbers.reading import Allow

Array = npt.NDArray[np.float64]
Strokes = list[Array]
Hand = Mapping[str, Sequence[Sequence[Array]]]  # a writer's digits by label; each is about 1 high

LENGTHS = (0.14, 0.16, 0.16, 0.17, 0.12, 0.09, 0.06, 0.04, 0.02, 0.02, 0.01, 0.01)  # shares of 1 to 12 digits; mean 4
REPEATED = 0.08  # share of the texts of one digit, repeated
SIGNED, POINTED = 0.35, 0.5  # shares of the numbers that have a sign, or a point or comma
PLUS = 0.25  # share of the signs
# Gaps between the characters' boxes. Signs and points stand "close" where digits touch: in touch, they would be lost.
BOX_GAPS = {"wide": (0.5, 1.5), "apart": (0.2, 0.6), "natural": (0.06, 0.25), "close": (0.04, 0.2)}
INK_GAPS = {"tight": (0.03, 0.12), "touching": (-0.02, 0.02), "overlapping": (-0.12, -0.03)}  # between ink
GAPS = ("wide", "apart", "natural", *INK_GAPS)
ROWS = 24  # the gap between two characters is measured in each of these rows
DELAYED, JOINED, CORRECTED = 0.12, 0.1, 0.03  # shares of the lines that have such strokes
JOINED_OVER = 1.2  # the farthest that the pen moves over the paper between two digits
UNLIKE = 0.12  # share of the lines with digits of unlike sizes


class Drawn(NamedTuple):
    """A stroke, (n, 2), and the indexes of the characters that it draws: several where the pen was not lifted."""

    points: Array
    owners: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class TextLine:
    """A text, and its strokes in the order in which they are drawn. characters: the strokes of each, cut apart."""

    text: str
    drawn: list[Drawn]
    characters: list[Strokes]


def hands_of(digits: Sequence[Drawing]) -> dict[str, Hand]:
    """Return each writer's digits. Their relative sizes stay: a height of 1 is the median of the writer's digits."""
    hands: dict[str, dict[str, list[Strokes]]] = {}
    for writer in dict.fromkeys(digit.writer for digit in digits):
        own = [digit for digit in digits if digit.writer == writer]
        height = float(np.median([np.ptp(np.concatenate(digit.strokes)[:, 1]) for digit in own]))
        for digit in own:
            strokes = [stroke / max(height, 1e-6) for stroke in digit.strokes]
            hands.setdefault(writer, {}).setdefault(digit.label, []).append(strokes)
    return {writer: hand for writer, hand in hands.items() if len(hand) == 10}


def draw_text(allow: Allow, random: np.random.Generator) -> str:
    """Return digits; for numbers, some with a sign and a point or comma, which has a digit on its right."""
    count = 1 + int(random.choice(len(LENGTHS), p=LENGTHS))
    text = "".join(map(str, random.integers(0, 10, count)))
    if random.random() < REPEATED:
        text = text[0] * count  # such as 11, 000
    if allow == "digits":
        return text
    if random.random() < POINTED:
        place = int(random.integers(count))  # 0 for a number such as .5
        text = text[:place] + str(random.choice([".", ","])) + text[place:]
    if random.random() < SIGNED:
        text = ("+" if random.random() < PLUS else "-") + text
    return text


def compose_line(text: str, hand: Hand, gap: str, random: np.random.Generator) -> TextLine:
    """Write a text in a hand. gap: one of `GAPS`, of all neighbours."""
    slant, slope, drift = random.normal(0, 0.12), random.normal(0, 0.04), random.normal(0, 0.02)
    unlike = random.random() < UNLIKE
    characters: list[Strokes] = []
    right = 0.0
    for index, letter in enumerate(text):
        size = (random.uniform(0.55, 1) if unlike else random.normal(1, 0.06)) + drift * index
        strokes = character(letter, hand, random)
        strokes = [stroke @ np.array([[1.0, 0.0], [-slant, 1.0]]) * max(size, 0.4) for stroke in strokes]
        if characters:
            has_symbol = not text[index - 1 : index + 1].isdigit()
            put_beside(characters[-1], strokes, "close" if has_symbol and gap in INK_GAPS else gap, random)
        else:
            shift(strokes, -left_of(strokes), 0.0)
        right = max(right, max(stroke[:, 0].max() for stroke in strokes))
        shift(strokes, 0.0, random.normal(0, 0.03))
        characters.append(strokes)
    for strokes in characters:
        shift(strokes, 0.0, slope * left_of(strokes))
    return in_order(text, characters, random)


def character(letter: str, hand: Hand, random: np.random.Generator) -> Strokes:
    """Draw one character; a digit stands on the base line."""
    if letter in "-+.,":
        return SYMBOLS[letter](random)
    strokes = hand[letter][int(random.integers(len(hand[letter])))]
    low = max(stroke[:, 1].max() for stroke in strokes)
    return [stroke - [0.0, low - 1.0] for stroke in strokes]


def minus(random: np.random.Generator) -> Strokes:
    wide, level = random.uniform(0.3, 0.75), random.uniform(0.4, 0.68)
    return [
        np.array([[0.0, level], [wide / 2, level + random.normal(0, 0.02)], [wide, level + random.normal(0, 0.04)]])
    ]


def plus(random: np.random.Generator) -> Strokes:
    size, level = random.uniform(0.35, 0.75), random.uniform(0.42, 0.62)
    middle = size * random.uniform(0.4, 0.6)
    tall = size * random.uniform(0.8, 1.25) / 2
    across = np.array([[0.0, level], [size, level + random.normal(0, 0.03)]])
    down = np.array([[middle, level - tall], [middle + random.normal(0, 0.03), level + tall]])
    return [across, down] if random.random() < 0.6 else [down, across]


def point(random: np.random.Generator) -> Strokes:
    """Return a dot on the base line: a single point, a tick or a small ring."""
    kind, size = random.random(), random.uniform(0.02, 0.07)
    start = np.array([0.0, random.uniform(0.92, 1.04)])
    if kind < 0.4:
        return [np.array([start, start + random.normal(0, 0.01, 2)])]
    if kind < 0.7:
        return [np.array([start, start + size * random.uniform(-1, 1, 2)])]
    turn = np.linspace(0, random.uniform(1, 2) * 2 * np.pi, 12)
    return [start + size / 2 * np.stack([np.cos(turn), np.sin(turn)], 1)]


def comma(random: np.random.Generator) -> Strokes:
    """Return a short line down to the left from the base line, straight or bent."""
    tall, wide = random.uniform(0.14, 0.32), random.uniform(0.02, 0.14)
    top = random.uniform(0.86, 1.0)
    bent = random.uniform(0, 0.06)
    return [np.array([[wide, top], [wide + bent, top + tall / 2], [0.0, top + tall]])]


SYMBOLS = {"-": minus, "+": plus, ".": point, ",": comma}


def put_beside(before: Strokes, strokes: Strokes, gap: str, random: np.random.Generator) -> None:
    """Move a character, in place, to the right of the one before."""
    start = max(stroke[:, 0].max() for stroke in before) - left_of(strokes)
    if gap in BOX_GAPS:
        shift(strokes, start + random.uniform(*BOX_GAPS[gap]), 0.0)
        return
    shift(strokes, start, 0.0)
    # A 1 may slip under the bar of a 7, but by no more than a third of its width.
    most = 0.35 * max(np.ptp(np.concatenate(strokes)[:, 0]), 0.1)
    shift(strokes, random.uniform(*INK_GAPS[gap]) - min(ink_gap(before, strokes), most), 0.0)


def ink_gap(before: Strokes, after: Strokes) -> float:
    """Return the least distance along a row between two characters' lines; between their boxes, if they share none."""
    right, left = edges(before)[1], edges(after)[0]
    near = left - np.maximum.reduce([np.roll(right, 1), right, np.roll(right, -1)])
    shared = near[np.isfinite(near)]
    return float(shared.min()) if len(shared) else 0.0


def edges(strokes: Strokes) -> tuple[Array, Array]:
    """Return the leftmost and the rightmost x in each of the rows from −0.5 to 1.5; infinite where there is none."""
    low, high = np.full(ROWS, np.inf), np.full(ROWS, -np.inf)
    for stroke in strokes:
        points = dense(stroke)
        rows = ((points[:, 1] + 0.5) / 2 * ROWS).astype(int).clip(0, ROWS - 1)
        np.minimum.at(low, rows, points[:, 0])
        np.maximum.at(high, rows, points[:, 0])
    return low, high


def dense(stroke: Array) -> Array:
    """Return points along a stroke, at most half a row apart."""
    steps = np.hypot(*np.diff(stroke, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    wanted = np.linspace(0, along[-1], 2 + int(along[-1] * ROWS))
    return np.stack([np.interp(wanted, along, stroke[:, side]) for side in (0, 1)], 1)


def left_of(strokes: Strokes) -> float:
    return float(min(stroke[:, 0].min() for stroke in strokes))


def shift(strokes: Strokes, x: float, y: float) -> None:
    """Move strokes, in place."""
    move = np.array([x, y])
    strokes[:] = [stroke + move for stroke in strokes]


def in_order(text: str, characters: Sequence[Strokes], random: np.random.Generator) -> TextLine:
    """Put the strokes in the order of drawing: some late, some joined to the next digit, some drawn twice."""
    drawn = [Drawn(stroke, (index,)) for index, strokes in enumerate(characters) for stroke in strokes]
    digits = [index for index, letter in enumerate(text) if letter.isdigit()]
    if digits and random.random() < CORRECTED:
        again = int(random.choice(digits))
        drawn += [Drawn(stroke + random.normal(0, 0.03, 2), (again,)) for stroke in characters[again]]
    if random.random() < JOINED:
        drawn = join(drawn, text, random)
    elif random.random() < DELAYED:
        drawn = delay(drawn, len(text), random)
    return TextLine(text, drawn, list(characters))


def join(drawn: Sequence[Drawn], text: str, random: np.random.Generator) -> list[Drawn]:
    """Join strokes of neighbouring digits where the pen may have stayed on the paper."""
    joined = [drawn[0]]
    for stroke in drawn[1:]:
        before = joined[-1]
        first, second = before.owners[-1], stroke.owners[0]
        are_neighbours = second == first + 1 and text[first : second + 1].isdigit()
        is_near = np.hypot(*(stroke.points[0] - before.points[-1])) < JOINED_OVER
        if are_neighbours and is_near and random.random() < 0.5:
            points = np.concatenate([before.points, stroke.points])
            joined[-1] = Drawn(points, (*before.owners, *stroke.owners))
        else:
            joined.append(stroke)
    return joined


def delay(drawn: Sequence[Drawn], count: int, random: np.random.Generator) -> list[Drawn]:
    """Draw the last stroke of some digits, such as the hat of a 5, after the next digit or at the end."""
    later = count if random.random() < 0.3 else 1
    last = {stroke.owners: place for place, stroke in enumerate(drawn)}
    first = {stroke.owners: place for place, stroke in reversed(list(enumerate(drawn)))}
    turns = []
    for place, stroke in enumerate(drawn):
        is_late = place == last[stroke.owners] > first[stroke.owners] and random.random() < 0.6
        turns.append((stroke.owners[0] + (later + 0.5) * is_late, place))
    return [drawn[place] for _, place in sorted(turns)]
