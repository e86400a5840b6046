"""Cuts a line of writing into its characters, whose places are known: strokes by stroke, ink by its parts.

`engine/cutting.js` does the same: the golden lines test both.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from recognizer.ink import Stroke
from recognizer.numbers.line_pictures import step_of, walk
from recognizer.parts import label_parts

OWN = 0.7  # share of a stroke or part at one character, from which on it belongs to it alone
MOST_CHOICES = 6  # most strokes, of those that lie at two characters, for which other ways are tried
TINY_SHARE = 0.12  # a smaller share at another character is not cut off
INKED = 0.3  # of full ink: paler ink joins no parts
ASLANT = 0.02  # cost of each step aside
ASIDE = 0.004  # cost of each pixel that a cut lies away from the middle between two characters

Array = npt.NDArray[np.float64]


class Piece(NamedTuple):
    """A stroke or a part of one. stroke: its index in the drawing."""

    points: Stroke
    stroke: int


Choice = list[list[tuple[int, Piece]]]  # ways to share one stroke: pieces, each with its character's index


def nearest(across: Array, centres: Array) -> npt.NDArray[np.int64]:
    """Return the index of the character whose centre is nearest: (n,) and (c,) → (n,)."""
    return np.searchsorted((centres[1:] + centres[:-1]) / 2, across, "right")


def shares_of(across: Array, weights: Array, centres: Array) -> Array:
    """Return how much of a stroke or part lies at each character: (c,), the sum is 1."""
    total = np.bincount(nearest(across, centres), weights, len(centres))
    shares: Array = total / total.sum()
    return shares


class StrokesCutter:
    """Shares a line's strokes among its characters, in several ways. strokes: px of the line picture."""

    def __init__(self, strokes: Sequence[Stroke]) -> None:
        step = step_of(strokes)
        self.pieces = [Piece(stroke, index) for index, stroke in enumerate(strokes)]
        self.walked = [walk(stroke, step) for stroke in strokes]

    def cut(self, centres: Array) -> list[list[list[Piece]]]:
        """Return ways to share the strokes among the characters, the likeliest first.

        centres: where each character lies, px, (c,) in ascending order. Each way has a list of pieces for each
        character. The ways differ in one stroke each, which lies at two characters.
        """
        whole: list[list[Piece]] = [[] for _ in centres]
        choices: list[Choice] = []
        for piece, (points, lengths) in zip(self.pieces, self.walked, strict=True):
            shares = shares_of(points[:, 0], lengths, centres)
            best = int(shares.argmax())
            if shares[best] >= OWN or len(choices) == MOST_CHOICES:
                whole[best].append(piece)
                continue
            second = int(np.argsort(-shares, kind="stable")[1])
            cut = [(owner, Piece(part, piece.stroke)) for owner, part in cut_stroke(points, shares, centres)]
            choices.append([[(best, piece)], [(second, piece)], cut])
        return combine(whole, choices)


def combine(whole: list[list[Piece]], choices: Sequence[Choice]) -> list[list[list[Piece]]]:
    """Return the sharing with each stroke's first choice, then those with one other choice."""
    firsts = []
    empty = {index for index, pieces in enumerate(whole) if not pieces}
    for options in choices:
        # A character without a stroke of its own is written in one stroke with its neighbour.
        owners = {owner for owner, _ in options[2]}
        firsts.append(2 if owners & empty and len(owners) > 1 else 0)
    ways = [share(whole, choices, firsts)]
    for place in range(len(choices)):
        others = [option for option in range(3) if option != firsts[place]]
        ways += [share(whole, choices, [*firsts[:place], option, *firsts[place + 1 :]]) for option in others]
    return ways


def share(whole: list[list[Piece]], choices: Sequence[Choice], taken: Sequence[int]) -> list[list[Piece]]:
    """Return the pieces of each character. taken: the option for each choice."""
    shared = [list(pieces) for pieces in whole]
    for options, option in zip(choices, taken, strict=True):
        for owner, piece in options[option]:
            shared[owner].append(piece)
    return [sorted(pieces, key=lambda piece: piece.stroke) for pieces in shared]


