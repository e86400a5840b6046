"""Drawings on a canvas have the requested size, pen and place, on every paper."""

import io

import numpy as np
import pytest
from PIL import Image

from recognizer.evaluation.canvas_pictures import CANVAS_PX, PAPERS, Place, as_png, draw_ink, on_shadowed_paper
from recognizer.pictures import decode

BOX = [np.array([[0.0, 0.0], [50.0, 0.0], [50.0, 100.0], [0.0, 100.0], [0.0, 0.0]])]
MIDDLE = Place()


def extent(cover: np.ndarray) -> tuple[int, int]:
    return int((cover > 127).any(1).sum()), int((cover > 127).any(0).sum())  # rows, columns


@pytest.mark.parametrize("size_px", [30, 120, 250])
@pytest.mark.parametrize("pen_px", [2, 7.5])
def test_the_longer_side_has_the_requested_size_including_the_pen(size_px, pen_px):
    height, width = extent(draw_ink(BOX, size_px, pen_px, MIDDLE))
    assert height == pytest.approx(size_px, abs=1) and width == pytest.approx((size_px + pen_px) / 2, abs=1.5)


@pytest.mark.parametrize("pen_px", [2, 10, 60])
def test_a_line_is_as_thick_as_the_pen(pen_px):
    cover = draw_ink([np.array([[0.0, 0.0], [0.0, 1.0]])], 240, pen_px, MIDDLE)
    assert cover[CANVAS_PX // 2].sum() / 255 == pytest.approx(pen_px, abs=0.5)


@pytest.mark.parametrize(("across", "down"), [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_nothing_is_cut_off_at_the_edges(across, down):
    whole = draw_ink(BOX, 200, 50, MIDDLE)
    assert draw_ink(BOX, 200, 50, Place(across, down)).sum() == pytest.approx(whole.sum(), rel=0.01)


def test_the_drawing_lies_at_the_requested_place():
    cover = draw_ink(BOX, 100, 4, Place(across=0, down=1))
    assert cover[-4:].any() and cover[:, :4].any() and not cover[:170].any()


def test_a_dot_is_drawn_too():
    assert draw_ink([np.array([[3.0, 3.0]])], 30, 6, MIDDLE).sum() / 255 == pytest.approx(np.pi * 9, rel=0.2)


@pytest.mark.parametrize("paper", PAPERS)
def test_ink_and_paper_differ_on_each_paper_after_the_png(paper):
    cover = draw_ink(BOX, 120, 12, MIDDLE)
    gray = decode(as_png(PAPERS[paper](cover, MIDDLE))).astype(float)
    inked, bare = gray[cover == 255], gray[cover == 0]
    assert gray.shape == (CANVAS_PX, CANVAS_PX)
    assert abs(np.median(inked) - np.median(bare)) > 60


def test_only_dark_and_transparent_paper_are_darker_than_their_ink():
    cover = draw_ink(BOX, 120, 12, MIDDLE)
    grays = {paper: decode(as_png(on_paper(cover, MIDDLE))) for paper, on_paper in PAPERS.items()}
    assert {paper for paper, gray in grays.items() if gray[cover == 255].mean() > gray[cover == 0].mean()} == {
        "dark",
        "transparent",
    }


def test_the_transparent_canvas_is_black_ink_on_nothing():
    cover = draw_ink(BOX, 120, 12, MIDDLE)
    picture = Image.open(io.BytesIO(as_png(PAPERS["transparent"](cover, MIDDLE))))
    assert picture.mode == "RGBA"
    assert (np.asarray(picture)[..., 3] == cover).all() and not np.asarray(picture)[..., :3].any()


def test_a_shadow_falls_on_one_side():
    paper = on_shadowed_paper(np.zeros((CANVAS_PX, CANVAS_PX), np.uint8), Place(shadow_angle=0.0, shadow_at=0.1))
    assert paper[:, :100].min() > 1.6 * paper[:, 250:].max() and np.ptp(paper[:, 10]) == 0


def test_places_vary_and_repeat_with_the_seed():
    places = [Place.at_random(np.random.default_rng(seed)) for seed in (1, 1, 2)]
    assert places[0] == places[1] != places[2]
