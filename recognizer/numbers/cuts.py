"""Lines of writing that can be cut into the ink of each character: of strokes, or of a picture's ink. Knows no network.

`engine/cuts.js` does the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Protocol

import numpy as np
import numpy.typing as npt

from recognizer.numbers.cutting import InkCutter, Piece, Seam, StrokesCutter, has_beside
from recognizer.numbers.line_pictures import FINER, LinePicture
from recognizer.prediction import Box

SIDE = 96  # px of the square around a character's ink

Array = npt.NDArray[np.float64]
Ink = npt.NDArray[np.float32]
Key = tuple[tuple[int, int, float], ...]


@dataclass(frozen=True, eq=False)
class Cut:
    """The ink of one character: of a drawing its pieces, of a picture (96, 96) float32.

    key: equal for equal ink, empty for none; box: in the unit of what is read; strokes: the indexes of its strokes;
    is_cut: True if it was cut off from other ink; has_beside: True if a stroke stands beside the longest one.
    """

    key: Key
    box: Box
    is_cut: bool = False
    has_beside: bool = False
    pieces: tuple[Piece, ...] = ()
    strokes: tuple[int, ...] = ()
    ink: Ink | None = None


NO_INK = Cut((), (0.0, 0.0, 0.0, 0.0))


Way = list[Cut]  # one way to cut a line: the ink of each character
Score = Callable[[int, Cut], float]  # how well some ink fits a character, by its index


class Ways(Protocol):
    """The ways to cut a line into characters whose places are known."""

    def cuts(self) -> list[Cut]:
        """Return all that any way cuts out."""

    def best(self, score: Score) -> Way:
        """Return the way with the highest sum of scores, of equal ones the likeliest."""


class Line(Protocol):
    """A line of writing that can be cut."""

    @property
    def picture(self) -> LinePicture: ...

    @property
    def has_lost_ink(self) -> bool: ...

    def cut(self, centres: Array) -> Ways:
        """Return ways to cut the line into characters. centres: where they lie, (c,) px."""


@dataclass(frozen=True)
class StrokesWays:
    """Ways to share strokes among characters, the likeliest first."""

    ways: list[Way]

    def cuts(self) -> list[Cut]:
        return [cut for way in self.ways for cut in way]

    def best(self, score: Score) -> Way:
        return max(self.ways, key=lambda way: sum(score(at, cut) for at, cut in enumerate(way)))


@dataclass(frozen=True)
class InkWays:
    """Ways to cut ink along seams. lattice: of each character, by the seam on its left and the one on its right."""

    lattice: list[list[list[Cut]]]

    def cuts(self) -> list[Cut]:
        return [cut for character in self.lattice for row in character for cut in row]

    def best(self, score: Score) -> Way:
        """Return the best way (Viterbi)."""
        best = [(0.0, Way())]  # up to each seam
        for at, character in enumerate(self.lattice):
            scores = [[score(at, cut) for cut in row] for row in character]
            ends = []
            for right in range(len(character[0])):
                sums = [before + row[right] for (before, _), row in zip(best, scores, strict=True)]
                left = max(range(len(sums)), key=lambda index: sums[index])
                ends.append((sums[left], [*best[left][1], character[left][right]]))
            best = ends
        return best[0][1]


@dataclass(frozen=True, eq=False)
class StrokesLine:
    """A line of strokes. indexes: of these strokes in the drawing.

    unit: left, top and side of the square, in the drawing's unit, in which the strokes' 0 to 1 lies. All three are
    halved: a side may overflow.
    """

    picture: LinePicture
    strokes: tuple[Array, ...]
    indexes: tuple[int, ...]
    unit: tuple[float, float, float] = (0.0, 0.0, 0.5)
    has_lost_ink: bool = False  # no stroke is

    @cached_property
    def _cutter(self) -> StrokesCutter:
        _, corner, scale = self.picture
        return StrokesCutter([(stroke - corner) * scale for stroke in self.strokes])

    def cut(self, centres: Array) -> StrokesWays:
        return StrokesWays([[self._cut(pieces) for pieces in way] for way in self._cutter.cut(centres)])

    def _cut(self, pieces: Sequence[Piece]) -> Cut:
        _, corner, scale = self.picture
        key = tuple((piece.stroke, len(piece.points), float(piece.points[0, 0])) for piece in pieces)
        if not pieces:
            return NO_INK
        left, top, side = self.unit
        places = np.concatenate([piece.points for piece in pieces]) / scale + corner
        points = 2 * (places * side + (left, top))
        box = (*points.min(0).tolist(), *points.max(0).tolist())
        strokes = tuple(dict.fromkeys(self.indexes[piece.stroke] for piece in pieces))
        is_cut = any(piece is not self._cutter.pieces[piece.stroke] for piece in pieces)
        return Cut(key, box, is_cut, has_beside(pieces), tuple(pieces), strokes)


@dataclass(frozen=True, eq=False)
class InkLine:
    """A line of a picture's ink. fine: see `fine_ink`.

    margin: px of paper that were added on the left and top; factor: px of the given picture for each of the ink's;
    has_lost_ink: see `has_lost_ink`.
    """

    picture: LinePicture
    fine: Ink
    margin: float = 0.0
    factor: float = 1.0
    has_lost_ink: bool = False

    @cached_property
    def _cutter(self) -> InkCutter:
        return InkCutter(self.picture.picture, self.fine)

    def cut(self, centres: Array) -> InkWays:
        bounds = self._cutter.cut(centres)
        return InkWays(
            [[[self._between(left, right) for right in after] for left in before] for before, after in pairwise(bounds)]
        )

    def _between(self, left: Seam, right: Seam) -> Cut:
        """Return the ink between two seams. Several texts share most of them."""
        key = id(left), id(right)
        if key not in self._cuts:
            self._cuts[key] = self._cut(*self._cutter.piece(left, right))
        return self._cuts[key]

    @cached_property
    def _cuts(self) -> dict[tuple[int, int], Cut]:
        return {}

    def _cut(self, ink: Ink, start: int, is_cut: bool) -> Cut:
        rows, columns = np.flatnonzero((ink > 0.1).any(1)), np.flatnonzero((ink > 0.1).any(0))
        if not len(rows):
            return NO_INK
        left, right = int(columns[0]), min(int(columns[-1]) + 1, int(columns[0]) + SIDE)
        _, corner, scale = self.picture
        ends = np.array([start + left, rows[0], start + right, rows[-1] + 1])
        box = (ends / (FINER * scale) + np.tile(corner, 2) - self.margin) * self.factor
        square = np.zeros((SIDE, SIDE), np.float32)
        side = (SIDE - (right - left)) // 2
        top = (SIDE - len(ink)) // 2
        square[top : top + len(ink), side : side + right - left] = ink[:, left:right]
        key = ((start + left, start + right, float(ink.sum())),)
        return Cut(key, tuple(box.tolist()), is_cut, ink=square)
