"""The search for texts gives the probabilities of all paths together; the alignment says where each character is."""

from itertools import groupby, product

import numpy as np
import pytest

from recognizer.numbers.search import BEAMS, CHARACTERS, align, search


def chances(*places: dict[str, float]) -> np.ndarray:
    """Return the chances at each place, "_" for the blank; what is left over is the blank's."""
    rows = np.zeros((len(places), 1 + len(CHARACTERS)))
    for row, place in zip(rows, places, strict=True):
        for character, chance in place.items():
            row[1 + CHARACTERS.index(character)] = chance
        row[0] = 1 - row.sum()
    return rows


def by_counting(rows: np.ndarray) -> dict[str, float]:
    """Add the probabilities of all paths of each text."""
    texts: dict[str, float] = {}
    used = [0, *(1 + np.flatnonzero(rows[:, 1:].any(0)))]
    for path in product(used, repeat=len(rows)):
        text = "".join(CHARACTERS[one - 1] for one, _ in groupby(path) if one)
        texts[text] = texts.get(text, 0) + float(np.prod(rows[range(len(rows)), path]))
    return texts


def test_each_text_has_the_probability_of_all_its_paths():
    rows = chances({"1": 0.6, "7": 0.3}, {"1": 0.2}, {"1": 0.5, "7": 0.4}, {"7": 0.1}, {"7": 0.7})
    expected = by_counting(rows)
    found = search(rows)
    assert found[0].text == max(expected, key=lambda text: expected[text])
    for text, probability in found[:5]:
        assert probability == pytest.approx(expected[text], rel=0.02)


def test_a_repeated_character_needs_a_blank_between():
    assert search(chances({"1": 1.0}, {"1": 1.0}))[0].text == "1"
    assert search(chances({"1": 1.0}, {}, {"1": 1.0}))[0].text == "11"


def test_a_line_without_a_character_is_an_empty_text():
    assert search(chances({}, {}, {}))[0] == ("", 1.0)


def test_the_most_probable_comes_first_and_equal_ones_in_the_order_of_their_texts():
    found = search(chances({"2": 0.5, "1": 0.5}))
    assert [each.text for each in found[:2]] == ["1", "2"]
    many = search(chances(*[{"1": 0.3, "7": 0.3}] * 8))
    assert len(many) == BEAMS
    assert [each.probability for each in many] == sorted((each.probability for each in many), reverse=True)


def test_characters_lie_where_they_are_most_probable():
    rows = chances({}, {"4": 0.9}, {"4": 0.9}, {"4": 0.9}, {}, {"4": 0.8}, {})
    assert align(rows, "44") == [2.0, 5.0]
    assert align(rows[1:4], "4") == [1.0]
