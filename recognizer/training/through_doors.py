"""Brings strokes and canvases of examples through the doors, in batches: (n, 1, 28, 28) pictures for the network."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from torch import Generator, Tensor

from recognizer.doors import PixelsDoor
from recognizer.training.doors.strokes import SIDE_PX, picture_of, segments_to_keep
from recognizer.training.examples.degradation import degrade
from recognizer.training.examples.picture_groups import are_alike, as_seen

RENDERED_AT_ONCE = 16  # drawings; few, so that the door's working set fits the processor's cache
READ_AT_ONCE = 32  # canvases in one call of the pixels door


def read_worn(canvases: Tensor, worn: float, door: PixelsDoor, generator: Generator) -> Tensor:
    """Wear canvases and read them; one that lost a part is read clean instead: (n, H, H) → (n, 1, 28, 28).

    A group of digits that lost a digit is no example of a group any more.
    """
    if not len(canvases):
        return torch.empty(0, 1, SIDE_PX, SIDE_PX)
    whole = as_seen(canvases)
    seen = read_canvases([degrade(canvases, worn, generator)], door)
    lost = ~are_alike(seen, whole)
    if lost.any():
        seen[lost] = read_canvases([(canvases[lost] * 255).to(torch.uint8)], door)
    return torch.where(are_alike(seen, whole)[:, None, None, None], seen, whole)


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
        return torch.from_numpy(np.concatenate(list(pool.map(lambda part: door.session.run(ink=part)[0], parts))))


def ends(segments: Tensor) -> tuple[Tensor, Tensor]:
    """Return x and y of both ends: (n, S, 4) → two of (n, S, 2)."""
    return segments[:, :, 0::2], segments[:, :, 1::2]
