"""Records a model's answers to a fixed sample of each public test set: digits and confidences, no data."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

import recognizer
from recognizer.card import ModelCard
from recognizer.datasets import sets
from recognizer.datasets.formats import DataError
from recognizer.datasets.sets import Pictures
from recognizer.prediction import Prediction

ITEMS = 60  # of each set
SEED = 60


@dataclass(frozen=True)
class RecordedAnswer:
    """An answer: the item's index in its set, the best digit (None without ink) and the confidence."""

    index: int
    digit: int | None
    confidence: float


def record_answers(folder: Path) -> dict[str, Any]:
    """Return {"model", "sha256" of its weights, "answers": {set: [[index, digit, confidence], ...]}}.

    Raises `DataError` without any test set.
    """
    card = ModelCard.read(folder)
    reader = recognizer.load(folder)
    names = [name for name, data_set in sets.SETS.items() if data_set.role == "public test" and data_set.is_available()]
    if not names:
        raise DataError("no test set found; set DIGITS_DATA to a folder that holds them (see README)")
    answers = {name: [list(asdict(answer).values()) for answer in answer_sample(reader, name)] for name in names}
    return {"model": card.name, "sha256": card.sha256, "answers": answers}


def write(recording: dict[str, Any], file: Path) -> None:
    """Write JSON, with a line for each set."""
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(answers)}" for name, answers in recording["answers"].items())
    head = json.dumps({"model": recording["model"], "sha256": recording["sha256"]})[1:-1]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f'{{{head}, "answers": {{\n{lines}\n}}}}\n', encoding="utf-8")


def answer_sample(reader: recognizer.Recognizer, name: str) -> list[RecordedAnswer]:
    examples = sets.SETS[name].load()
    count = len(examples.images) if isinstance(examples, Pictures) else len(examples)
    indexes = np.sort(np.random.default_rng(SEED).choice(count, min(ITEMS, count), replace=False)).tolist()
    if isinstance(examples, Pictures):
        predictions = reader.predict_pixels(examples.images[indexes])
    else:
        predictions = reader.predict_strokes(examples[index].strokes for index in indexes)
    return [_recorded_answer(index, answer) for index, answer in zip(indexes, predictions, strict=True)]


def _recorded_answer(index: int, prediction: Prediction) -> RecordedAnswer:
    best = None if prediction.reason == "blank" else int(np.argmax(prediction.probabilities))
    return RecordedAnswer(index, best, round(prediction.confidence, 5))
