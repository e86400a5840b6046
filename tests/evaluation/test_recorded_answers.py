"""The shipped model gives the recorded answers to a fixed sample of each public test set.

Record the answers of a new model or changed doors on purpose:
`python manage.py evaluate_model --record tests/recorded/NAME.json`.
"""

import json
from pathlib import Path
from typing import Any

import pytest

import recognizer
from recognizer import MODELS
from recognizer.card import ModelCard
from recognizer.datasets.sets import SETS
from recognizer.evaluation.recorded import ITEMS, answer_sample
from recognizer.recognizer import SHIPPED

RECORDED = Path(__file__).parents[1] / "recorded"
LARGEST_DIFFERENCE = 1e-3  # of confidence: processors round differently
PUBLIC_TESTS = [name for name, data_set in SETS.items() if data_set.role == "public test"]


@pytest.fixture(scope="module")
def recording() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((RECORDED / f"{SHIPPED}.json").read_text())
    return content


@pytest.fixture(scope="module")
def shipped() -> recognizer.Recognizer:
    return recognizer.load()


def test_the_recording_is_of_the_shipped_weights(recording):
    assert (recording["model"], recording["sha256"]) == (SHIPPED, ModelCard.read(MODELS / SHIPPED).sha256)
    assert sorted(recording["answers"]) == sorted(PUBLIC_TESTS)
    assert all(len(answers) == ITEMS for answers in recording["answers"].values())


@pytest.mark.usefixtures("digits_data")
@pytest.mark.parametrize("name", PUBLIC_TESTS)
def test_the_answers_match_the_recorded_ones(shipped, recording, name):
    now = answer_sample(shipped, name)
    before = recording["answers"][name]
    assert [(found.index, found.digit) for found in now] == [(index, digit) for index, digit, _ in before]
    assert [found.confidence for found in now] == pytest.approx([found[2] for found in before], abs=LARGEST_DIFFERENCE)
