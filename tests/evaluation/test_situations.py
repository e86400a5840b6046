"""The drawn situations: pictures as they come, the same each time, that a person can read."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from recognizer.evaluation.situations import GROUPS, SITUATIONS, draw, situation
from recognizer.evaluation.situations.cameras import Camera, compress, photograph
from recognizer.evaluation.situations.frames import Frame, paths_of
from recognizer.evaluation.situations.hands import SHAPES, write
from recognizer.evaluation.situations.pens import Pen, write_digit
from recognizer.evaluation.situations.results import Result, count, total
from recognizer.evaluation.situations.scans import to_one_bit
from recognizer.evaluation.situations.sheet import Sheet, box_of
from recognizer.evaluation.situations.situation import Case
from recognizer.ink import pixels_from
from tests.support.predictions import prediction

ROOT = Path(__file__).parents[2]
STILL = Camera(blur_px=0)
PEN = Pen(0.08, 0.8, swell=0)


def random(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("name", SITUATIONS)
def test_each_situation_makes_valid_pictures_and_the_same_each_time(name):
    first, again, other = (draw(name, number).image for number in (3, 3, 13))
    for image in (first, other):
        assert pixels_from(image).image is image
        assert min(image.shape) >= 10 and max(image.shape) <= 1600
    np.testing.assert_array_equal(first, again)
    assert first.shape != other.shape or (first != other).any()


def test_another_process_draws_the_same_pictures():
    program = "from recognizer.evaluation.situations import draw; print(draw('table cell', 7).image.sum())"
    env = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "7"}
    ran = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True)
    assert int(ran.stdout) == draw("table cell", 7).image.sum()


def test_pictures_do_not_depend_on_which_other_situations_there_are(monkeypatch):
    before = draw("comb", 4).image
    monkeypatch.setattr(situation, "SITUATIONS", {"comb": SITUATIONS["comb"]})
    np.testing.assert_array_equal(draw("comb", 4).image, before)


def test_ten_pictures_hold_each_digit_once():
    assert [draw("tiny picture", number).digit for number in range(20, 30)] == list(range(10))


def test_a_1_at_the_edge_is_always_a_1():
    assert {draw("one beside the edge", number).digit for number in range(3)} == {1}


def test_no_two_situations_share_a_name_and_each_belongs_to_a_group():
    functions = [
        function
        for room in GROUPS.values()
        for place in ("READ", "EITHER", "DECLINE")
        for function in getattr(room, place, ())
    ]
    assert len(SITUATIONS) == len(functions) == len(set(functions))
    assert {situation.group for situation in SITUATIONS.values()} == set(GROUPS)


def test_the_guide_shows_a_sheet_of_each_group_and_no_other():
    guide = ROOT / "docs/pictures.md"
    shown = re.findall(r"\]\((drawn/[\w.]+)\)", guide.read_text(encoding="utf-8"))
    assert sorted(shown) == sorted(f"drawn/{group}.png" for group in GROUPS)
    others = (ROOT / "docs/numbers.md").read_text(encoding="utf-8")
    drawn = {f"drawn/{file.name}" for file in (guide.parent / "drawn").iterdir()}
    assert drawn == {*shown, *re.findall(r"\]\((drawn/[\w.]+)\)", others)}


@pytest.mark.parametrize("digit", range(10))
def test_hands_write_upright_digits_of_height_1_around_the_middle(digit):
    for seed in range(20):
        points = np.concatenate(write(digit, random(seed)))
        np.testing.assert_allclose([points.min(0)[1], points.max(0)[1]], [-0.5, 0.5], atol=1e-9)
        assert np.ptp(points[:, 0]) < 1.2


def test_hands_differ():
    written = {np.concatenate(write(5, random(seed))).tobytes() for seed in range(20)}
    assert len(written) == 20 and len(SHAPES[5]) > 1


@pytest.mark.parametrize("size", [0.06, 0.3, 0.8])
def test_a_digit_has_the_requested_height_including_the_pen(size):
    sheet = Sheet(230, 600)
    _, top, _, bottom = box_of(write_digit(sheet, 8, PEN, random(), 0.5, 0.5, size), sheet)
    assert bottom - top == pytest.approx(size, abs=0.006)


@pytest.mark.parametrize("side_px", [28, 100, 900])
def test_a_picture_has_the_requested_side_and_its_ink_the_requested_darkness(side_px):
    sheet = Sheet(200, side_px, wide=1.5)
    sheet.darken(sheet.polygon([(0.25, 0.25), (1.25, 0.25), (1.25, 0.75), (0.25, 0.75)]), 0.6)
    picture = photograph(sheet, STILL, random())
    assert picture.shape == (side_px, round(1.5 * side_px))
    assert picture[side_px // 2, side_px // 2] == pytest.approx(80, abs=2) and picture[0, 0] == 200


def test_a_tilted_sheet_turns_around_its_middle():
    sheet = Sheet(250, 300)
    sheet.darken(sheet.lines([((-0.1, 0.5), (1.1, 0.5))], 0.02), 1)
    picture = photograph(sheet, Camera(tilt_deg=4, blur_px=0), random())
    left, right = (int(picture[:, column].argmin()) for column in (10, 290))
    assert abs(right - left) == pytest.approx(280 * np.tan(np.deg2rad(4)), abs=4)


def test_light_falls_on_paper_and_ink_alike():
    sheet = Sheet(200, 300)
    sheet.darken(sheet.polygon([(0.4, 0), (0.6, 0), (0.6, 1), (0.4, 1)]), 0.5)
    picture = photograph(sheet, STILL, random(), light=0.5)
    assert picture[150, 30] == pytest.approx(100, abs=1) and picture[150, 150] == pytest.approx(50, abs=1)


def test_jpeg_of_low_quality_changes_a_picture_and_none_does_not():
    tones = draw("plain scan", 2).image.astype(np.float32)
    assert (compress(tones, None) == tones).all() and (compress(tones, 40) != tones).any()


def test_a_fax_is_black_and_white():
    picture = to_one_bit(draw("plain photo", 5).image, random())
    assert set(np.unique(picture)) == {0, 255} and 0.005 < (picture == 0).mean() < 0.3


@pytest.mark.parametrize(("sides", "over"), [("lr", 0.0), ("b", 1.0)])
def test_a_frame_has_the_requested_sides_and_goes_on(sides, over):
    frame = Frame(gap=0.1, width=0.02, dark=0.5, sides=sides, over=over)
    paths = paths_of(Sheet(200, 200), frame, random())
    lengths = [np.hypot(*(path[-1] - path[0])) for path in paths]
    assert lengths == pytest.approx([0.8 + 2 * over] * len(sides))


def test_dashes_leave_paper_between_them():
    frame = Frame(gap=0.1, width=0.01, dark=0.5, sides="b", dash=0.05, pause=0.05)
    assert len(paths_of(Sheet(200, 200), frame, random())) == 8


@pytest.mark.parametrize(
    ("wanted", "digit", "right", "declined", "wrong"),
    [
        ("digit", 7, 1, 0, 0),
        ("digit", 3, 0, 0, 1),
        ("digit", None, 0, 1, 0),
        ("either", None, 0, 1, 0),
        ("either", 3, 0, 0, 1),
        ("declined", None, 1, 1, 0),
        ("declined", 7, 0, 0, 1),
    ],
)
def test_answers_are_right_declined_or_wrong(wanted, digit, right, declined, wrong):
    case = Case(np.zeros((2, 2), np.uint8), 7, wanted)
    result = count([case], [prediction(digit, None if digit is not None else "unsure")])
    assert (result.right, result.declined, result.wrong) == (right, declined, wrong)
    assert result.surely_wrong == wrong


def test_totals_add_the_situations_of_which_the_same_is_wanted():
    results = [Result("digit", 10, 8, 1, 1), Result("digit", 10, 10, 0, 0), Result("declined", 10, 9, 9, 1)]
    assert total(results, "digit") == Result("digit", 20, 18, 1, 1)
