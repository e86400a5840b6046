"""Lines of writing of our own, and what a line network may say of each place along one."""

from collections.abc import Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

from recognizer.numbers.search import BLANK, CHARACTERS
from recognizer.numbers.weighing import Candidate, Weights
from recognizer.prediction import Box
from tests.golden.apart import beside, move
from tests.golden.drawings import DIGITS, Drawing
from tests.golden.rendering import Gray, render

Chances = list[dict[str, float]]  # at each place, the chance of each character; the rest is the blank's

POINT: Drawing = [[[112.0, 150.0]]]
MINUS: Drawing = [[[0.0, 90.0], [60.0, 88.0]]]
TINY: Drawing = [[[x * 1e-4, y * 1e-4] for x, y in stroke] for stroke in beside("8 in one stroke", "1 bar", step=90)]

LINES: dict[str, Drawing] = {
    "7": DIGITS["7 crossed"],
    "-5, its hat last": [*MINUS, *move(DIGITS["5 with a hat"], 80, 0)[::-1]],
    "3.1": [*DIGITS["3 round"], *POINT, *move(DIGITS["1 bar"], 60, 0)],
    "81 in ten-thousandths": TINY,
}

CHANCES: dict[str, Chances] = {
    "nothing": [{}, {}, {}],
    "one 7": [{}, {"7": 0.99995}, {"7": 0.6}, {}],
    "1 or 7": [{}, {"1": 0.5, "7": 0.5}, {}],
    "44 and 4": [{"4": 0.9}, {"4": 0.8}, {"4": 0.1}, {"4": 0.7}, {}, {"-": 0.2, ".": 0.3}],
    "more than the beams hold": [{"1": 0.3, "7": 0.3, "4": 0.2}] * 6,
    "a letter after 12": [{"1": 0.97}, {}, {"2": 0.9, "7": 0.05}, {}, {"?": 0.8, "5": 0.1}],
}

ROWS: dict[str, list[Box]] = {
    "one line that rises": [(8.0 * at, -2.5 * at, 8.0 * at + 6, 10 + at % 3 - 2.5 * at) for at in range(9)],
    "two lines, the lower first": [(0, 20, 6, 30), (0, 0, 6, 10), (8, 21, 14, 31), (8, 1, 14, 11)],
    "hat, point and minus": [
        (0, 0, 6, 10),
        (8, 0, 14, 10),
        (0, 20, 6, 30),
        (0, -3, 5, -1),
        (15, 9, 16, 10),
        (-8, 25, -3, 26),
    ],
    "only dots": [(0, 0, 0, 0), (3, 0, 3, 0)],
}

WEIGHTS = Weights(
    digits=1.2,
    least=0.05,
    cut_digits=0.8,
    cut_least=0.15,
    symbol=-1.5,
    bias=0.7,
    lead=0.8,
    doubt=1.3,
    found=0.1,
    beside=0.6,
    sure=0.96,
)

# Each with the line network's chance, the digit network's for digits that stand alone and for those that were cut off,
# and 1 if a stroke stands beside a digit.
Texts = list[tuple[str, float, list[float], list[float], int]]

WEIGHED: dict[str, Texts] = {
    "one text": [("7", 0.98, [0.999], [], 0)],
    "the digit network chooses another": [("17", 0.6, [], [0.2, 0.3], 0), ("4", 0.4, [0.99], [], 0)],
    "two alike": [("1", 0.5, [0.7], [], 0), ("7", 0.5, [0.7], [], 0)],
    "signs and other writing": [
        ("-3.5", 0.9, [0.95], [0.9], 0),
        ("?", 0.05, [], [], 0),
        ("+35", 0.0, [0.9, 0.9], [], 0),
    ],
    "a point beside a digit": [("35", 0.9, [0.9, 0.99], [], 1), ("3.5", 0.1, [0.95, 0.99], [], 0)],
}

TALL: Drawing = [[[0.0, 0.0], [0.0, 26.0]]]  # as high as a line's writing: the units are px
WAVE: Drawing = [[[0.0, 0.0], [4.0, 26.0], [22.0, 0.0], [26.0, 26.0], [44.0, 0.0], [50.0, 24.0], [66.0, 2.0]]]

CUT: dict[str, tuple[Drawing, list[float]]] = {
    "strokes apart, the last first": ([*move(TALL, 40, 0), *TALL, *move(TALL, 20, 0)], [8, 28, 48]),
    "a bar, 0.7 of it at one": ([*TALL, *move(TALL, 20, 0), [[-6.0, 13.0], [17.0, 11.0]]], [14, 34.5]),
    "one stroke for two": ([[[0.0, 0.0], [2.0, 26.0], [18.0, 20.0], [20.0, 0.0]], *move(TALL, 36, 0)], [8, 28, 44]),
    "a wave over four": (WAVE, [9, 30, 50, 72.5]),
    "nine strokes between two": (
        [*TALL, *move(TALL, 30, 0), *([[12.0, 3.0 * row], [18.5, 3.0 * row]] for row in range(8))],
        [8, 38],
    ),
    "a dot on the middle": ([*TALL, *move(TALL, 20, 0), [[10.0, 25.0]]], [8, 28]),
    "a dot beside a line": ([*TALL, *move(TALL, 20, 0), [[3.0, 25.0]]], [8, 28]),
}

