"""Formats of data files: valid files are read, and invalid ones refused with the place of the error."""

import gzip
import json
import struct
from pathlib import Path

import numpy as np
import pytest

from recognizer.datasets.formats import DataError, Drawing, idx_array, jsonl_drawings, unipen_drawings
from recognizer.datasets.sources import Source, read_verified

PICTURES = b"\0\0\x08\x03" + struct.pack(">3I", 2, 3, 4) + bytes(range(24))
LINE = {"label": "7", "writer": "w03", "strokes": [[[1, 2], [3.5, 4]], [[5, 6]]]}
DIGIT = '.SEGMENT DIGIT 8-9 ? "7"\n.COMMENT 7  5  194\n.PEN_DOWN\n 10 490\n 20 0\n.PEN_UP\n.DT 100\n'
SAMPLE_SHA256 = "359a19b67b2647cdec63885f796b205b9188c7ab681db2753ecd26ad26ddb1ca"


def as_lists(drawing: Drawing) -> tuple:
    return drawing.label, drawing.writer, [stroke.tolist() for stroke in drawing.strokes]


def test_an_idx_file_has_the_shape_that_its_header_names():
    array = idx_array(PICTURES, "some")
    assert (array.shape, array.dtype) == ((2, 3, 4), np.uint8)
    assert array.ravel().tolist() == list(range(24))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\0\x08",
        b"<!DOCTYPE html>",
        b"\x1f\x8b\x08\x00",
        b"\0\0\x07\x01\0\0\0\x01\0",
        b"\0\0\x08\x00",
        b"\0\0\x08\x03\0\0\0\x02",
        PICTURES[:-1],
        PICTURES + b"\0",
        b"\0\0\x08\x03" + b"\xff" * 12,
    ],
    ids=[
        "empty",
        "three bytes",
        "HTML",
        "start of a gzip",
        "no such element type",
        "no dimension",
        "cut off inside the header",
        "a byte too few",
        "a byte too many",
        "a size that overflows 64 bits",
    ],
)
def test_an_incomplete_idx_file_is_refused_by_name(content):
    with pytest.raises(DataError, match=r"^some: "):
        idx_array(content, "some")


def test_json_lines_become_drawings_and_empty_lines_are_skipped():
    content = f"{json.dumps(LINE)}\n\n{json.dumps(LINE | {'id': 3})}\n".encode()
    assert [as_lists(drawing) for drawing in jsonl_drawings(content, "some")] == [
        ("7", "w03", [[[1, 2], [3.5, 4]], [[5, 6]]])
    ] * 2


@pytest.mark.parametrize(
    "line",
    [
        "7",
        "[]",
        "{",
        "\x00",
        "{}",
        json.dumps({"label": "7", "writer": "w03"}),
        json.dumps(LINE | {"strokes": None}),
        json.dumps(LINE | {"strokes": []}),
        json.dumps(LINE | {"strokes": [[]]}),
        json.dumps(LINE | {"strokes": [[[1, 2, 3]]]}),
        json.dumps(LINE | {"strokes": [[[1, 2], [3]]]}),
        json.dumps(LINE | {"strokes": [["12"]]}),
        json.dumps(LINE | {"strokes": [[[1, float("nan")]]]}),
        json.dumps(LINE | {"strokes": [[[1, float("inf")]]]}),
        json.dumps(LINE | {"strokes": [[[1, 10**400]]]}),
    ],
    ids=[
        "number",
        "list",
        "brace",
        "NUL",
        "no keys",
        "no strokes",
        "null",
        "empty drawing",
        "empty stroke",
        "three numbers",
        "one number",
        "text",
        "NaN",
        "infinity",
        "401 digits",
    ],
)
def test_a_line_that_is_not_a_drawing_is_refused_with_its_number(line):
    with pytest.raises(DataError, match=r"^some, line 2: "):
        jsonl_drawings(f"{json.dumps(LINE)}\n{line}\n".encode(), "some")


def test_the_original_text_is_turned_so_that_y_points_down():
    (drawing,) = unipen_drawings(DIGIT.encode(), "train", "some")
    assert as_lists(drawing) == ("7", "train05", [[[10, 10], [20, 500]]])


@pytest.mark.parametrize(
    ("part", "instead"),
    [
        ('"7"', "7"),
        ('"7"', '"8"'),
        (".COMMENT 7  5  194", ".COMMENT 7  5"),
        (".COMMENT 7  5  194", ".COMMENT 7  five  194"),
        (".PEN_DOWN\n", ""),
        (" 10 490", " 10"),
        (" 10 490", " 10 490 3"),
        (" 10 490", " 10 nan"),
        (" 10 490\n 20 0\n", ""),
        (DIGIT, '.SEGMENT DIGIT 0 ? "7"'),
        (DIGIT, ".SEGMENT "),
    ],
    ids=[
        "no quotes",
        "another digit",
        "no writer",
        "no number",
        "no pen",
        "one coordinate",
        "three coordinates",
        "nan",
        "no points",
        "head alone",
        "empty head",
    ],
)
def test_a_digit_that_the_original_text_does_not_spell_is_refused_with_its_number(part, instead):
    content = DIGIT + DIGIT.replace(part, instead)
    with pytest.raises(DataError, match=r"^some, digit 2: "):
        unipen_drawings(content.encode(), "train", "some")


@pytest.mark.parametrize("content", [b"", b"<html>", bytes(range(256))])
def test_a_file_without_any_segment_is_refused(content):
    with pytest.raises(DataError, match="SEGMENT"):
        unipen_drawings(content, "train", "some")


def test_the_original_download_and_the_json_lines_hold_the_same_drawings(digits_data: Path):
    original = read_verified(digits_data / "pen/pendigits-orig-sample.tra.Z", Source("sample", SAMPLE_SHA256))
    lines = gzip.decompress((digits_data / "pen/pendigits-train.jsonl.gz").read_bytes()).splitlines()
    from_text = unipen_drawings(original, "train", "sample")
    from_lines = jsonl_drawings(b"\n".join(lines[:20]), "lines")
    assert list(map(as_lists, from_text)) == list(map(as_lists, from_lines))
