"""Processes that train one network together, one a core: ranks, start and connection. Knows no network.

Two processes of one thread take a fifth less time than one process of two threads, which synchronise after every
operation.
"""

import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, TypeVar

import torch.distributed
import torch.multiprocessing
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from recognizer.errors import RecognizerError

LOOPBACK = {"linux": "lo", "darwin": "lo0"}  # on other systems gloo finds the host's own address
Item = TypeVar("Item")


@dataclass(frozen=True)
class Team:
    """A process's place in a run. Rank 0 is the leader: it reports and writes."""

    rank: int = 0
    size: int = 1

    @property
    def is_leader(self) -> bool:
        return self.rank == 0

    def part(self, whole: int) -> int:
        """Divide a number among the processes."""
        return whole // self.size

    def share(self, items: Sequence[Item]) -> Sequence[Item]:
        """Return this process's items: every `size`-th."""
        return items[self.rank :: self.size]

    def member(self, number: int, makers: int) -> "Team":
        """Return the place of one of this process's makers among the makers of all processes."""
        return Team(self.rank * makers + number, self.size * makers)

    def synchronise(self, network: nn.Module) -> nn.Module:
        """Give the network the leader's weights; from now on its gradients are the mean over the processes."""
        return DistributedDataParallel(network, forward_sync_buffers=False) if self.size > 1 else network


ALONE = Team()


def is_under_torchrun() -> bool:
    """True if torchrun started this process."""
    return torch.distributed.is_torchelastic_launched()


def world_size() -> int:
    """Return the number of processes that torchrun started, on all machines."""
    return int(os.environ["WORLD_SIZE"])


def is_first() -> bool:
    """True on rank 0, and without torchrun."""
    return os.environ.get("RANK", "0") == "0"


@contextmanager
def join_group() -> Iterator[Team]:
    """Connect this process to the others that torchrun started, on one machine or many. Each takes one GPU, if any."""
    has_gpu = torch.cuda.is_available()
    if has_gpu:
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]) % torch.cuda.device_count())
    torch.distributed.init_process_group("cpu:gloo,cuda:nccl" if has_gpu else "gloo")
    try:
        yield Team(torch.distributed.get_rank(), torch.distributed.get_world_size())
    finally:
        torch.distributed.destroy_process_group()


@contextmanager
def lead_group(size: int, follow: Callable[..., None], *arguments: Any) -> Iterator[Team]:
    """Start `size` - 1 processes that run `follow(*arguments, team)`; this process leads, and ends them at exit.

    Raises `RecognizerError` if one of them has died.
    """
    if size == 1:
        yield ALONE
        return
    with tempfile.TemporaryDirectory() as folder:
        meeting = Path(folder) / "meeting"
        others = [
            torch.multiprocessing.get_context("spawn").Process(
                target=_follow, args=(meeting, Team(rank, size), follow, arguments), daemon=True
            )
            for rank in range(1, size)
        ]
        for other in others:
            other.start()
        try:
            _meet(meeting, Team(0, size))
            yield Team(0, size)
        except RuntimeError as error:  # torch raises it if another process is gone
            if not any(_has_ended(other) for other in others):
                raise
            raise RecognizerError("a process of this training has ended; see its error above") from error
        finally:
            for other in others:
                other.terminate()
                other.join()
            if torch.distributed.is_initialized():
                torch.distributed.destroy_process_group()


def _has_ended(process: BaseProcess) -> bool:
    process.join(1)  # its connections close a moment before it ends
    return not process.is_alive()


def _follow(meeting: Path, team: Team, follow: Callable[..., None], arguments: Sequence[Any]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; the leader ends the others
    _meet(meeting, team)
    follow(*arguments, team)


def _meet(meeting: Path, team: Team) -> None:
    """Connect through a file, so that only the ports between the processes are open, on loopback."""
    if sys.platform in LOOPBACK:
        os.environ.setdefault("GLOO_SOCKET_IFNAME", LOOPBACK[sys.platform])
    torch.distributed.init_process_group("gloo", f"file://{meeting}", rank=team.rank, world_size=team.size)
