"""What the library's tests share: the doors, opened once, and the tiny model."""

from pathlib import Path

import pytest

import recognizer
from recognizer.doors import PixelsDoor, StrokesDoor

TINY = Path(__file__).parent.parent / "models" / "tiny"


@pytest.fixture(scope="session")
def strokes_door() -> StrokesDoor:
    return StrokesDoor()


@pytest.fixture(scope="session")
def pixels_door() -> PixelsDoor:
    return PixelsDoor()


@pytest.fixture(scope="session")
def tiny() -> recognizer.Recognizer:
    return recognizer.load(TINY)
