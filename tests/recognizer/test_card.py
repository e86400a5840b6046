"""Valid and invalid content of `model.json`; reading and writing loses nothing."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from recognizer.card import ModelCard
from recognizer.errors import ModelError
from recognizer.structured import from_json, to_json
from tests.support.library import TINY

ROOT = Path(__file__).parents[2]
FOLDERS = [TINY, *(file.parent for file in sorted(ROOT.glob("*/models/digits_v*/model.json")))]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_card_that_is_read_and_written_is_the_same(folder, tmp_path):
    ModelCard.read(folder).write(tmp_path)
    assert json.loads((tmp_path / "model.json").read_text()) == json.loads((folder / "model.json").read_text())


def test_the_tested_cards_include_the_shipped_model_and_its_teachers():
    assert len(FOLDERS) >= 5


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"name": 7}, "name is '7'; expected a text"),
        ({"version": 1.5}, "version is '1.5'; expected a whole number"),
        ({"version": True}, "version is 'True'; expected a whole number"),
        ({"rule": {"digit": 0.5}}, "rule lacks sure"),
        ({"table": 7}, "table is '7'; expected a list"),
        ({"table": [{"row": "some", "group": "accuracy"}]}, r"table\[0\] lacks aim, bar, better"),
        ({"scores": [{"set": "some", "n": "9", "declined": 0}]}, r"scores\[0\].n is '9'; expected a whole number"),
        ({"reliability": {"some": [[0.5]]}}, r"reliability.some\[0\] is '\[0.5\]'; expected a list of 3"),
        ({"confusion": [1, 2]}, "confusion is .*; expected an object"),
        ({"labels": ["0", "1"]}, "must be 0 to 9"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_an_invalid_card_is_refused_with_the_place_of_the_error(changed, problem, tmp_path):
    card = json.loads((TINY / "model.json").read_text())
    (tmp_path / "model.json").write_text(json.dumps(card | changed))
    with pytest.raises(ModelError, match=problem):
        ModelCard.read(tmp_path)


@dataclass(frozen=True)
class Some:
    number: float
    texts: tuple[str, ...] = ()
    pair: tuple[int, float] | None = None


def test_unknown_keys_are_left_out_and_defaults_are_not_written():
    assert from_json(Some, {"number": 1, "other": 2}) == Some(1.0)
    assert to_json(Some(1.0)) == {"number": 1.0}
    assert to_json(from_json(Some, {"number": 0.5, "texts": ["a"], "pair": [1, 2]})) == {
        "number": 0.5,
        "texts": ["a"],
        "pair": [1, 2.0],
    }


@pytest.mark.parametrize(
    "value",
    [None, [], "7", {"number": None}, {"number": True}, {"number": 10**400}],
    ids=["none", "list", "text", "no number", "boolean", "too large"],
)
def test_values_of_the_wrong_type_are_refused(value):
    with pytest.raises(ValueError, match="expected"):
        from_json(Some, value)
