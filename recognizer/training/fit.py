"""The training loop: epochs, a checkpoint after each, stop and resume. Knows no files but its checkpoint."""

import ctypes
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from recognizer.card import Epoch
from recognizer.datasets.sets import NOT_A_DIGIT
from recognizer.errors import RecognizerError
from recognizer.training import checkpoint
from recognizer.training.config import Config
from recognizer.training.epochs import Examples, TrainingSet, seed_of
from recognizer.training.held_out import held_out_examples
from recognizer.training.makers import Makers
from recognizer.training.network import Network
from recognizer.training.optimiser import Optimiser
from recognizer.training.teachers import distillation_loss
from recognizer.training.team import ALONE, Team

M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_THRESHOLD = -1, -2, -3  # of glibc's malloc.h
MIB = 2**20


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


class Fit:
    """A run that can stop after any epoch and resume from its checkpoint, to the same weights.

    A run may move between GPU and CPU; its results then differ numerically. Each process of a team has a `Fit`, which
    trains on the process's share of each batch; the weights stay the same in all.
    Raises `RecognizerError` if the checkpoint is damaged or has another configuration, or a teacher cannot be used,
    and `DataError` without data.
    """

    def __init__(self, config: Config, checkpoint: Path, team: Team = ALONE) -> None:
        keep_memory()
        self.cpu = torch.device("cpu")
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        if self.device == self.cpu:
            torch.set_num_threads(1)  # one process a core: sums depend on the number of threads
        torch.manual_seed(seed_of(config, team, 0, "weights"))
        self.config = config
        self.checkpoint = checkpoint
        self.team = team
        state = self.read_checkpoint()  # first: the lines below take a minute
        self.training_set = TrainingSet(config, team) if self.device == self.cpu else Makers(config, team, self.device)
        self.held_out = held_out_examples(config)
        self.network = Network(config).to(self.device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.synchronised = team.synchronise(self.network)
        self.average = AveragedModel(self.network, multi_avg_fn=self.averaging_function(), use_buffers=True)
        self.optimiser = Optimiser(self.network, config, config.epochs * config.showings * config.batches())
        self.epochs: list[Epoch] = []
        if state:
            self.load(state)

    def averaging_function(self) -> Callable[..., None]:
        """Return an exponential moving average with a lower decay at first, to forget the first weights soon."""

        def update(averaged: list[Tensor], current: list[Tensor], count: Tensor | int) -> None:
            decay = min(self.config.average_decay, (1 + int(count)) / (10 + int(count)))
            get_ema_multi_avg_fn(decay)(averaged, current, count)

        return update

    def run(self, report: Callable[[Progress | Epoch], None]) -> Network:
        """Train the remaining epochs; return the averaged network, on the CPU, in evaluation mode."""
        while len(self.epochs) < self.config.epochs:
            self.epochs.append(self.train_epoch(report))
            self.save()
            report(self.epochs[-1])
        averaged: Network = self.average.module  # type: ignore[assignment]
        return averaged.cpu().eval()

    def train_epoch(self, report: Callable[[Progress | Epoch], None]) -> Epoch:
        number, started, total, seen = len(self.epochs) + 1, time.monotonic(), 0.0, 0
        self.network.train()
        steps = self.config.showings * self.config.batches()
        torch.manual_seed(seed_of(self.config, self.team, number, "dropout"))
        for step, batch in enumerate(self.training_set.batches(number), 1):
            loss = self.step(batch)
            total, seen = total + loss, seen + len(batch.classes)
            elapsed = time.monotonic() - started
            epoch_s = self.epochs[-1].seconds if self.epochs else elapsed / step * steps
            seconds_left = epoch_s * (self.config.epochs - number) + elapsed / step * (steps - step)
            examples_per_s = self.team.size * seen / elapsed
            report(Progress(number, self.config.epochs, step, steps, loss, examples_per_s, seconds_left))
        held_out_loss, accuracy = self.evaluate()
        return Epoch(number, total / steps, held_out_loss, accuracy, time.monotonic() - started)

    def step(self, batch: Examples) -> float:
        pictures = batch.pictures.to(self.device, memory_format=torch.channels_last)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.uses_half_precision()):
            logits = self.synchronised(pictures)
        loss = self.loss(logits.float(), batch)
        self.network.zero_grad()
        loss.backward()
        self.optimiser.step()
        self.average.update_parameters(self.network)
        return loss.item()

    def loss(self, logits: Tensor, batch: Examples) -> Tensor:
        labels = cross_entropy(logits, batch.classes.to(self.device))
        if not self.config.teachers:
            return labels
        teacher_logits = batch.teacher_logits.to(self.device)
        distilled = distillation_loss(logits, teacher_logits, self.config.distillation_temperature)
        return torch.lerp(labels, distilled, self.config.distillation)

    def uses_half_precision(self) -> bool:
        """False where the processor would emulate bfloat16, which takes three times as long."""
        is_supported = self.device.type == "cuda" or torch.cpu._is_avx512_bf16_supported()
        return self.config.half_precision and is_supported

    def evaluate(self) -> tuple[float, float]:
        """Return loss and accuracy on the held-out examples, by the averaged weights; accuracy of the digits alone."""
        logits = logits_of(self.average.module, self.held_out.pictures, self.device)
        classes = self.held_out.classes
        digits = classes != NOT_A_DIGIT
        correct = logits[digits, :NOT_A_DIGIT].argmax(1) == classes[digits]
        return float(cross_entropy(logits, classes)), float(correct.float().mean())

    def save(self) -> None:
        """Write everything that the next epoch depends on."""
        if not self.team.is_leader:
            return
        parts = {name: part.state_dict() for name, part in self.parts().items()}
        epochs = [asdict(epoch) for epoch in self.epochs]
        checkpoint.write({"config": self.config.as_dict(), "epochs": epochs, **parts}, self.checkpoint)

    def read_checkpoint(self) -> dict[str, Any] | None:
        """Return the checkpoint's content, or None if there is no checkpoint."""
        state = checkpoint.read(self.checkpoint, self.device)
        if state and state["config"] != self.config.as_dict():
            raise RecognizerError(f"{self.checkpoint} has another configuration; use that one, or move the file away")
        return state

    def load(self, state: dict[str, Any]) -> None:
        for name, part in self.parts().items():
            part.load_state_dict(state[name])
        self.epochs = [Epoch(**epoch) for epoch in state["epochs"]]

    def parts(self) -> dict[str, nn.Module | Optimiser]:
        return {"network": self.network, "average": self.average, "optimiser": self.optimiser}


def follow(config: Config, checkpoint: Path, team: Team) -> None:
    """Train along with the leader: the work of a team's other processes."""
    Fit(config, checkpoint, team).run(lambda event: None)


def logits_of(network: nn.Module, pictures: Tensor, device: torch.device) -> Tensor:
    """(n, 1, 28, 28) → (n, 11) on the CPU, in parts, without gradients."""
    network.eval()
    with torch.no_grad():
        return torch.cat([network(part.to(device)).cpu() for part in pictures.split(500)])


def keep_memory() -> None:
    """Let glibc keep freed memory: returning and requesting every large array took half of an epoch's time."""
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        mallopt(M_MMAP_THRESHOLD, 32 * MIB)  # the highest value that glibc accepts
        mallopt(M_TRIM_THRESHOLD, 2048 * MIB - 1)
        mallopt(M_TOP_PAD, 64 * MIB)
