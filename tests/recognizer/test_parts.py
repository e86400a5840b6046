"""The parts of a drawing that stand apart, in strokes and in a picture's ink."""

import base64
import json
from pathlib import Path

import numpy as np
import pytest

from recognizer.doors.strokes import normalise, thin
from recognizer.parts import label_parts, may_stand_apart, parts_of_ink, parts_of_strokes
from recognizer.several import MOST_PARTS, parts_to_read
from tests.golden.apart import APART, ONE_APART, SEVERAL
from tests.golden.rendering import render

GOLDEN = Path(__file__).parents[1] / "golden"


def cases(name):
    return [pytest.param(case, id=case["name"]) for case in json.loads((GOLDEN / name).read_text(encoding="utf-8"))]


def found_in(ink):
    parts = parts_of_ink(ink)
    assert parts is not None
    return parts


def prepare(drawing):
    return [np.array(stroke, float).reshape(-1, 2) for stroke in drawing]


def ink_of(coded):
    width, height = coded["size"]
    gray = np.frombuffer(base64.b64decode(coded["gray"]), np.uint8).reshape(height, width)
    return gray.astype(np.float32) / 255


@pytest.mark.parametrize("case", cases("parts.json"))
def test_strokes_have_the_golden_parts(case):
    boxes = [part.box for part in parts_of_strokes(thin(normalise(prepare(case["strokes"]))))]
    assert np.array_equal(boxes, case["boxes"])
    assert parts_to_read(boxes) == case["read"]


def test_the_golden_parts_are_those_of_the_drawings_that_the_tests_know_by_name():
    assert [case.values[0]["strokes"] for case in cases("parts.json")] == list(APART.values())


@pytest.mark.parametrize("case", cases("ink_parts.json"))
def test_ink_has_the_golden_parts(case):
    ink = ink_of(case)
    if not case["boxes"]:
        assert parts_of_ink(ink) is None
        return
    parts = found_in(ink)
    assert np.array_equal(parts.boxes, case["boxes"])
    for index, wanted in zip(parts_to_read(parts.boxes), case["read"], strict=True):
        np.testing.assert_array_equal(parts.cut_out(index), ink_of(wanted))


def test_every_part_to_read_is_in_the_golden_files_for_ink():
    assert sum(len(case.values[0]["read"]) for case in cases("ink_parts.json")) >= 6


@pytest.mark.parametrize("name", APART)
def test_each_stroke_is_in_one_part(name):
    strokes = thin(normalise(prepare(APART[name])))
    parts = parts_of_strokes(strokes)
    assert sorted(id(stroke) for part in parts for stroke in part.strokes) == sorted(map(id, strokes))


class Counted(list):
    """A list that counts how often it is gone through."""

    passes = 0

    def __iter__(self):
        self.passes += 1
        return super().__iter__()


def test_the_strokes_are_gone_through_as_often_for_many_parts_as_for_one():
    one = Counted([np.array([[place / 200, 0.0], [(place + 1) / 200, 0.0]]) for place in range(200)])
    many = Counted([np.array([[column / 20, row / 20]]) for row in range(20) for column in range(20)])
    assert (len(parts_of_strokes(one)), len(parts_of_strokes(many))) == (1, 400)
    assert many.passes == one.passes


@pytest.mark.parametrize("name", SEVERAL)
def test_the_quick_look_lets_several_digits_through(name):
    assert may_stand_apart(prepare(SEVERAL[name]))


@pytest.mark.parametrize("drawing", [[[[0, 0], [5, 9]]], [[[0, 0], [9, 9]], [[0, 9], [9, 0]]], [[[1, 1]]]])
def test_the_quick_look_stops_lines_that_cross_or_are_alone(drawing):
    assert not may_stand_apart(prepare(drawing))


def test_lines_that_meet_are_one_part_wherever_they_lie():
    for offset in np.linspace(0, 1, 40):
        stroke = [[0, offset], [0.3, 0.4 + offset / 3], [1, 0.5]]
        assert len(parts_of_strokes(normalise(prepare([stroke, [[1, 0.5], [0.5, 2]]])))) == 1


def test_parts_are_cells_that_touch_also_at_a_corner():
    inked = np.array([[1, 0, 0, 1], [0, 1, 0, 0], [0, 0, 0, 1], [1, 1, 0, 1]], bool)
    labels, count = label_parts(inked)
    assert count == 4
    assert labels.tolist() == [[1, 0, 0, 2], [0, 1, 0, 0], [0, 0, 0, 3], [4, 4, 0, 3]]


def test_labels_are_those_of_a_flood_fill():
    random = np.random.default_rng(7)
    for _ in range(200):
        inked = random.random(random.integers(1, 12, 2)) < random.choice([0.2, 0.4, 0.6])
        np.testing.assert_array_equal(label_parts(inked)[0], flood(inked))


def flood(inked):
    """Number the parts by flooding each from its first cell."""
    labels = np.zeros(inked.shape, int)
    for first in zip(*np.nonzero(inked), strict=True):
        number, reached = labels.max() + 1, [] if labels[first] else [first]
        while reached:
            row, column = reached.pop()
            labels[row, column] = number
            around = np.ndindex(*np.minimum(inked.shape, (row + 2, column + 2)))
            near = [cell for cell in around if cell[0] >= row - 1 and cell[1] >= column - 1]
            reached += [cell for cell in near if inked[cell] and not labels[cell]]
    return labels


def test_a_part_of_ink_is_cut_out_without_its_neighbours():
    ink = render(SEVERAL["10"], 60, 50, 4, paper=0, ink=255).astype(np.float32) / 255
    parts = found_in(ink)
    cuts = [parts.cut_out(index) for index in range(2)]
    assert sum(cut.sum() for cut in cuts) == pytest.approx(ink.sum(), rel=0.01)
    assert [cut.shape for cut in cuts] == [(52, 52), (52, 52)]


def test_pale_ink_between_two_parts_does_not_join_them():
    ink = np.zeros((20, 30), np.float32)
    ink[2:18, 3:6] = ink[2:18, 20:23] = 1
    ink[9:11, 6:20] = 0.25
    assert len(found_in(ink).boxes) == 2


@pytest.mark.parametrize("ink", [np.zeros((9, 9)), np.ones((9, 9)), np.full((9, 9), 0.2), np.eye(9)])
def test_paper_and_one_part_have_nothing_to_cut(ink):
    assert parts_of_ink(ink.astype(np.float32)) is None


def test_a_thousand_specks_are_many_parts_and_few_are_read():
    ink = np.zeros((1024, 1024), np.float32)
    ink[::32, ::32] = 1
    boxes = found_in(ink).boxes
    assert len(boxes) == 1024 and len(parts_to_read(boxes)) <= MOST_PARTS


@pytest.mark.parametrize("name", ["1 and its foot", "5 and its hat", "7 and its bar"])
def test_hats_bars_and_feet_are_not_read(name):
    boxes = [part.box for part in parts_of_strokes(normalise(prepare(ONE_APART[name])))]
    assert len(boxes) == 2 and parts_to_read(boxes) == []
