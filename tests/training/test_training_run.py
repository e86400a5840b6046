"""Fit, stop, resume, export and measure with the smallest configuration."""

import subprocess
import sys
from contextlib import nullcontext
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
import torch

from recognizer.card import Epoch, Scores
from recognizer.errors import RecognizerError
from recognizer.evaluation.goals import AS_THEY_ARE
from recognizer.training import checkpoint
from recognizer.training.config import Config
from recognizer.training.epochs import TrainingSet
from recognizer.training.fit import Fit, follow
from recognizer.training.loop import Progress
from recognizer.training.seeds import seed_of
from recognizer.training.team import ALONE, lead_group
from recognizer.training.train import check_output, check_targets, publish, train, version_of
from tests.support.training import TINY

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("digits_data")]


def weights(fit: Fit) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in fit.average.module.state_dict().items()}


def test_a_stopped_run_resumes_to_the_same_weights(tmp_path):
    whole = Fit(TINY, tmp_path / "whole.pt")
    whole.run(lambda event: None)

    def stop_in_epoch_2(event: object) -> None:
        if isinstance(event, Progress) and (event.epoch, event.step) == (2, 3):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Fit(TINY, tmp_path / "stopped.pt").run(stop_in_epoch_2)
    resumed = Fit(TINY, tmp_path / "stopped.pt")
    assert [epoch.number for epoch in resumed.epochs] == [1]
    resumed.run(lambda event: None)
    assert all(torch.equal(value, weights(resumed)[name]) for name, value in weights(whole).items())


def test_only_the_last_epochs_are_calm_in_a_resumed_run_too(tmp_path):
    calm = []

    def watch(fit: Fit, epochs: int) -> None:
        while len(fit.epochs) < epochs:
            fit.epochs.append(fit.train_epoch(lambda event: None))
            fit.save()
            assert isinstance(fit.training_set, TrainingSet)
            calm.append(fit.training_set.calm)

    config = replace(TINY, epochs=3, calm_epochs=2)
    watch(Fit(config, tmp_path / "run.pt"), 2)
    watch(Fit(config, tmp_path / "run.pt"), 3)
    assert calm == [False, True, True]


def test_neighbouring_seeds_processes_epochs_and_uses_share_no_random_numbers():
    several = product((1, 2, 3), (0, 1), (1, 2), ("examples", "dropout"))
    seeds = {seed_of(seed, rank, epoch, use) for seed, rank, epoch, use in several}
    assert len(seeds) == 24


def test_two_processes_train_one_network_and_resume_to_the_same_weights(tmp_path):
    config = replace(TINY, processes=2)

    def trained_to(epochs: int, checkpoint: Path) -> Fit:
        with lead_group(2, follow, config, checkpoint) as team:
            fit = Fit(config, checkpoint, team)
            while len(fit.epochs) < epochs:
                fit.epochs.append(fit.train_epoch(lambda event: None))
                fit.save()
        return fit

    whole = trained_to(2, tmp_path / "whole.pt")
    trained_to(1, tmp_path / "stopped.pt")
    resumed = trained_to(2, tmp_path / "stopped.pt")
    assert [epoch.number for epoch in resumed.epochs] == [1, 2]
    assert all(torch.equal(value, weights(resumed)[name]) for name, value in weights(whole).items())


def test_a_run_of_one_process_can_be_resumed_by_two(tmp_path):
    config, checkpoint = replace(TINY, processes=2, pen_per_epoch=47), tmp_path / "checkpoint.pt"
    alone = Fit(config, checkpoint)
    alone.epochs.append(alone.train_epoch(lambda event: None))
    alone.save()
    with lead_group(2, follow, config, checkpoint) as team:
        both = Fit(config, checkpoint, team)
        assert both.optimiser.schedules[0].last_epoch == config.showings * config.batches()
        both.run(lambda event: None)
    assert [epoch.number for epoch in both.epochs] == [1, 2]


def test_another_seed_gives_other_weights(tmp_path):
    fits = [Fit(replace(TINY, seed=seed, epochs=1), tmp_path / f"{seed}.pt") for seed in (1, 2)]
    for fit in fits:
        fit.run(lambda event: None)
    assert not torch.equal(*(weights(fit)["evidence.weight"] for fit in fits))


