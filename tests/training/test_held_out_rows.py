"""Rows on held-out digits, by which a model is chosen."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from recognizer.card import ModelCard
from recognizer.datasets import sets
from recognizer.datasets.sets import NOT_A_DIGIT
from recognizer.errors import RecognizerError
from recognizer.training.config import Config
from recognizer.training.held_out_rows import HeldOutRow, crop, held_out_rows, join, page, pair, row_of, with_piece
from tests.support.predictions import prediction

TINY_MODEL = Path(__file__).parents[1] / "models/tiny"
INK = np.full((20, 6), 255, np.uint8)
BAR = [np.array([[3.0, 0.0], [3.0, 40.0]])]
BOX = [np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0]])]


def test_a_row_counts_right_declined_and_wrong():
    answers = [prediction(7), prediction(7), prediction(None, "unsure"), prediction(7)]
    assert row_of("some", answers, np.array([7, 1, 7, 7])) == HeldOutRow("some", 4, 2, 1, 1)


def test_every_answer_to_a_not_digit_is_wrong():
    answers = [prediction(7), prediction(None, "not a digit")]
    assert row_of("pairs", answers, np.full(2, NOT_A_DIGIT)) == HeldOutRow("pairs", 2, 0, 1, 1)


@pytest.mark.parametrize(("axis", "shape"), [(1, (20, 17)), (0, (45, 6))], ids=["beside", "above"])
def test_pictures_are_joined_with_a_gap(axis, shape):
    sheet = join([INK, INK], axis, 5)
    empty = np.flatnonzero(sheet.max(1 - axis) == 0)
    assert sheet.shape == shape and len(empty) == 5


def test_a_negative_gap_overlaps_pictures_and_the_first_shows_through():
    pale = np.full((20, 6), 90, np.uint8)
    assert join([INK, pale], 1, -2).shape == (20, 10)
    assert join([INK, pale], 1, -2)[0].tolist() == [255] * 6 + [90] * 4
    assert join([INK, pale], 1, -20).shape == (20, 6)


def test_unlike_pictures_are_joined_by_their_middles():
    assert join([INK, INK[:10]], 1, 0)[:, -1].tolist() == [0] * 5 + [255] * 10 + [0] * 5


@pytest.mark.parametrize(("axis", "size"), [(0, [1.25, 1.0]), (1, [1.0, 2.25])], ids=["beside", "above"])
def test_pen_digits_get_one_height_and_a_gap(axis, size):
    points = np.concatenate(pair(BAR, BOX, axis, 0.25))
    assert np.ptp(points, axis=0).tolist() == pytest.approx(size)


def test_a_piece_is_cut_by_the_right_edge():
    picture = with_piece(INK, np.full((20, 10), 200, np.uint8), 0.3, np.random.default_rng(0))
    assert (picture[18, -3:] == 200).all() and picture[18, -4] == 0
    assert (picture == 255).sum() == INK.size


def test_a_page_shows_pictures_at_half_their_size():
    images = np.zeros((4, 4, 28, 28), np.uint8)
    images[1, 2] = 255
    assert page(images).shape == (56, 56)
    assert (page(images)[14:28, 28:42] == 255).all() and page(images).sum() == 14 * 14 * 255


def test_a_digit_is_cropped_to_its_ink():
    assert crop(np.pad(INK, 3)).shape == INK.shape


@pytest.mark.usefixtures("digits_data")
def test_a_model_that_learnt_from_the_held_out_digits_is_refused(tmp_path):
    model = Path(shutil.copytree(TINY_MODEL, tmp_path / "tiny"))
    config = Config().as_dict() | {"held_out_mnist": 2_000, "held_out_pen_writers": ["train28"]}
    (model / "model.json").write_text(json.dumps(ModelCard.read(model).as_dict() | {"config": config}))
    with pytest.raises(RecognizerError, match=r"tiny cannot be measured .*: train29, train30, 1000 pictures of MNIST"):
        next(held_out_rows(model))


@pytest.mark.slow
@pytest.mark.usefixtures("digits_data")
def test_all_rows_are_measured_and_none_twice(tmp_path, monkeypatch):
    for split in ("mnist", "pendigits"):
        load = getattr(sets, split)
        monkeypatch.setattr(sets, split, lambda part, load=load: load(part) if part == "train" else pytest.fail(part))
    model = Path(shutil.copytree(TINY_MODEL, tmp_path / "tiny"))
    (model / "model.json").write_text(json.dumps(ModelCard.read(model).as_dict() | {"config": {}}))
    measured = list(held_out_rows(model, n=4))
    assert len({row.name for row in measured}) == len(measured) > 50
    assert all(row.right + row.declined + row.wrong == row.n for row in measured)
    assert all(len(str(row)) < 100 for row in measured)
