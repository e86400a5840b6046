"""The whole evaluation of a model folder on little data: what it writes and keeps."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import recognizer
from recognizer.card import Grid, ModelCard
from recognizer.datasets.sets import SETS, Pictures
from recognizer.evaluation import measure as whole
from recognizer.evaluation.goals import (
    ACCURACY,
    CORRUPTION_MEAN,
    CORRUPTIONS,
    GOALS,
    MODEL_SIZE,
    NO_DIGITS,
    corruption_row,
    own_bars,
)
from recognizer.evaluation.measure import Evaluation, corruption_rows, evaluate, write
from recognizer.evaluation.readme import ORIGINS, sources, write_card
from recognizer.evaluation.table import Measured, rows
from recognizer.evaluation.text import describe_evaluation
from recognizer.structured import to_json
from recognizer.training.config import Config

TINY_MODEL = Path(__file__).parents[1] / "models/tiny"
TINY_CARD = ModelCard.read(TINY_MODEL)
GRID = Grid("canvas grid", ("30 px", "60 px"), ("2 px", "1/20"), ((0.5, None), (1.0, 0.25)), "light")


def ignore(line: str) -> None:
    pass


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of the tiny model with the additional files of a trained one."""
    copy = Path(shutil.copytree(TINY_MODEL, tmp_path / "tiny"))
    card = json.loads((copy / "model.json").read_text())
    card |= {"scores": [], "config": {"epochs": 1}, "data": {"mnist/train-images-idx3-ubyte": "ba89"}, "note": "Kept."}
    (copy / "model.json").write_text(json.dumps(card))
    return copy


@pytest.fixture(scope="module")
def found(digits_data) -> Evaluation:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("DIGITS_DATA", str(digits_data))
        monkeypatch.setattr(whole, "available_sets", lambda: ["uji-digits", "uji-letters"])
        return replace(evaluate(TINY_MODEL, ignore), grids=[GRID])


def test_only_rows_with_available_data_are_measured(found):
    assert [row.row for row in found.table] == [
        "uji-digits",
        "not-digits accepted, uji-letters",
        MODEL_SIZE,
        "one prediction, strokes of 100 segments",
        "one prediction, picture of 280 × 280 px",
        "one number, strokes of six digits",
        "one number, picture of 600 × 120 px",
    ]
    assert found.table[0].n == 220 and found.table[1].n == 312 - 6 * 12


def test_the_size_is_that_of_the_file(found):
    assert found.table[2].value == pytest.approx((TINY_MODEL / "model.onnx").stat().st_size / 1e6)


def test_the_text_names_measured_and_unmeasured_rows_within_100_columns(found):
    lines = describe_evaluation(found).splitlines()
    assert max(map(len, lines)) <= 100
    assert any(line.split()[:1] == ["uji-digits"] and "99.00%" in line for line in lines)
    assert "  mnist-test, as it is" in lines and "  30 px      50.0%       ·" in lines


def test_every_row_fits_into_100_columns_with_a_gap_before_its_value(found):
    every = {goal.row: Measured(1.0, 10_000, (0.99, 1.0)) for goal in GOALS}
    lines = describe_evaluation(replace(found, table=rows(every, own_bars()))).splitlines()
    assert max(map(len, lines)) <= 100
    for goal in GOALS:
        assert any(line.startswith(f"  {goal.row} ") for line in lines), goal.row


def test_measurements_are_added_to_the_existing_card(folder, found):
    write(folder, found)
    card = json.loads((folder / "model.json").read_text())
    assert (card["name"], card["note"], card["rule"]["digit"]) == ("tiny", "Kept.", 0.5)
    assert card["measured"] == found.measured and card["bars"] == to_json(own_bars())
    assert card["table"][0] == {
        "row": "uji-digits",
        "group": "accuracy",
        "value": pytest.approx(found.table[0].value),
        "unit": "share",
        "n": 220,
        "interval": pytest.approx(found.table[0].interval),
        "bar": 0.99,
        "aim": 0.995,
        "better": "higher",
    }
    assert card["grids"] == [
        {
            "name": "canvas grid",
            "rows": ["30 px", "60 px"],
            "columns": ["2 px", "1/20"],
            "values": [[0.5, None], [1.0, 0.25]],
            "paper": "light",
        }
    ]
    assert sum(map(sum, card["confusion"]["uji-digits"])) <= 220 and len(card["confusion"]["uji-digits"]) == 10
    assert [score["set"] for score in card["scores"]] == ["uji-digits", "uji-letters"]
    assert recognizer.load(folder).name == "tiny"


