"""Exports the two doors to ONNX: `python -m recognizer.training.doors.export`."""

import onnx
import torch

from recognizer.doors.session import DOORS
from recognizer.training.doors.pixels import PixelsGraph
from recognizer.training.doors.strokes import StrokesGraph
from recognizer.training.export import to_onnx, write

OUTPUTS = ["picture", "place"]


def strokes_door() -> onnx.ModelProto:
    return to_onnx(StrokesGraph(), {"segments": torch.rand(2, 3, 4)}, OUTPUTS, {"segments": {0: "N", 1: "S"}})


def pixels_door() -> onnx.ModelProto:
    ink = torch.randint(0, 256, (2, 30, 40), dtype=torch.uint8)
    return to_onnx(PixelsGraph(), {"ink": ink}, OUTPUTS, {"ink": {0: "N", 1: "H", 2: "W"}})


def main() -> None:
    write(strokes_door(), DOORS / "strokes.onnx")
    write(pixels_door(), DOORS / "pixels.onnx")


if __name__ == "__main__":
    main()
