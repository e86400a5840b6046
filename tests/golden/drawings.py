"""Drawings of our own, written down as coordinates for these tests: digits as people shape them, and marks beside them.

A drawing lies in a box of about 100 × 140, y down. Nothing here comes from a data set.
"""

import math
from itertools import pairwise

Stroke = list[list[float]]
Drawing = list[Stroke]


def arc(x: float, y: float, rx: float, ry: float, start_deg: float, end_deg: float) -> Stroke:
    """Part of an ellipse; 0° is right, 90° is down."""
    count = max(4, round(abs(end_deg - start_deg) / 18))
    angles = [math.radians(start_deg + (end_deg - start_deg) * index / count) for index in range(count + 1)]
    return [[round(x + rx * math.cos(angle), 1), round(y + ry * math.sin(angle), 1)] for angle in angles]


def shaky(drawing: Drawing, amplitude: float) -> Drawing:
    """As drawn with a mouse by an unsteady hand: many points, each a little off."""
    return [[_shaken(x, y, index, amplitude) for index, (x, y) in enumerate(dense(stroke))] for stroke in drawing]


def _shaken(x: float, y: float, index: int, amplitude: float) -> list[float]:
    across = math.sin(2.1 * index) + math.sin(0.7 * index + 1)
    down = math.cos(1.7 * index) + math.sin(0.9 * index + 2)
    return [round(x + amplitude * across, 1), round(y + amplitude * down, 1)]


def dense(stroke: Stroke, step: float = 6) -> Stroke:
    """The same line with points at most `step` apart."""
    points = stroke[:1]
    for (x0, y0), (x1, y1) in pairwise(stroke):
        count = max(1, round(math.hypot(x1 - x0, y1 - y0) / step))
        points += [[x0 + (x1 - x0) * part / count, y0 + (y1 - y0) * part / count] for part in range(1, count + 1)]
    return points


def slanted(drawing: Drawing, slant: float) -> Drawing:
    return [[[round(x + slant * (140 - y), 1), y] for x, y in stroke] for stroke in drawing]


LOOP = arc(45, 42, 33, 36, -10, -360)  # of a nine, drawn from the right
EIGHT = [
    *arc(50, 38, 28, 30, -30, -270),
    *arc(50, 101, 34, 33, -90, 270),
    *arc(50, 38, 28, 30, 90, -30),
]

DIGITS: dict[str, Drawing] = {
    "0 round": [arc(50, 70, 40, 64, -90, -450)],
    "0 narrow": [arc(50, 70, 25, 66, -80, 285)],
    "0 open": [arc(50, 70, 38, 62, -55, -385)],
    "0 slashed": [arc(50, 70, 38, 66, -90, -450), [[82, 12], [18, 128]]],
    "1 bar": [[[50, 5], [50, 70], [50, 135]]],
    "1 flagged": [[[22, 38], [38, 24], [54, 5], [53, 70], [52, 136]]],
    "1 with a foot": [[[28, 32], [52, 5], [51, 135]], [[24, 135], [78, 136]]],
    "1 slanted": [[[68, 5], [52, 72], [38, 134]]],
    "2 plain": [[*arc(48, 40, 33, 34, 190, 385), [60, 82], [14, 132], [88, 132]]],
    "2 looped": [[*arc(48, 38, 32, 32, 200, 390), [56, 90], *arc(27, 117, 16, 14, 20, -200), [50, 122], [90, 134]]],
    "2 flat": [[[16, 12], [80, 10], [78, 40], [18, 130], [86, 130]]],
    "3 round": [[*arc(45, 38, 34, 32, 205, 440), *arc(45, 101, 38, 33, -85, 155)]],
    "3 flat": [[[16, 8], [80, 8], [42, 60], *arc(44, 97, 38, 38, -75, 160)]],
    "4 open": [[[32, 8], [24, 44], [14, 84], [88, 82]], [[64, 38], [62, 136]]],
    "4 closed": [[[66, 136], [64, 6], [10, 94], [92, 94]]],
    "5 with a hat": [[[30, 10], [26, 62], *arc(44, 94, 40, 40, -110, 150)], [[30, 10], [82, 8]]],
    "5 in one stroke": [[[82, 8], [32, 9], [27, 64], *arc(45, 95, 38, 39, -115, 145)]],
    "6 curved": [[[70, 6], [42, 30], [22, 66], [16, 98], *arc(50, 100, 34, 34, 180, -180)]],
    "6 straight": [[[62, 4], [18, 92], *arc(48, 102, 31, 31, 190, -170)]],
    "7 plain": [[[12, 10], [50, 10], [88, 10], [62, 70], [40, 136]]],
    "7 crossed": [[[12, 10], [86, 9], [62, 72], [44, 136]], [[32, 74], [80, 70]]],
    "7 with a hook": [[[14, 32], [14, 10], [86, 10], [52, 78], [42, 136]]],
    "8 in one stroke": [EIGHT],
    "8 of two rings": [arc(50, 36, 26, 29, -90, 270), arc(50, 101, 34, 34, -90, 270)],
    "9 curved": [[*LOOP, [80, 70], [70, 104], [48, 130], [22, 134]]],
    "9 straight": [[*LOOP, [78, 44], [74, 90], [70, 136]]],
    "9 flagged": [arc(46, 40, 32, 34, 0, 360), [[79, 12], [78, 136]]],
}
DIGITS |= {
    "2 shaky": shaky(DIGITS["2 plain"], 1.5),
    "3 shaky": shaky(DIGITS["3 round"], 1.5),
    "5 shaky": shaky(DIGITS["5 in one stroke"], 1.5),
    "8 shaky": shaky(DIGITS["8 in one stroke"], 1.5),
    "4 slanted": slanted(DIGITS["4 open"], 0.25),
    "6 slanted": slanted(DIGITS["6 curved"], 0.2),
    "7 slanted": slanted(DIGITS["7 plain"], 0.2),
    "9 slanted back": slanted(DIGITS["9 straight"], -0.15),
}
OTHERS: dict[str, Drawing] = {
    "horizontal line": [[[5, 50], [70, 50], [135, 50]]],
    "cross": [[[10, 20], [90, 120]], [[90, 20], [10, 120]]],
    "exclamation mark": [[[50, 5], [50, 95]], [[50, 125]]],
    "line and its dot": [[[50, 40], [50, 130]], [[50, 5]]],
    "two dots": [[[10, 10]], [[90, 60]]],
    "zigzag": [[[x, 20 + 90 * (x // 10 % 2)] for x in range(0, 140, 10)]],
}


def label(name: str) -> int:
    """The digit that a drawing's name starts with."""
    return int(name[0])
