"""The two doors, for strokes and for pixels. Their graphs make every picture that a network sees."""

from recognizer.doors.pixels import PixelsDoor
from recognizer.doors.strokes import StrokesDoor

__all__ = ["PixelsDoor", "StrokesDoor"]
