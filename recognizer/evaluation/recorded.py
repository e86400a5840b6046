"""What a model answered to a fixed sample of each public test set: digits and confidences alone, no data."""

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

ITEMS = 60  # of each set
SEED = 60


@dataclass(frozen=True)
class RecordedAnswer:
    """One answer: the item's index in its set, the best digit (None where no ink was found) and the confidence."""

    index: int
    digit: int | None
    confidence: float


def record_answers(folder: Path) -> dict[str, Any]:
    """{"model", "sha256" of its weights, "answers": {set: [[index, digit, confidence], ...]}} of the sets at hand.

    Raises `DataError` where none is.
    """
    card = ModelCard.read(folder)
    reader = recognizer.load(folder)
    names = [name for name, one in sets.SETS.items() if one.role == "public test" and one.is_available()]
    if not names:
        raise DataError("no test set is at hand; let DIGITS_DATA name a folder of them (see README)")
    answers = {name: [list(asdict(one).values()) for one in answer_sample(reader, name)] for name in names}
    return {"model": card.name, "sha256": card.sha256, "answers": answers}


def write(found: dict[str, Any], file: Path) -> None:
    """As JSON, a line for each set."""
    sets = ",\n".join(f"{json.dumps(name)}: {json.dumps(answers)}" for name, answers in found["answers"].items())
    head = json.dumps({"model": found["model"], "sha256": found["sha256"]})[1:-1]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f'{{{head}, "answers": {{\n{sets}\n}}}}\n', encoding="utf-8")


def answer_sample(reader: recognizer.Recognizer, name: str) -> list[RecordedAnswer]:
    examples = sets.SETS[name].load()
    count = len(examples.images) if isinstance(examples, Pictures) else len(examples)
    indexes = np.sort(np.random.default_rng(SEED).choice(count, min(ITEMS, count), replace=False)).tolist()
    if isinstance(examples, Pictures):
        predictions = reader.predict_pixels(examples.images[indexes])
    else:
        predictions = reader.predict_strokes(examples[index].strokes for index in indexes)
    return [
        RecordedAnswer(
            index, None if one.reason == "blank" else int(np.argmax(one.probabilities)), round(one.confidence, 5)
        )
        for index, one in zip(indexes, predictions, strict=True)
    ]
