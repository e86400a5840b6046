"""The interface of outputs: they take the rows of a run, and a later run can resume them."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from pathlib import Path

import pyarrow as pa

from recognizer.bulk.items import Url
from recognizer.bulk.rows import own_schema
from recognizer.errors import RecognizerError


class OutputError(RecognizerError):
    """An output that cannot be written or resumed."""


class OutputState(Enum):
    """What exists at the place of an output."""

    EMPTY = auto()  # nothing, or an empty file
    FINISHED = auto()  # rows of a finished run
    INTERRUPTED = auto()  # an interrupted run, perhaps without rows yet
    FOREIGN = auto()  # something that this program did not write


class Output(ABC):
    """Rows in a file or folder. A position is the place after a row; 0 is before the first row."""

    target: Path | Url
    schema: pa.Schema  # of rows

    @property
    def ours(self) -> pa.Schema:
        """The columns that this program adds; tables bring others."""
        return own_schema(self.schema.names)

    @abstractmethod
    def state(self) -> OutputState:
        """What exists already. Raises `OutputError` if it cannot be determined."""

    @abstractmethod
    def read_rows(self, columns: Sequence[str] | None = None) -> Iterator[tuple[pa.RecordBatch, list[int]]]:
        """Yield the complete rows, also of an earlier run, with the position of each.

        columns: yield at least these; None: all columns of the run that wrote the rows. Raises `OutputError`.
        """

    @abstractmethod
    def open(self, position: int = 0) -> None:
        """Prepare to write from this position on. Rows behind it are deleted."""

    @abstractmethod
    def write(self, batch: pa.RecordBatch) -> None:
        """Write the next rows of an engine."""

    @abstractmethod
    def close(self, finished: bool) -> None:
        """Make all rows readable, finished or not. Does nothing if the output was not opened."""
