"""The command that reads the drawn situations: its lines, its saved counts and the table for the documents."""

import json
import sys

import pytest

from benchmarks import situations


@pytest.fixture
def run(monkeypatch, capsys):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["situations", *map(str, arguments)])
        situations.main()
        return capsys.readouterr().out.splitlines()

    return run


def test_it_prints_a_line_for_each_situation_with_the_word_and_totals(run):
    head, *lines = run(2, "black and white")
    assert head.split()[-4:] == ["right", "decl.", "wrong", "sure"]
    assert [line[9:47].strip() for line in lines[:-3]] == [
        "black and white scan",
        "black and white box",
        "black and white cell",
    ]
    assert {line.split()[0] for line in lines[-3:]} == {"total"}
    assert len({line.index("digit") for line in lines[:-3]}) == 1  # columns


def test_saved_counts_stand_beside_those_of_a_later_run_and_in_the_table(run, tmp_path):
    file = tmp_path / "counts.json"
    run(2, "fax", "--save", file)
    counts = json.loads(file.read_text())["fax"]
    assert counts["n"] == 2 and counts["right"] + counts["declined"] + counts["wrong"] == 2
    _, line, *_ = run(2, "fax", "--vs", file)
    now, earlier = line.split("|")
    assert now.split()[-4:] == earlier.split()[:4]
    assert f"| fax | digit | 2 | {counts['right']} |" in "\n".join(run("--table", file, file))


def test_other_pictures_follow_from_a_later_start(run, tmp_path):
    files = [tmp_path / "first.json", tmp_path / "second.json"]
    for start, file in zip((0, 1), files, strict=True):
        run(1, "remains", "--start", start, "--save", file, "--sheets", tmp_path / str(start))
    first, second = (
        (tmp_path / str(start) / "empty_remains_of_a_line_at_the_edge.png").read_bytes() for start in (0, 1)
    )
    assert first != second
