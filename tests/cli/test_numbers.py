"""`--numbers` of `digits classify`, `manage.py classify` and `digits eval`."""

import io
import json

import pytest
from rich.console import Console
from typer.testing import CliRunner

from digit_recognition.management.commands.classify import Command
from recognizer.bulk.engines.reader import rows_of
from recognizer.bulk.rows import Row
from recognizer.cli.command import app
from recognizer.cli.eval import NumberScores
from recognizer.cli.terminal import RowPrinter
from tests.golden.apart import beside
from tests.golden.drawings import DIGITS
from tests.golden.rendering import render
from tests.support.files import encode
from tests.support.readings import ANSWERS, LINE, SETTINGS
from tests.support.rows import read_table

pytestmark = pytest.mark.usefixtures("read_here")


@pytest.fixture(autouse=True)
def lines(tmp_path, monkeypatch):
    """A current folder with drawings of 274, 74 and nothing, and their labels."""
    monkeypatch.chdir(tmp_path)
    drawings = {"274": LINE, "074": beside("7 crossed", "4 open"), "none": [[[5, 5]]]}
    rows = [json.dumps({"strokes": strokes, "label": label}) for label, strokes in drawings.items()]
    (tmp_path / "lines.jsonl").write_text("\n".join(rows) + "\n")


def digits(*arguments):
    return CliRunner(env={"COLUMNS": "120", "NO_COLOR": "1"}).invoke(app, [*map(str, arguments), "--jobs", "1"])


@pytest.mark.parametrize("option", ["--numbers", "--numbers=digits", "--numbers=number"])
def test_the_next_word_is_an_input_and_numbers_are_printed(option):
    ran = digits("classify", option, "lines.jsonl")
    assert ran.exit_code == 0, ran.output
    first, second, blank = ran.stdout.splitlines()
    assert first.startswith("274  ") and second.startswith("74  ") and blank == "–  blank  lines.jsonl, page 3"
    assert "3 pictures: 2 read, 1 declined (1 blank), 0 failed" in ran.stderr


@pytest.mark.parametrize("command", ["classify", "eval"])
@pytest.mark.parametrize("value", ["signs", "", "Digits"])
def test_another_value_is_refused_with_what_is_allowed(command, value):
    ran = digits(command, f"--numbers={value}", "lines.jsonl")
    assert ran.exit_code == 2 and "'digits', 'number'" in ran.output


def test_a_file_behind_two_dashes_may_have_the_options_name(tmp_path):
    (tmp_path / "--numbers").write_bytes(encode(render(DIGITS["7 crossed"])))
    ran = CliRunner().invoke(app, ["classify", "--jobs", "1", "--", "--numbers"])
    assert ran.exit_code == 0 and ran.stdout.startswith("7  ")


@pytest.mark.parametrize("others", [["--sort-into", "copies"], ["--report", "a.html"]])
def test_folders_and_reports_of_digits_are_refused(others, tmp_path):
    ran = digits("classify", "--numbers", "lines.jsonl", *others)
    assert ran.exit_code == 2 and f"{others[0]} is for single digits. Leave out {others[0]} or --numbers." in ran.output
    assert [file.name for file in tmp_path.iterdir()] == ["lines.jsonl"]


@pytest.mark.parametrize("output", ["rows.csv", "rows.jsonl", "rows.parquet", "rows.parquet/"])
def test_rows_of_digits_and_numbers_are_never_mixed(output):
    assert digits("classify", "--numbers", "lines.jsonl", "-o", output).exit_code == 0
    before = read_table(output)
    ran = digits("classify", "lines.jsonl", "-o", output, "--resume")
    assert ran.exit_code == 2 and "has rows of numbers. Resume with --numbers" in ran.output
    assert read_table(output) == before
    assert digits("classify", "--numbers", "lines.jsonl", "-o", output, "--resume").exit_code == 0
    assert digits("classify", "lines.jsonl", "-o", output, "--force").exit_code == 0
    ran = digits("classify", "--numbers", "lines.jsonl", "-o", output, "--resume")
    assert ran.exit_code == 2 and "has rows of digits. Resume without --numbers" in ran.output


