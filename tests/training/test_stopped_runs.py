"""The command that trains, stopped at any moment and resumed: the same weights, to the last bit."""

import json
import signal
import subprocess
import sys
import time
from dataclasses import fields, replace
from pathlib import Path

import pytest
import torch

from recognizer.training import checkpoint
from recognizer.training.config import PRESETS, Config
from recognizer.training.fit import Fit, follow
from recognizer.training.team import lead_group
from tests.support.training import TINY

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("digits_data")]

SMALLEST = PRESETS["smallest"]
LONG = replace(TINY, epochs=6, calm_epochs=2, processes=2)
TIMEOUT_S = 120
ROOT = Path(__file__).parents[2]


def command(config: Config, run: Path) -> list[str]:
    names = [field.name for field in fields(Config) if getattr(config, field.name) != getattr(SMALLEST, field.name)]
    changes = [f"--set={name}={json.dumps(getattr(config, name))}" for name in names]
    digits = [sys.executable, "-c", "from recognizer.cli.main import main; main()"]
    return [*digits, "train", "smallest", f"--run={run}", *changes]


def finish(config: Config, file: Path) -> tuple[int, dict[str, torch.Tensor]]:
    """Train the remaining epochs; return their number and the weights."""
    with lead_group(config.processes, follow, config, file) as team:
        fit = Fit(config, file, team)
        left = config.epochs - len(fit.epochs)
        fit.run(lambda event: None)
    return left, dict(fit.average.module.state_dict())


@pytest.fixture(scope="module")
def whole(digits_data: object, tmp_path_factory: pytest.TempPathFactory) -> dict[str, torch.Tensor]:
    return finish(LONG, tmp_path_factory.mktemp("whole") / "checkpoint.pt")[1]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "killed"])
def test_a_stopped_command_resumes_to_the_same_weights(number, whole, tmp_path):
    file = tmp_path / "checkpoint.pt"
    with subprocess.Popen(command(LONG, tmp_path), stderr=subprocess.PIPE, text=True, cwd=ROOT) as program:
        until = time.monotonic() + TIMEOUT_S
        while not file.exists() and program.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        program.send_signal(number)
        _, told = program.communicate(timeout=TIMEOUT_S)
    assert file.exists(), told
    assert ("Run the same command again" in told) == (number == signal.SIGINT)
    left, weights = finish(LONG, file)
    assert 0 < left < LONG.epochs
    assert all(torch.equal(value, weights[name]) for name, value in whole.items())


def test_a_checkpoint_keeps_how_many_examples_of_each_kind_there_are(tmp_path):
    config = replace(TINY, epochs=1)
    Fit(config, tmp_path / "one.pt").save()
    state = checkpoint.read(tmp_path / "one.pt", torch.device("cpu"))
    assert state
    assert state["config"]["groups_per_epoch"] == TINY.groups_per_epoch
    assert state["config"]["not_digits"]["column"] == TINY.not_digits["column"]
