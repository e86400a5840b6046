"""The pixels door on ink that fades into its paper, and on ink so wide that little paper is left between."""

import numpy as np
import pytest
from PIL import Image

from recognizer.evaluation.canvas_pictures import Place, on_shadowed_paper
from recognizer.evaluation.canvas_pictures import draw_ink as cover_of
from tests.golden.drawings import DIGITS
from tests.golden.rendering import across, illuminate, render
from tests.support.likeness import SOME, assert_alike, door_picture

WIDE = ["2 plain", "4 open", "5 with a hat", "8 in one stroke", "9 curved"]  # with crossings, where ink is widest


def streak(picture: np.ndarray, reach_px: int) -> np.ndarray:
    """A picture blurred by an accelerating move to the right: the mean of ever fainter copies."""
    weights = np.exp(-np.arange(reach_px) / (reach_px / 2))
    copies = [np.roll(picture.astype(float), step, axis=1) * weight for step, weight in enumerate(weights)]
    return np.rint(sum(copies) / weights.sum()).astype(np.uint8)


@pytest.mark.parametrize("name", SOME)
def test_a_small_picture_that_moved_keeps_the_faint_half_of_its_ink(name):
    still = render(DIGITS[name], 28, 17, 2.5, paper=0, ink=255)
    assert_alike(streak(still, 5), name, 0.75)


@pytest.mark.parametrize("name", SOME)
def test_a_pen_that_ran_dry_halfway_keeps_the_faint_half_of_a_small_picture(name):
    dry = render(DIGITS[name], 28, 20, 3, paper=0, ink=255)
    dry[:14] //= 3
    inked = door_picture(dry).max(1) > 0.2
    assert np.ptp(np.flatnonzero(inked)) > 15


@pytest.mark.parametrize("name", WIDE)
@pytest.mark.parametrize(("paper", "ink"), [(222, 72), (185, 40), (255, 20)])
def test_a_pen_a_quarter_as_wide_as_the_digit_leaves_no_hole_at_crossings(name, paper, ink):
    thin, thick = (door_picture(render(DIGITS[name], 280, 250, pen, paper=paper, ink=ink)) for pen in (16, 62))
    assert thick[thin > 0.9].mean() > 0.6


@pytest.mark.parametrize("name", WIDE)
def test_a_wide_pen_half_in_shadow_is_read(name):
    shadow = 1 - 0.45 / (1 + np.exp(-(across(280) - 0.5) * 35))
    picture = illuminate(render(DIGITS[name], 280, 250, 62, paper=185, ink=40), shadow)
    assert_alike(picture, name, 0.6)


@pytest.mark.parametrize(
    ("name", "place"),
    [  # the skewness of their thin parts lies between -0.26 and the former threshold of -0.3
        ("5 in one stroke", Place(0.198, 0.401, 4.6, 0.178)),
        ("8 of two rings", Place(0.94, 0.093, 2.03, -0.227)),
        ("6 slanted", Place(0.071, 0.014, 5.259, 0.183)),
        ("0 open", Place(0.437, 0.986, 1.921, 0.189)),
    ],
)
def test_a_small_thick_drawing_beside_a_shadow_is_dark_ink(name, place):
    strokes = [np.array(stroke, float) for stroke in DIGITS[name]]
    assert_alike(on_shadowed_paper(cover_of(strokes, 60, 15, place), place), name, 0.9)


@pytest.mark.parametrize(
    ("name", "size", "place"),
    [
        ("9 straight", 60, Place(0.67, 0.59, 1.35, 0.17)),
        ("9 curved", 120, Place(0.01, 0.59, 3.19, -0.03)),
        ("8 in one stroke", 200, Place(0.99, 0.92, 4.44, 0.19)),
        ("7 crossed", 200, Place(0.01, 0.84, 6.11, 0.06)),
        ("3 flat", 200, Place(0.94, 0.15, 3.29, 0.09)),
    ],
)
def test_a_lit_corner_of_a_shadowed_sheet_is_not_light_ink_beside_a_wide_pen(name, size, place):
    strokes = [np.array(stroke, float) for stroke in DIGITS[name]]
    assert_alike(on_shadowed_paper(cover_of(strokes, size, size / 4, place), place), name, 0.9)


def test_a_shadow_beside_a_thin_pen_is_not_taken_for_wide_ink():
    canvas = render(DIGITS["2 plain"], 280, 30, 2, paper=185, ink=40)
    shadow = 1 - 0.45 / (1 + np.exp(-(across(280) - 0.3) * 35))
    assert_alike(illuminate(canvas, shadow), "2 plain")


def test_a_wide_blot_is_ink_throughout():
    blot = np.full((280, 280), 200, np.uint8)
    blot[50:230, 60:220] = 30
    picture = door_picture(blot)
    rows, columns = np.flatnonzero(picture.max(1) > 0.5), np.flatnonzero(picture.max(0) > 0.5)
    assert picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].min() > 0.5


def test_a_small_noisy_sheet_without_ink_stays_blank():
    random = np.random.default_rng(0)
    sheets = [np.clip(random.normal(128, 12, (28, 28)), 0, 255).astype(np.uint8) for _ in range(20)]
    assert sum(door_picture(sheet).max() > 0 for sheet in sheets) == 0


def test_a_large_picture_that_was_made_small_is_read_as_before():
    large = render(DIGITS["5 with a hat"])
    small = np.asarray(Image.fromarray(large).resize((28, 28), Image.Resampling.BILINEAR))
    assert_alike(small, "5 with a hat", 0.85)


@pytest.mark.parametrize(("side", "pen"), [(28, 1), (64, 1), (280, 1), (280, 4), (280, 8), (1000, 14)])
@pytest.mark.parametrize("from_edge_px", [0, 1, 3, 5, 8])
@pytest.mark.parametrize("turn", [0, 1, 2, 3])
@pytest.mark.parametrize(("paper", "ink"), [(255, 0), (30, 220)])
def test_a_line_along_an_edge_is_ink_and_not_the_paper_beside_it(side, pen, from_edge_px, turn, paper, ink):
    picture = np.full((side, side), paper, np.uint8)
    picture[side // 10 : side * 9 // 10, from_edge_px : from_edge_px + pen] = ink
    inked = np.rot90(door_picture(np.rot90(picture, turn)), -turn) > 0.5
    assert np.flatnonzero(inked.any(0)).size <= 5 and np.flatnonzero(inked.any(1)).size >= 18
