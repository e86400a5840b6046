"""Output and refusals of `train_model` and `evaluate_model`."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from recognizer.card import ModelCard, Scores, Spread
from recognizer.evaluation import measure, recorded
from recognizer.evaluation import scores as scoring
from recognizer.evaluation.goals import CANVAS_CENTRE, CANVAS_WORST, MODEL_SIZE, own_bars
from recognizer.evaluation.measure import Evaluation
from recognizer.evaluation.table import Measured, rows
from recognizer.evaluation.text import describe_scores
from recognizer.structured import to_json
from recognizer.training import held_out_rows
from recognizer.training.held_out_rows import HeldOutRow
from tests.support.management import output_of

MNIST = "mnist-test, as it is"
TINY_MODEL = Path(__file__).parents[1] / "models/tiny"


@pytest.mark.usefixtures("digits_data")
def test_a_model_is_measured_on_the_set_that_is_named():
    lines = output_of("evaluate_model", TINY_MODEL, "--set", "uji-digits").splitlines()
    assert lines[1].split()[:2] == ["uji-digits", "220"] and lines[1].count("%") == 5
    counts = [line.split()[2:] for line in lines[-10:]]
    assert sum(int(count) for row in counts for count in row if count != "·") == 220


@pytest.mark.usefixtures("digits_data")
def test_scores_come_as_json_too():
    digits, letters = json.loads(
        output_of("evaluate_model", TINY_MODEL, "--json", "--set", "uji-digits", "--set", "uji-letters")
    )
    assert digits["n"] == 220 and len(digits["per_digit"]) == 10
    assert letters["n"] == 240 and 0 <= letters["auroc"] <= 1 and "accuracy" not in letters


@pytest.mark.slow
@pytest.mark.usefixtures("digits_data")
def test_plots_are_written_to_the_requested_folder(tmp_path):
    output_of("evaluate_model", TINY_MODEL, "--set", "uji-digits", "--plots", tmp_path / "plots")
    assert len(list((tmp_path / "plots").glob("uji-digits-*.png"))) == 3


def test_the_table_lists_non_digits_separately():
    shown = describe_scores([Scores("cats", 1000, 0.866, auroc=0.99581), Scores("omniglot", 4840, 0.788)])
    assert shown.splitlines()[-2].split() == ["cats", "1,000", "86.6%", "0.9958"]
    assert shown.splitlines()[-1].split() == ["omniglot", "4,840", "78.8%"]


@pytest.mark.usefixtures("digits_data")
def test_a_missing_set_is_refused_with_a_list_of_available_ones():
    with pytest.raises(CommandError, match=r"not found: svhn\. Available: .*mnist-test"):
        output_of("evaluate_model", TINY_MODEL, "--set", "svhn")


@pytest.mark.usefixtures("digits_data")
def test_a_folder_without_a_model_is_refused(tmp_path):
    with pytest.raises(CommandError, match=r"no model in .*model\.json"):
        output_of("evaluate_model", tmp_path, "--set", "uji-digits")


def test_without_any_data_the_remedy_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGITS_DATA", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(CommandError, match="DIGITS_DATA"):
        output_of("evaluate_model", TINY_MODEL)


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of the tiny model with the additional files of a trained one."""
    copy = Path(shutil.copytree(TINY_MODEL, tmp_path / "tiny"))
    card = json.loads((copy / "model.json").read_text())
    (copy / "model.json").write_text(json.dumps(card | {"config": {"epochs": 1}}))
    return copy


@pytest.fixture
def measured(monkeypatch):
    """A finished evaluation: 99.5 % on MNIST, a worst cell of 6 points, with the folder's bars or the project's."""
    found = {MNIST: Measured(0.995, 10_000, (0.9934, 0.9962)), CANVAS_WORST: Measured(6.0, 308, where="30 px, dark")}

    def evaluate(folder: Path, report: Callable[[str], None]) -> Evaluation:
        bars = ModelCard.read(folder).bars or own_bars()
        return Evaluation("2026-11-22", [], [], rows(found, bars), [], bars)

    monkeypatch.setattr(measure, "evaluate", evaluate)
    monkeypatch.setattr(scoring, "available_sets", lambda: ["uji-digits"])


