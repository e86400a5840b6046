"""What it may cost to read one thing: processor time and memory. Knows no formats and no engines."""

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

SECONDS = 30.0  # of processor time, for one picture or page, or one file in an archive
BYTES = 1 << 28  # that reading may take beyond what the process had when it began
TOO_LONG = f"it takes more than {SECONDS:.0f} s of processor time"
CAN_LIMIT_TIME = hasattr(signal, "setitimer")
MEMORY = "/proc/self/statm"  # Linux counts there what RLIMIT_DATA limits
CAN_LIMIT_MEMORY = os.path.exists(MEMORY)  # noqa: PTH110 - nothing is done with it

_clock_runs = False

Thing = TypeVar("Thing")


class TookTooLong(Exception):
    """The clock ran out."""


def limited(things: Iterator[Thing]) -> Iterator[Thing]:
    """Yield the same things; raise `TookTooLong` or `MemoryError` if one costs too much. Main thread only."""
    while True:
        try:
            with _limits():
                thing = next(things)
        except StopIteration:
            return
        yield thing
        del thing  # else it would be in memory until there is the next


def reason(error: Exception) -> str:
    """Why something cannot be read, of whatever class its parser's error is."""
    if isinstance(error, TookTooLong):
        return TOO_LONG
    if isinstance(error, MemoryError):
        return "it takes too much memory"
    return str(error) or type(error).__name__


def end_when_too_long() -> None:
    """Let the system end this process when the time since `restart_clock` is over, even inside a decoder's C code."""
    global _clock_runs
    _clock_runs = CAN_LIMIT_TIME


def limit_memory() -> None:
    """Let this process take `BYTES` more memory; beyond that it gets `MemoryError`."""
    if CAN_LIMIT_MEMORY:
        resource.setrlimit(resource.RLIMIT_DATA, (_bytes_now() + BYTES, resource.getrlimit(resource.RLIMIT_DATA)[1]))


def ended_too_long(exit_code: int | None) -> bool:
    """Whether a process ended because its clock ran out."""
    return CAN_LIMIT_TIME and exit_code == -signal.SIGPROF


def restart_clock() -> None:
    """Call when one thing is done and the next begins."""
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


def _raise(number: int, frame: FrameType | None) -> None:
    raise TookTooLong


def _bytes_now() -> int:
    with open(MEMORY, "rb") as file:  # noqa: PTH123 - for every thing that is read
        return int(file.read().split()[5]) * resource.getpagesize()
