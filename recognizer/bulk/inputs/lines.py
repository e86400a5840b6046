"""A line of JSONL → the drawing of its item. Knows what such a line may hold; nothing of files."""

import json
from dataclasses import replace

from recognizer.bulk.items import Drawing, Item, Line
from recognizer.errors import BrokenPicture
from recognizer.ink import MIN_EXTENT_PX

MOST_VALUES = 500_000  # numbers and strokes: as Python's objects they take up to forty times their bytes


def parsed(item: Item, line: Line) -> Item:
    """`{"strokes": [[[x, y], …], …]}` or the strokes alone; `size` and `label` may stand beside.

    Raises `BrokenPicture`.
    """
    given = _json(line.json)
    if isinstance(given, list):
        return replace(item, content=Drawing(given))
    if not isinstance(given, dict) or "strokes" not in given:
        raise BrokenPicture('its line is no {"strokes": [[[x, y], …], …]}')
    label = given.get("label")
    drawing = Drawing(given["strokes"], MIN_EXTENT_PX if given.get("size") else 0.0)
    return replace(item, content=drawing, label=None if label is None else str(label))


def _json(line: bytes) -> object:
    if line.count(b",") > MOST_VALUES:
        raise BrokenPicture("its line holds more than {most} numbers and strokes", most=MOST_VALUES)
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise BrokenPicture("its line is not JSON") from None