def set_bars(folder: Path, bars: object) -> Path:
    card = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps(card | {"bars": bars}))
    return folder


@pytest.mark.usefixtures("measured")
def test_the_check_passes_where_the_models_own_bars_are_reached(folder):
    bars = {MNIST: {"at_least": 0.99}, CANVAS_WORST: {"at_most": 6}}
    assert "99.50%" in output_of("evaluate_model", set_bars(folder, bars), "--check")


@pytest.mark.usefixtures("measured")
def test_the_check_names_missed_and_unmeasured_bars(folder):
    bars = {MNIST: {"at_least": 0.9975}, CANVAS_WORST: {"at_most": 6}, "hwd1000": {"at_least": 0.99}}
    with pytest.raises(CommandError) as failed:
        output_of("evaluate_model", set_bars(folder, bars), "--check")
    assert str(failed.value).splitlines() == [
        "2 of 3 bars are missed:",
        f"{MNIST}: 99.50%, required: at least 99.75%",
        "hwd1000: not measured, so its bar is not met",
    ]


@pytest.mark.usefixtures("measured")
def test_without_the_check_a_missed_bar_is_shown_and_nothing_fails(folder):
    told = output_of("evaluate_model", set_bars(folder, {MNIST: {"at_least": 0.9975}}))
    assert next(line for line in told.splitlines() if MNIST in line).endswith("NO")


@pytest.mark.usefixtures("measured")
@pytest.mark.parametrize("bars", [None, {}])
def test_a_model_without_bars_cannot_be_checked_and_the_remedy_is_named(folder, bars):
    with pytest.raises(CommandError, match=r'has no "bars".*--write'):
        output_of("evaluate_model", set_bars(folder, bars), "--check")


@pytest.mark.usefixtures("measured")
def test_invalid_bars_are_refused(folder):
    with pytest.raises(CommandError, match="bars"):
        output_of("evaluate_model", set_bars(folder, {MNIST: 0.99}), "--check")


@pytest.mark.usefixtures("measured")
def test_a_written_card_holds_the_table_and_bars_for_the_check(folder):
    output_of("evaluate_model", folder, "--write")
    card = json.loads((folder / "model.json").read_text())
    assert card["bars"] == to_json(own_bars()) and card["measured"] == "2026-11-22" and card["table"][0]["n"] == 10_000
    with pytest.raises(CommandError, match=f"{len(own_bars())} of {len(own_bars())} bars are missed"):
        output_of("evaluate_model", folder, "--check")


@pytest.mark.usefixtures("measured")
def test_nothing_is_written_unasked(folder):
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    output_of("evaluate_model", folder)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


@pytest.mark.usefixtures("measured")
def test_the_whole_evaluation_comes_as_json_too(folder):
    found = json.loads(output_of("evaluate_model", folder, "--json"))
    assert [row["row"] for row in found["table"]] == [MNIST, CANVAS_WORST] and found["table"][1][
        "where"
    ] == "30 px, dark"


def test_rows_on_held_out_digits_are_printed_as_they_are_measured(monkeypatch):
    measured = [HeldOutRow("pairs", 600, 0, 597, 3), HeldOutRow("sixes", 600, 590, 8, 2)]
    monkeypatch.setattr(held_out_rows, "held_out_rows", lambda folder: iter(measured))
    told = output_of("evaluate_model", TINY_MODEL, "--held-out").splitlines()
    assert [line.split() for line in told] == [
        ["pairs", "n", "600", "right", "0", "declined", "597", "wrong", "3"],
        ["sixes", "n", "600", "right", "590", "declined", "8", "wrong", "2"],
    ]


