"""What a process that opens a stranger's file gives up: the network, and more time, memory and disk than it needs."""

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


def give_up_rights() -> None:
    """Call before anything of the file is read. Ends with its parent, too."""
    os.setsid()
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if libc.unshare(CLONE_NEWNET) and os.geteuid():
            libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)
    _forbid_network()
    _limit(resource.RLIMIT_FSIZE, FILE_BYTES)
    _limit(resource.RLIMIT_CORE, 0)
    limit_time(CONVERT_S)


def limit_memory() -> None:
    """Call when the large packages are loaded."""
    if os.path.exists(STATM):  # noqa: PTH110
        with open(STATM, "rb") as file:  # noqa: PTH123
            now = int(file.read().split()[5]) * resource.getpagesize()
        _limit(resource.RLIMIT_DATA, now + MEMORY_BYTES)


def limit_time(seconds: int) -> None:
    """From now on; the system then ends this process by SIGXCPU."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + seconds)


def _limit(what: int, value: int) -> None:
    hard = resource.getrlimit(what)[1]
    resource.setrlimit(what, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _forbid_network() -> None:
    """Where the system cannot be asked to, too."""

    def refuse(*arguments: Any, **options: Any) -> NoReturn:
        raise PermissionError("an import has no network")

    socket.socket.connect = refuse  # type: ignore[method-assign]
    socket.socket.connect_ex = refuse  # type: ignore[method-assign]
    socket.getaddrinfo = refuse
