"""The line network: lines to learn from, and a training that stops and goes on."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from recognizer.numbers.line_model import LineModel
from recognizer.numbers.line_pictures import HEIGHT
from recognizer.numbers.search import CHARACTERS
from recognizer.training.numbers import fit
from recognizer.training.numbers.config import PRESETS
from recognizer.training.numbers.fit import LineFit, collapse
from recognizer.training.numbers.line_set import LineSet, batch_of
from recognizer.training.numbers.lines import Line
from recognizer.training.numbers.train import train

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("digits_data")]
TINY = replace(
    PRESETS["smallest"],
    processes=1,
    pens_per_epoch=20,
    pictures_per_epoch=12,
    others_per_epoch=4,
    traced_mnist=300,
    batch_size=8,
    channels=(4, 4, 8, 8),
    held_out_lines=2,
)


@pytest.fixture(scope="module")
def line_set(digits_data) -> LineSet:
    return LineSet(TINY)


def test_an_epoch_has_its_batches_and_can_be_repeated(line_set):
    batches = list(line_set.batches(1))
    assert len(batches) == TINY.batches() == 4
    for batch in batches:
        count, _, height, width = batch.pictures.shape
        assert (count, height) == (8, HEIGHT)
        assert batch.places.max() == width // 2
        assert batch.lengths.sum() == len(batch.classes)
        assert batch.classes.min() >= 1 and batch.classes.max() <= len(CHARACTERS)
    again = list(line_set.batches(1))
    assert all(torch.equal(one.pictures, other.pictures) for one, other in zip(batches, again, strict=True))
    assert not torch.equal(batches[0].pictures.sum((2, 3)), next(line_set.batches(2)).pictures.sum((2, 3)))


def test_lines_have_ink_where_their_characters_are(line_set):
    random, generator = np.random.default_rng(0), torch.Generator().manual_seed(0)
    lines = line_set.make_chunk(60, random, generator)
    assert {character for line in lines for character in line.text} >= set("0123456789?")
    for line in lines:
        assert line.picture.max() > 200
        assert len(line.text) == len(line.spans)
        for low, high in line.spans:
            assert line.picture[:, max(int(low) - 1, 0) : int(high) + 2].max() > 60, line.text


def test_a_character_away_from_its_middle_is_made_improbable():
    line = Line("7", np.zeros((HEIGHT, 64), np.uint8), np.array([[20.0, 30.0]]))
    away = batch_of([line], -6.0).away[0]
    seven = away[1 + CHARACTERS.index("7")]
    assert (seven[11:14] == 0).all() and (seven[:10] == -6).all() and (seven[15:] == -6).all()
    assert (away[0] == 0).all()


def test_classes_collapse_to_text():
    one, two = 1 + CHARACTERS.index("1"), 1 + CHARACTERS.index("2")
    assert collapse([0, one, one, 0, one, two, 0, 0]) == "112"


def test_a_stopped_training_goes_on_to_the_same_weights(tmp_path):
    whole = LineFit(TINY, tmp_path / "whole.pt").train(lambda event: None).state_dict()
    first = LineFit(TINY, tmp_path / "stopped.pt")
    first.epochs.append(first.train_epoch(lambda event: None))
    first.save()
    resumed = LineFit(TINY, tmp_path / "stopped.pt").train(lambda event: None).state_dict()
    assert all(torch.equal(value, resumed[name]) for name, value in whole.items())


def test_the_epoch_with_the_fewest_wrong_held_out_lines_is_kept_also_over_a_stop(tmp_path, monkeypatch):
    shares = iter([0.5, 0.7, 0.6])
    monkeypatch.setattr(fit, "share_right", lambda network, lines: {"all": next(shares)})
    config = replace(TINY, epochs=3)
    first = LineFit(config, tmp_path / "run.pt")
    for _ in range(2):
        first.epochs.append(first.train_epoch(lambda event: None))
        first.save()
    best = {name: value.clone() for name, value in first.average.module.state_dict().items()}
    kept = LineFit(config, tmp_path / "run.pt").train(lambda event: None).state_dict()
    assert all(torch.equal(value, best[name]) for name, value in kept.items())


def test_a_training_writes_a_network_and_how_to_weigh_it(tmp_path):
    told: list[str] = []
    folder = train(replace(TINY, epochs=1), tmp_path, lambda event: told.append(str(event)))
    model = LineModel(folder)
    chances = model(np.zeros((2, HEIGHT, 64), np.uint8))
    assert chances.shape == (2, 32, 1 + len(CHARACTERS))
    np.testing.assert_allclose(chances.sum(2), 1, rtol=0, atol=1e-5)
    assert len(model.card.held_out) == 36
    assert sum("right" in line for line in told) == 36
    assert set(model.card.data) and model.card.epochs[0].number == 1
