"""The pixels door with every kind of paper and ink, frames, blanks and sizes, compared with the strokes door."""

import numpy as np
import pytest
from PIL import Image, ImageFilter

from tests.golden.drawings import DIGITS
from tests.golden.rendering import Light, across, crop, illuminate, render
from tests.support.likeness import ALIKE, SOME, add_frame, assert_alike, door_picture, likeness

LIGHTS: dict[str, Light | float] = {
    "even": 1.0,
    "half as bright at the left": 0.5 + 0.5 * across(280),
    "dark in one corner": 0.4 + 0.6 * across(280) * across(280).T,
    "dark all around": 1 - 0.9 * ((across(280) - 0.5) ** 2 + (across(280).T - 0.5) ** 2),
    "a hard shadow": 0.6 + 0.4 * (across(280) + 0.3 * across(280).T > 0.6),
    "the shadow of a hand": 1 - 0.35 * (np.hypot(across(280) - 0.9, across(280).T - 0.9) < 0.4),
}

some_digits = pytest.mark.parametrize("name", SOME)


@pytest.mark.parametrize("name", DIGITS)
def test_dark_on_light_looks_like_the_strokes(name):
    assert_alike(render(DIGITS[name]), name, 0.95)


@pytest.mark.parametrize("name", DIGITS)
def test_light_on_dark_looks_like_the_strokes(name):
    assert_alike(render(DIGITS[name], paper=0, ink=255), name, 0.95)


@some_digits
def test_both_polarities_make_the_same_picture(name):
    dark = render(DIGITS[name])
    np.testing.assert_allclose(door_picture(255 - dark), door_picture(dark), rtol=0, atol=0.05)


@pytest.mark.parametrize("box, pen", [(180, 2), (250, 2), (180, 4), (180, 20), (200, 40), (60, 1), (60, 10)])
@some_digits
def test_the_pen_does_not_matter(name, box, pen):
    assert_alike(render(DIGITS[name], box_px=box, pen_px=pen), name)


@pytest.mark.parametrize("place", [(0, 0), (1, 0), (0, 1), (1, 1), (0.5, 0)])
@pytest.mark.parametrize("box, pen", [(30, 2), (100, 6)])
@some_digits
def test_the_place_does_not_matter(name, place, box, pen):
    """A short bar in a corner is left out: it may be left over of a cell's line."""
    if name != "1 bar" or 0.5 in place:
        assert_alike(render(DIGITS[name], box_px=box, pen_px=pen, place=place), name)


@pytest.mark.parametrize("place", [(0, 0.5), (1, 0.5)])
@pytest.mark.parametrize("share, read", [(0.3, False), (0.5, False), (0.7, True), (0.9, True)])
def test_a_bar_along_an_edge_is_read_if_it_is_long(place, share, read):
    image = render(DIGITS["1 bar"], box_px=280 * share, pen_px=6, place=place)
    assert (door_picture(image).max() > 0) == read


@pytest.mark.parametrize("away_px", [8, 14])
def test_a_short_bar_a_pens_width_away_from_the_edge_is_read(away_px):
    image = np.roll(render(DIGITS["1 bar"], box_px=80, pen_px=6, place=(0, 0.5)), away_px, axis=1)
    assert_alike(image, "1 bar")


@pytest.mark.parametrize("side", [28, 64, 150, 600, 1024, 1500])
def test_the_size_of_the_picture_does_not_matter(side):
    assert_alike(render(DIGITS["5 with a hat"], side, side * 0.7, side * 0.06), "5 with a hat", 0.9)


@pytest.mark.parametrize("box", [20, 40, 90, 180, 270])
@some_digits
def test_the_size_of_the_drawing_does_not_matter(name, box):
    assert_alike(render(DIGITS[name], box_px=box, pen_px=max(box * 0.07, 1.5)), name)


