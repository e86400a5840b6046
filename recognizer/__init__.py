"""Reads handwritten digits and numbers from pen strokes and pictures.

Needs numpy, onnxruntime and Pillow. Imports neither Django nor torch.
"""

from recognizer.errors import (
    BrokenPicture,
    InkError,
    ModelError,
    PictureTooLarge,
    RecognizerError,
    UnsupportedPicture,
)
from recognizer.model import MODELS
from recognizer.numbers.reading import Alternative, Digit, Reading
from recognizer.prediction import Prediction
from recognizer.recognizer import Recognizer, load

__all__ = [
    "MODELS",
    "Alternative",
    "BrokenPicture",
    "Digit",
    "InkError",
    "ModelError",
    "PictureTooLarge",
    "Prediction",
    "Reading",
    "Recognizer",
    "RecognizerError",
    "UnsupportedPicture",
    "load",
]
