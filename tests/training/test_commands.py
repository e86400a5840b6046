"""`train_model` and `evaluate_model`: what they print, and what they refuse."""

import builtins
import json
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from recognizer.training import config as configuration
from recognizer.training import train as training
from recognizer.training.evaluate import Scores
from recognizer.training.text import told_scores
from tests.training.tiny import TINY

TINY_MODEL = Path(__file__).parents[1] / "models/tiny"
MOMENT = replace(TINY, name="moment", epochs=1, mnist_per_epoch=64)


def said(*arguments: Any) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.mark.usefixtures("digits_data")
def test_a_model_is_measured_on_the_set_that_is_named():
    lines = said("evaluate_model", TINY_MODEL, "--set", "uji-digits").splitlines()
    assert lines[1].split()[:2] == ["uji-digits", "220"] and lines[1].count("%") == 5
    counts = [line.split()[2:] for line in lines[-10:]]
    assert sum(int(count) for row in counts for count in row if count != "·") == 220


@pytest.mark.usefixtures("digits_data")
def test_scores_come_as_json_too():
    digits, letters = json.loads(
        said("evaluate_model", TINY_MODEL, "--json", "--set", "uji-digits", "--set", "uji-letters")
    )
    assert digits["n"] == 220 and len(digits["per_digit"]) == 10
    assert letters["n"] == 312 and 0 <= letters["auroc"] <= 1 and "accuracy" not in letters


@pytest.mark.usefixtures("digits_data")
def test_plots_are_written_where_they_are_asked_for(tmp_path):
    said("evaluate_model", TINY_MODEL, "--set", "uji-digits", "--plots", tmp_path / "plots")
    assert len(list((tmp_path / "plots").glob("uji-digits-*.png"))) == 3


def test_the_table_shows_what_is_no_digit_apart():
    shown = told_scores([Scores("cats", 1000, 0.866, auroc=0.99581), Scores("omniglot", 4840, 0.788)])
    assert shown.splitlines()[-2].split() == ["cats", "1,000", "86.6%", "0.9958"]
    assert shown.splitlines()[-1].split() == ["omniglot", "4,840", "78.8%"]


@pytest.mark.usefixtures("digits_data")
def test_a_set_that_is_not_at_hand_is_refused_with_those_that_are():
    with pytest.raises(CommandError, match=r"not at hand: svhn; there are .*mnist-test"):
        said("evaluate_model", TINY_MODEL, "--set", "svhn")


@pytest.mark.usefixtures("digits_data")
def test_a_folder_without_a_model_is_refused(tmp_path):
    with pytest.raises(CommandError, match=r"no model in .*model\.json"):
        said("evaluate_model", tmp_path, "--set", "uji-digits")


def test_without_any_data_the_remedy_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGITS_DATA", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(CommandError, match="DIGITS_DATA"):
        said("evaluate_model", TINY_MODEL)


@pytest.mark.usefixtures("digits_data")
def test_training_writes_a_model_and_says_where(tmp_path, monkeypatch):
    monkeypatch.setitem(configuration.PRESETS, "moment", MOMENT)
    monkeypatch.setattr(training, "available", lambda: ["uji-digits"])
    monkeypatch.setattr(training, "targets", lambda config: {})
    told = said("train_model", "moment", "--run", tmp_path, "--seed", "5")
    assert "epoch 1 of 1: loss" in told and f"{tmp_path / 'moment'}: the model" in told
    card = json.loads((tmp_path / "moment/model.json").read_text())
    assert (card["name"], card["seed"]) == ("moment", 5)


@pytest.mark.usefixtures("digits_data")
def test_a_folder_that_is_taken_is_refused_before_anything_is_trained(tmp_path):
    (tmp_path / "smallest").mkdir()
    with pytest.raises(CommandError, match="new folder"):
        said("train_model", "smallest", "--run", tmp_path)
    assert not (tmp_path / "checkpoint.pt").exists()


def test_an_unknown_preset_is_refused_with_those_there_are():
    with pytest.raises(CommandError, match="best is no preset; there are digits_v2, smallest"):
        said("train_model", "best")


def test_an_interrupted_run_says_how_to_go_on(tmp_path, monkeypatch):
    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "train", interrupted)
    with pytest.raises(CommandError, match="the same command goes on"):
        said("train_model", "smallest", "--run", tmp_path)


@pytest.mark.parametrize("command", ["train_model", "evaluate_model"])
def test_a_missing_package_is_named_with_the_remedy(command, monkeypatch):
    real = builtins.__import__

    def without_training(name: str, *arguments: Any) -> object:
        if name.startswith("recognizer.training"):
            raise ModuleNotFoundError("No module named 'torch'", name="torch")
        return real(name, *arguments)

    monkeypatch.setattr(builtins, "__import__", without_training)
    with pytest.raises(CommandError, match="needs the package torch: `make training`"):
        said(command)