@pytest.mark.parametrize("wide, high", [(280, 190), (190, 280), (700, 200)])
def test_the_picture_need_not_be_square(wide, high):
    canvas = np.full((high, wide), 255, np.uint8)
    canvas[10:180, 10:180] = render(DIGITS["4 open"], 170, 150, 10)
    assert_alike(canvas, "4 open", 0.9)


@pytest.mark.parametrize("paper, ink", [(200, 60), (255, 150), (140, 100), (90, 20), (60, 200), (0, 90), (100, 150)])
@some_digits
def test_gray_paper_and_pale_ink_reach_full_contrast(name, paper, ink):
    image = render(DIGITS[name], paper=paper, ink=ink)
    assert_alike(image, name)
    assert door_picture(image).max() > 0.9


@pytest.mark.parametrize("light", LIGHTS)
@some_digits
def test_unevenly_lit_paper_is_paper(name, light):
    assert_alike(illuminate(render(DIGITS[name], paper=210, ink=60), LIGHTS[light], noise=4), name)


@pytest.mark.parametrize("light", ["even", "half as bright at the left", "dark in one corner"])
@some_digits
def test_a_blackboard_is_read(name, light):
    assert_alike(illuminate(render(DIGITS[name], paper=60, ink=220), LIGHTS[light], noise=5), name)


@pytest.mark.parametrize("noise", [5, 10, 20])
@some_digits
def test_noise_is_not_ink(name, noise):
    assert_alike(illuminate(render(DIGITS[name], paper=220, ink=40), 1, noise), name)


@pytest.mark.parametrize("box, pen", [(30, 3), (60, 6), (60, 15), (120, 8)])
@pytest.mark.parametrize("place", [(0.05, 0.2), (0.5, 0.5), (0.9, 0.8)])
@some_digits
def test_a_small_drawing_on_gray_paper_half_in_shadow_is_read(name, place, box, pen):
    image = render(DIGITS[name], box_px=box, pen_px=pen, paper=185, ink=40, place=place)
    in_shadow = 1 / (1 + np.exp(-(across(280) - 0.55) * 280 / 8))
    assert_alike(illuminate(image, 1 - 0.45 * in_shadow, 0), name)


@pytest.mark.parametrize("side, box, pen", [(28, 20, 2.5), (112, 80, 6), (280, 180, 12), (280, 180, 5)])
@pytest.mark.parametrize("paper, ink", [(255, 0), (0, 255)])
@some_digits
def test_single_pixels_of_ink_or_paper_are_not_the_drawing(name, paper, ink, side, box, pen):
    image = render(DIGITS[name], side, box, pen, paper=paper, ink=ink)
    chance = np.random.default_rng(side).random(image.shape)
    image[chance < 0.015], image[chance > 0.985] = ink, paper
    assert_alike(image, name)


@some_digits
def test_splashes_around_the_drawing_do_not_set_the_box(name):
    image = render(DIGITS[name], box_px=150, pen_px=12, place=(0.3, 0.5))
    for row, column in np.random.default_rng(5).integers(0, 275, (12, 2)):
        image[row : row + 5, column : column + 5] = 20
    assert_alike(image, name)


@some_digits
def test_a_small_picture_out_of_focus_is_read(name):
    sharp = Image.fromarray(render(DIGITS[name], 28, 20, 2.5))
    assert_alike(np.array(sharp.filter(ImageFilter.GaussianBlur(1.2))), name)


@pytest.mark.parametrize("pen", [15, 25, 40])
@pytest.mark.parametrize("paper, ink", [(255, 0), (0, 255)])
@pytest.mark.parametrize("name", [name for name in SOME if name != "1 bar"])  # its crop shows no paper at all
def test_a_tight_crop_with_little_paper_is_read(name, pen, paper, ink):
    assert_alike(crop(render(DIGITS[name], 280, 220, pen, paper=paper, ink=ink)), name)


