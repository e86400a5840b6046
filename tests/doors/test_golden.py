"""Both doors still give the golden pictures, which a person has reviewed."""

import base64
import json
from pathlib import Path

import numpy as np
import pytest

from recognizer.doors.pixels import shrink
from recognizer.doors.strokes import MOST_SEGMENTS, segments_of
from recognizer.ink import pixels_from, strokes_from
from recognizer.numbers.furniture import writing_of
from recognizer.numbers.line_pictures import draw_strokes, fine_ink, shrink_ink
from recognizer.numbers.lost_ink import has_lost_ink
from recognizer.numbers.number_reader import widened
from recognizer.numbers.rows import rows_of
from recognizer.numbers.search import align, search
from recognizer.numbers.weighing import Weights, weigh
from recognizer.parts import label_ink
from tests.golden.lines import candidates_of, flat, inked, rows_of_chances
from tests.golden.make_golden import strokes as golden_strokes
from tests.golden.make_lines import cut

GOLDEN = Path(__file__).parent.parent / "golden"
MOST_BYTES = 480_000


def cases(name):
    return [pytest.param(case, id=case["name"]) for case in json.loads((GOLDEN / name).read_text(encoding="utf-8"))]


def gray(coded):
    width, height = coded["size"]
    return np.frombuffer(base64.b64decode(coded["gray"]), np.uint8).reshape(height, width)


@pytest.mark.parametrize("case", cases("strokes.json"))
def test_the_strokes_door_makes_the_golden_picture(case, strokes_door):
    (picture,) = strokes_door([strokes_from(case["strokes"])])
    np.testing.assert_allclose(picture.ravel(), case["picture"], rtol=0, atol=1e-5)


def test_the_strokes_door_makes_the_golden_pictures_of_all_drawings_in_one_call(strokes_door):
    every = [case.values[0] for case in cases("strokes.json")]
    pictures = strokes_door([strokes_from(case["strokes"]) for case in every])
    np.testing.assert_allclose(pictures.reshape(len(every), -1), [case["picture"] for case in every], rtol=0, atol=1e-5)


@pytest.mark.parametrize("case", cases("pixels.json"))
def test_the_pixels_door_makes_the_golden_picture(case, pixels_door):
    (picture,) = pixels_door([pixels_from(gray(case))])
    np.testing.assert_allclose(picture.ravel(), case["picture"], rtol=0, atol=1e-5)


@pytest.mark.parametrize("case", cases("segments.json"))
def test_strokes_become_the_golden_segments(case):
    segments = segments_of(strokes_from(case["strokes"]))
    assert len(segments) <= MOST_SEGMENTS
    np.testing.assert_allclose(segments.ravel(), case["segments"], rtol=0, atol=1e-6)


@pytest.mark.parametrize("case", cases("shrinking.json"))
def test_a_large_picture_shrinks_to_the_golden_one(case):
    np.testing.assert_array_equal(shrink(gray(case["large"])), gray(case["small"]))


def test_the_golden_files_hold_the_drawings_that_the_tests_know_by_name():
    written = {case.values[0]["name"]: case.values[0]["strokes"] for case in cases("strokes.json")}
    assert written == golden_strokes()


@pytest.mark.parametrize("name", ["white", "black", "gray", "noise"])
def test_the_golden_pictures_without_a_drawing_are_blank(name):
    (case,) = [case.values[0] for case in cases("pixels.json") if case.values[0]["name"] == name]
    assert not any(case["picture"])


def test_every_other_golden_picture_holds_ink():
    every = [case.values[0] for case in cases("strokes.json") + cases("pixels.json")]
    assert {case["name"] for case in every if not any(case["picture"])} == {"white", "black", "gray", "noise"}


def test_the_golden_folder_stays_small():
    assert sum(file.stat().st_size for file in GOLDEN.glob("*.json")) < MOST_BYTES


