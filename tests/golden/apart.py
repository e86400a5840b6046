"""Drawings of our own whose parts stand apart: several digits, and digits of several strokes."""

import numpy as np

from recognizer.prediction import Box
from tests.golden.drawings import DIGITS, OTHERS, Drawing, arc
from tests.golden.rendering import Gray, render


def move(drawing: Drawing, right: float, down: float, size: float = 1) -> Drawing:
    return [[[round(x * size + right, 1), round(y * size + down, 1)] for x, y in stroke] for stroke in drawing]


def beside(*names: str, step: float = 120) -> Drawing:
    return [stroke for place, name in enumerate(names) for stroke in move(DIGITS[name], place * step, 0)]


def right(box: Box, step: float) -> Box:
    return box[0] + step, box[1], box[2] + step, box[3]


def down(box: Box, step: float) -> Box:
    return box[0], box[1] + step, box[2], box[3] + step


def above(*names: str, step: float = 170) -> Drawing:
    return [stroke for place, name in enumerate(names) for stroke in move(DIGITS[name], 0, place * step)]


SEVERAL: dict[str, Drawing] = {
    "81": beside("8 in one stroke", "1 bar", step=90),
    "10": beside("1 bar", "0 round", step=60),
    "47, far apart": beside("4 open", "7 crossed", step=300),
    "2 above 3": above("2 plain", "3 round"),
    "7 and 4, a little apart": beside("7 crossed", "4 closed", step=90),
    "a small 1 and a 9": [*move(DIGITS["1 bar"], 0, 60, 0.5), *move(DIGITS["9 curved"], 60, 0)],
    "35, its hat apart": [*DIGITS["3 round"], *move(DIGITS["5 with a hat"][:1], 110, 0), [[150, 2], [190, 0]]],
    "nine in a column": above(*sorted(DIGITS)[:27:3]),
}

# Digits whose strokes do not touch.
ONE_APART: dict[str, Drawing] = {
    "0 of two arcs": [arc(46, 70, 40, 64, 105, 255), arc(54, 70, 40, 64, -75, 75)],
    "1 and its foot": [[[50, 5], [50, 128]], [[24, 136], [78, 137]]],
    "4 of an angle and a bar": [[[22, 8], [14, 80], [60, 80]], [[72, 6], [68, 136]]],
    "5 and its hat": [DIGITS["5 with a hat"][0], [[36, 2], [84, 0]]],
    "6 of a stem and a ring": [[[60, 4], [34, 30], [26, 56]], arc(50, 100, 34, 34, 180, 540)],
    "7 and its bar": [DIGITS["7 plain"][0], [[20, 74], [52, 72]]],
    "8 of two rings apart": [arc(50, 32, 27, 28, -90, 270), arc(50, 104, 33, 32, -90, 270)],
    "9 of a ring and a stem": [arc(46, 40, 32, 34, 0, 360), [[86, 14], [82, 136]]],
}

APART: dict[str, Drawing] = {
    **SEVERAL,
    **ONE_APART,
    "two dots": OTHERS["two dots"],
    "crossing lines": OTHERS["cross"],
    "300 short strokes": [[[x * 10, y * 10], [x * 10 + 4, y * 10]] for y in range(15) for x in range(20)],
    "a line along the cells' edges": [[[0, 0], [64, 64], [128, 128], [256, 256]], [[0, 128], [64, 256]]],
}


ZERO, ONE = (0.0, 0.0, 0.6, 1.0), (0.7, 0.0, 0.8, 1.0)  # boxes side by side
UPPER, LOWER = (0.1, 0.0, 0.9, 0.8), (0.0, 0.85, 0.9, 1.75)  # two rings, one above the other
SURE, LIKELY, UNSURE = 0.99, 0.6, 0.4

