"""Limits of processor time and memory for reading one thing. Knows no formats and no engines."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

if sys.platform != "win32":
    import resource

SECONDS = 30.0  # processor time for one picture, one page, or one file in an archive
BYTES = 1 << 28  # memory that reading may add to the process
PICTURE_BYTES = 3 << 27  # more than that for a picture, whose header has told how much it needs
TOO_LONG = f"it takes more than {SECONDS:.0f} s of processor time"
CAN_LIMIT_TIME = hasattr(signal, "setitimer")
MEMORY = "/proc/self/statm"  # Linux: its sixth number is what RLIMIT_DATA limits, in pages
CAN_LIMIT_MEMORY = os.path.exists(MEMORY)  # noqa: PTH110 - only asked once

_clock_runs = False

Thing = TypeVar("Thing")


class TookTooLong(Exception):
    """Reading took more processor time than `SECONDS`."""


def limit_each(things: Iterator[Thing]) -> Iterator[Thing]:
    """Yield the same things; raise `TookTooLong` or `MemoryError` if one costs too much. Main thread only."""
    while True:
        try:
            with _limits():
                thing = next(things)
        except StopIteration:
            return
        yield thing
        del thing  # or it stays in memory while the next one is made


def reason(error: Exception) -> str:
    """The reason why something cannot be read, for an error of any class."""
    if isinstance(error, TookTooLong):
        return TOO_LONG
    if isinstance(error, MemoryError):
        return "it takes too much memory"
    return str(error) or type(error).__name__


def end_when_too_long() -> None:
    """Let the system end this process `SECONDS` after `restart_clock`, even inside a decoder's C code."""
    global _clock_runs
    _clock_runs = CAN_LIMIT_TIME


def limit_memory() -> None:
    """Let this process use `BYTES` more memory; beyond that it gets a `MemoryError`."""
    if CAN_LIMIT_MEMORY:
        resource.setrlimit(resource.RLIMIT_DATA, (_bytes_held() + BYTES, resource.getrlimit(resource.RLIMIT_DATA)[1]))


def with_memory_for_pictures(things: Iterator[Thing]) -> Iterator[Thing]:
    """Yield the same things; let each take `PICTURE_BYTES` more memory while it is made."""
    while True:
        with _more_memory():
            thing = next(things, None)
        if thing is None:
            return
        yield thing
        del thing  # as in `limit_each`


def was_ended_by_clock(exit_code: int | None) -> bool:
    """True if the clock ended a process with this exit code."""
    return CAN_LIMIT_TIME and exit_code == -signal.SIGPROF


def restart_clock() -> None:
    """Call this between two things."""
    if _clock_runs:
        signal.setitimer(signal.ITIMER_PROF, SECONDS)


def stop_clock() -> None:
    if _clock_runs:
        signal.setitimer(signal.ITIMER_PROF, 0)


@contextmanager
def _limits() -> Iterator[None]:
    global _clock_runs
    if threading.current_thread() is not threading.main_thread() or not CAN_LIMIT_TIME:
        yield
        return
    handler, memory = signal.signal(signal.SIGPROF, _raise), resource.getrlimit(resource.RLIMIT_DATA)
    limit_memory()
    _clock_runs = True
    restart_clock()
    try:
        yield
    finally:
        stop_clock()
        _clock_runs = False
        resource.setrlimit(resource.RLIMIT_DATA, memory)
        signal.signal(signal.SIGPROF, handler)


@contextmanager
def _more_memory() -> Iterator[None]:
    if not CAN_LIMIT_MEMORY:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if soft == resource.RLIM_INFINITY:
        yield
        return
    resource.setrlimit(resource.RLIMIT_DATA, (soft + PICTURE_BYTES, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _raise(number: int, frame: FrameType | None) -> None:
    raise TookTooLong


def _bytes_held() -> int:
    with open(MEMORY, "rb") as file:  # noqa: PTH123 - called for each thing, and faster than pathlib
        return int(file.read().split()[5]) * resource.getpagesize()
