"""From data to a model folder: fit, quantise, calibrate, export, measure, write. Reports; prints nothing."""

import hashlib
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch

from recognizer.card import DIGITS, Epoch, ModelCard, Scores
from recognizer.datasets import sets
from recognizer.errors import RecognizerError
from recognizer.evaluation import plots
from recognizer.evaluation.goals import AS_THEY_ARE, own_bars
from recognizer.evaluation.readme import write_card
from recognizer.evaluation.scores import Answers, answers_of, available_sets, scores_of
from recognizer.training.config import Config
from recognizer.training.examples import glyphs
from recognizer.training.fit import Fit, follow, logits_of
from recognizer.training.loop import Progress
from recognizer.training.network import Network
from recognizer.training.quantised import quantise
from recognizer.training.serving import export, fit_calibration, rule_of
from recognizer.training.team import is_under_torchrun, join_group, lead_group, world_size

Report = Callable[[Progress | Epoch | str], None]


@dataclass(frozen=True)
class TrainedModel:
    """The result of a run: the model's folder and its scores."""

    folder: Path
    scores: list[Scores]


def train(config: Config, run: Path, output: Path, report: Report) -> TrainedModel | None:
    """Train a model, or resume the training in `run`, and write the model folder `output`, named after the model.

    Under torchrun, every process calls it. Returns None on ranks other than 0.

    `run` holds the checkpoint, the plots and the candidate model, which moves to `output` only if it reaches the
    configuration's targets. Raises `DataError` without data, and `RecognizerError` if a target is missed, `output`
    exists, the checkpoint is damaged or has another configuration, a teacher cannot be used or a process has died.
    """
    check_output(output, config)
    if is_under_torchrun():
        config = replace(config, processes=world_size())
    test_sets = available_sets()
    if missing := set(targets(config)) - set(test_sets):
        raise RecognizerError(f"cannot measure the new model without {', '.join(sorted(missing))}; see DIGITS_DATA")
    checkpoint = run / "checkpoint.pt"
    with join_group() if is_under_torchrun() else lead_group(process_count(config), follow, config, checkpoint) as team:
        if team.is_leader and (absent := unavailable_sets()):
            report(f"training without {', '.join(absent)}: not found, and not available for download")
        fit = Fit(config, checkpoint, team)
        network = fit.run(report if team.is_leader else lambda event: None)
        if not team.is_leader:
            return None
    candidate = run / "candidate" / config.name
    write_candidate(network, fit, candidate)
    answers = answers_of(candidate, test_sets, lambda name: report(f"measuring {name}"))
    scores = scores_of(answers)
    write_plots(fit, answers, run / "plots")
    write_scores(candidate, scores)
    check_targets(scores, config)
    publish(candidate, output)
    return TrainedModel(output, scores)


def process_count(config: Config) -> int:
    """Return the number of training processes: one for a GPU."""
    return 1 if torch.cuda.is_available() else config.processes


def check_output(output: Path, config: Config) -> None:
    if output.name != config.name:
        raise RecognizerError(f"the model's folder must have the model's name, {config.name}, not {output.name}")
    if output.exists():
        raise RecognizerError(f"{output} exists already; choose a new folder, as every set of weights has its own")


def publish(candidate: Path, output: Path) -> None:
    """Move the folder beside `output`, perhaps from another disk, and rename it: a stop leaves no half folder."""
    beside = output.with_name(f"{output.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    beside.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(candidate, beside)
    beside.rename(output)
    with suppress(OSError):  # it holds other files; the model is in place
        candidate.parent.rmdir()


def write_candidate(network: Network, fit: Fit, folder: Path) -> None:
    """Write model.onnx, and a model.json without scores."""
    config = fit.config
    served = quantise(network, fit.held_out.pictures.split(500))
    logits = logits_of(served, fit.held_out.pictures, fit.cpu)
    calibration = fit_calibration(logits, fit.held_out.classes, config.calibrated_for)
    export(served, calibration, folder / "model.onnx")
    card = ModelCard(
        name=config.name,
        version=version_of(config.name),
        sha256=hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest(),
        labels=DIGITS,
        rule=rule_of(logits, fit.held_out.classes, calibration, config),
        input="picture (N, 1, 28, 28) float32 in [0, 1], light ink on dark, as the doors make it",
        calibration=calibration,
        calibrated_for=config.calibrated_for,
        config=config.as_dict(),
        seed=config.seed,
        epochs=tuple(fit.epochs),
        data=sets.fingerprints(*training_sets()) | glyphs.fingerprints(),
    )
    write_card(folder, card)


def training_sets() -> list[str]:
    return [name for name, data_set in sets.SETS.items() if data_set.role == "train" and data_set.is_local()]


def unavailable_sets() -> list[str]:
    return [name for name, data_set in sets.SETS.items() if data_set.role == "train" and not data_set.is_available()]


def version_of(name: str) -> int:
    """Return 7 for "digits_v7", 0 for a name without a version."""
    number = name.rpartition("_v")[2]
    return int(number) if number.isdecimal() else 0


def write_scores(folder: Path, scores: list[Scores]) -> None:
    write_card(folder, replace(ModelCard.read(folder), scores=tuple(scores), bars=own_bars()))


def write_plots(fit: Fit, answers: list[Answers], folder: Path) -> None:
    plots.plot_loss([asdict(epoch) for epoch in fit.epochs], folder / "loss.png")
    plots.plot_answers(answers, folder)


def targets(config: Config) -> dict[str, float]:
    """Return the lowest accepted accuracy of each set."""
    return {AS_THEY_ARE: config.least_mnist_accuracy, "pendigits-test": config.least_pen_accuracy}


def check_targets(scores: list[Scores], config: Config) -> None:
    """Raise `RecognizerError` if the model is not good enough, or too good to be true."""
    least = targets(config)
    for score in scores:
        accuracy = score.accuracy or 0.0
        if accuracy < least.get(score.set, 0.0):
            raise RecognizerError(
                f"{accuracy:.2%} of {score.set} are correct (n = {score.n}); {least[score.set]:.2%} are required"
            )
        if accuracy > config.suspicious_accuracy and score.set in least:
            raise RecognizerError(f"{accuracy:.2%} of {score.set} correct: too good to be true. Did it train on them?")