@pytest.mark.parametrize("width", [1, 3, 8])
@pytest.mark.parametrize(
    "edges", [("top", "left"), ("left", "right"), ("top", "bottom", "left"), ("top", "bottom", "left", "right")]
)
@some_digits
def test_a_frame_on_two_edges_or_more_is_not_ink(name, width, edges):
    assert_alike(add_frame(render(DIGITS[name]), width, edges), name)


@some_digits
def test_a_ruled_line_below_the_digit_is_not_ink(name):
    image = render(DIGITS[name])
    image[250:252] = np.minimum(image[250:252], 100)
    assert_alike(image, name)


@some_digits
def test_a_stray_speck_does_not_set_the_box(name):
    image = render(DIGITS[name], box_px=140, place=(0.1, 0.5))
    image[20:24, 262:266] = 0
    assert_alike(image, name)


def test_a_larger_mark_sets_the_box():
    image = render(DIGITS["7 crossed"], box_px=140, place=(0.1, 0.5))
    image[20:70, 220:270] = 0
    assert likeness(door_picture(image), "7 crossed") < ALIKE


def test_the_longer_side_is_20_px_and_the_mass_in_the_middle():
    picture = door_picture(render(DIGITS["5 with a hat"]))
    places = np.arange(28) + 0.5
    assert picture.max(1).sum() == pytest.approx(20, abs=1)
    assert picture.sum(1) @ places / picture.sum() == pytest.approx(14, abs=0.2)
    assert picture.sum(0) @ places / picture.sum() == pytest.approx(14, abs=0.2)


@pytest.mark.parametrize("tone", [0, 1, 2, 64, 127, 128, 200, 254, 255])
@pytest.mark.parametrize("shape", [(2, 2), (2, 300), (280, 280), (300, 2), (1500, 40)])
def test_one_tone_is_blank(tone, shape):
    assert door_picture(np.full(shape, tone, np.uint8)).max() == 0


@pytest.mark.parametrize("noise", [1, 4, 12, 40])
@pytest.mark.parametrize("tone", [20, 128, 230])
@pytest.mark.parametrize("side", [28, 100, 280])
def test_noise_alone_is_blank(tone, noise, side):
    assert door_picture(illuminate(np.full((side, side), tone, np.uint8), 1, noise, seed=side)).max() == 0


@pytest.mark.parametrize(
    "light", [light for light in LIGHTS if light not in ("even", "a hard shadow", "the shadow of a hand")]
)
@pytest.mark.parametrize("noise", [0, 3])
def test_empty_paper_in_uneven_light_is_blank(light, noise):
    assert door_picture(illuminate(np.full((280, 280), 210, np.uint8), LIGHTS[light], noise)).max() == 0


def test_a_contrast_of_two_tones_is_blank():
    assert door_picture(render(DIGITS["7 crossed"], paper=128, ink=126)).max() == 0


def test_an_empty_frame_does_not_crash_the_door():
    assert np.isfinite(
        door_picture(add_frame(np.full((280, 280), 255, np.uint8), 4, ["top", "bottom", "left", "right"]))
    ).all()


@pytest.mark.parametrize("shape", [(2, 2), (2, 4096), (4096, 2), (3, 5), (28, 28), (1025, 2)])
def test_any_size_and_any_content_make_a_picture_between_0_and_1(shape):
    picture = door_picture(np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8))
    assert np.isfinite(picture).all() and picture.min() >= 0 and picture.max() <= 1


@pytest.mark.parametrize(
    "pattern", [np.s_[::2], np.s_[:, ::2], np.s_[::2, ::2], np.s_[:50], np.s_[:, 50:], np.s_[40:60, 40:60]]
)
def test_patterns_make_a_picture_between_0_and_1(pattern):
    image = np.zeros((100, 100), np.uint8)
    image[pattern] = 255
    picture = door_picture(image)
    assert np.isfinite(picture).all() and picture.min() >= 0 and picture.max() <= 1
