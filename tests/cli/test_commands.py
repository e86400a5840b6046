"""Output and refusals of `digits eval`, `info`, `bench` and `train`."""

import re
import subprocess
import sys
import zipfile
from importlib import metadata
from io import StringIO

import numpy as np
import pytest
from rich.console import Console
from scipy.stats import binomtest
from typer.testing import CliRunner

from recognizer.card import ModelCard
from recognizer.cli import command
from recognizer.cli.command import app
from recognizer.cli.eval import DIGITS, DigitScores
from recognizer.evaluation.wilson import wilson_interval
from recognizer.model import MODELS
from recognizer.recognizer import SHIPPED
from tests.support.bulk import BLANK, FOUR, SEVEN
from tests.support.commands import ENVIRONMENT
from tests.support.files import encode
from tests.support.library import TINY


def digits(*arguments):
    return CliRunner(env={"COLUMNS": "120", "NO_COLOR": "1"}).invoke(app, list(map(str, arguments)))


@pytest.fixture
def labelled(tmp_path):
    """A seven among the fours, a blank among the sevens, and a four among the non-digits."""
    pictures = {"7": [SEVEN, SEVEN, BLANK], "4": [FOUR, SEVEN], "others": [FOUR, BLANK]}
    for label, some in pictures.items():
        (tmp_path / "sorted" / label).mkdir(parents=True)
        for number, picture in enumerate(some):
            (tmp_path / "sorted" / label / f"{number}.png").write_bytes(encode(picture))
    return tmp_path / "sorted"


def test_names_of_folders_are_labels(labelled):
    ran = digits("eval", labelled, "--model", TINY, "--jobs", 1)
    assert ran.exit_code == 0, ran.output
    assert "5 digits: 60.00% correct (95% CI 23.07% to 88.24%), 20.00% declined" in ran.output
    assert "2 non-digits: 50.00% declined, 1 read as a digit" in ran.output
    (row,) = [line for line in ran.output.splitlines() if line.startswith("7")]
    assert row.split() == ["7", *"·······2··1", "66.7", "33.3"]


def test_names_of_folders_in_an_archive_are_labels_too(labelled, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for file in sorted(labelled.rglob("*.png")):
            archive.write(file, file.relative_to(labelled))
    ran = digits("eval", tmp_path / "a.zip", "--model", TINY, "--jobs", 1, "--output", tmp_path / "rows.csv")
    assert ran.exit_code == 0 and "5 digits: 60.00% correct" in ran.output
    assert len((tmp_path / "rows.csv").read_text().splitlines()) == 8


def test_a_column_holds_labels(labelled):
    (labelled / "list.csv").write_text("path,truth\n7/0.png,7\n4/1.png,7\n7/9.png,7\n4/0.png,\n")
    ran = digits("eval", labelled / "list.csv", "--label-column", "truth", "--model", TINY, "--jobs", 1)
    assert ran.exit_code == 1 and "2 digits: 100.00% correct" in ran.output and "1 failed" in ran.output


@pytest.mark.parametrize("most", [9, 99_999, 1_234_567])
@pytest.mark.parametrize("width", [20, 80, 500])
def test_a_matrix_keeps_every_column_and_digit_however_narrow_the_terminal(most, width):
    scores, out = DigitScores(), StringIO()
    scores.counts.update({(label, best, True): most for label in DIGITS for best in (*DIGITS, "")})
    scores.show(Console(file=out, width=width, highlight=False))
    rows = [line.split() for line in out.getvalue().splitlines() if line[:1].isdigit() and "digits" not in line]
    assert rows == [[label, *[str(most)] * 11, "9.1", "100.0"] for label in DIGITS]
    assert "…" not in out.getvalue() and f"{11 * 10 * most:,} digits: 9.09% correct (95% CI " in out.getvalue()


def test_a_matrix_of_five_digits_a_cell_fits_in_80_columns():
    scores, out = DigitScores(), StringIO()
    scores.counts.update({(label, best, True): 99_999 for label in DIGITS for best in (*DIGITS, "")})
    scores.show(Console(file=out, width=80, highlight=False))
    assert max(map(len, out.getvalue().splitlines())) <= 80


@pytest.mark.parametrize("width", ["20", "80"])
def test_info_keeps_every_column_and_digit_however_narrow_the_terminal(width):
    ran = CliRunner(env={"COLUMNS": width, "NO_COLOR": "1"}).invoke(app, ["info"])
    card = ModelCard.read(MODELS / SHIPPED)
    assert ran.exit_code == 0 and "…" not in ran.output
    for score in card.scores:
        assert re.search(rf"{re.escape(score.set)} +│ +{score.n:,} ", ran.output)


def test_without_labels_evaluation_is_refused(tmp_path):
    np.save(tmp_path / "a.npy", np.stack([SEVEN]))
    ran = digits("eval", tmp_path / "a.npy", "--model", TINY)
    assert ran.exit_code == 2 and "no picture that was read has a label" in ran.output


@pytest.mark.parametrize(("right", "of"), [(0, 1), (1, 1), (3, 5), (9_967, 10_000)])
def test_the_interval_is_wilsons(right, of):
    assert wilson_interval(right, of) == pytest.approx(binomtest(right, of).proportion_ci(method="wilson"))


def test_info_describes_the_shipped_model():
    ran = digits("info")
    assert ran.exit_code == 0 and "digits_v15, 0.62 MB, bundled" in ran.output
    assert "99.60%" in ran.output and "omniglot" in ran.output


def test_info_of_a_folder_without_a_model_is_refused(tmp_path):
    ran = digits("info", "--model", tmp_path)
    assert ran.exit_code == 2 and "no model in" in ran.output


@pytest.mark.slow
def test_bench_measures_and_leaves_nothing_behind():
    ran = digits("bench", "--side", 32, "--count", 100, "--model", TINY)
    assert ran.exit_code == 0, ran.output
    assert "100 PNGs of 32 × 32 px" in ran.output and "of the ideal" in ran.output
    for line in ("decoding alone", "onnxruntime alone", "digits classify --jobs 1"):
        assert line in ran.output


def test_train_refuses_unknown_values():
    ran = digits("train", "largest")
    assert ran.exit_code == 2 and 'Unknown preset "largest". Choose "shipped" or "smallest".' in ran.output


def test_without_its_packages_the_command_says_what_to_install():
    program = "import sys; sys.modules['typer'] = None; from recognizer.cli.main import main; main()"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=ENVIRONMENT)
    assert ran.returncode == 1 and ran.stderr.endswith("pip install '.[bulk]'\n")


def test_the_version_names_the_shipped_model():
    ran = digits("--version")
    assert (ran.exit_code, ran.output) == (0, f"digits {metadata.version('digit-recognizer')}, model {SHIPPED}\n")


def test_files_that_are_not_installed_have_no_version(monkeypatch):
    monkeypatch.setattr(command, "DISTRIBUTION", "nobody-has-this")
    assert digits("--version").output == f"digits (not installed), model {SHIPPED}\n"


def test_the_help_lists_the_commands_and_a_shell_can_complete_them():
    ran = digits("--help")
    assert all(name in ran.output for name in ("classify", "eval", "info", "bench", "train", "--install-completion"))