EDGES: dict[str, tuple[Gray, int]] = {
    "more pixels than stretches": ((np.arange(11 * 13) ** 2 % 251).astype(np.uint8).reshape(11, 13), 2),
    "fewer pixels than stretches": (np.array([[9, 200, 30], [7, 1, 255]], np.uint8), 1),
    "no margin": (np.array([[9, 200, 30]], np.uint8), 0),
}


def in_cells(drawing: Drawing, cells: int, open_at_top: bool = False) -> Drawing:
    """Put digits that are 120 apart into cells of a form, or of a comb."""
    left, right, top, bottom = -10.0, 120.0 * cells - 10, -25.0, 170.0
    across = [[[left, y], [right, y]] for y in ([bottom] if open_at_top else [top, bottom])]
    return [*drawing, *across, *([[left + 120.0 * at, top], [left + 120.0 * at, bottom]] for at in range(cells + 1))]


PAIR = beside("8 in one stroke", "1 bar", step=120)
RULE: Drawing = [[[-40.0, 185.0], [330.0, 178.0]], [[60.0, 165.0], [60.0, 200.0]]]


def small(drawing: Drawing) -> Gray:
    """Draw light on black, 32 px wide."""
    return render(drawing, 32, 31, 1, paper=0, ink=255)


FURNITURE: dict[str, Gray] = {
    "two digits in cells": small(in_cells(PAIR, 2)),
    "two digits in a comb": small(in_cells(PAIR, 2, open_at_top=True)),
    "a line below, with a tick": small([*PAIR, *RULE]),
    "a minus is no line": small([*move(MINUS, -70, 0), *DIGITS["1 bar"]]),
    "a 7 over a 1 is no frame": small([*DIGITS["7 plain"], [[22.0, 60.0], [20.0, 120.0]]]),
}


Places = tuple[int, int, int, int]  # top, left, bottom, right

LINE: Box = (20, 6, 34, 18)  # of two upright strokes that were kept
KEPT: list[Places] = [(6, 21, 18, 23), (6, 30, 18, 32)]
FRAME: Places = (2, 14, 22, 15)
# What was taken away beside them.
TAKEN: dict[str, list[Places]] = {
    "a frame's line": [FRAME],
    "a frame's line and a stroke beside it": [FRAME, (7, 17, 17, 18)],
    "a digit on a frame's line": [(2, 40, 22, 41), (8, 36, 16, 40)],
    "a stroke in few rows": [FRAME, (7, 17, 9, 18)],
    "a desk": [(0, 0, 24, 16)],
    "nothing": [],
}


def inked(places: Sequence[Places]) -> npt.NDArray[np.bool_]:
    """Return a picture of 24 × 56 px with ink in these places."""
    ink = np.zeros((24, 56), bool)
    for top, left, bottom, right in places:
        ink[top:bottom, left:right] = True
    return ink


def ink_lines() -> dict[str, tuple[Gray, int]]:
    """Ink from 0 to 255, light on black, and the most cells along its longer side."""
    seven = render(DIGITS["7 crossed"], 36, 34, 2.5, paper=0, ink=200)[:, 7:29]
    noise = (np.arange(seven.size) * 7 % 13).astype(np.uint8).reshape(seven.shape)
    low = render(DIGITS["1 bar"], 16, 14, 2, paper=0, ink=255)[:, 5:11]
    low[12:14, 4:] = 255
    return {
        "a high 7, pale, with noise": (np.maximum(seven, noise), 512),
        "a low 1 and a point in large cells": (low, 6),
    }


def candidates_of(texts: Texts) -> list[Candidate]:
    return [
        Candidate(text, chance, tuple(alone), tuple(cut), bool(beside)) for text, chance, alone, cut, beside in texts
    ]


def flat(ways: list[list[list[list[float]]]]) -> list[float]:
    """Return the numbers of each piece, after the number of pieces of each character."""
    return [number for way in ways for pieces in way for number in (len(pieces), *chain(*pieces))]


def rows_of_chances(chances: Chances) -> npt.NDArray[np.float64]:
    """Return (T, 16) float32 chances, as a network gives them."""
    rows = np.zeros((len(chances), 1 + len(CHARACTERS)), np.float32)
    for row, place in zip(rows, chances, strict=True):
        for character, chance in place.items():
            row[1 + CHARACTERS.index(character)] = chance
        row[BLANK] = 1 - row.sum()
    return rows.astype(np.float64)
