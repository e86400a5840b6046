"""The command that trains a model."""

import builtins
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import CommandError

from recognizer.training import config as configuration
from recognizer.training import train as training
from tests.support.management import output_of
from tests.support.training import TINY

MOMENT = replace(TINY, name="moment", epochs=1)


@pytest.mark.slow
@pytest.mark.usefixtures("digits_data")
def test_training_writes_a_model_and_says_where(tmp_path, monkeypatch):
    monkeypatch.setitem(configuration.PRESETS, "moment", MOMENT)
    monkeypatch.setattr(training, "available_sets", lambda: ["uji-digits"])
    monkeypatch.setattr(training, "targets", lambda config: {})
    told = output_of("train_model", "moment", "--run", tmp_path, "--seed", "5")
    assert "epoch 1 of 1: loss" in told and f"model, card and scores: {tmp_path / 'moment'}" in told
    assert re.search(r"uji-digits +220 +\d+\.\d\d% .*\d%", told)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["checkpoint.pt", "moment", "plots"]
    card = json.loads((tmp_path / "moment/model.json").read_text())
    assert (card["name"], card["seed"]) == ("moment", 5)


@pytest.mark.usefixtures("digits_data")
def test_an_existing_folder_is_refused_before_training_starts(tmp_path):
    (tmp_path / "smallest").mkdir()
    with pytest.raises(CommandError, match="new folder"):
        output_of("train_model", "smallest", "--run", tmp_path)
    assert not (tmp_path / "checkpoint.pt").exists()


def test_an_unknown_preset_is_refused_with_a_list_of_presets():
    with pytest.raises(CommandError, match=r'Unknown preset "best"\. Choose "shipped" or "smallest"'):
        output_of("train_model", "best")


def test_an_interrupted_run_says_how_to_resume(tmp_path, monkeypatch):
    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "train", interrupted)
    with pytest.raises(CommandError, match="Run the same command again"):
        output_of("train_model", "smallest", "--run", tmp_path)


@pytest.mark.parametrize("command", ["train_model", "evaluate_model"])
def test_a_missing_package_is_named_with_the_remedy(command, monkeypatch):
    real = builtins.__import__

    def without_training(name: str, *arguments: Any) -> object:
        if name.startswith(("recognizer.training", "recognizer.evaluation")):
            raise ModuleNotFoundError("No module named 'torch'", name="torch")
        return real(name, *arguments)

    monkeypatch.setattr(builtins, "__import__", without_training)
    with pytest.raises(CommandError, match=r"package torch is missing\. In a clone .* type `make training`"):
        output_of(command)
