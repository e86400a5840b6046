"""Each corruption of MNIST-C has its known properties on pictures of our own; no data set is needed."""

import numpy as np
import pytest

from recognizer.evaluation.corruptions import KINDS, corrupt
from recognizer.evaluation.goals import CORRUPTIONS

CHANCELESS = {"scale", "brightness", "stripe", "canny_edges"}


def bar(count: int = 40) -> np.ndarray:
    """(n, 28, 28): a bar of 4 × 20 px in the middle."""
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 4:24, 12:16] = 255
    return images


def after(kind: str, images: np.ndarray | None = None, seed: int = 0) -> np.ndarray:
    return corrupt(bar() if images is None else images, kind, np.random.default_rng(seed))


def test_there_is_code_for_each_kind_in_the_table():
    assert tuple(KINDS) == CORRUPTIONS


@pytest.mark.parametrize("kind", CORRUPTIONS)
def test_each_picture_is_changed_and_keeps_its_shape(kind):
    changed = after(kind)
    assert (changed.shape, changed.dtype) == ((40, 28, 28), np.uint8)
    assert (changed != bar()).any((1, 2)).all()


@pytest.mark.parametrize("kind", CORRUPTIONS)
def test_a_seed_repeats_its_result_and_another_seed_differs(kind):
    assert (after(kind, seed=1) == after(kind, seed=1)).all()
    assert (after(kind, seed=1) == after(kind, seed=2)).all() == (kind in CHANCELESS)


@pytest.mark.parametrize("kind", CORRUPTIONS)
def test_the_input_pictures_are_not_changed(kind):
    images = bar()
    after(kind, images)
    assert (images == bar()).all()


def test_shot_noise_leaves_thirds_of_white_where_there_was_ink():
    assert set(np.unique(after("shot_noise"))) == {0, 85, 170, 255}


def test_impulse_noise_hits_17_in_a_hundred_by_white_and_black_alike():
    gray = after("impulse_noise", np.full((100, 28, 28), 128, np.uint8))
    assert (gray == 0).mean() == pytest.approx(0.085, abs=0.005)
    assert (gray == 255).mean() == pytest.approx(0.085, abs=0.005)


def test_glass_blur_keeps_the_ink_about_where_it_was():
    changed = after("glass_blur").astype(float)
    assert changed.sum() == pytest.approx(bar().sum(), rel=0.02)
    assert changed[:, :, 9:19].sum() / changed.sum() > 0.95 > changed[:, :, 12:16].sum() / changed.sum()


def test_motion_blur_draws_the_ink_out_along_a_line_near_the_level():
    changed = after("motion_blur").astype(float)
    widths = (changed > 12).any(1).sum(1)
    assert (widths >= 7).all() and changed.max() < 255


@pytest.mark.parametrize(("kind", "lean"), [("shear", np.sin(0.4)), ("rotate", np.tan(0.4))], ids=["shear", "rotate"])
def test_a_turned_bar_leans_by_the_published_angle_to_either_side(kind, lean):
    changed = after(kind) / 255
    columns = np.arange(28)
    middle = (changed * columns).sum(2) / np.maximum(changed.sum(2), 1e-9)
    slopes = np.array([np.polyfit(np.arange(8, 20), picture[8:20], 1)[0] for picture in middle])
    assert np.abs(slopes) == pytest.approx(lean, abs=0.02)
    assert (slopes > 0).any() and (slopes < 0).any()


def test_scale_shrinks_to_seven_tenths_about_the_middle():
    (changed,) = after("scale", bar(1))
    assert (changed > 127).any(1).sum() == 14 and changed.sum() / bar(1).sum() == pytest.approx(0.49, abs=0.03)
    assert changed[:, ::-1] == pytest.approx(changed, abs=1)


def test_translate_moves_by_three_pixels_both_ways():
    moves = set()
    for picture in after("translate"):
        rows, columns = np.nonzero(picture)
        moves.add((rows.min() - 4, columns.min() - 12))
        assert picture.sum() == bar(1).sum()
    assert moves == {(3, 3), (3, -3), (-3, 3), (-3, -3)}


def test_brightness_adds_half_of_white():
    assert set(np.unique(after("brightness"))) == {128, 255}


def test_stripe_inverts_the_outer_quarters():
    (changed,) = after("stripe", bar(1))
    assert (changed[:, :7] == 255).all() and (changed[:, 21:] == 255).all()
    assert (changed[:, 7:21] == bar(1)[0, :, 7:21]).all()


def test_fog_lightens_unevenly_and_leaves_a_quarter_of_the_contrast():
    changed = after("fog").astype(float)
    assert (changed[:, :, :10].max((1, 2)) > 20).all() and (np.ptp(changed[:, :, :10], axis=(1, 2)) > 5).all()
    steps = changed[:, 10, 13] - changed[:, 10, 8]
    assert steps.mean() == pytest.approx(64, abs=12)


def test_spatter_leaves_drops_of_one_dark_gray():
    drops = after("spatter", np.zeros((40, 28, 28), np.uint8))
    assert drops.max() == 63 and 0.05 < (drops > 0).mean() < 0.5
    assert after("spatter").min((1, 2)).max() == 0


def test_a_dotted_line_runs_from_edge_to_edge_two_columns_on_two_off():
    lines = after("dotted_line", np.zeros((40, 28, 28), np.uint8))
    there = lines.max(1) > 0
    assert not there[:, np.arange(28) % 4 < 2].any()
    assert there[:, [2, 3, 6, 7, 22, 23]].all()


def test_a_zigzag_goes_up_and_down_over_the_width():
    (line, *_) = after("zigzag", np.zeros((40, 28, 28), np.uint8))
    columns = np.flatnonzero(line.any(0))
    assert columns[0] <= 3 and columns[-1] >= 23
    height = np.array([line[:, column].argmax() for column in columns]).astype(float)
    assert (np.diff(np.sign(np.diff(height)[np.diff(height) != 0])) != 0).sum() >= 6


def test_canny_leaves_an_outline():
    (changed,) = after("canny_edges", bar(1))
    assert set(np.unique(changed)) == {0, 255} and not changed[10:18, 13:15].any()
