"""Trains the line network: the loop with lines to learn from."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import ctc_loss, log_softmax

from recognizer.card import Epoch
from recognizer.numbers.search import BLANK, CHARACTERS
from recognizer.training.loop import Loop, Progress
from recognizer.training.numbers.config import LineConfig
from recognizer.training.numbers.line_set import HeldOut, LineBatch, LineSet, held_out_lines
from recognizer.training.numbers.network import LineNetwork
from recognizer.training.optimiser import Optimiser
from recognizer.training.team import ALONE, Team

LINES_AT_ONCE = 50


class LineFit(Loop[LineBatch]):
    """A run of the line network. Raises what `Loop` raises, and `DataError` without data.

    It keeps the weights of the epoch with the fewest wrong held-out lines: later ones learn the few writers by heart.
    """

    def __init__(self, config: LineConfig, checkpoint: Path, team: Team = ALONE) -> None:
        self.config = config
        self.best = LineNetwork(config.channels, config.rows, config.dropout)
        super().__init__(config, checkpoint, team)

    def train(self, report: Callable[[Progress | Epoch], None]) -> nn.Module:
        """Train the remaining epochs; return the best epoch's averaged network, on the CPU, in evaluation mode."""
        super().train(report)
        return self.best.eval()

    def parts(self) -> dict[str, nn.Module | Optimiser]:
        return {**super().parts(), "best": self.best}

    def prepare(self) -> None:
        self.line_set = LineSet(self.config, self.team)
        self.held_out = held_out_lines(self.config)

    def new_network(self) -> LineNetwork:
        return LineNetwork(self.config.channels, self.config.rows, self.config.dropout)

    def batches(self, epoch: int) -> Iterator[LineBatch]:
        return self.line_set.batches(epoch)

    def size_of(self, batch: LineBatch) -> int:
        return len(batch.lengths)

    def inputs(self, batch: LineBatch) -> Tensor:
        return batch.pictures

    def loss(self, outputs: Tensor, batch: LineBatch) -> Tensor:
        """CTC, with each character near its middle."""
        chances = log_softmax(outputs, 1) + batch.away.to(self.device)
        return ctc_loss(chances.permute(2, 0, 1), batch.classes, batch.places, batch.lengths, BLANK, zero_infinity=True)

    def evaluate(self) -> tuple[float, float]:
        """Return the share of wrong lines, and of right ones, of all held-out lines."""
        right = float(np.mean(list(share_right(self.average.module, self.held_out).values())))
        if all(right > epoch.held_out_accuracy for epoch in self.epochs):
            self.best.load_state_dict(self.average.module.state_dict())
        return 1 - right, right


def share_right(network: nn.Module, lines: dict[str, list[HeldOut]]) -> dict[str, float]:
    """Return the share of lines that the network reads rightly, the best character at each place."""
    network.eval()
    return {
        name: float(np.mean([text == held.text for text, held in zip(read(network, own), own, strict=True)]))
        for name, own in lines.items()
    }


def read(network: nn.Module, lines: Sequence[HeldOut]) -> list[str]:
    by_width: dict[int, list[int]] = defaultdict(list)
    for index, held in enumerate(lines):
        by_width[held.line.picture.picture.shape[1]].append(index)
    texts = [""] * len(lines)
    for indexes in by_width.values():
        for start in range(0, len(indexes), LINES_AT_ONCE):
            part = indexes[start : start + LINES_AT_ONCE]
            pictures = np.stack([lines[index].line.picture.picture for index in part])[:, None] / np.float32(255)
            with torch.no_grad():
                best = network(torch.from_numpy(pictures)).argmax(1).numpy()
            for index, row in zip(part, best, strict=True):
                texts[index] = collapse(row.tolist())
    return texts


def collapse(classes: Sequence[int]) -> str:
    """Drop repetitions, then blanks."""
    kept = [one for place, one in enumerate(classes) if one != BLANK and (not place or classes[place - 1] != one)]
    return "".join(CHARACTERS[one - 1] for one in kept)


def follow(config: LineConfig, checkpoint: Path, team: Team) -> None:
    """Train along with the leader: the work of a team's other processes."""
    LineFit(config, checkpoint, team).train(lambda event: None)