def test_columns_of_tables_are_kept_beside_those_of_numbers(tmp_path):
    (tmp_path / "a.png").write_bytes(encode(render(LINE, 600, 330, 14)))
    (tmp_path / "t.csv").write_text("file,text,digit\na.png,two,3\n")
    assert digits("classify", "--numbers", "t.csv", "-o", "rows.csv").exit_code == 0
    (row,) = read_table("rows.csv")
    assert (row["input_text"], row["digit"], json.loads(row["alternatives"])[0]) == ("two", "3", "274")
    (again,) = json.loads(digits_of_our_csv(tmp_path))
    assert again == "274"


def digits_of_our_csv(folder):
    """Read our own rows as a table of files, and return the alternatives."""
    assert digits("classify", "--numbers", "rows.csv", "--keep", "", "-o", "again.csv").exit_code == 0
    return read_table("again.csv")[0]["alternatives"]


def test_manage_py_classify_reads_numbers_too(capfd):
    with pytest.raises(SystemExit) as ended:
        Command().handle(arguments=["lines.jsonl", "--numbers", "-o", "rows.jsonl"])
    assert ended.value.code == 0
    assert [row["text"] for row in read_table("rows.jsonl")] == ["274", "74", None]


def test_what_was_declined_is_shown_with_its_guesses():
    out = io.StringIO()
    rows = [Row("a.png", 1, answer, None, 0.5, None) for answer in ANSWERS]
    RowPrinter(Console(file=out, width=80), pictures=True).write(rows_of(rows, SETTINGS))
    assert out.getvalue().splitlines() == [
        "-5,5  75.0%  a.png",
        "–  unsure (-5,5 or 5,5?)  a.png",
        "–  blank  a.png",
    ]


def test_labels_are_compared_as_text():
    ran = digits("eval", "--numbers", "lines.jsonl")
    assert ran.exit_code == 0, ran.output
    assert "2 numbers: 50.00% correct (95% CI 9.45% to 90.55%)" in ran.output
    assert "2 answered (100.00%), 50.00% correct (95% CI 9.45% to 90.55%)" in ran.output
    assert "1 non-number: 100.00% declined, 0 read as a number" in ran.output


def test_names_of_folders_are_labels(tmp_path):
    (tmp_path / "sorted" / "274").mkdir(parents=True)
    (tmp_path / "sorted" / "274" / "a.png").write_bytes(encode(render(LINE, 600, 330, 14)))
    ran = digits("eval", "--numbers", "sorted", "-o", "rows.jsonl")
    assert "1 number: 100.00% correct" in ran.output
    assert [row["alternatives"][0] for row in read_table("rows.jsonl")] == ["274"]


@pytest.mark.parametrize(
    ("allow", "said"),
    [
        ("number", ["2 numbers: 100.00% correct", "1 answered (50.00%), 100.00% correct", "1 non-number: 100.00% dec"]),
        ("digits", ["3 non-numbers: 66.67% declined, 1 read as a number"]),
    ],
)
def test_a_declined_number_is_correct_if_its_best_guess_is_the_label(allow, said):
    scores, out = NumberScores(allow), io.StringIO()
    labels = ["-5,5", "-5,5", "a blank"]
    rows = [Row("a.png", 1, answer, None, 0.5, label) for answer, label in zip(ANSWERS, labels, strict=True)]
    scores.write(rows_of(rows, SETTINGS))
    scores.show(Console(file=out, width=120, highlight=False))
    assert len(out.getvalue().splitlines()) == len(said)
    assert all(line.startswith(start) for line, start in zip(out.getvalue().splitlines(), said, strict=True))


def test_without_labels_evaluation_is_refused(tmp_path):
    (tmp_path / "bare.jsonl").write_text(json.dumps({"strokes": LINE}) + "\n")
    ran = digits("eval", "--numbers", "bare.jsonl")
    assert ran.exit_code == 2 and "no picture that was read has a label" in ran.output
