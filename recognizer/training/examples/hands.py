"""Pen digits between the hands of two writers, and a little beyond."""

from collections.abc import Sequence

import torch
from torch import Generator, Tensor

from recognizer.training.examples.distortion import uniform
from recognizer.training.examples.points import MOST_STROKES, POINTS, Points

NEIGHBOURS = 16  # most similar digits by other writers, to choose one from
COMPARED_AT_ONCE = 64
UNKNOWN = -1


class Hands:
    """Drawings and their neighbours: the most similar ones of the same class and stroke count, by other writers."""

    def __init__(self, points: Points, classes: Tensor, writers: Sequence[str]) -> None:
        self.points = points
        ends = points.ends.long()
        count = len(ends)
        self.stroke = (ends.cumsum(1) - ends).clamp(max=MOST_STROKES - 1)  # (n, 64): number of each point's stroke
        rows, last = torch.nonzero(ends, as_tuple=True)
        # (n, 12) each: index of each stroke's first point, and the steps from there to its last point
        self.start = torch.zeros(count, MOST_STROKES, dtype=torch.long)
        self.steps = torch.zeros(count, MOST_STROKES, dtype=torch.long)
        which = self.stroke[rows, last]
        first = torch.where(which > 0, last.roll(1) + 1, 0)
        self.start[rows, which], self.steps[rows, which] = first, last - first
        along = torch.arange(POINTS) - self.start.gather(1, self.stroke)
        self.share = along / self.steps.gather(1, self.stroke).clamp(min=1)  # (n, 64): part of its stroke before it
        known = sorted(set(writers))
        self.hand = torch.tensor([known.index(writer) for writer in writers])
        self.kind = torch.stack([classes, ends.sum(1)], 1)  # (n, 2): class, number of strokes
        self.found = torch.full((count, NEIGHBOURS), UNKNOWN)  # (n, 16): neighbours, once they are known

    def neighbours(self, chosen: Tensor) -> Tensor:
        """Return the neighbours of the chosen drawings, (c,) → (c, 16); each is found on first use."""
        new = chosen[self.found[chosen, 0] == UNKNOWN].unique()
        for kind in self.kind[new].unique(dim=0):
            alike = torch.nonzero((self.kind == kind).all(1))[:, 0]
            for part in new[(self.kind[new] == kind).all(1)].split(COMPARED_AT_ONCE):
                self.found[part] = self.nearest(part, alike)
        return self.found[chosen]

    def nearest(self, drawings: Tensor, alike: Tensor) -> Tensor:
        """Return the nearest of `alike`, (d,) and (a,) → (d, 16), padded with the drawing itself."""
        these, others = drawings.repeat_interleave(len(alike)), alike.repeat(len(drawings))
        distance = (self.points.xy[these] - self.align(these, others)).square().mean((1, 2))
        distance[self.hand[these] == self.hand[others]] = torch.inf
        found = distance.view(len(drawings), -1).topk(min(NEIGHBOURS, len(alike)), largest=False)
        nearest = drawings.unsqueeze(1).repeat(1, NEIGHBOURS)
        nearest[:, : found.indices.shape[1]] = torch.where(
            found.values.isfinite(), alike[found.indices], drawings.unsqueeze(1)
        )
        return nearest

    def align(self, these: Tensor, others: Tensor) -> Tensor:
        """Return points of the others' strokes, in the same places along the strokes as those of these: (n, 64, 2)."""
        stroke = self.stroke[these]
        place = self.start[others].gather(1, stroke) + self.share[these] * self.steps[others].gather(1, stroke)
        before = place.long()
        xy = self.points.xy[others]
        first, second = (
            xy.gather(1, index.unsqueeze(2).expand(-1, -1, 2)) for index in (before, (before + 1).clamp(max=POINTS - 1))
        )
        return first + (place - before).unsqueeze(2) * (second - first)

    def blend(self, chosen: Tensor, most: float, generator: Generator) -> Points:
        """Move each chosen drawing up to `most` of the way towards a random neighbour, or away from it."""
        which = torch.randint(NEIGHBOURS, (len(chosen), 1), generator=generator)
        others = self.neighbours(chosen).gather(1, which)[:, 0]
        xy = self.points.xy[chosen]
        moved = xy + uniform(generator, -most, most, len(chosen), 1, 1) * (self.align(chosen, others) - xy)
        low, high = moved.amin(1, keepdim=True), moved.amax(1, keepdim=True)
        size = (high - low).amax(2, keepdim=True).clamp(min=1e-9)
        return Points((moved - (low + high) / 2) / size, self.points.ends[chosen])
