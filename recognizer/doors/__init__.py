"""The two doors: all that a network ever sees comes through `strokes.onnx` or `pixels.onnx`, called from here."""

from recognizer.doors.pixels import PixelsDoor
from recognizer.doors.strokes import StrokesDoor

__all__ = ["PixelsDoor", "StrokesDoor"]
