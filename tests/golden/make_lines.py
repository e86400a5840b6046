"""Writes the golden files of lines of writing; `make_golden` calls this.

lines.json     a line's strokes → the picture that the line network sees (base64), and where it lies
search.json    the chances of characters along a line → the most probable texts, and the places of the best one's
rows.json      the boxes of strokes → those on each line
weighing.json  texts, as both networks judge them → the calibrated chance of each
cutting.json   a line's strokes, and where its characters lie → the ways to share them: of each piece its stroke, its
               number of points, and the x of its ends; whether a stroke stands beside each character's longest one;
               and the ink of each character, by the seams on its left and right: was it cut off, how much, and where
ink_lines.json a picture's ink (base64) → the boxes of its parts, the picture that the line network sees (base64),
               and how much ink is in each row of the finer one
furniture.json a picture's ink, each row's pixels as bits in hex → the boxes of what is no frame and no ruled line,
               and how many pixels that is
lost_ink.json  where ink was kept and where it was taken away → is writing beside the line's box lost
widened.json   a picture (base64) → the same with paper around it (base64)
"""

from itertools import pairwise
from typing import Any

import numpy as np

from recognizer.numbers.cutting import InkCutter, InkPiece, Piece, StrokesCutter, has_beside
from recognizer.numbers.furniture import writing_of
from recognizer.numbers.line_pictures import FINER, draw_strokes, fine_ink, shrink_ink
from recognizer.numbers.lost_ink import has_lost_ink
from recognizer.numbers.number_reader import widened
from recognizer.numbers.rows import rows_of
from recognizer.numbers.search import align, search
from recognizer.numbers.weighing import weigh
from recognizer.parts import label_ink
from tests.golden.drawings import Drawing
from tests.golden.files import DECIMALS, as_base64, numbers, write
from tests.golden.lines import (
    CHANCES,
    CUT,
    EDGES,
    FURNITURE,
    KEPT,
    LINE,
    LINES,
    ROWS,
    TAKEN,
    WEIGHED,
    WEIGHTS,
    candidates_of,
    ink_lines,
    inked,
    rows_of_chances,
)


def write_lines() -> None:
    cases = []
    for name, drawing in LINES.items():
        picture, corner, scale = draw_strokes([np.array(stroke, float) for stroke in drawing])
        placed = {"corner": numbers(np.array(corner)), "scale": round(scale, DECIMALS)}
        cases.append({"name": name, "strokes": drawing, **as_base64(picture), **placed})
    write("lines.json", cases)


def write_search() -> None:
    cases = []
    for name, chances in CHANCES.items():
        rows = rows_of_chances(chances)
        found = search(rows)
        texts = [{"text": text, "probability": round(probability, DECIMALS)} for text, probability in found]
        places = align(rows, found[0].text) if found[0].text else []
        cases.append({"name": name, "chances": chances, "found": texts, "places": numbers(np.array(places))})
    write("search.json", cases)


def write_rows() -> None:
    write("rows.json", [{"name": name, "boxes": boxes, "rows": rows_of(boxes)} for name, boxes in ROWS.items()])


def write_weighing() -> None:
    cases = []
    for name, texts in WEIGHED.items():
        chances = numbers(np.array(weigh(candidates_of(texts), WEIGHTS)))
        cases.append({"name": name, "weights": vars(WEIGHTS), "texts": texts, "chances": chances})
    write("weighing.json", cases)


def write_cutting() -> None:
    cases = []
    for name, (drawing, centres) in CUT.items():
        cases.append({"name": name, "strokes": drawing, "centres": centres, **cut(drawing, np.array(centres))})
    write("cutting.json", cases)


def cut(drawing: Drawing, centres: np.ndarray) -> dict[str, Any]:
    """Cut a line's strokes, and its picture."""
    strokes = [np.array(stroke, float) for stroke in drawing]
    picture, corner, scale = draw_strokes(strokes)
    ways = StrokesCutter([(stroke - corner) * scale for stroke in strokes]).cut(centres)
    cutter = InkCutter(picture, (picture / 255).astype(np.float32).repeat(FINER, 0).repeat(FINER, 1))
    bounds = pairwise(cutter.cut(centres))
    return {
        "ways": [[[of_piece(piece) for piece in pieces] for pieces in way] for way in ways],
        "beside": [[int(has_beside(pieces)) for pieces in way] for way in ways],
        "ink": [
            [[of_ink(cutter.piece(left, right)) for right in after] for left in before] for before, after in bounds
        ],
    }


def of_piece(piece: Piece) -> list[float]:
    return [piece.stroke, len(piece.points), *numbers(piece.points[[0, -1], 0])]


def of_ink(piece: InkPiece) -> list[float]:
    """Return 1 if it was cut off, how much ink there is, and its middle, px."""
    total = float(piece.ink.sum(dtype=np.float64))
    y, x = np.indices(piece.ink.shape)
    places = (x + piece.left, y)
    middle = [float((piece.ink * axis).sum(dtype=np.float64)) / max(total, 1) for axis in places]
    return [int(piece.is_cut), *(round(each, 2) for each in (total, *middle))]


def write_ink_lines() -> None:
    cases = []
    for name, (gray, cells) in ink_lines().items():
        ink = (gray / 255).astype(np.float32)
        _, boxes, _ = label_ink(ink, cells)
        (left, top), (right, bottom) = np.min(boxes, 0)[:2].tolist(), np.max(boxes, 0)[2:].tolist()
        line = shrink_ink(ink, (left, top, right, bottom))
        picture, corner, scale = line
        placed = {"corner": numbers(np.array(corner)), "scale": round(scale, DECIMALS)}
        rows = [round(float(each), 3) for each in fine_ink(ink, line).sum(1, np.float64)]
        lines = {"line": as_base64(picture), "rows_of_fine": rows}
        cases.append({"name": name, **as_base64(gray), "cells": cells, "boxes": boxes, **lines, **placed})
    write("ink_lines.json", cases)


def write_furniture() -> None:
    cases = []
    for name, gray in FURNITURE.items():
        dark = gray > 127
        ink, boxes = writing_of(dark.astype(np.float32))
        rows = [np.packbits(row).tobytes().hex() for row in dark]
        cases.append({"name": name, "rows": rows, "boxes": boxes, "ink": int(ink.sum())})
    write("furniture.json", cases)


def write_lost_ink() -> None:
    cases = []
    for name, taken in TAKEN.items():
        dark = np.where(inked([*KEPT, *taken]), 20, 240).astype(np.uint8)
        lost = has_lost_ink(dark, inked(KEPT).astype(np.float32), LINE)
        cases.append({"name": name, "kept": KEPT, "taken": taken, "box": LINE, "lost": lost})
    write("lost_ink.json", cases)


def write_widened() -> None:
    cases = []
    for name, (gray, margin) in EDGES.items():
        cases.append({"name": name, **as_base64(gray), "margin": margin, "wide": as_base64(widened(gray, margin))})
    write("widened.json", cases)


LINE_MAKERS = (
    write_lines,
    write_search,
    write_rows,
    write_weighing,
    write_cutting,
    write_ink_lines,
    write_furniture,
    write_lost_ink,
    write_widened,
)
