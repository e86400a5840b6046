"""Strokes traced from pictures and fonts."""

import unicodedata

import numpy as np
import pytest
from PIL import Image, ImageDraw

from recognizer.datasets.formats import DataError
from recognizer.training.examples.glyphs import LIKE_DIGITS, file_of, glyphs, is_ideograph
from recognizer.training.examples.styles import STYLES, draw_digit
from recognizer.training.examples.tracing import trace


def picture_of(*lines: list[tuple[int, int]]) -> np.ndarray:
    picture = Image.new("L", (28, 28))
    for line in lines:
        ImageDraw.Draw(picture).line(line, fill=255, width=3)
    return np.asarray(picture)


def test_a_line_is_one_stroke_along_its_middle():
    (stroke,) = trace(picture_of([(14, 4), (14, 24)]))
    assert abs(stroke[:, 0] - 14.5).max() < 0.6
    assert stroke[:, 1].min() < 7 and stroke[:, 1].max() > 22


def test_lines_that_cross_are_strokes_that_meet():
    strokes = trace(picture_of([(14, 3), (14, 25)], [(3, 14), (25, 14)]))
    assert len(strokes) >= 4
    ends = np.concatenate([stroke[[0, -1]] for stroke in strokes])
    assert (np.hypot(*(ends - 14.5).T) < 1.5).sum() >= 4


def test_a_ring_is_closed():
    picture = Image.new("L", (28, 28))
    ImageDraw.Draw(picture).ellipse((5, 5, 23, 23), outline=255, width=3)
    (stroke,) = trace(np.asarray(picture))
    assert np.hypot(*(stroke[0] - stroke[-1])) < 1
    assert abs(np.hypot(*(stroke - 14.5).T) - 8).max() < 1.5


def test_a_dot_is_one_stroke():
    picture = np.zeros((28, 28), np.uint8)
    picture[8:11, 8:11] = 255
    assert [len(stroke) for stroke in trace(picture)] == [1]


def test_a_blank_picture_has_no_strokes():
    assert trace(np.zeros((28, 28), np.uint8)) == []


def test_fonts_give_thousands_of_letters_and_no_digit():
    characters = {char for char, _ in glyphs()}
    assert len(characters) > 2_000
    assert set("AEKMRTWXh?@") <= characters
    assert not characters & (LIKE_DIGITS | set("0123456789²③"))


def test_scripts_of_the_system_fonts_are_among_them_but_no_ideographs():
    characters = {char for char, _ in glyphs()}
    scripts = {unicodedata.name(char, "").split(" ")[0] for char in characters}
    assert {"DEVANAGARI", "HIRAGANA", "BOPOMOFO", "GLAGOLITIC", "MYANMAR"} <= scripts
    assert not any(is_ideograph(char) for char in characters)


def test_a_missing_font_is_an_error_with_the_remedy():
    with pytest.raises(DataError, match="fonts-noto-core"):
        file_of("Elvish.ttf")


def test_every_style_varies_from_call_to_call():
    random = np.random.default_rng(0)
    for digit in STYLES:
        first, second = draw_digit(digit, random), draw_digit(digit, random)
        assert any(a.shape != b.shape or abs(a - b).max() > 0 for a, b in zip(first, second, strict=False))
        assert all(np.isfinite(stroke).all() for stroke in first + second)
