"""The doors, opened once, and the tiny model, for all tests of the library."""

from pathlib import Path

import pytest

import recognizer
from recognizer.doors import PixelsDoor, StrokesDoor

MODELS = Path(__file__).parents[1] / "models"
TINY = MODELS / "tiny"


@pytest.fixture(scope="session")
def strokes_door() -> StrokesDoor:
    return StrokesDoor()


@pytest.fixture(scope="session")
def pixels_door() -> PixelsDoor:
    return PixelsDoor()


@pytest.fixture(scope="session")
def tiny() -> recognizer.Recognizer:
    return recognizer.load(TINY)
