"""The configurations and folders that a command line requests."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recognizer.datasets.formats import Drawing
from recognizer.errors import RecognizerError
from recognizer.training.config import NOT_DIGITS, PRESETS, Config
from recognizer.training.examples.made_up import MadeUp
from recognizer.training.request import TrainingRun, requested_runs

SMALLEST = PRESETS["smallest"]


def test_a_single_run_has_the_seed_of_its_preset_and_its_own_folder():
    assert requested_runs(SMALLEST, [], []) == [
        TrainingRun(SMALLEST, Path("runs/smallest-1"), Path("runs/smallest-1/smallest"))
    ]
    (task,) = requested_runs(SMALLEST, [2], ["epochs=3"], Path("here"))
    assert (task.config.seed, task.config.epochs, task.run, task.output) == (2, 3, Path("here"), Path("here/smallest"))


def test_seeds_and_values_are_combined_and_name_the_folders():
    asked = requested_runs(
        SMALLEST, [1, 2], ["learning_rate=0.01", "learning_rate=1", "channels=[4, 8, 8]", "epochs=1"]
    )
    assert [(task.config.seed, task.config.learning_rate) for task in asked] == [
        (1, 0.01),
        (2, 0.01),
        (1, 1.0),
        (2, 1.0),
    ]
    assert {(task.config.channels, task.config.epochs) for task in asked} == {((4, 8, 8), 1)}
    assert [str(task.run) for task in asked][:2] == [f"runs/smallest-{seed}-learning_rate=0.01" for seed in (1, 2)]
    assert len({task.output for task in asked}) == 4
    shapes = requested_runs(SMALLEST, [], ["channels=[4, 8, 8]", "channels=[8, 8, 8]"])
    assert [task.run.name for task in shapes] == ["smallest-1-channels=4x8x8", "smallest-1-channels=8x8x8"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (["layers=3"], 'Unknown setting "layers". Available: average_decay'),
        (["seed=3"], 'Unknown setting "seed"'),
        (["epochs=many"], "epochs=many has the wrong type. Example: epochs=2"),
        (["epochs=1.5"], "epochs=1.5 has the wrong type. Example: epochs=2"),
        (["epochs"], "epochs= has the wrong type"),
        (["half_precision=1"], "half_precision=1 has the wrong type. Example: half_precision=true"),
        (['channels=["a", 1, 2]'], "has the wrong type"),
        (["teachers=[5]"], "has the wrong type"),
    ],
)
def test_an_unknown_setting_is_refused(changes, problem):
    with pytest.raises(RecognizerError, match=problem):
        requested_runs(SMALLEST, [], changes)


def test_several_runs_cannot_share_one_folder():
    with pytest.raises(RecognizerError, match=r"single run\. Several runs have"):
        requested_runs(SMALLEST, [1, 2], [], output=Path("smallest"))


@pytest.mark.parametrize(("seeds", "changes"), [([1, 1], []), ([], ["learning_rate=0.001", "learning_rate=1e-3"])])
def test_repeated_runs_are_refused(seeds, changes):
    with pytest.raises(RecognizerError, match="Two of the runs are the same"):
        requested_runs(SMALLEST, seeds, changes)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("epochs", 0),
        ("calm_epochs", 29),
        ("calm_epochs", -3),
        ("seed", -1),
        ("mnist_per_epoch", -1),
        ("batch_size", 0),
        ("channels", (4,)),
        ("worn", 1.5),
        ("brushed", 0.9),
        ("learning_rate", float("nan")),
        ("pen_range_px", (3.8, 1.7)),
        ("not_digits", {}),
        ("not_digits", {"nonsense": 1.0}),
        ("not_digits", {"shape": 2.0, "doodle": -1.0}),
        ("traced_mnist", 0),
    ],
)
def test_an_impossible_setting_is_refused_at_once(name, value):
    with pytest.raises(RecognizerError, match=name.removeprefix("calm_")):
        replace(Config(), **{name: value})


def test_every_kind_of_non_digit_is_drawn():
    digits = [Drawing("7", "train01", (np.array([[0.0, 0.0], [1.0, 2.0], [0.0, 3.0]]),))]
    letters = [[np.array([[0.0, 0.0], [1.0, 1.0]])]]
    for kind in NOT_DIGITS:
        config = replace(Config(), not_digits={kind: 1.0})
        assert MadeUp(config, letters, digits, np.random.default_rng(0)).not_digits(1).drawings[0]
