"""Reads handwritten digits from pen strokes and pictures.

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
from recognizer.prediction import Prediction
from recognizer.recognizer import Recognizer, load

__all__ = [
    "MODELS",
    "BrokenPicture",
    "InkError",
    "ModelError",
    "PictureTooLarge",
    "Prediction",
    "Recognizer",
    "RecognizerError",
    "UnsupportedPicture",
    "load",
]