@pytest.mark.parametrize("case", cases("lines.json"))
def test_strokes_become_the_golden_line(case):
    picture, corner, scale = draw_strokes([np.array(stroke) for stroke in case["strokes"]])
    np.testing.assert_array_equal(picture, gray(case))
    np.testing.assert_allclose([*corner, scale], [*case["corner"], case["scale"]], rtol=0, atol=1e-6)


@pytest.mark.parametrize("case", cases("search.json"))
def test_chances_give_the_golden_texts(case):
    rows = rows_of_chances(case["chances"])
    found = search(rows)
    assert [each.text for each in found] == [each["text"] for each in case["found"]]
    chances = [each["probability"] for each in case["found"]]
    np.testing.assert_allclose([each.probability for each in found], chances, rtol=0, atol=1e-6)
    if case["places"]:
        np.testing.assert_allclose(align(rows, found[0].text), case["places"], rtol=0, atol=1e-6)


@pytest.mark.parametrize("case", cases("rows.json"))
def test_boxes_give_the_golden_rows(case):
    assert rows_of(case["boxes"]) == case["rows"]


@pytest.mark.parametrize("case", cases("weighing.json"))
def test_texts_have_the_golden_chances(case):
    chances = weigh(candidates_of(case["texts"]), Weights(**case["weights"]))
    np.testing.assert_allclose(chances, case["chances"], rtol=0, atol=1e-6)


@pytest.mark.parametrize("case", cases("cutting.json"))
def test_a_line_is_cut_as_the_golden_one(case):
    found = cut(case["strokes"], np.array(case["centres"]))
    assert found["beside"] == case["beside"]
    for own, golden in zip(found["ink"], case["ink"], strict=True):
        np.testing.assert_allclose(own, golden, rtol=0, atol=0.01)
    np.testing.assert_allclose(flat(found["ways"]), flat(case["ways"]), rtol=0, atol=1e-6)


@pytest.mark.parametrize("case", cases("ink_lines.json"))
def test_ink_becomes_the_golden_line(case):
    ink = (gray(case) / 255).astype(np.float32)
    _, boxes, _ = label_ink(ink, case["cells"])
    assert list(map(list, boxes)) == case["boxes"]
    box = [*np.min(boxes, 0)[:2].tolist(), *np.max(boxes, 0)[2:].tolist()]
    line = shrink_ink(ink, box)
    picture, corner, scale = line
    np.testing.assert_allclose(picture.astype(int), gray(case["line"]), rtol=0, atol=1)
    np.testing.assert_allclose(fine_ink(ink, line).sum(1), case["rows_of_fine"], rtol=0, atol=1e-3)
    np.testing.assert_allclose([*corner, scale], [*case["corner"], case["scale"]], rtol=0, atol=1e-6)


@pytest.mark.parametrize("case", cases("furniture.json"))
def test_frames_and_ruled_lines_are_taken_away_as_in_the_golden_one(case):
    ink, boxes = writing_of(
        np.array([np.unpackbits(np.frombuffer(bytes.fromhex(row), np.uint8)) for row in case["rows"]], np.float32)
    )
    assert list(map(list, boxes)) == case["boxes"]
    assert ink.sum() == case["ink"]


@pytest.mark.parametrize("case", cases("lost_ink.json"))
def test_lost_writing_is_seen_as_in_the_golden_one(case):
    gray = np.where(inked([*case["kept"], *case["taken"]]), 20, 240).astype(np.uint8)
    kept = inked(case["kept"]).astype(np.float32)
    assert has_lost_ink(gray, kept, case["box"]) == has_lost_ink(255 - gray, kept, case["box"]) == case["lost"]
    assert case["lost"] == (case["name"] in ("a frame's line and a stroke beside it", "a digit on a frame's line"))


@pytest.mark.parametrize("case", cases("widened.json"))
def test_a_picture_goes_on_beyond_its_edges_as_the_golden_one(case):
    np.testing.assert_array_equal(widened(gray(case), case["margin"]), gray(case["wide"]))