def cut_stroke(points: Array, shares: Array, centres: Array) -> list[tuple[int, Array]]:
    """Cut a stroke where it passes from one character to the next; small rests are left out."""
    owners = nearest(points[:, 0], centres)
    large = shares >= TINY_SHARE
    owners = np.where(large[owners], owners, -1)
    pieces: list[tuple[int, Array]] = []
    starts = [0, *(np.flatnonzero(np.diff(owners)) + 1).tolist(), len(owners)]
    for start, end in pairwise(starts):
        owner = int(owners[start])
        if owner < 0:
            continue
        pieces.append((owner, points[max(start - 1, 0) : end + 1]))
    return pieces


class InkCutter:
    """Cuts the ink of a line's picture, (32, W) uint8, in several ways. Keeps what the ways share."""

    def __init__(self, picture: npt.NDArray[np.uint8]) -> None:
        self.ink = (picture / 255).astype(np.float32)
        self.labels, count = label_parts(self.ink > INKED)
        self.parts = [self.labels == part for part in range(1, count + 1)]
        self.seams: dict[tuple[float, float], npt.NDArray[np.bool_]] = {}

    def cut(self, centres: Array) -> list[npt.NDArray[np.float32]]:
        """Return the ink of each character alone: (c,) px → c pictures (32, W) float32 in [0, 1].

        A part that reaches a little over a cut stays whole.
        """
        owner = np.zeros(self.ink.shape, np.int64)  # of each pixel
        for low, high in pairwise(centres.tolist()):
            owner += self._right_of(low, high)
        for own in self.parts:
            sums = np.bincount(owner[own], self.ink[own])
            shares = np.sort(sums) / sums.sum()
            if len(shares) == 1 or shares[-2] < TINY_SHARE:
                owner[own] = sums.argmax()
        owner = spread(owner, self.labels)
        return [np.where(owner == index, self.ink, np.float32(0)) for index in range(len(centres))]

    def _right_of(self, low: float, high: float) -> npt.NDArray[np.bool_]:
        """Return the pixels right of the seam between two characters: (32, W)."""
        if (low, high) not in self.seams:
            columns = np.arange(self.ink.shape[1]) + 0.5
            self.seams[low, high] = columns > seam(self.ink, low, high)[:, None]
        return self.seams[low, high]


def spread(owner: npt.NDArray[np.int64], labels: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Give the pale pixels beside a part to the same character as the part."""
    spread_owner = owner.copy()
    free = labels == 0
    for axis, step in ((0, 1), (0, -1), (1, 1), (1, -1)):
        beside = np.roll(labels, step, axis)
        taken = free & (beside > 0)
        spread_owner[taken] = np.roll(owner, step, axis)[taken]
        free &= ~taken
    return spread_owner


def seam(ink: npt.NDArray[np.float32], low: float, high: float) -> Array:
    """Return the column of the cheapest cut from top to bottom between two characters, in each row: (32,) px."""
    first, last = int(np.floor(low)), int(np.ceil(high))
    columns = np.arange(first, max(last, first + 1) + 1)  # cuts lie on the pixels' left edges
    columns = columns[(columns > 0) & (columns < ink.shape[1])]
    if not len(columns):
        return np.full(len(ink), (low + high) / 2)
    step = (ink[:, columns - 1] + ink[:, columns]) / 2 + ASIDE * np.abs(columns - (low + high) / 2)
    cost, moves = step[0].astype(float), np.zeros((len(ink), len(columns)), np.int64)
    for row in range(1, len(ink)):
        best, move = cost.copy(), moves[row]
        for side, here, there in ((-1, slice(1, None), slice(None, -1)), (1, slice(None, -1), slice(1, None))):
            cheaper = cost[there] + ASLANT < best[here]
            best[here][cheaper] = cost[there][cheaper] + ASLANT
            move[here][cheaper] = side
        cost = best + step[row]
    at = int(cost.argmin())
    cut = np.empty(len(ink))
    for row in range(len(ink) - 1, -1, -1):
        cut[row] = columns[at]
        at += int(moves[row, at])
    return cut
