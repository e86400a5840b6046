"""Cuts a line of writing into its characters, whose places are known: strokes by stroke, ink by its parts.

`engine/cutting.js` does the same: the golden lines test both.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from recognizer.ink import Stroke
from recognizer.numbers.line_pictures import FINER, distances_along, step_of, walk
from recognizer.parts import label_parts

OWN = 0.7  # share of a stroke or part at one character, from which on it belongs to it alone
MOST_CHOICES = 6  # most strokes, of those that lie at two characters, for which other ways are tried
TINY_SHARE = 0.12  # a smaller share at another character is not cut off
INKED = 0.3  # of full ink: paler ink joins no parts
CLEAN = 255  # levels of ink on both sides: a seam that crosses no more than this is the right one
PARTS = 4  # of the space between two characters: the cheapest cut through each is tried, …
MOST_TRIED = 8  # … in the spaces where the cheapest of all crosses most ink
DIGIT_WIDTH = 16  # px, about; of a digit's ink, less than TINY_SHARE may reach over a cut
OVER = 48  # px: a character reaches no farther over its cuts
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


def has_beside(pieces: Sequence[Piece]) -> bool:
    """Return True if a piece lies wholly to the left or right of the longest one."""
    if len(pieces) < 2:
        return False
    ends = [(float(piece.points[:, 0].min()), float(piece.points[:, 0].max())) for piece in pieces]
    lengths = [float(distances_along(piece.points)[-1]) for piece in pieces]
    left, right = ends[lengths.index(max(lengths))]
    return any(end < left or start > right for start, end in ends)


class InkPiece(NamedTuple):
    """The ink of one character, (64, w) float32 in [0, 1].

    left: its first column in the fine picture; is_cut: True if it was cut off from other ink.
    """

    ink: npt.NDArray[np.float32]
    left: int
    is_cut: bool


class Seam(NamedTuple):
    """A cut from top to bottom: its column in each row, (32,) px.

    beyond: the pixels on its right, (32, W); ink: of each part there, in levels.
    """

    columns: Array
    beyond: npt.NDArray[np.bool_]
    ink: Array


class InkCutter:
    """Cuts the ink of a line into characters. Keeps the seams.

    picture: (32, W) uint8, where it is cut; fine: see `fine_ink`, what the characters get.
    """

    def __init__(self, picture: npt.NDArray[np.uint8], fine: npt.NDArray[np.float32]) -> None:
        self.picture = picture.astype(np.int64)
        self.ink = (picture / 255).astype(np.float32)
        self.fine = fine
        self.labels, _ = label_parts(self.ink > INKED)
        self.beside = beside_parts(self.labels)
        self.ends = [self._seam_along(np.full(len(picture), float(edge))) for edge in (0, picture.shape[1])]
        self.seams: dict[tuple[float, float], Seam] = {}
        self.tiny = TINY_SHARE * float(self.ends[0].ink.sum()) * DIGIT_WIDTH / picture.shape[1]

    def cut(self, centres: Array) -> list[list[Seam]]:
        """Return the seams before the first character, between each and the next, and behind the last.

        Between two, the cheapest comes first; where it crosses much ink, those through parts of the space follow.
        centres: px, (c,). Equal seams are the same object.
        """
        spaces = list(pairwise(centres.tolist()))
        seams = [[self._seam(*space)] for space in spaces]
        crossings = [crossed(self.picture, cheapest.columns) for (cheapest,) in seams]
        order = sorted(range(len(spaces)), key=lambda at: -crossings[at])
        for at in order[:MOST_TRIED]:
            low, high = spaces[at]
            step = (high - low) / PARTS
            if crossings[at] > CLEAN:
                seams[at] += [self._seam(low + part * step, low + (part + 1) * step) for part in range(PARTS)]
        first, last = self.ends
        return [[first], *seams, [last]]

    def _seam(self, low: float, high: float) -> Seam:
        if (low, high) not in self.seams:
            self.seams[low, high] = self._seam_along(seam(self.ink, low, high))
        return self.seams[low, high]

    def _seam_along(self, columns: Array) -> Seam:
        beyond = np.arange(self.ink.shape[1]) + 0.5 > columns[:, None]
        ink = np.bincount(self.labels.ravel(), (self.picture * beyond).ravel(), int(self.labels.max()) + 1)
        ink[0] = 0  # beside all parts
        return Seam(columns, beyond, ink.astype(np.float64))

    def piece(self, left: Seam, right: Seam) -> InkPiece:
        """Return the ink between two seams. A part that reaches a little over one stays whole."""
        shares = np.stack([self.ends[0].ink - left.ink, left.ink - right.ink, right.ink])  # before, inside, behind
        is_cut = np.sort(shares, 0)[1] > self.tiny
        is_inside = shares.argmax(0) == 1
        start = max(int(left.columns.min()) - OVER, 0)
        end = int(right.columns.max()) + OVER
        labels, inside = self.labels[:, start:end], (left.beyond & ~right.beyond)[:, start:end]
        owned = np.where((labels > 0) & ~is_cut[labels], is_inside[labels], inside)
        rows, columns = self.beside
        owned = owned[rows[:, start:end], np.clip(columns[:, start:end] - start, 0, owned.shape[1] - 1)]
        fine = self.fine[:, FINER * start : FINER * end]
        ink = np.where(owned.repeat(FINER, 0).repeat(FINER, 1), fine, np.float32(0))
        return InkPiece(ink, FINER * start, bool((is_cut & (shares[1] > 0)).any()))


def crossed(picture: npt.NDArray[np.int64], cut: Array) -> int:
    """Return how much ink lies on both sides of a seam, in levels."""
    columns = np.clip(cut.astype(np.int64), 1, picture.shape[1] - 1)
    rows = np.arange(len(picture))
    return int((picture[rows, columns - 1] + picture[rows, columns]).sum())


def beside_parts(labels: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return, for each pale pixel beside a part, a pixel of the part, and for each other pixel itself: (2, 32, W)."""
    places = np.indices(labels.shape)
    beside = places.copy()
    free = labels == 0
    for axis, step in ((0, 1), (0, -1), (1, 1), (1, -1)):
        taken = free & (np.roll(labels, step, axis) > 0)
        beside[:, taken] = np.roll(places, step, axis + 1)[:, taken]
        free &= ~taken
    return beside


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