def test_the_models_card_shows_table_grids_and_sources(folder, found):
    write(folder, found)
    page = (folder / "README.md").read_text()
    assert f"Measured on {found.measured}" in page and "| uji-digits | " in page
    assert "| 30 px | 50.0% |  |" in page and "MNIST (LeCun" in page and "UJIpenchars (" not in page


def test_a_models_own_bars_are_kept(folder, monkeypatch):
    monkeypatch.setattr(whole, "available_sets", list)
    card = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps(card | {"bars": {MODEL_SIZE: {"at_most": 0.0001}}}))
    again = evaluate(folder, ignore)
    write(folder, again)
    assert json.loads((folder / "model.json").read_text())["bars"] == {MODEL_SIZE: {"at_most": 0.0001}}
    assert [row.holds for row in again.table if row.row == MODEL_SIZE] == [False]


def test_a_model_without_bars_misses_no_bar(folder, monkeypatch):
    monkeypatch.setattr(whole, "available_sets", list)
    card = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps(card | {"bars": {}}))
    assert {row.holds for row in evaluate(folder, ignore).table} == {None}


def test_a_failed_write_leaves_the_earlier_card(folder, monkeypatch):
    before = (folder / "model.json").read_text()
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        write_card(folder, replace(ModelCard.read(folder), note="New."))
    assert (folder / "model.json").read_text() == before


def test_the_share_of_non_digits_is_shown_when_the_card_has_it(folder):
    write_card(folder, replace(ModelCard.read(folder), calibrated_for=Config().calibrated_for))
    assert "of which 0.5% are not digits" in (folder / "README.md").read_text()


def test_sources_have_name_use_licence_and_link():
    mnist, ours = sources(replace(TINY_CARD, data={"mnist/train-images-idx3-ubyte": ""}))
    assert mnist.name.startswith("MNIST") and mnist.link.startswith("http") and mnist.use
    assert ours.licence == "this project's" and not ours.link


def test_every_set_has_its_row_or_its_origin():
    tests = [data_set for data_set in SETS.values() if data_set.role == "public test"]
    assert {data_set.name for data_set in tests if data_set.digits} <= set(ACCURACY)
    assert {data_set.name for data_set in tests if not data_set.digits} <= set(NO_DIGITS)
    forms = [form for data_set in SETS.values() if data_set.role == "train" for file in data_set.files for form in file]
    prefixes = [origin.prefix for origin in ORIGINS if origin.prefix]
    assert [form.path for form in forms if not form.path.startswith(tuple(prefixes))] == []


def test_the_models_that_taught_another_are_among_its_sources():
    card = replace(TINY_CARD, data={"mnist/train-images-idx3-ubyte": ""}, config={"teachers": []})
    assert len(sources(card)) == 2
    *_, taught = sources(replace(card, config={"teachers": ["digits_v5", "digits_v10"]}))
    assert taught.name == "digits_v5, digits_v10" and "their answers" in taught.use


def test_errors_under_corruption_are_counted_for_each_kind():
    random = np.random.default_rng(0)
    mnist = Pictures(random.integers(0, 256, (3, 28, 28), np.uint8), np.array([0, 1, 2]))
    lines: list[str] = []
    found = corruption_rows(recognizer.load(TINY_MODEL), mnist, lines.append)
    assert set(found) == {corruption_row(kind) for kind in CORRUPTIONS} | {CORRUPTION_MEAN} and len(lines) == 15
    mean = np.mean([measured.value for row, measured in found.items() if row != CORRUPTION_MEAN])
    assert found[CORRUPTION_MEAN].value == pytest.approx(mean) and found[CORRUPTION_MEAN].n == 3
