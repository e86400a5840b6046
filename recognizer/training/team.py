"""Processes that train one network together, one a core: who they are, how they start and meet. Knows no network.

Two of one thread each take a fifth less time than one of two, whose threads wait for each other after every operation.
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

LOOPBACK = {"linux": "lo", "darwin": "lo0"}  # elsewhere gloo finds the host's own address
Item = TypeVar("Item")


@dataclass(frozen=True)
class Team:
    """One process's place among those that share a run: rank 0 leads, reports and writes."""

    rank: int = 0
    size: int = 1

    @property
    def is_leader(self) -> bool:
        return self.rank == 0

    def part(self, whole: int) -> int:
        """What each does of a number that all share."""
        return whole // self.size

    def share(self, items: Sequence[Item]) -> Sequence[Item]:
        """This one's items: every `size`-th."""
        return items[self.rank :: self.size]

    def member(self, number: int, of: int) -> "Team":
        """One of the processes that each of this team has beside it."""
        return Team(self.rank * of + number, self.size * of)

    def synchronise(self, network: nn.Module) -> nn.Module:
        """The network with the leader's weights, its gradients the mean of all."""
        return DistributedDataParallel(network, forward_sync_buffers=False) if self.size > 1 else network


ALONE = Team()


def is_under_torchrun() -> bool:
    """Whether torchrun started this process, and others beside it."""
    return torch.distributed.is_torchelastic_launched()


def world_size() -> int:
    """How many processes torchrun started, on all machines."""
    return int(os.environ["WORLD_SIZE"])


def is_first() -> bool:
    """Whether no other process speaks for this one."""
    return os.environ.get("RANK", "0") == "0"


@contextmanager
def join_group() -> Iterator[Team]:
    """This process among those that torchrun started, on this machine or on many: a GPU each where there are some."""
    has_gpu = torch.cuda.is_available()
    if has_gpu:
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]) % torch.cuda.device_count())
    torch.distributed.init_process_group("cpu:gloo,cuda:nccl" if has_gpu else "gloo")
    try:
        yield Team(torch.distributed.get_rank(), torch.distributed.get_world_size())
    finally:
        torch.distributed.destroy_process_group()


@contextmanager
def lead_group(size: int, follow: Callable[..., None], *given: Any) -> Iterator[Team]:
    """This process leads; `size` - 1 others run `follow(*given, team)` beside it, and end with it.

    Raises `RecognizerError` where one of them has died.
    """
    if size == 1:
        yield ALONE
        return
    with tempfile.TemporaryDirectory() as folder:
        meeting = Path(folder) / "meeting"
        others = [
            torch.multiprocessing.get_context("spawn").Process(
                target=_follow, args=(meeting, Team(rank, size), follow, given), daemon=True
            )
            for rank in range(1, size)
        ]
        for other in others:
            other.start()
        try:
            _meet(meeting, Team(0, size))
            yield Team(0, size)
        except RuntimeError as error:  # torch's, where a process that it waits for is gone
            if not any(_has_ended(other) for other in others):
                raise
            raise RecognizerError("a process that trains beside this one has ended; it says why above") from error
        finally:
            for other in others:
                other.terminate()
                other.join()
            if torch.distributed.is_initialized():
                torch.distributed.destroy_process_group()


def _has_ended(process: BaseProcess) -> bool:
    process.join(1)  # its connections are closed a moment before it has ended
    return not process.is_alive()


def _follow(meeting: Path, team: Team, follow: Callable[..., None], given: Sequence[Any]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all of them; the leader ends the others
    _meet(meeting, team)
    follow(*given, team)


def _meet(meeting: Path, team: Team) -> None:
    """By a file, so that no port is open but those between them, on loopback."""
    if sys.platform in LOOPBACK:
        os.environ.setdefault("GLOO_SOCKET_IFNAME", LOOPBACK[sys.platform])
    torch.distributed.init_process_group("gloo", f"file://{meeting}", rank=team.rank, world_size=team.size)
