"""Ctrl-C, or the system's request to end: what is in flight is finished, a second one ends at once."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

Thing = TypeVar("Thing")


class Interrupted(BaseException):
    """A stop was asked for while the next thing was being made; no parser takes it for an error of its own."""


class Stop:
    """Called, it says whether to stop."""

    def __init__(self) -> None:
        self.asked = False
        self.waits = False

    def __call__(self) -> bool:
        return self.asked

    def ask(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
        if self.waits:
            raise Interrupted

    def interrupting(self, things: Iterator[Thing]) -> Iterator[Thing]:
        """The same; raises `Interrupted` where a stop is asked for while one is being made, however long that takes."""
        while True:
            self.waits = True
            try:
                thing = next(things)
            except StopIteration:
                return
            finally:
                self.waits = False
            yield thing
            del thing  # else it would be in memory until there is the next


@contextmanager
def stoppable() -> Iterator[Stop]:
    stop = Stop()
    before = {number: signal.signal(number, stop.ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
