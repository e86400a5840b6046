"""Chooses the engine: processes of this machine, or a Ray cluster."""

import os
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum

from recognizer.bulk.engines.local import LocalEngine
from recognizer.bulk.engines.reader import Reading
from recognizer.bulk.inputs.sources import Sources
from recognizer.bulk.run import Engine
from recognizer.bulk.stopping import Stop
from recognizer.errors import RecognizerError


class Kind(StrEnum):
    LOCAL = "local"
    RAY = "ray"


@dataclass(frozen=True)
class Choice:
    """The engine as typed. Raises `RecognizerError` for an address without --engine ray."""

    kind: Kind = Kind.LOCAL
    jobs: int | None = None
    address: str | None = None

    def __post_init__(self) -> None:
        if self.address and self.kind is not Kind.RAY:
            raise RecognizerError("--ray-address needs --engine ray.")

    def engine(self, sources: Sources, reading: Reading, stop: Stop) -> AbstractContextManager[Engine]:
        """An engine for these sources. With Ray, their list must be read already (`Sources.with_list_read`)."""
        if self.kind is Kind.RAY:
            from recognizer.bulk.engines.cluster import RayEngine

            return RayEngine(sources, reading, self.jobs, self.address, stop)
        return LocalEngine(reading, self.jobs or cores(), stop)


def cores() -> int:
    """The number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
