"""What takes the rows of a run, and can be gone on with."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from pathlib import Path

import pyarrow as pa

from recognizer.bulk.items import Url
from recognizer.errors import RecognizerError


class OutputError(RecognizerError):
    """An output that cannot be written, or gone on with."""


class There(Enum):
    """What stands where an output is to be written."""

    NOTHING = auto()
    FINISHED = auto()  # rows of a whole run
    INTERRUPTED = auto()  # rows of a run that was stopped, perhaps before its first one
    OTHER = auto()  # not rows of this program


class Output(ABC):
    """Rows that are being written, to a file or folder. A position is that after a row; 0 is before the first."""

    target: Path | Url
    schema: pa.Schema  # of rows

    @abstractmethod
    def there(self) -> There:
        """What would be written over. Raises `OutputError` where that cannot be told."""

    @abstractmethod
    def earlier(self, columns: Sequence[str] | None = None) -> Iterator[tuple[pa.RecordBatch, list[int]]]:
        """The whole rows that were written, by an earlier run too, and the position of each; these columns, or more.

        None: all columns, which are those of the run that wrote them. Raises `OutputError`.
        """

    @abstractmethod
    def open(self, position: int = 0) -> None:
        """To write from this position on; what stood behind it is gone."""

    @abstractmethod
    def write(self, batch: pa.RecordBatch) -> None:
        """The next rows of an engine."""

    @abstractmethod
    def close(self, finished: bool) -> None:
        """All rows can be read after this, finished or not. Where it was not opened, nothing happens."""
