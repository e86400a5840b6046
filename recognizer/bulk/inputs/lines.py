"""Parses a line of JSONL into a drawing. Knows no files."""

import json
from dataclasses import replace

from recognizer.bulk.items import Drawing, Item, Line
from recognizer.errors import BrokenPicture
from recognizer.ink import MIN_EXTENT_PX

MOST_VALUES = 500_000  # numbers and strokes: as Python objects they take up to forty times the line's bytes


def parse(item: Item, line: Line) -> Item:
    """Return the item with its drawing: `{"strokes": [[[x, y], …], …]}`, or the list of strokes alone.

    The object may also have `size` and `label`. Raises `BrokenPicture`.
    """
    value = _parse_json(line.json)
    if isinstance(value, list):
        return replace(item, content=Drawing(value))
    if not isinstance(value, dict) or "strokes" not in value:
        raise BrokenPicture('the line is not {"strokes": [[[x, y], …], …]}')
    label = value.get("label")
    drawing = Drawing(value["strokes"], MIN_EXTENT_PX if value.get("size") else 0.0)
    return replace(item, content=drawing, label=None if label is None else str(label))


def _parse_json(line: bytes) -> object:
    if line.count(b",") > MOST_VALUES:
        raise BrokenPicture("the line holds more than {most} numbers and strokes", most=MOST_VALUES)
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise BrokenPicture("the line is not JSON") from None
