"""Drawings blended between two writers: which writers, and valid results."""

import numpy as np
import pytest
import torch
from torch import Generator

from recognizer.training.examples.hands import NEIGHBOURS, Hands
from recognizer.training.examples.points import points_of

BAR = [np.array([[0.0, 0.0], [0.0, 9.0]])]
LEANING = [np.array([[0.0, 0.0], [3.0, 9.0]])]
CROSSED = [np.array([[0.0, 0.0], [6.0, 0.0], [2.0, 9.0]]), np.array([[1.0, 4.0], [5.0, 4.0]])]
CROSSED_LOW = [np.array([[0.0, 0.0], [6.0, 0.0], [2.0, 9.0]]), np.array([[0.0, 6.0], [6.0, 6.0]])]
DRAWINGS = [BAR, LEANING, CROSSED, CROSSED_LOW, BAR, CROSSED]
CLASSES = torch.tensor([1, 1, 7, 7, 1, 1])
WRITERS = ["a", "b", "a", "b", "a", "c"]


@pytest.fixture(scope="module")
def hands():
    return Hands(points_of(DRAWINGS), CLASSES, WRITERS)


def test_neighbours_share_class_and_strokes_with_another_writer_or_are_the_drawing_itself(hands):
    found = hands.neighbours(torch.arange(len(DRAWINGS)))
    assert found.shape == (len(DRAWINGS), NEIGHBOURS)
    assert [set(row) for row in found.tolist()] == [{0, 1}, {0, 1, 4}, {2, 3}, {2, 3}, {1, 4}, {5}]


def test_the_most_alike_are_chosen():
    leans = [[np.array([[0.0, 0.0], [lean, 9.0]])] for lean in np.linspace(0, 9, 2 * NEIGHBOURS + 1)]
    writers = [str(place) for place in range(len(leans))]
    hands = Hands(points_of(leans), torch.ones(len(leans), dtype=torch.long), writers)
    assert set(hands.neighbours(torch.tensor([0]))[0].tolist()) == set(range(1, NEIGHBOURS + 1))


def test_a_drawing_blended_with_itself_stays_the_same(hands):
    every = torch.arange(len(DRAWINGS))
    torch.testing.assert_close(hands.align(every, every), hands.points.xy, rtol=0, atol=1e-5)


def test_strokes_are_drawn_one_by_one_whatever_their_lengths(hands):
    low = hands.align(torch.tensor([2]), torch.tensor([3]))[0]
    bar = low[hands.stroke[2] == 1]
    assert float(bar[:, 1].max() - bar[:, 1].min()) < 1e-5
    ends = hands.points.xy[3][hands.stroke[3] == 1][[0, -1]]
    torch.testing.assert_close(bar[[0, -1]], ends, rtol=0, atol=1e-5)


@pytest.mark.parametrize("most", [0.0, 0.3, 0.9])
def test_a_blended_drawing_fits_its_box_and_keeps_its_strokes(hands, most):
    chosen = torch.arange(len(DRAWINGS)).repeat(20)
    blended = hands.blend(chosen, most, Generator().manual_seed(0))
    low, high = blended.xy.amin(1), blended.xy.amax(1)
    torch.testing.assert_close((high - low).amax(1), torch.ones(len(chosen)), rtol=0, atol=1e-5)
    torch.testing.assert_close(low + high, torch.zeros(len(chosen), 2), rtol=0, atol=1e-5)
    assert torch.equal(blended.ends, hands.points.ends[chosen])


def test_a_blend_lies_between_two_hands_or_as_far_beyond(hands):
    chosen = torch.full((200,), 2)
    bar = hands.blend(chosen, 0.5, Generator().manual_seed(0)).xy[:, hands.stroke[2] == 1, 1].mean(1)
    own, other = (hands.points.xy[place][hands.stroke[place] == 1, 1].mean() for place in (2, 3))
    way = (bar - own) / (other - own)
    assert -0.5 <= way.min() < -0.3 and 0.3 < way.max() <= 0.5


def test_a_blend_of_zero_changes_no_drawing(hands):
    every = torch.arange(len(DRAWINGS))
    blended = hands.blend(every, 0.0, Generator().manual_seed(0))
    torch.testing.assert_close(blended.xy, hands.points.xy, rtol=0, atol=1e-5)


def test_a_drawing_without_another_hand_stays_as_it_is(hands):
    blended = hands.blend(torch.tensor([5]), 0.9, Generator().manual_seed(0))
    torch.testing.assert_close(blended.xy[0], hands.points.xy[5], rtol=0, atol=1e-5)
