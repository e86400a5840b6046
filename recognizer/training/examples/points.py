"""Drawings as arrays of one size, to distort and render in batches."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

POINTS = 64  # in every drawing, spread evenly along its strokes
MOST_STROKES = 12  # each gets at least two points


@dataclass(frozen=True, eq=False)
class Points:
    """xy: (n, 64, 2) float32, longer side 1, middle 0, y down. ends: (n, 64) bool, True on a stroke's last point."""

    xy: Tensor
    ends: Tensor

    def __getitem__(self, index: Tensor | slice) -> "Points":
        return Points(self.xy[index], self.ends[index])

    def segments(self) -> Tensor:
        """Return (n, 63, 4) segments; between strokes, one of zero length on the stroke's end, which adds no ink."""
        start, end = self.xy[:, :-1], self.xy[:, 1:]
        return torch.cat([start, torch.where(self.ends[:, :-1, None], start, end)], 2)


def concatenate_points(*parts: Points) -> Points:
    return Points(torch.cat([part.xy for part in parts]), torch.cat([part.ends for part in parts]))


def points_of(drawings: Sequence[Sequence[npt.NDArray[np.float64]]]) -> Points:
    """Convert drawings, each a sequence of strokes (n, 2)."""
    pairs = [_spread_evenly(strokes) for strokes in drawings]
    xy = np.array([xy for xy, _ in pairs], np.float32).reshape(-1, POINTS, 2)
    ends = np.array([ends for _, ends in pairs], bool).reshape(-1, POINTS)
    return Points(torch.from_numpy(xy), torch.from_numpy(ends))


def _spread_evenly(strokes: Sequence[npt.NDArray[np.float64]]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    strokes = longest_strokes(strokes)
    lengths = np.array([line_length(stroke) for stroke in strokes])
    counts = _point_counts(lengths, POINTS)
    xy = np.concatenate([_resample(stroke, count) for stroke, count in zip(strokes, counts, strict=True)])
    low, high = xy.min(0), xy.max(0)
    ends = np.zeros(POINTS, bool)
    ends[np.cumsum(counts) - 1] = True
    return (xy - (low + high) / 2) / max(*(high - low), 1e-9), ends


def longest_strokes(strokes: Sequence[npt.NDArray[np.float64]]) -> list[npt.NDArray[np.float64]]:
    """Return the strokes that have points, at most the 12 longest, in their order."""
    inked = [stroke for stroke in strokes if len(stroke)]
    kept = sorted(range(len(inked)), key=lambda index: -line_length(inked[index]))[:MOST_STROKES]
    return [inked[index] for index in sorted(kept)]


def line_length(stroke: npt.NDArray[np.float64]) -> float:
    """Return the length along the stroke."""
    return float(_distances_along(stroke)[-1])


def _distances_along(stroke: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the distance along the stroke from its start to each point."""
    return np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(stroke, axis=0).T))])


def _point_counts(lengths: npt.NDArray[np.float64], total: int) -> npt.NDArray[np.int64]:
    """Divide the points among the strokes: at least 2 each, in proportion to their lengths."""
    ideal = lengths / max(lengths.sum(), 1e-9) * (total - 2 * len(lengths))
    counts: npt.NDArray[np.int64] = 2 + ideal.astype(np.int64)
    counts[np.argsort(counts - 2 - ideal, kind="stable")[: total - counts.sum()]] += 1  # the largest remainders
    if rest := total - counts.sum():  # all strokes are dots
        counts[0] += rest
    return counts


def _resample(stroke: npt.NDArray[np.float64], count: int) -> npt.NDArray[np.float64]:
    along = _distances_along(stroke)
    wanted = np.linspace(0, along[-1], count)
    return np.stack([np.interp(wanted, along, stroke[:, axis]) for axis in (0, 1)], 1)
