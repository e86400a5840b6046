"""Several trainings: one that fails stops no other, one that is finished is not begun again."""

from pathlib import Path
from typing import Any

import pytest

from recognizer.bulk.engines.choice import Choice
from recognizer.card import Scores
from recognizer.cli import sweep
from recognizer.errors import RecognizerError
from recognizer.evaluation.scores import AS_THEY_ARE
from recognizer.training.config import PRESETS
from recognizer.training.request import asked_for
from recognizer.training.train import Trained

CHOICE = Choice()


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """Three seeds."""
    monkeypatch.chdir(tmp_path)
    return asked_for(PRESETS["smallest"], [1, 2, 3], [])


def ended(asked, monkeypatch, train) -> list[Any]:
    monkeypatch.setattr(sweep, "train", train)
    return list(sweep.train_all(asked, CHOICE, lambda line: None))


def made(config, run: Path, output: Path, report) -> Trained:
    shares = {AS_THEY_ARE: 0.9, "pendigits-test": 0.8}
    scores = [Scores(name, 10, 0.0, accuracy, calibration_error=0.0) for name, accuracy in shares.items()]
    return Trained(output, scores)


def test_each_tells_how_good_its_model_is(asked, monkeypatch):
    first, *_ = found = ended(asked, monkeypatch, made)
    assert [one.failed for one in found] == [False] * 3
    assert "90.00%" in first.text and "80.00%" in first.text and "runs/smallest-1/smallest" in first.text


@pytest.mark.parametrize("error", [RecognizerError("below its target"), ZeroDivisionError("by zero"), OSError("full")])
def test_one_that_fails_stops_no_other(error, asked, monkeypatch):
    def train(config, *others):
        if config.seed == 2:
            raise error
        return made(config, *others)

    found = ended(asked, monkeypatch, train)
    assert [one.failed for one in found] == [False, True, False] and str(error) in found[1].text


def test_one_that_is_finished_is_not_begun_again(asked, monkeypatch):
    asked[0].output.mkdir(parents=True)
    begun = []

    def train(config, *others):
        begun.append(config.seed)
        return made(config, *others)

    found = ended(asked, monkeypatch, train)
    assert begun == [2, 3] and len(found) == 3 and not any(one.failed for one in found)
    assert found[0].text == "skipped, runs/smallest-1/smallest already exists"


def test_a_process_that_another_leads_tells_nothing(asked, monkeypatch):
    assert ended(asked[:1], monkeypatch, lambda *given: None) == [None]


def test_under_torchrun_there_is_one(asked, monkeypatch):
    monkeypatch.setattr(sweep, "launched", lambda: True)
    with pytest.raises(RecognizerError, match="torchrun runs one training only"):
        ended(asked, monkeypatch, made)
