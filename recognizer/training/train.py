"""From data to a model folder: fit, quantise, calibrate, export, measure, write. Prints nothing: it reports."""

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
from recognizer.evaluation.goals import own_bars
from recognizer.evaluation.readme import write_card
from recognizer.evaluation.scores import AS_THEY_ARE, Answers, answers_of, available_sets, scores_of
from recognizer.training.config import Config
from recognizer.training.examples import glyphs
from recognizer.training.fit import Fit, Progress, follow, logits_of
from recognizer.training.network import Network
from recognizer.training.quantised import quantise
from recognizer.training.serving import export, fit_calibration, rule_of
from recognizer.training.team import is_under_torchrun, join_group, lead_group, world_size

Report = Callable[[Progress | Epoch | str], None]


@dataclass(frozen=True)
class TrainedModel:
    """What a run made: the model's folder and its scores."""

    folder: Path
    scores: list[Scores]


def train(config: Config, run: Path, output: Path, report: Report) -> TrainedModel | None:
    """Trains, or goes on with what lies in `run`, and writes the model folder `output`, named as the model.

    Runs unchanged under torchrun, each of whose processes calls it; None in those that another one leads.

    `run` holds the checkpoint, the plots and the candidate model, which becomes `output` only if it reaches the
    configuration's targets. Raises `DataError` without data and `RecognizerError` where a target is missed, `output`
    is there already, the checkpoint is damaged or of another configuration, a teacher cannot be used or a process has
    died.
    """
    check_output(output, config)
    if is_under_torchrun():
        config = replace(config, processes=world_size())
    sets = available_sets()
    if missing := set(targets(config)) - set(sets):
        raise RecognizerError(f"without {', '.join(sorted(missing))} the new model could not be measured")
    checkpoint = run / "checkpoint.pt"
    with join_group() if is_under_torchrun() else lead_group(process_count(config), follow, config, checkpoint) as team:
        if team.is_leader and (lacking := unavailable_sets()):
            report(f"training without {', '.join(lacking)}: neither at hand nor to be downloaded")
        fit = Fit(config, checkpoint, team)
        network = fit.run(report if team.is_leader else lambda event: None)
        if not team.is_leader:
            return None
    candidate = run / "candidate" / config.name
    write_candidate(network, fit, candidate)
    answers = answers_of(candidate, sets, lambda name: report(f"measuring {name}"))
    scores = scores_of(answers)
    write_plots(fit, answers, run / "plots")
    write_scores(candidate, scores)
    check_targets(scores, config)
    publish(candidate, output)
    return TrainedModel(output, scores)


def process_count(config: Config) -> int:
    """A GPU is served by one."""
    return 1 if torch.cuda.is_available() else config.processes


def check_output(output: Path, config: Config) -> None:
    if output.name != config.name:
        raise RecognizerError(f"the model's folder has the model's name, {config.name}, not {output.name}")
    if output.exists():
        raise RecognizerError(f"{output} is there already; a new set of weights is a new folder")


def publish(candidate: Path, output: Path) -> None:
    """Moved beside, from another disk too, and then renamed, so that no half folder is left."""
    beside = output.with_name(f"{output.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    beside.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(candidate, beside)
    beside.rename(output)
    with suppress(OSError):  # something else lies there, and the model is in its place
        candidate.parent.rmdir()


def write_candidate(network: Network, fit: Fit, folder: Path) -> None:
    """model.onnx and a model.json without scores."""
    config = fit.config
    served = quantise(network, fit.held_out.pictures)
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
    return [name for name, one in sets.SETS.items() if one.role == "train" and one.is_local()]


def unavailable_sets() -> list[str]:
    return [name for name, one in sets.SETS.items() if one.role == "train" and not one.is_available()]


def version_of(name: str) -> int:
    """7 of "digits_v7"; 0 of a name without a version."""
    number = name.rpartition("_v")[2]
    return int(number) if number.isdecimal() else 0


def write_scores(folder: Path, scores: list[Scores]) -> None:
    write_card(folder, replace(ModelCard.read(folder), scores=tuple(scores), bars=own_bars()))


def write_plots(fit: Fit, answers: list[Answers], folder: Path) -> None:
    plots.loss_curves([asdict(epoch) for epoch in fit.epochs], folder / "loss.png")
    plots.evaluation(answers, folder)


def targets(config: Config) -> dict[str, float]:
    """The least accuracy by set."""
    return {AS_THEY_ARE: config.least_mnist_accuracy, "pendigits-test": config.least_pen_accuracy}


def check_targets(scores: list[Scores], config: Config) -> None:
    """Raises `RecognizerError` where the model is not good enough, or too good to be true."""
    least = targets(config)
    for one in scores:
        accuracy = one.accuracy or 0.0
        if accuracy < least.get(one.set, 0.0):
            raise RecognizerError(
                f"{accuracy:.2%} of {one.set} are right (n = {one.n}); {least[one.set]:.2%} are needed"
            )
        if accuracy > config.suspicious_accuracy and one.set in least:
            raise RecognizerError(f"{accuracy:.2%} of {one.set} right is too good to be true: did it train on them?")
