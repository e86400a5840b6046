"""The whole path from data to a model folder: fit, calibrate, export, measure, write. Prints nothing: it reports."""

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from recognizer.errors import RecognizerError
from recognizer.training import data, plots
from recognizer.training.card import model_card
from recognizer.training.config import Config
from recognizer.training.evaluate import AS_THEY_ARE, Answers, Scores, answers_of, available, scores_of
from recognizer.training.fit import Epoch, Fit, Progress, logits_of
from recognizer.training.network import Network
from recognizer.training.serving import export, rule_of, temperature_of

Report = Callable[[Progress | Epoch | str], None]
TRAINED_ON = ["mnist-train", "pendigits-train", "uji-letters-train"]


@dataclass(frozen=True)
class Trained:
    """What a run made: the model's folder, its scores and the plots."""

    folder: Path
    scores: list[Scores]
    plots: list[Path]


def train(config: Config, run: Path, output: Path, report: Report) -> Trained:
    """Trains, or goes on with what lies in `run`, and writes the model folder `output`, named as the model.

    `run` holds the checkpoint, the plots and the candidate model, which is moved to `output` only if it reaches the
    configuration's targets. Raises `DataError` without data and `RecognizerError` where a target is missed.
    """
    check_output(output, config)
    fit = Fit(config, run / "checkpoint.pt")
    network = fit.run(report)
    candidate = run / "candidate" / config.name
    write_candidate(network, fit, candidate)
    answers = answers_of(candidate, available(), lambda name: report(f"measuring {name}"))
    scores = scores_of(answers)
    files = write_plots(fit, answers, run / "plots")
    write_scores(candidate, scores)
    check_targets(scores, config)
    shutil.copytree(candidate, output)
    return Trained(output, scores, files)


def check_output(output: Path, config: Config) -> None:
    if output.name != config.name:
        raise RecognizerError(f"the model's folder has the model's name, {config.name}, not {output.name}")
    if output.exists():
        raise RecognizerError(f"{output} is there already; a new set of weights is a new folder")


def write_candidate(network: Network, fit: Fit, folder: Path) -> None:
    """model.onnx and a model.json without scores."""
    config = fit.config
    logits = logits_of(network, fit.held_out.pictures, fit.cpu)
    temperature = temperature_of(logits, fit.held_out.classes)
    export(network, temperature, folder / "model.onnx")
    card = {
        "name": config.name,
        "version": int(config.name.rpartition("_v")[2]) if "_v" in config.name else 0,
        "sha256": hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest(),
        "input": "picture (N, 1, 28, 28) float32 in [0, 1], light ink on dark, as the doors make it",
        "labels": [str(digit) for digit in range(10)],
        "rule": rule_of(logits, fit.held_out.classes, temperature, config),
        "temperature": temperature,
        "scores": [],
        "config": config.as_dict(),
        "seed": config.seed,
        "epochs": [asdict(epoch) for epoch in fit.epochs],
        "data": data.fingerprints(*(name for name in TRAINED_ON if data.SETS[name].is_here())),
    }
    write_card(folder, card)


def write_scores(folder: Path, scores: list[Scores]) -> None:
    card = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    write_card(folder, card | {"scores": [one.as_dict() for one in scores]})


def write_card(folder: Path, card: dict[str, Any]) -> None:
    (folder / "model.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    (folder / "README.md").write_text(model_card(card), encoding="utf-8")


def write_plots(fit: Fit, answers: list[Answers], folder: Path) -> list[Path]:
    curves = folder / "loss.png"
    plots.loss_curves([asdict(epoch) for epoch in fit.epochs], curves)
    return [curves, *plots.evaluation(answers, folder)]


def check_targets(scores: list[Scores], config: Config) -> None:
    """Raises `RecognizerError` where the model is not good enough, or too good to be true."""
    least = {AS_THEY_ARE: config.least_mnist_accuracy, "pendigits-test": config.least_pen_accuracy}
    for one in scores:
        accuracy = one.accuracy or 0.0
        if accuracy < least.get(one.set, 0.0):
            raise RecognizerError(
                f"{accuracy:.2%} of {one.set} are right (n = {one.n}); {least[one.set]:.2%} are needed"
            )
        if accuracy > config.suspicious_accuracy and one.set in least:
            raise RecognizerError(f"{accuracy:.2%} of {one.set} right is too good to be true: did it train on them?")
