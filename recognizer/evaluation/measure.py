"""The whole evaluation of a model folder: every row and grid, as `model.json` keeps them. Prints nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

import recognizer
from recognizer.card import Bar, Grid, ModelCard, Row
from recognizer.datasets import sets
from recognizer.datasets.sets import Pictures
from recognizer.doors.session import door_digests
from recognizer.evaluation.corruptions import corrupt
from recognizer.evaluation.cost import cost_rows
from recognizer.evaluation.declining import calibration_rows, declining_rows
from recognizer.evaluation.goals import (
    ACCURACY,
    CALIBRATED,
    CORRUPTION_MEAN,
    CORRUPTIONS,
    SENT,
    corruption_row,
    own_bars,
)
from recognizer.evaluation.grids import answers_to_png, best_digits, canvas_grid, compare_doors, map_in_threads, sample
from recognizer.evaluation.numbers.measure import number_rows, single_rows
from recognizer.evaluation.readme import write_card
from recognizer.evaluation.scores import Answers, answers_of, available_sets, is_digits, reliability, scores_of
from recognizer.evaluation.table import Found, Measured, rows, share
from recognizer.recognizer import Recognizer
from recognizer.structured import to_json

SEED = 1906
PICTURES_AT_ONCE = 1000  # pictures per batch; another number changes the random numbers, and so the results

Report = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The results of an evaluation.

    measured: ISO date. answers: one `Answers` per test set. sent: the answers to pen digits drawn and sent as PNG;
    empty if not measured. bars: the required values, by row.
    """

    measured: str
    answers: list[Answers]
    sent: list[Answers]
    table: list[Row]
    grids: list[Grid]
    bars: dict[str, Bar]

    def fields(self) -> dict[str, Any]:
        """Return the `ModelCard` fields that an evaluation fills."""
        digits = [answers for answers in self.answers if is_digits(answers)]
        scores = scores_of(self.answers)
        return {
            "scores": tuple(scores),
            "measured": self.measured,
            "table": tuple(self.table),
            "grids": tuple(self.grids),
            "reliability": {
                answers.name: tuple(reliability(answers.confidence, answers.correct))
                for answers in digits
                if answers.name in CALIBRATED
            },
            "confusion": {score.set: score.confusion for score in scores if score.confusion is not None},
            "bars": self.bars,
            "doors": door_digests(),
        }

    def as_dict(self) -> dict[str, Any]:
        """Return the fields as in `model.json`."""
        values: dict[str, Any] = to_json(self.fields())
        return values


def evaluate(folder: Path, report: Report, names: Sequence[str] | None = None) -> Evaluation:
    """Measure every row that the data at hand allow. Raises `RecognizerError`.

    names: of the test sets, if not all that are available.
    """
    kept = ModelCard.read(folder).bars
    bars = own_bars() if kept is None else kept
    reader = recognizer.load(folder)
    found = cost_rows(reader, folder)  # first, before other work heats the processor
    answers = answers_of(folder, available_sets() if names is None else names, lambda name: report(f"measuring {name}"))
    found |= {ACCURACY[each.name]: share(each.correct) for each in answers if is_digits(each)}
    found |= declining_rows(answers) | calibration_rows(answers)
    measured = {each.name for each in answers}
    grids: list[Grid] = []
    sent: list[Answers] = []
    if "pendigits-test" in measured:
        canvas_rows, grids, sent = measure_canvases(reader, report)
        found |= canvas_rows
    if "mnist-test" in measured:
        found |= corruption_rows(reader, sets.mnist("test"), report)
    if {"mnist-test", "pendigits-test"} <= measured and sets.SETS["pendigits-train"].is_available():
        found |= number_rows(reader, report) | single_rows(reader, report)
    return Evaluation(datetime.now(UTC).date().isoformat(), answers, sent, rows(found, bars), grids, bars)


def measure_canvases(reader: Recognizer, report: Report) -> tuple[Found, list[Grid], list[Answers]]:
    """Measure pen digits drawn as pictures."""
    drawings = sets.pendigits("test")
    report(f"measuring {SENT}")
    sent = answers_to_png(reader, drawings)
    sampled = sample(drawings)
    canvas, canvas_grids = canvas_grid(reader, sampled, report)
    doors, doors_grids = compare_doors(reader, sampled, report)
    return {SENT: share(sent.correct)} | canvas | doors, canvas_grids + doors_grids, [sent]


def corruption_rows(reader: Recognizer, mnist: Pictures, report: Report) -> Found:
    """Measure the error under each kind of corruption, through the pixels door, and the mean."""

    def errors(kind: str) -> np.ndarray:
        wrong = []
        for part, start in enumerate(range(0, len(mnist.labels), PICTURES_AT_ONCE)):
            random = np.random.default_rng([SEED, CORRUPTIONS.index(kind), part])
            images = corrupt(mnist.images[start : start + PICTURES_AT_ONCE], kind, random)
            wrong.append(best_digits(reader.predict_pixels(images)) != mnist.labels[start : start + PICTURES_AT_ONCE])
        return np.concatenate(wrong)

    found: Found = {}
    for kind, wrong in zip(CORRUPTIONS, map_in_threads(errors, CORRUPTIONS), strict=True):
        report(f"corruption: {kind}")
        found[corruption_row(kind)] = share(wrong)
    mean = float(np.mean([measured.value for measured in found.values()]))
    return found | {CORRUPTION_MEAN: Measured(mean, len(mnist.labels))}


def write(folder: Path, evaluation: Evaluation) -> None:
    """Write the results into the folder's `model.json`, keeping its other fields, and its model card."""
    write_card(folder, replace(ModelCard.read(folder), **evaluation.fields()))
