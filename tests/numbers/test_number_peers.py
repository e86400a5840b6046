"""The benchmark beside other readers: what they get, how their answers count, and the table in the documents."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks import number_peers
from benchmarks.number_peers import CHARACTERS, Count, Text
from recognizer.evaluation.numbers.kinds import KINDS, Written

DOCUMENT = Path(__file__).parents[2] / "docs" / "numbers.md"
TABLE_HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
LINE = "4\t1\t1\t1\t1\t0\t8\t8\t90\t40\t-1\t\n"
PAPER = np.full((20, 60), 230, np.uint8)


def word(text: str, score: str) -> str:
    return f"5\t1\t1\t1\t1\t1\t8\t8\t40\t40\t{score}\t{text}\n"


def test_words_become_one_text_with_the_least_score():
    table = TABLE_HEAD + LINE + word("12", "96.5") + word("3", "75")
    assert number_peers.text_in(table) == Text("123", 0.75)


@pytest.mark.parametrize(
    "table", ["", TABLE_HEAD, TABLE_HEAD + LINE, TABLE_HEAD + word(" ", "95")], ids=["nothing", "head", "line", "space"]
)
def test_no_word_is_an_empty_text_that_is_not_sure(table):
    assert number_peers.text_in(table) == Text("", 0.0)


def test_a_quote_in_a_text_does_not_hide_the_words_after_it():
    assert number_peers.text_in(TABLE_HEAD + word('"1', "50") + word("2", "60")).text == '"12'


@pytest.mark.parametrize(
    ("text", "allow", "digits"),
    [
        ("4fO.382", "digits", "40382"),
        ("lZ了B", "digits", "1278"),
        ("—3，5", "number", "-3,5"),
        ("—3，5", "digits", "35"),
        ("+S.l", "number", "+5.1"),
        ("买", "number", ""),
        ("", "digits", ""),
    ],
)
def test_letters_become_the_digits_that_they_look_like(text, allow, digits):
    assert number_peers.as_digits(text, CHARACTERS[allow]) == digits


@pytest.mark.parametrize("picture", [PAPER, 255 - PAPER])
def test_peers_get_dark_ink_on_light_paper(picture):
    picture = picture.copy()
    picture[5:15, 10:14] = 255 - picture[5:15, 10:14]
    seen = np.asarray(number_peers.picture_of(Written("1", picture), 0))
    assert seen.shape == (64, 192)
    assert seen[0, 0] > 200 and seen[32, 38] < 60


@pytest.mark.parametrize("index", range(8))  # some canvases are light on dark
def test_strokes_are_drawn_dark_on_light_for_peers(index):
    seen = np.asarray(number_peers.picture_of(Written("1", [np.array([[0.0, 0.0], [0.1, 1.0]])]), index))
    assert seen[0, 0] == 255 and seen.min() < 60


def test_a_sure_answer_that_is_wrong_is_not_counted_as_right():
    assert number_peers.count([(True, True), (True, False), (False, True)]) == Count(2, 2, 1)
    assert number_peers.count([]) == Count(0, 0, 0)


def test_the_table_of_the_document_is_the_one_that_is_printed():
    printed = number_peers.head(100)
    names = [*(kind.name for kind in KINDS), "**all**"]
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    start = lines.index(printed[0])
    table = lines[start : start + len(printed) + len(names)]
    assert table[: len(printed)] == printed
    assert [line.split(" | ")[0] for line in table[len(printed) :]] == [f"| {name}" for name in names]
    assert lines[start + len(table)] == ""


def test_a_row_has_as_many_cells_as_the_head():
    row = number_peers.row("numbers", [Count(1000, 20, 19)] * len(number_peers.READERS))
    assert row.startswith("| numbers | 1,000 | 19 of 20 | 1,000 |")
    assert {line.count("|") for line in (row, *number_peers.head(1000))} == {row.count("|")}
