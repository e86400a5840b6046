"""From data to lines.onnx: fit, quantise, export. Reports; prints nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from recognizer.card import Epoch
from recognizer.training.loop import Progress
from recognizer.training.numbers.config import LineConfig
from recognizer.training.numbers.fit import LINES_AT_ONCE, LineFit, follow, share_right
from recognizer.training.numbers.lines import Line
from recognizer.training.numbers.network import LineNetwork
from recognizer.training.numbers.serving import export
from recognizer.training.quantised import quantise
from recognizer.training.team import lead_group

Report = Callable[[Progress | Epoch | str], None]


def train(config: LineConfig, run: Path, report: Report) -> Path:
    """Train a line network, or resume the training in `run`; write `run`/lines.onnx and return it.

    Raises `DataError` without data, and `RecognizerError` if the checkpoint is damaged or has another configuration,
    or a process has died.
    """
    checkpoint = run / "checkpoint.pt"
    with lead_group(config.processes, follow, config, checkpoint) as team:
        fit = LineFit(config, checkpoint, team)
        network: LineNetwork = fit.train(report)  # type: ignore[assignment]
    served = quantise(network, batches_of(fit.held_out))
    for name, share in share_right(served, fit.held_out).items():
        report(f"{name}: {share:.1%} of {config.held_out_lines} lines right")
    file = run / "lines.onnx"
    export(served, file)
    return file


def batches_of(lines: dict[str, list[Line]]) -> Iterator[Tensor]:
    """Yield the pictures of lines, each batch cut to the width of its narrowest."""
    for own in lines.values():
        ordered = sorted((line.picture for line in own), key=lambda picture: picture.shape[1])
        for start in range(0, len(ordered), LINES_AT_ONCE):
            part = ordered[start : start + LINES_AT_ONCE]
            width = part[0].shape[1]
            yield torch.from_numpy(np.stack([picture[None, :, :width] for picture in part]) / np.float32(255))
