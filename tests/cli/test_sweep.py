"""Several trainings: a failed one does not stop the others, and a finished one is not repeated."""

from pathlib import Path
from typing import Any

import pytest

from recognizer.bulk.engines.choice import Choice
from recognizer.card import Scores
from recognizer.cli import sweep
from recognizer.errors import RecognizerError
from recognizer.evaluation.goals import AS_THEY_ARE
from recognizer.training.config import PRESETS
from recognizer.training.request import requested_runs
from recognizer.training.train import TrainedModel

CHOICE = Choice()


@pytest.fixture
def trainings(tmp_path, monkeypatch):
    """Three seeds."""
    monkeypatch.chdir(tmp_path)
    return requested_runs(PRESETS["smallest"], [1, 2, 3], [])


def run_sweep(trainings, monkeypatch, train) -> list[Any]:
    monkeypatch.setattr(sweep, "train", train)
    return list(sweep.train_all(trainings, CHOICE, lambda line: None))


def pretend_to_train(config, run: Path, output: Path, report) -> TrainedModel:
    shares = {AS_THEY_ARE: 0.9, "pendigits-test": 0.8}
    scores = [Scores(name, 10, 0.0, accuracy, calibration_error=0.0) for name, accuracy in shares.items()]
    return TrainedModel(output, scores)


def test_each_training_reports_the_scores_of_its_model(trainings, monkeypatch):
    first, *_ = found = run_sweep(trainings, monkeypatch, pretend_to_train)
    assert [result.failed for result in found] == [False] * 3
    assert "90.00%" in first.text and "80.00%" in first.text and "runs/smallest-1/smallest" in first.text


@pytest.mark.parametrize("error", [RecognizerError("below its target"), ZeroDivisionError("by zero"), OSError("full")])
def test_a_failed_training_does_not_stop_the_others(error, trainings, monkeypatch):
    def train(config, *others):
        if config.seed == 2:
            raise error
        return pretend_to_train(config, *others)

    found = run_sweep(trainings, monkeypatch, train)
    assert [result.failed for result in found] == [False, True, False] and str(error) in found[1].text


def test_a_finished_training_is_not_repeated(trainings, monkeypatch):
    trainings[0].output.mkdir(parents=True)
    begun = []

    def train(config, *others):
        begun.append(config.seed)
        return pretend_to_train(config, *others)

    found = run_sweep(trainings, monkeypatch, train)
    assert begun == [2, 3] and len(found) == 3 and not any(result.failed for result in found)
    assert found[0].text == "skipped, runs/smallest-1/smallest already exists"


def test_only_the_leading_process_reports(trainings, monkeypatch):
    assert run_sweep(trainings[:1], monkeypatch, lambda *given: None) == [None]


def test_torchrun_runs_only_one_training(trainings, monkeypatch):
    monkeypatch.setattr(sweep, "is_under_torchrun", lambda: True)
    with pytest.raises(RecognizerError, match="torchrun runs one training only"):
        run_sweep(trainings, monkeypatch, pretend_to_train)
