"""The two doors. They run `strokes.onnx` and `pixels.onnx`, which make every picture that a network sees."""

from recognizer.doors.pixels import PixelsDoor
from recognizer.doors.strokes import StrokesDoor

__all__ = ["PixelsDoor", "StrokesDoor"]
