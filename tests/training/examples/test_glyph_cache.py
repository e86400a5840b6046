"""Traced glyphs are cached in a file: they come back to the last bit, or are traced again."""

import numpy as np
import pytest

from recognizer.datasets.formats import DataError
from recognizer.training.examples import glyph_cache
from recognizer.training.examples.glyph_cache import load_or_make

GLYPHS = (
    ("ä", (np.array([[0.1, 1 / 3], [2.0, 3.0]]), np.array([[5.0, 6.0]]))),
    ("ʭ", (np.array([[7.0, 8.0]]),)),
    ("𐌰", (np.zeros((4, 2)),)),
)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(glyph_cache, "cache_folder", lambda: tmp_path / "cache")
    return tmp_path / "cache"


def refuse():
    raise AssertionError("made anew")


def assert_same(found):
    assert [char for char, _ in found] == [char for char, _ in GLYPHS]
    for (_, ours), (_, theirs) in zip(found, GLYPHS, strict=True):
        assert len(ours) == len(theirs) and all(map(np.array_equal, ours, theirs))


def test_cached_glyphs_come_back_to_the_last_bit(folder):
    assert_same(load_or_make(lambda: GLYPHS, [b"font"]))
    assert_same(load_or_make(refuse, [b"font"]))
    assert [file.suffix for file in folder.iterdir()] == [".npz"]


@pytest.mark.parametrize(
    "made_of", [[b"other"], [b"fo", b"nt"], [b"font", b""], []], ids=["other", "split", "more", "none"]
)
def test_a_cache_of_other_sources_is_rebuilt(made_of):
    load_or_make(lambda: GLYPHS, [b"font"])
    with pytest.raises(AssertionError, match="made anew"):
        load_or_make(refuse, made_of)


@pytest.mark.parametrize(
    "damage", [lambda data: b"", lambda data: data[:-9], lambda data: b"junk"], ids=["empty", "cut", "junk"]
)
def test_a_damaged_cache_file_is_rebuilt_and_replaced(folder, damage):
    load_or_make(lambda: GLYPHS, [b"font"])
    (file,) = folder.iterdir()
    file.write_bytes(damage(file.read_bytes()))
    assert_same(load_or_make(lambda: GLYPHS, [b"font"]))
    assert_same(load_or_make(refuse, [b"font"]))


def test_without_a_writable_cache_glyphs_are_made_each_time(folder):
    folder.write_text("a file in the way")
    assert_same(load_or_make(lambda: GLYPHS, [b"font"]))
    assert_same(load_or_make(lambda: GLYPHS, [b"font"]))


def test_without_a_cache_folder_glyphs_are_made_each_time(monkeypatch):
    def missing():
        raise DataError("no platformdirs")

    monkeypatch.setattr(glyph_cache, "cache_folder", missing)
    assert_same(load_or_make(lambda: GLYPHS, [b"font"]))
