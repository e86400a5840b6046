"""The data sets: their sizes, shapes and roles."""

import gzip

import numpy as np
import pytest

from recognizer.datasets import sets, sources
from recognizer.datasets.formats import DataError
from recognizer.datasets.sets import SETS, Pictures, fingerprints

SIZES = {
    "mnist-train": 60_000,
    "pendigits-train": 7_494,
    "uji-letters-train": 832,
    "mnist-test": 10_000,
    "pendigits-test": 3_498,
    "uji-digits": 220,
    "hwd1000": 1_000,
    "mchaver": 848,
    "uji-letters": 312,
    "omniglot": 4_840,
    "cats": 1_000,
}


@pytest.fixture(scope="module")
def loaded(digits_data):
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("DIGITS_DATA", str(digits_data))
        return {name: data_set.load() for name, data_set in SETS.items()}


def labels(loaded_set) -> set[str]:
    if isinstance(loaded_set, Pictures):
        return set(map(str, loaded_set.labels.tolist()))
    return {drawing.label for drawing in loaded_set}


@pytest.mark.slow
def test_each_set_has_its_known_size(loaded):
    sizes = {name: len(held.images) if isinstance(held, Pictures) else len(held) for name, held in loaded.items()}
    assert sizes == SIZES


def test_pictures_are_28_px_square_with_a_label_each(loaded):
    for held in loaded.values():
        if isinstance(held, Pictures):
            assert held.images.shape == (len(held.labels), 28, 28)
            assert (held.images.dtype, held.labels.dtype) == (np.uint8, np.int64)


@pytest.mark.parametrize(("name", "light_ink"), [("mnist-test", True), ("cats", True), ("hwd1000", False)])
def test_ink_is_light_or_dark_as_the_loader_says(loaded, name, light_ink):
    assert (np.median(loaded[name].images) == 0) == light_ink


def test_digit_sets_hold_all_ten_digits_and_other_sets_hold_none(loaded):
    for name, held in loaded.items():
        assert labels(held) & sets.DIGITS == (sets.DIGITS if SETS[name].digits else set())


def test_fingerprints_are_those_of_the_files_that_are_read(digits_data, monkeypatch):
    monkeypatch.setenv("DIGITS_DATA", str(digits_data))
    prints = fingerprints("mnist-train", "pendigits-train", "uji-letters-train")
    assert sorted(prints) == [
        "mnist/train-images-idx3-ubyte",
        "mnist/train-labels-idx1-ubyte",
        "pen/pendigits-train.jsonl",
        "pen/ujipenchars.jsonl",
    ]
    assert prints["mnist/train-images-idx3-ubyte"].startswith("ba891046e650")


def test_a_set_with_a_missing_file_is_unavailable_and_says_where_it_was_sought(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGITS_DATA", str(tmp_path))
    monkeypatch.setattr(sources, "cache_folder", lambda: tmp_path)
    assert not SETS["hwd1000"].is_local()
    with pytest.raises(DataError, match=r"drawn/hwd1000.npz .* DIGITS_DATA"):
        SETS["hwd1000"].load()


def test_a_set_with_only_one_of_two_files_is_unavailable(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "cache_folder", lambda: tmp_path)
    monkeypatch.setenv("DIGITS_DATA", str(tmp_path))
    (tmp_path / "mnist").mkdir()
    (tmp_path / "mnist/t10k-images-idx3-ubyte").write_bytes(b"")
    assert not SETS["mnist-test"].is_local()


def test_other_pictures_under_a_sets_name_are_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGITS_DATA", str(tmp_path))
    (tmp_path / "mnist").mkdir()
    (tmp_path / "mnist/t10k-images-idx3-ubyte.gz").write_bytes(gzip.compress(b"\0\0\x08\x01\0\0\0\x01\0"))
    with pytest.raises(DataError, match="has other content"):
        sets.mnist("test")


def test_pictures_and_labels_of_different_numbers_are_refused(monkeypatch):
    lone_label = b"\0\0\x08\x01\0\0\0\x01\0"
    monkeypatch.setattr(sets, "read", lambda source: lone_label)
    with pytest.raises(DataError, match="do not match"):
        sets.mnist("train")


def test_the_original_text_is_used_when_the_json_lines_are_missing(monkeypatch):
    digit = b'.SEGMENT DIGIT 0 ? "3"\n.COMMENT 3 6 1\n.PEN_DOWN\n 1 499\n.PEN_UP\n'
    monkeypatch.setattr(sets, "available_form", lambda *forms: forms[-1])
    monkeypatch.setattr(sets, "read", lambda source: digit)
    (drawing,) = sets.pendigits("test")
    assert (drawing.label, drawing.writer, drawing.strokes[0].tolist()) == ("3", "test06", [[1, 1]])
