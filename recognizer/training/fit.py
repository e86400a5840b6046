"""Trains the digit network: the loop with digits to learn from."""

from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from recognizer.card import Epoch
from recognizer.datasets.sets import NOT_A_DIGIT
from recognizer.training.config import Config
from recognizer.training.epochs import Examples, TrainingSet
from recognizer.training.held_out import held_out_examples
from recognizer.training.loop import Loop, Progress
from recognizer.training.makers import Makers
from recognizer.training.network import Network
from recognizer.training.teachers import distillation_loss
from recognizer.training.team import ALONE, Team


class Fit(Loop[Examples]):
    """A run of the digit network.

    Raises what `Loop` raises, `RecognizerError` if a teacher cannot be used, and `DataError` without data.
    """

    network: Network

    def __init__(self, config: Config, checkpoint_file: Path, team: Team = ALONE) -> None:
        self.config = config
        super().__init__(config, checkpoint_file, team)

    def prepare(self) -> None:
        on_cpu = self.device == self.cpu
        self.training_set = (
            TrainingSet(self.config, self.team) if on_cpu else Makers(self.config, self.team, self.device)
        )
        self.held_out = held_out_examples(self.config)

    def new_network(self) -> Network:
        return Network(self.config)

    def run(self, report: Callable[[Progress | Epoch], None]) -> Network:
        """Train the remaining epochs; return the averaged network, on the CPU, in evaluation mode."""
        trained: Network = self.train(report)  # type: ignore[assignment]
        return trained

    def batches(self, epoch: int) -> Iterator[Examples]:
        return self.training_set.batches(epoch)

    def size_of(self, batch: Examples) -> int:
        return len(batch.classes)

    def inputs(self, batch: Examples) -> Tensor:
        return batch.pictures

    def loss(self, outputs: Tensor, batch: Examples) -> Tensor:
        labels = cross_entropy(outputs, batch.classes.to(self.device))
        if not self.config.teachers:
            return labels
        teacher_logits = batch.teacher_logits.to(self.device)
        distilled = distillation_loss(outputs, teacher_logits, self.config.distillation_temperature)
        return torch.lerp(labels, distilled, self.config.distillation)

    def evaluate(self) -> tuple[float, float]:
        """Return loss and accuracy on the held-out examples, by the averaged weights; accuracy of the digits alone."""
        logits = logits_of(self.average.module, self.held_out.pictures, self.device)
        classes = self.held_out.classes
        digits = classes != NOT_A_DIGIT
        correct = logits[digits, :NOT_A_DIGIT].argmax(1) == classes[digits]
        return float(cross_entropy(logits, classes)), float(correct.float().mean())


def follow(config: Config, checkpoint_file: Path, team: Team) -> None:
    """Train along with the leader: the work of a team's other processes."""
    Fit(config, checkpoint_file, team).run(lambda event: None)


def logits_of(network: nn.Module, pictures: Tensor, device: torch.device) -> Tensor:
    """(n, 1, 28, 28) → (n, 11) on the CPU, in parts, without gradients."""
    network.eval()
    with torch.no_grad():
        return torch.cat([network(part.to(device)).cpu() for part in pictures.split(500)])
