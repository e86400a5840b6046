"""Lines of writing of our own, and what a line network may say of each place along one."""

import numpy as np
import numpy.typing as npt

from recognizer.numbers.search import BLANK, CHARACTERS
from recognizer.prediction import Box
from tests.golden.apart import beside, move
from tests.golden.drawings import DIGITS, Drawing

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


def rows_of_chances(chances: Chances) -> npt.NDArray[np.float64]:
    """Return (T, 16) float32 chances, as a network gives them."""
    rows = np.zeros((len(chances), 1 + len(CHARACTERS)), np.float32)
    for row, place in zip(rows, chances, strict=True):
        for character, chance in place.items():
            row[1 + CHARACTERS.index(character)] = chance
        row[BLANK] = 1 - row.sum()
    return rows.astype(np.float64)