def test_torchrun_trains_to_the_same_weights_as_own_processes(tmp_path):
    config, own, launched = replace(TINY, epochs=1), tmp_path / "own.pt", tmp_path / "launched.pt"
    with lead_group(2, follow, config, own) as team:
        Fit(config, own, team).run(lambda event: None)
    script = Path(__file__).parents[1] / "support/launched.py"
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    ran = subprocess.run([*torchrun, str(script), str(launched)], capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stderr
    ours, theirs = (checkpoint.read(file, torch.device("cpu")) for file in (own, launched))
    assert ours and theirs
    assert all(torch.equal(value, theirs["average"][name]) for name, value in ours["average"].items())


def test_only_the_leading_process_makes_a_model(tmp_path, monkeypatch):
    """Under torchrun each process calls `train`, but only the first measures and writes."""
    follows = replace(ALONE, rank=1)
    monkeypatch.setattr("recognizer.training.train.is_under_torchrun", lambda: True)
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setattr("recognizer.training.train.join_group", lambda: nullcontext(follows))
    told: list[object] = []
    assert train(replace(TINY, epochs=1), tmp_path / "run", tmp_path / "smallest", told.append) is None
    assert not told and not (tmp_path / "run").exists()


def test_a_checkpoint_of_another_configuration_is_refused(tmp_path):
    Fit(replace(TINY, epochs=1), tmp_path / "one.pt").save()
    with pytest.raises(RecognizerError, match="another configuration"):
        Fit(TINY, tmp_path / "one.pt")


def test_a_damaged_checkpoint_is_not_resumed(tmp_path):
    file = tmp_path / "one.pt"
    Fit(replace(TINY, epochs=1), file).save()
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1  # in the weights: torch itself would not notice
    file.write_bytes(content)
    with pytest.raises(RecognizerError, match=r"one\.pt is damaged"):
        Fit(replace(TINY, epochs=1), file)


def test_progress_reports_rate_and_time_left(tmp_path):
    events: list[Progress | Epoch] = []
    Fit(replace(TINY, epochs=1), tmp_path / "one.pt").run(events.append)
    steps, epoch = [event for event in events if isinstance(event, Progress)], events[-1]
    assert [step.step for step in steps] == list(range(1, steps[0].steps + 1))
    assert all(step.examples_per_s > 0 and step.seconds_left >= 0 for step in steps)
    assert isinstance(epoch, Epoch) and epoch.train_loss > 0


def test_the_loss_falls(tmp_path):
    fit = Fit(replace(TINY, epochs=4), tmp_path / "four.pt")
    fit.run(lambda event: None)
    assert fit.epochs[-1].train_loss < fit.epochs[0].train_loss


def test_a_model_below_its_target_is_refused():
    scores = [Scores(AS_THEY_ARE, 10_000, 0.0, accuracy=0.9959)]
    with pytest.raises(RecognizerError, match=r"99\.59% .* 99\.60% are required"):
        check_targets(scores, Config())


def test_a_perfect_score_is_distrusted():
    scores = [Scores("pendigits-test", 3_498, 0.0, accuracy=1.0)]
    with pytest.raises(RecognizerError, match="too good to be true"):
        check_targets(scores, Config())


@pytest.mark.parametrize("beside", [[], ["notes.txt"]], ids=["alone", "with another file"])
def test_a_model_is_moved_to_its_place_and_nothing_else_is_touched(beside, tmp_path):
    candidate, output = tmp_path / "run/candidate/smallest", tmp_path / "models/smallest"
    candidate.mkdir(parents=True)
    for file in [candidate / "model.onnx", *(candidate.with_name(name) for name in beside)]:
        file.write_text(file.name)
    publish(candidate, output)
    assert (output / "model.onnx").read_text() == "model.onnx" and not candidate.exists()
    assert [path.name for path in tmp_path.rglob("*.txt")] == beside
    assert candidate.parent.exists() == bool(beside) and [path.name for path in output.parent.iterdir()] == ["smallest"]


def test_a_published_folder_is_never_overwritten(tmp_path):
    (tmp_path / Config().name).mkdir()
    with pytest.raises(RecognizerError, match="new folder"):
        check_output(tmp_path / Config().name, Config())


def test_a_folder_of_another_name_than_the_models_is_refused(tmp_path):
    with pytest.raises(RecognizerError, match=Config().name):
        check_output(tmp_path / "mine", Config())


@pytest.mark.parametrize(("name", "version"), [("digits_v7", 7), ("digits_vnext", 0), ("my_own", 0), ("x_v", 0)])
def test_the_version_is_the_number_at_the_names_end(name, version):
    assert version_of(name) == version


def test_a_run_that_could_not_be_measured_is_not_started(tmp_path, monkeypatch):
    monkeypatch.setattr("recognizer.training.train.available_sets", list)
    with pytest.raises(RecognizerError, match=r"cannot measure the new model without .*pendigits-test"):
        train(TINY, tmp_path / "run", tmp_path / "smallest", lambda event: None)
    assert not (tmp_path / "run").exists()
