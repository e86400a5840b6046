"""Cuts a stream into batches that memory can hold."""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar


class Sized(Protocol):
    @property
    def nbytes(self) -> int:
        """That it holds in memory."""


Item = TypeVar("Item", bound=Sized)


def batches(items: Iterable[Item], most: int | Callable[[int], int], most_bytes: int) -> Iterator[list[Item]]:
    """Batches of `most` items, or fewer where those hold `most_bytes` or more together.

    most: a number, or the number by how many items the batches before had.
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
