"""Limits for the process that opens an untrusted file: no network, and little time, memory and disk."""

import ctypes
import os
import resource
import signal
import socket
import sys
from typing import Any, NoReturn

from recognizer.importing.limits import CONVERT_S, FILE_BYTES, MEMORY_BYTES

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
STATM = "/proc/self/statm"


def give_up_rights(parent: int) -> None:
    """Leave the network, limit time and file size, and end with the parent process. Call this before reading the file.

    Linux kills the process when its parent ends, and gives it a network of its own without devices. Elsewhere, and
    where Linux refuses the new network, only Python's own sockets are blocked.
    """
    os.setsid()
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before this process could ask to end with it
            sys.exit(1)
        if libc.unshare(CLONE_NEWNET) and os.geteuid():
            libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)
    _forbid_network()
    _limit(resource.RLIMIT_FSIZE, FILE_BYTES)
    _limit(resource.RLIMIT_CORE, 0)
    limit_time(CONVERT_S)


def limit_memory() -> None:
    """Limit memory to what is in use now, plus `MEMORY_BYTES`, on Linux. Call this after loading the large packages."""
    if os.path.exists(STATM):  # noqa: PTH110
        with open(STATM, "rb") as file:  # noqa: PTH123
            in_use = int(file.read().split()[5]) * resource.getpagesize()
        _limit(resource.RLIMIT_DATA, in_use + MEMORY_BYTES)


def limit_time(seconds: int) -> None:
    """Allow `seconds` of processor time from now on. After that, the system ends this process with SIGXCPU."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + seconds)


def _limit(resource_kind: int, value: int) -> None:
    hard = resource.getrlimit(resource_kind)[1]
    resource.setrlimit(resource_kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _forbid_network() -> None:
    """Block Python's own sockets, for systems that cannot take the network away."""

    def refuse(*arguments: Any, **options: Any) -> NoReturn:
        raise PermissionError("an import has no network")

    socket.socket.connect = refuse  # type: ignore[method-assign]
    socket.socket.connect_ex = refuse  # type: ignore[method-assign]
    socket.getaddrinfo = refuse