# The answer to the whole, and each part's box, digit and confidence.
READINGS: dict[str, tuple[int | None, list[tuple[Box, int, float]]]] = {
    "two sure digits side by side": (None, [(ZERO, 0, SURE), (ONE, 1, SURE)]),
    "a sure and a likely one, near": (None, [(ZERO, 0, SURE), (ONE, 1, LIKELY)]),
    "a sure and a likely one, far apart": (0, [(ZERO, 0, SURE), (right(ONE, 0.2), 1, LIKELY)]),
    "a sure and an unsure one, far apart": (0, [(ZERO, 0, SURE), (right(ONE, 0.2), 1, UNSURE)]),
    "a low one far above another": (4, [((0.1, 0.0, 0.4, 0.3), 0, SURE), ((0.0, 0.6, 0.5, 1.6), 4, SURE)]),
    "a low one near above another": (4, [((0.1, 0.0, 0.4, 0.3), 0, SURE), ((0.0, 0.4, 0.5, 1.4), 4, SURE)]),
    "near, and the whole is answered": (4, [(ZERO, 0, SURE), (right(ONE, -0.05), 1, SURE)]),
    "near, and the whole is declined": (None, [(ZERO, 0, SURE), (right(ONE, -0.05), 1, SURE)]),
    "not on one level": (4, [(ZERO, 0, SURE), (down(ONE, 0.5), 1, SURE)]),
    "one inside the other": (0, [(ZERO, 0, SURE), ((0.2, 0.1, 0.4, 0.9), 1, SURE)]),
    "two wide rings of an 8": (8, [(UPPER, 0, SURE), (LOWER, 0, SURE)]),
    "a wide ring and a narrow zero": (8, [(UPPER, 0, SURE), ((0.3, 0.85, 0.8, 1.65), 0, SURE)]),
    "two narrow rings that nearly touch": (8, [((0.3, 0.0, 0.5, 0.8), 0, SURE), ((0.3, 0.81, 0.5, 1.6), 0, SURE)]),
    "two wide rings of no 8": (None, [(UPPER, 0, SURE), (LOWER, 0, SURE)]),
    "two narrow zeros": (8, [((0.3, 0.0, 0.9, 0.8), 0, SURE), ((0.3, 0.85, 0.9, 1.7), 0, SURE)]),
    "two wide zeros far apart": (8, [(UPPER, 0, SURE), (down(LOWER, 0.4), 0, SURE)]),
    "a stem above a ring": (6, [((0.3, 0.0, 0.5, 0.8), 1, SURE), (LOWER, 0, SURE)]),
    "a ring above a stem": (9, [(UPPER, 0, SURE), ((0.6, 0.85, 0.8, 2.0), 1, SURE)]),
    "a ring above a stem as high": (9, [(UPPER, 0, SURE), ((0.6, 0.85, 0.8, 1.7), 1, SURE)]),
    "a ring above a stem, read as 4": (4, [(UPPER, 0, SURE), ((0.6, 0.85, 0.8, 1.7), 1, SURE)]),
    "three digits": (None, [(ZERO, 0, 0.95), (ONE, 1, 0.92), (right(ONE, 0.3), 1, 0.97)]),
    "one part": (7, [(ZERO, 7, SURE)]),
    "no part": (7, []),
    "parts without height": (None, [((0.0, 0.0, 1.0, 0.0), 1, SURE), ((0.0, 1.0, 1.0, 1.0), 1, SURE)]),
}


def inks() -> dict[str, Gray]:
    """Ink from 0 to 255, as the cleaner leaves it: light on black."""
    pictures = {
        "81 on 40 px": render(SEVERAL["81"], 40, 36, 3, paper=0, ink=255),
        "a 1 and its foot on 40 px": render(ONE_APART["1 and its foot"], 40, 34, 2, paper=0, ink=200),
        "nine in a column on 300 px": render(SEVERAL["nine in a column"], 300, 299, 1.5, paper=0, ink=255)[:, 138:162],
        "a 3 alone": render(DIGITS["3 round"], 32, 28, 3, paper=0, ink=255),
        "nothing": np.zeros((20, 30), np.uint8),
        "pale specks": np.kron(np.eye(6, dtype=np.uint8) * 70, np.ones((3, 3), np.uint8)),
    }
    return {name: np.ascontiguousarray(picture) for name, picture in pictures.items()}
