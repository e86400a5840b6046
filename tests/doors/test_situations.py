"""Pictures as they come, ten drawn ones of each kind: the door and the shipped model read or decline them."""

import pytest

import recognizer
from recognizer.evaluation.situations import SITUATIONS
from recognizer.evaluation.situations.results import count, read

PICTURES = range(2000, 2010)  # each digit once; whoever changes the door may look at these
# What is wanted of ten pictures: at least so many read (or declined, if that is right), at most so many wrong.
GOALS = {"digit": (9, 0), "declined": (10, 0), "either": (0, 0)}
SHORT = {  # of its goal, today: what is lost here is noticed
    "box of thick lines": (7, 0),
    "box of double lines": (8, 0),
    "table cell darker than the digit": (8, 0),
    "squared paper": (6, 0),
    "squared paper in perspective": (8, 0),
    "pencil pressed very unevenly": (9, 1),
    "underlined": (8, 0),
    "circled": (0, 1),
    "struck through": (6, 1),
    "page edge on a dark desk": (8, 0),
    "page edge with a small digit": (4, 3),
    "page corner on a dark desk": (3, 0),
    "page edge on any desk": (7, 0),
    "note on a dark desk": (7, 0),
    "spiral binding": (6, 0),
    "punched holes": (8, 0),
    "finger at the edge": (7, 0),
    "dark digit on a light panel": (7, 1),
    "seven segments": (4, 1),
    "padded to a square": (6, 0),
    "two that touch": (8, 2),
    "blank paper in shadow": (8, 2),
    "blank squared paper": (9, 1),
    "blank page on a desk": (9, 1),
}

# digits_v12 reached these. digits_v15 misses each by a picture or two, but for the binding: what the door leaves beside
# the digit it takes for a part of a group, and declines.
LOST = {
    "spiral binding",
    "punched holes",
    "sticky note on any desk",
    "note on a dark desk",
    "page edge with a small digit",
    "blank paper in shadow",
}
KINDS = [
    pytest.param(kind, marks=pytest.mark.xfail(strict=True, reason="known: see docs/pictures_measured.md"))
    if kind in LOST
    else kind
    for kind in SITUATIONS
]


@pytest.fixture(scope="module")
def reader():
    return recognizer.load()


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_read_or_declined_as_it_is_wanted(reader, kind):
    result = count(*read(reader, kind, PICTURES))
    least_right, most_wrong = SHORT.get(kind, GOALS[result.wanted])
    assert result.right >= least_right and result.wrong <= most_wrong, result


def test_only_kinds_that_exist_fall_short():
    assert set(SHORT) <= set(SITUATIONS)