@pytest.mark.parametrize("option", ["--check", "--write"])
def test_held_out_rows_neither_check_nor_write(option):
    with pytest.raises(CommandError, match="leave out --held-out"):
        output_of("evaluate_model", TINY_MODEL, "--held-out", option)


@pytest.mark.parametrize("option", ["--check", "--write"])
@pytest.mark.parametrize("other", ["--set", "--seeds", "--record"])
def test_partial_measurements_neither_check_nor_write(option, other):
    with pytest.raises(CommandError, match=f"leave out {other}"):
        output_of("evaluate_model", TINY_MODEL, other, "uji-digits", option)


def test_answers_are_recorded_a_line_for_each_set(tmp_path, monkeypatch):
    answers = {"cats": [[3, None, 0.0], [8, 1, 0.25]], "hwd1000": [[5, 6, 0.99]]}
    found = {"model": "tiny", "sha256": "1f", "answers": answers}
    monkeypatch.setattr(recorded, "record_answers", lambda folder: found)
    output_of("evaluate_model", TINY_MODEL, "--record", tmp_path / "new/tiny.json")
    written = (tmp_path / "new/tiny.json").read_text()
    assert json.loads(written) == found and len(written.splitlines()) == 4


@pytest.fixture
def seeds(tmp_path):
    """Three measured models whose configurations differ only by the seed."""
    folders = []
    for seed, right in ((1, 0.997), (2, 0.995), (3, 0.996)):
        found = {
            "hwd1000": Measured(right, 1000),
            CANVAS_CENTRE: Measured(right, 1000),
            MODEL_SIZE: Measured(0.9, 1),
        }
        folder = tmp_path / f"seed{seed}"
        shutil.copytree(TINY_MODEL, folder)
        change_card(folder, seed=seed, config={"epochs": 2, "seed": seed, "name": f"model{seed}"})
        measure.write(folder, Evaluation("2026-11-24", [], [], rows(found, own_bars()), [], own_bars()))
        folders.append(folder)
    return folders


def change_card(folder: Path, **values: Any) -> None:
    (folder / "model.json").write_text(json.dumps(ModelCard.read(folder).as_dict() | values))


def test_the_card_gets_the_spread_over_seeds_for_rows_with_a_bar(seeds):
    first, other, _ = seeds
    output_of("evaluate_model", first, "--seeds", other)
    assert ModelCard.read(first).spread == Spread((1, 2), {"hwd1000": (0.997, 0.995)})
    assert "| hwd1000 | 99.70% | 99.50% |" in (first / "README.md").read_text()
    assert ModelCard.read(other).spread is None


def test_a_later_seed_joins_those_already_in_the_card(seeds):
    first, two, three = seeds
    output_of("evaluate_model", first, "--seeds", three)
    output_of("evaluate_model", first, "--seeds", two)
    assert ModelCard.read(first).spread == Spread((1, 2, 3), {"hwd1000": (0.997, 0.995, 0.996)})
    change_card(first, seed=2, table=ModelCard.read(two).as_dict()["table"])
    output_of("evaluate_model", first, "--seeds", three)
    assert ModelCard.read(first).spread == Spread((2, 1, 3), {"hwd1000": (0.995, 0.997, 0.996)})


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"table": []}, "seed 2 was not measured"),
        ({"config": {"epochs": 3}}, "seed 2 has another configuration .*epochs"),
        ({"seed": 1}, "different seeds; got 1, 1"),
    ],
)
def test_models_that_cannot_form_a_spread_are_refused_and_nothing_is_written(seeds, values, told):
    first, other, _ = seeds
    change_card(other, **values)
    before = (first / "model.json").read_bytes()
    with pytest.raises(CommandError, match=told):
        output_of("evaluate_model", first, "--seeds", other)
    assert (first / "model.json").read_bytes() == before
