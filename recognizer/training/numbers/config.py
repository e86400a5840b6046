"""Every setting of a training of the line network. It is saved beside the weights."""

from dataclasses import asdict, dataclass, field
from typing import Any

from recognizer.training.config import Config


@dataclass(frozen=True)
class LineConfig:
    """The shipped configuration; `PRESETS` has the others. A share is a fraction from 0 to 1."""

    # the run
    name: str = "lines_v1"
    seed: int = 1
    epochs: int = 16
    showings: int = 3  # times an epoch shows each line
    batch_size: int = 64  # lines in each step, over all processes
    processes: int = 2  # that share each batch, one a core

    # lines in an epoch; each epoch makes new ones
    pens_per_epoch: int = 22_000  # lines of strokes
    pictures_per_epoch: int = 15_000  # lines of MNIST's pictures
    others_per_epoch: int = 3_000  # words, scribbles and two lines at once
    traced_mnist: int = 20_000  # MNIST pictures that are traced to strokes, once for each run
    digits: Config = field(default_factory=lambda: Config().calm_config())  # distortions, and what is held out

    # the network
    channels: tuple[int, int, int, int] = (16, 32, 64, 128)  # at 16, 8, 4 and 1 px of height
    rows: int = 2  # residual blocks along the line
    dropout: float = 0.1  # share of the last feature map's channels
    away: float = -6.0  # log-probability added to a character away from its middle: teaches where it is

    # the optimiser
    learning_rate: float = 2e-3
    warm_up: float = 0.08
    weight_decay: float = 0.05
    momentum: float = 0.9
    average_decay: float = 0.9995
    half_precision: bool = True

    # held out, to choose and calibrate
    held_out_lines: int = 400  # of each kind, gap and alphabet

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def examples(self) -> int:
        """Number of lines made for an epoch."""
        return self.pens_per_epoch + self.pictures_per_epoch + self.others_per_epoch

    def batches(self) -> int:
        """Number of batches in one showing."""
        return self.examples() // self.batch_size


PRESETS = {
    "shipped": LineConfig(),
    "smallest": LineConfig(
        name="smallest_lines",
        epochs=2,
        showings=1,
        pens_per_epoch=200,
        pictures_per_epoch=100,
        others_per_epoch=20,
        traced_mnist=300,
        channels=(8, 8, 16, 32),
        rows=1,
        learning_rate=1e-2,
        average_decay=0.8,
        held_out_lines=4,
    ),
}
