"""Handles Ctrl-C and SIGTERM: the first lets the run finish its current items, the second ends it at once."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

Thing = TypeVar("Thing")


class Interrupted(BaseException):
    """A stop was requested while a thing was being made. Parsers do not catch it: it is no `Exception`."""


class Stop:
    """A request to stop. Calling it returns True once a signal has come."""

    def __init__(self) -> None:
        self.requested = False
        self.is_interruptible = False

    def __call__(self) -> bool:
        return self.requested

    def request(self, number: int, frame: FrameType | None) -> None:
        if self.requested:
            raise KeyboardInterrupt
        self.requested = True
        if self.is_interruptible:
            raise Interrupted

    def guard(self, things: Iterator[Thing]) -> Iterator[Thing]:
        """Yield the same things; raise `Interrupted` if a stop is requested while the next one is being made."""
        while True:
            self.is_interruptible = True
            try:
                thing = next(things)
            except StopIteration:
                return
            finally:
                self.is_interruptible = False
            yield thing
            del thing  # or it stays in memory while the next one is made


@contextmanager
def handle_signals() -> Iterator[Stop]:
    """Yield a `Stop` that SIGINT and SIGTERM request."""
    stop = Stop()
    before = {number: signal.signal(number, stop.request) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
