"""The training loop: epochs, a checkpoint after each, stop and resume. Knows neither data nor a network's kind."""

import ctypes
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from recognizer.card import Epoch
from recognizer.errors import RecognizerError
from recognizer.training import checkpoint
from recognizer.training.config import RunConfig
from recognizer.training.optimiser import Optimiser
from recognizer.training.seeds import seed_of
from recognizer.training.team import Team

M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_THRESHOLD = -1, -2, -3  # of glibc's malloc.h
MIB = 2**20
Batch = TypeVar("Batch")


@dataclass(frozen=True)
class Progress:
    """Where a run stands within an epoch."""

    epoch: int
    epochs: int
    step: int
    steps: int
    loss: float
    examples_per_s: float
    seconds_left: float


class Loop(ABC, Generic[Batch]):
    """A run that can stop after any epoch and resume from its checkpoint, to the same weights.

    A run may move between GPU and CPU; its results then differ numerically. Each process of a team has a loop, which
    trains on the process's share of each batch; the weights stay the same in all. A subclass brings the network and
    what it learns from.
    Raises `RecognizerError` if the checkpoint is damaged or has another configuration.
    """

    def __init__(self, config: RunConfig, checkpoint: Path, team: Team) -> None:
        keep_memory()
        self.cpu = torch.device("cpu")
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        if self.device == self.cpu:
            torch.set_num_threads(1)  # one process a core: sums depend on the number of threads
        torch.manual_seed(seed_of(config.seed, team.rank, 0, "weights"))
        self.run_config = config
        self.checkpoint = checkpoint
        self.team = team
        state = self.read_checkpoint()  # first: the next line takes a minute
        self.prepare()
        self.network = self.new_network().to(self.device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.synchronised = team.synchronise(self.network)
        self.average = AveragedModel(self.network, multi_avg_fn=self.averaging_function(), use_buffers=True)
        self.optimiser = Optimiser(self.network, config, config.epochs * config.showings * config.batches())
        self.epochs: list[Epoch] = []
        if state:
            self.load(state)

    @abstractmethod
    def prepare(self) -> None:
        """Read the data."""

    @abstractmethod
    def new_network(self) -> nn.Module:
        """Return the network with its first weights."""

    @abstractmethod
    def batches(self, epoch: int) -> Iterator[Batch]:
        """Yield this process's batches of an epoch, epochs from 1: `showings` × `batches()` of the configuration."""

    @abstractmethod
    def size_of(self, batch: Batch) -> int:
        """Return the number of examples in a batch."""

    @abstractmethod
    def inputs(self, batch: Batch) -> Tensor:
        """Return what the network sees of a batch, on the CPU."""

    @abstractmethod
    def loss(self, outputs: Tensor, batch: Batch) -> Tensor:
        """Return the loss of the network's outputs, in float32."""

    @abstractmethod
    def evaluate(self) -> tuple[float, float]:
        """Return loss and accuracy on the held-out examples, by the averaged weights."""

    def averaging_function(self) -> Callable[..., None]:
        """Return an exponential moving average with a lower decay at first, to forget the first weights soon."""

        def update(averaged: list[Tensor], current: list[Tensor], count: Tensor | int) -> None:
            decay = min(self.run_config.average_decay, (1 + int(count)) / (10 + int(count)))
            get_ema_multi_avg_fn(decay)(averaged, current, count)

        return update

    def train(self, report: Callable[[Progress | Epoch], None]) -> nn.Module:
        """Train the remaining epochs; return the averaged network, on the CPU, in evaluation mode."""
        while len(self.epochs) < self.run_config.epochs:
            self.epochs.append(self.train_epoch(report))
            self.save()
            report(self.epochs[-1])
        return self.average.module.cpu().eval()

    def train_epoch(self, report: Callable[[Progress | Epoch], None]) -> Epoch:
        number, started, total, seen = len(self.epochs) + 1, time.monotonic(), 0.0, 0
        config = self.run_config
        self.network.train()
        steps = config.showings * config.batches()
        torch.manual_seed(seed_of(config.seed, self.team.rank, number, "dropout"))
        for step, batch in enumerate(self.batches(number), 1):
            loss = self.step(batch)
            total, seen = total + loss, seen + self.size_of(batch)
            elapsed = time.monotonic() - started
            epoch_s = self.epochs[-1].seconds if self.epochs else elapsed / step * steps
            seconds_left = epoch_s * (config.epochs - number) + elapsed / step * (steps - step)
            examples_per_s = self.team.size * seen / elapsed
            report(Progress(number, config.epochs, step, steps, loss, examples_per_s, seconds_left))
        held_out_loss, accuracy = self.evaluate()
        return Epoch(number, total / steps, held_out_loss, accuracy, time.monotonic() - started)

    def step(self, batch: Batch) -> float:
        pictures = self.inputs(batch).to(self.device, memory_format=torch.channels_last)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.uses_half_precision()):
            outputs = self.synchronised(pictures)
        loss = self.loss(outputs.float(), batch)
        self.network.zero_grad()
        loss.backward()
        self.optimiser.step()
        self.average.update_parameters(self.network)
        return loss.item()

    def uses_half_precision(self) -> bool:
        """False where the processor would emulate bfloat16, which takes three times as long."""
        is_supported = self.device.type == "cuda" or torch.cpu._is_avx512_bf16_supported()
        return self.run_config.half_precision and is_supported

    def save(self) -> None:
        """Write the checkpoint, with all that the next epoch needs."""
        if not self.team.is_leader:
            return
        parts = {name: part.state_dict() for name, part in self.parts().items()}
        epochs = [asdict(epoch) for epoch in self.epochs]
        checkpoint.write({"config": self.run_config.as_dict(), "epochs": epochs, **parts}, self.checkpoint)

    def read_checkpoint(self) -> dict[str, Any] | None:
        """Return the checkpoint's content, or None if there is no checkpoint."""
        state = checkpoint.read(self.checkpoint, self.device)
        if state and state["config"] != self.run_config.as_dict():
            raise RecognizerError(f"{self.checkpoint} has another configuration; use that one, or move the file away")
        return state

    def load(self, state: dict[str, Any]) -> None:
        for name, part in self.parts().items():
            part.load_state_dict(state[name])
        self.epochs = [Epoch(**epoch) for epoch in state["epochs"]]

    def parts(self) -> dict[str, nn.Module | Optimiser]:
        return {"network": self.network, "average": self.average, "optimiser": self.optimiser}


def keep_memory() -> None:
    """Let glibc keep freed memory: returning and requesting every large array took half of an epoch's time."""
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        mallopt(M_MMAP_THRESHOLD, 32 * MIB)  # the highest value that glibc accepts
        mallopt(M_TRIM_THRESHOLD, 2048 * MIB - 1)
        mallopt(M_TOP_PAD, 64 * MIB)
