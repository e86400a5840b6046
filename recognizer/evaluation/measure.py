"""The whole evaluation of a model folder: every row, every grid, as `model.json` keeps them. Prints nothing."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

import recognizer
from recognizer.card import Bar, Grid, ModelCard, Row
from recognizer.datasets import sets
from recognizer.datasets.sets import Pictures
from recognizer.evaluation.corruptions import corrupt
from recognizer.evaluation.cost import cost_rows
from recognizer.evaluation.declining import calibration_rows, declining_rows
from recognizer.evaluation.goals import (
    ACCURACY,
    CALIBRATED,
    CORRUPTION_MEAN,
    CORRUPTIONS,
    SENT,
    corruption,
    own_bars,
)
from recognizer.evaluation.grids import answers_to_png, best_digits, canvas_grid, compare_doors, map_in_threads, sample
from recognizer.evaluation.readme import write_card
from recognizer.evaluation.scores import Answers, answers_of, available_sets, is_digits, reliability, scores_of
from recognizer.evaluation.table import Found, Measured, rows, share
from recognizer.recognizer import Recognizer
from recognizer.structured import to_json

SEED = 1906
PICTURES_AT_ONCE = 1000  # pictures that are corrupted together

Report = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What one evaluation found.

    measured: ISO date; answers: to each set as it is; sent: to the strokes that were sent as pictures, if they were;
    bars: those that the table was made with.
    """

    measured: str
    answers: list[Answers]
    sent: list[Answers]
    table: list[Row]
    grids: list[Grid]
    bars: dict[str, Bar]

    def fields(self) -> dict[str, Any]:
        """Those of a `ModelCard` that it fills."""
        digits = [one for one in self.answers if is_digits(one)]
        scores = scores_of(self.answers)
        return {
            "scores": tuple(scores),
            "measured": self.measured,
            "table": tuple(self.table),
            "grids": tuple(self.grids),
            "reliability": {
                one.name: tuple(reliability(one.confidence, one.right)) for one in digits if one.name in CALIBRATED
            },
            "confusion": {one.set: one.confusion for one in scores if one.confusion is not None},
            "bars": self.bars,
        }

    def as_dict(self) -> dict[str, Any]:
        """The same as `model.json` has it."""
        values: dict[str, Any] = to_json(self.fields())
        return values


def evaluate(folder: Path, report: Report) -> Evaluation:
    """Measures all that the data at hand allow. Raises `RecognizerError`."""
    kept = ModelCard.read(folder).bars
    bars = own_bars() if kept is None else kept
    reader = recognizer.load(folder)
    found = cost_rows(reader, folder)  # first: nothing has warmed the processor yet
    answers = answers_of(folder, available_sets(), lambda name: report(f"measuring {name}"))
    found |= {ACCURACY[one.name]: share(one.right) for one in answers if is_digits(one)}
    found |= declining_rows(answers) | calibration_rows(answers)
    there = {one.name for one in answers}
    grids: list[Grid] = []
    sent: list[Answers] = []
    if "pendigits-test" in there:
        more, grids, sent = on_canvases(reader, report)
        found |= more
    if "mnist-test" in there:
        found |= corruption_rows(reader, sets.mnist("test"), report)
    return Evaluation(datetime.now(UTC).date().isoformat(), answers, sent, rows(found, bars), grids, bars)


def on_canvases(reader: Recognizer, report: Report) -> tuple[Found, list[Grid], list[Answers]]:
    """The pen digits drawn as pictures."""
    drawings = sets.pendigits("test")
    report(f"measuring {SENT}")
    sent = answers_to_png(reader, drawings)
    some = sample(drawings)
    canvas, canvas_grids = canvas_grid(reader, some, report)
    doors, doors_grids = compare_doors(reader, some, report)
    return {SENT: share(sent.right)} | canvas | doors, canvas_grids + doors_grids, [sent]


def corruption_rows(reader: Recognizer, mnist: Pictures, report: Report) -> Found:
    """Error under each kind of corruption, read through the pixels door, and their mean."""

    def wrong(kind: str) -> np.ndarray:
        hits = []
        for part, start in enumerate(range(0, len(mnist.labels), PICTURES_AT_ONCE)):
            random = np.random.default_rng([SEED, CORRUPTIONS.index(kind), part])
            images = corrupt(mnist.images[start : start + PICTURES_AT_ONCE], kind, random)
            hits.append(best_digits(reader.predict_pixels(images)) != mnist.labels[start : start + PICTURES_AT_ONCE])
        return np.concatenate(hits)

    found: Found = {}
    for kind, hits in zip(CORRUPTIONS, map_in_threads(wrong, CORRUPTIONS), strict=True):
        report(f"corruption: {kind}")
        found[corruption(kind)] = share(hits)
    mean = float(np.mean([one.value for one in found.values()]))
    return found | {CORRUPTION_MEAN: Measured(mean, len(mnist.labels))}


def write(folder: Path, evaluation: Evaluation) -> None:
    """Into the folder's `model.json`, beside what is there, and its model card."""
    write_card(folder, replace(ModelCard.read(folder), **evaluation.fields()))
