"""Splits streams and lists into batches that fit in memory."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Protocol, TypeVar


class Sized(Protocol):
    @property
    def nbytes(self) -> int:
        """Bytes that it takes in memory."""


Item = TypeVar("Item", bound=Sized)
Shape = TypeVar("Shape", bound=Hashable)


def batches(items: Iterable[Item], most: int | Callable[[int], int], most_bytes: int) -> Iterator[list[Item]]:
    """Yield the items in lists, in order. A list ends at `most` items, or at the item that brings it to `most_bytes`.

    most: a number, or a function that returns it for the number of items in all earlier lists.
    """
    batch: list[Item] = []
    given = held = 0
    for item in items:
        batch.append(item)
        held += item.nbytes
        if len(batch) >= (most if isinstance(most, int) else most(given)) or held >= most_bytes:
            yield batch
            given += len(batch)
            batch, held = [], 0
    if batch:
        yield batch


def batches_by_shape(shapes: Sequence[Shape], most: Callable[[Shape], int]) -> list[list[int]]:
    """Return the indexes of equal shapes in lists of at most `most(shape)`, and at least one, indexes."""
    by_shape: dict[Shape, list[int]] = defaultdict(list)
    for index, shape in enumerate(shapes):
        by_shape[shape].append(index)
    groups = []
    for shape, indexes in by_shape.items():
        size = max(1, most(shape))
        groups += [indexes[start : start + size] for start in range(0, len(indexes), size)]
    return groups
