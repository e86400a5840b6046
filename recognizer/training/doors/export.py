"""Exports the doors to ONNX: `python -m recognizer.training.doors.export`."""

import onnx
import torch

from recognizer.doors.session import DOORS
from recognizer.training.doors.cleaner import CleanerGraph
from recognizer.training.doors.placer import PlacerGraph
from recognizer.training.doors.strokes import StrokesGraph
from recognizer.training.export import to_onnx, write

OUTPUTS = ["picture", "place"]
ANY_SIZE = {0: "N", 1: "H", 2: "W"}


def strokes_door() -> onnx.ModelProto:
    return to_onnx(StrokesGraph(), {"segments": torch.rand(2, 3, 4)}, OUTPUTS, {"segments": {0: "N", 1: "S"}})


def cleaner() -> onnx.ModelProto:
    picture = torch.randint(0, 256, (2, 30, 40), dtype=torch.uint8)
    return to_onnx(CleanerGraph(), {"picture": picture}, ["clean"], {"picture": ANY_SIZE})


def placer() -> onnx.ModelProto:
    return to_onnx(PlacerGraph(), {"clean": torch.rand(2, 30, 40)}, OUTPUTS, {"clean": ANY_SIZE})


def main() -> None:
    write(strokes_door(), DOORS / "strokes.onnx")
    write(cleaner(), DOORS / "cleaner.onnx")
    write(placer(), DOORS / "placer.onnx")


if __name__ == "__main__":
    main()
