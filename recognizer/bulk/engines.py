"""Which engine reads: the processes of this machine, or a Ray cluster."""

import os
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

import typer

from recognizer.bulk.local import LocalEngine
from recognizer.bulk.reader import Reading
from recognizer.bulk.run import Engine
from recognizer.bulk.sources import Sources
from recognizer.bulk.stopping import Stop
from recognizer.errors import RecognizerError


class Kind(StrEnum):
    LOCAL = "local"
    RAY = "ray"


Chosen = Annotated[Kind, typer.Option("--engine", help="Processes of this machine, or a Ray cluster.")]
Address = Annotated[
    str | None, typer.Option("--ray-address", help="Of a running cluster; else Ray is started on this machine alone.")
]
Jobs = Annotated[int | None, typer.Option(min=1, max=1024, help="Processes that read; else one for each core.")]


@dataclass(frozen=True)
class Choice:
    """As it is typed. Raises `RecognizerError` for an address without the engine that it is for."""

    kind: Kind = Kind.LOCAL
    jobs: int | None = None
    address: str | None = None

    def __post_init__(self) -> None:
        if self.address and self.kind is not Kind.RAY:
            raise RecognizerError("--ray-address is for --engine ray")

    def engine(self, sources: Sources, reading: Reading, stop: Stop) -> AbstractContextManager[Engine]:
        """Of these sources; with Ray they have to be `whole`."""
        if self.kind is Kind.RAY:
            from recognizer.bulk.cluster import RayEngine

            return RayEngine(sources, reading, self.jobs, self.address, stop)
        return LocalEngine(reading, self.jobs or cores(), stop)


def cores() -> int:
    """That this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
