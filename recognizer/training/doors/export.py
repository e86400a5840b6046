"""Exports the doors to ONNX: `python -m recognizer.training.doors.export [FOLDER]`. By default they replace today's."""

import sys
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from recognizer.doors.session import DOORS
from recognizer.training.doors.cleaner import CleanerGraph
from recognizer.training.doors.placer import PlacerGraph
from recognizer.training.doors.strokes import StrokesGraph
from recognizer.training.export import shorten_names, to_onnx, write

OUTPUTS = ["picture", "place"]
ANY_SIZE = {0: "N", 1: "H", 2: "W"}


def strokes_door() -> onnx.ModelProto:
    return door(StrokesGraph(), "segments", torch.rand(2, 3, 4), OUTPUTS, {0: "N", 1: "S"})


def cleaner() -> onnx.ModelProto:
    return _cleaner(several=False)


def line_cleaner() -> onnx.ModelProto:
    return _cleaner(several=True)


def _cleaner(*, several: bool) -> onnx.ModelProto:
    picture = torch.randint(0, 256, (2, 30, 40), dtype=torch.uint8)
    return door(CleanerGraph(several=several), "picture", picture, ["clean"], ANY_SIZE)


def placer() -> onnx.ModelProto:
    return door(PlacerGraph(), "clean", torch.rand(2, 30, 40), OUTPUTS, ANY_SIZE)


def door(graph: nn.Module, name: str, example: Tensor, outputs: list[str], axes: dict[int, str]) -> onnx.ModelProto:
    """Export a graph with one input of that name. axes: the names of its dynamic axes."""
    return shorten_names(to_onnx(graph, {name: example}, outputs, {name: axes}))


def main(folder: Path) -> None:
    write(strokes_door(), folder / "strokes.onnx")
    write(cleaner(), folder / "cleaner.onnx")
    write(line_cleaner(), folder / "line_cleaner.onnx")
    write(placer(), folder / "placer.onnx")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DOORS)
