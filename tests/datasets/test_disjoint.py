"""Training and test data are disjoint: by content, by writer, and by the files that training reads."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
import numpy.typing as npt
import pytest

from recognizer import MODELS
from recognizer.datasets import download, sets
from recognizer.datasets.formats import Drawing
from recognizer.datasets.sets import SETS, Pictures
from recognizer.datasets.sources import Source
from recognizer.recognizer import SHIPPED
from recognizer.training.epochs import TrainingSet
from recognizer.training.held_out import held_out_examples
from tests.support.training import TINY

TRAINING = [name for name, data_set in SETS.items() if data_set.role == "train"]
TESTS = [name for name, data_set in SETS.items() if data_set.role == "public test"]


def content(picture: npt.NDArray[np.uint8]) -> str:
    """Hashes of a picture cut to its ink, in both polarities."""
    ink = picture if np.median(picture) < 128 else 255 - picture
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    whole = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] if len(rows) else ink[:0]
    return hashlib.sha256(f"{whole.shape}".encode() + whole.tobytes()).hexdigest()


def shape(strokes: Sequence[npt.NDArray[np.float64]]) -> str:
    """Hash of a drawing, independent of place and unit."""
    every = np.concatenate(list(strokes))
    extent = max(np.ptp(every, axis=0).max(), 1e-9)
    places = [np.rint((stroke - every.min(0)) / extent * 1000).astype(np.int32).tobytes() for stroke in strokes]
    return hashlib.sha256(b"|".join(places)).hexdigest()


def hashes(loaded: Pictures | list[Drawing]) -> set[str]:
    if isinstance(loaded, Pictures):
        return set(map(content, loaded.images))
    return {shape(drawing.strokes) for drawing in loaded if sum(map(len, drawing.strokes)) > 2}


@pytest.fixture(scope="module")
def loaded(digits_data) -> dict[str, Pictures | list[Drawing]]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("DIGITS_DATA", str(digits_data))
        return {name: data_set.load() for name, data_set in SETS.items()}


@pytest.mark.slow
def test_no_picture_or_drawing_is_in_both_training_and_test_sets(loaded):
    known = {name: hashes(loaded[name]) for name in SETS}
    for training, test in product(TRAINING, TESTS):
        assert not known[training] & known[test], (training, test)


def test_the_hashes_recognize_a_moved_inverted_or_enlarged_copy():
    picture = np.zeros((28, 28), np.uint8)
    picture[5:20, 9:12] = 200
    assert content(picture) == content(np.roll(picture, 3, 1)) == content(255 - picture)
    line = np.array([[1.0, 2.0], [3.0, 9.0], [4.0, 4.0]])
    assert shape([line]) == shape([line * 7 + 100]) != shape([line[::-1]])


def test_no_writer_of_digits_is_in_both_training_and_test_sets(loaded):
    by_role = {role: set(digit_writers(loaded, role)) for role in ("train", "public test")}
    assert len(by_role["train"]) == 30 and len(by_role["public test"]) == 14 + 11
    assert not by_role["train"] & by_role["public test"]


def digit_writers(loaded: dict[str, Pictures | list[Drawing]], role: str) -> Iterator[str]:
    for name, data_set in SETS.items():
        drawings = loaded[name]
        if data_set.role == role and data_set.digits and isinstance(drawings, list):
            yield from (drawing.writer for drawing in drawings)


def test_no_writer_of_letters_is_in_both_training_and_test_sets(loaded):
    train, test = ({drawing.writer for drawing in loaded[name]} for name in ("uji-letters-train", "uji-letters"))
    assert train == {f"uji0{number}" for number in range(1, 9)} and test == {"uji09", "uji10", "uji11"}


@pytest.mark.slow
def test_training_and_held_out_data_come_only_from_training_sets(digits_data, monkeypatch):
    monkeypatch.setenv("DIGITS_DATA", str(digits_data))
    files: list[str] = []
    splits: list[str] = []
    letters = sets.uji_letters

    def noted_read(source: Source) -> bytes:
        files.append(source.path)
        return download.read(source)

    def noted_letters(split: sets.Split) -> list[Drawing]:
        splits.append(split)
        return letters(split)

    monkeypatch.setattr(sets, "read", noted_read)
    monkeypatch.setattr(sets, "uji_letters", noted_letters)
    monkeypatch.setattr(sets, "uji_digits", lambda: pytest.fail("uji's digits only test"))
    TrainingSet(TINY)
    held_out_examples(TINY)
    assert set(files) == {
        "mnist/train-images-idx3-ubyte",
        "mnist/train-labels-idx1-ubyte",
        "pen/pendigits-train.jsonl",
        "pen/ujipenchars.jsonl",
    }
    assert set(splits) == {"train"}


def test_the_shipped_model_names_only_files_that_may_train():
    allowed = {form.path for name in TRAINING for forms in SETS[name].files for form in forms}
    card = json.loads((MODELS / SHIPPED / "model.json").read_text())
    told = {file for file in card["data"] if not file.startswith(("fonts/", "system fonts"))}
    assert told and told <= allowed
