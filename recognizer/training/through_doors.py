"""Brings strokes and canvases of examples through the doors, in batches: (n, 1, 28, 28) pictures for the network."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from torch import Generator, Tensor

from recognizer.doors import PixelsDoor
from recognizer.training.doors.strokes import picture_of, segments_to_keep
from recognizer.training.examples.degradation import degrade
from recognizer.training.examples.picture_groups import as_seen, likeness, soften

RENDERED_AT_ONCE = 16  # drawings; few, so that the door's working set fits the processor's cache
READ_AT_ONCE = 32  # canvases in one call of the pixels door
LEAST_LIKENESS = 0.8  # of what was drawn and what the door shows; below it a part may be lost, or the ink be a blob


def read_worn(canvases: Tensor, worn: float, door: PixelsDoor, generator: Generator) -> Tensor:
    """Wear canvases and read them; one that lost a part is read clean instead: (n, H, H) → (n, 1, 28, 28).

    A group of digits that lost a digit is no example of a group any more.
    """
    whole = as_seen(canvases)
    seen = read_canvases([degrade(canvases, worn, generator)], door)
    lost = ~shows_all(soften(seen), soften(whole))
    if lost.any():
        seen[lost] = read_canvases([(canvases[lost] * 255).to(torch.uint8)], door)
    return torch.where(shows_all(soften(seen), soften(whole))[:, None, None, None], seen, whole)


def shows_all(seen: Tensor, drawn: Tensor) -> Tensor:
    """True where the door shows all that was drawn, and no blob of it: (n, 1, 28, 28) each → (n,)."""
    return likeness(seen, drawn) >= LEAST_LIKENESS


def render_strokes(segments: Tensor, pens: Tensor) -> Tensor:
    """Render strokes as the strokes door does, with any pen: (n, S, 4) and (n, 1, 1) px → (n, 1, 28, 28)."""
    parts = zip(segments.split(RENDERED_AT_ONCE), pens.split(RENDERED_AT_ONCE), strict=True)
    return torch.cat([picture_of(*ends(part), segments_to_keep(*ends(part)), pen) for part, pen in parts])


def read_canvases(canvases: Sequence[Tensor], door: PixelsDoor) -> Tensor:
    """Put canvases through the pixels door's exported file, which is three times as fast as the torch code.

    canvases: each (n, H, W) uint8 → (sum of all n, 1, 28, 28).
    """
    parts = [part.numpy() for canvas in canvases for part in canvas.split(READ_AT_ONCE)]
    with ThreadPoolExecutor(torch.get_num_threads()) as pool:
        return torch.from_numpy(np.concatenate(list(pool.map(door.read_stack, parts))))


def ends(segments: Tensor) -> tuple[Tensor, Tensor]:
    """Return x and y of both ends: (n, S, 4) → two of (n, S, 2)."""
    return segments[:, :, 0::2], segments[:, :, 1::2]
