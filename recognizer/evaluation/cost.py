"""A model's cost: megabytes, and milliseconds for a call of the whole library, on one core of this machine."""

import math
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from recognizer.evaluation.canvas_pictures import Place, draw_ink, on_light_paper
from recognizer.evaluation.goals import (
    MODEL_SIZE,
    NUMBER_PICTURE_TIME,
    NUMBER_STROKES_TIME,
    PIXELS_TIME,
    STROKES_TIME,
)
from recognizer.evaluation.situations.hands import write
from recognizer.evaluation.table import Found, Measured
from recognizer.recognizer import Recognizer

CALLS = 200
WARM_UP = 20
SEGMENTS = 100


def cost_rows(reader: Recognizer, folder: Path) -> Found:
    """Measure one cost after the other; nothing else may run in this process."""
    points = spiral()
    picture = on_light_paper(draw_ink([points], 200, 16, Place()), Place())
    strokes = [points.tolist()]
    number = six_digits()
    wide = number_picture(number)
    size = (folder / "model.onnx").stat().st_size
    return {
        MODEL_SIZE: Measured(size / 1e6, 1),
        STROKES_TIME: median_ms(lambda: reader.predict_strokes([strokes])),
        PIXELS_TIME: median_ms(lambda: reader.predict_pixels([picture])),
        NUMBER_STROKES_TIME: median_ms(lambda: reader.read_strokes([number])),
        NUMBER_PICTURE_TIME: median_ms(lambda: reader.read_pixels([wide])),
    }


def six_digits() -> list[np.ndarray]:
    """Return the strokes of 274927, 100 high."""
    random = np.random.default_rng(0)
    return [
        stroke * 100 + np.array([80.0 * place, 0])
        for place, digit in enumerate((2, 7, 4, 9, 2, 7))
        for stroke in write(digit, random)
    ]


def number_picture(strokes: list[np.ndarray]) -> np.ndarray:
    """Draw strokes on a picture of 600 × 120 px."""
    sheet = Image.new("L", (600, 120), 255)
    pen = ImageDraw.Draw(sheet)
    for stroke in strokes:
        pen.line([(float(x * 0.9 + 80), float(y * 0.8 + 60)) for x, y in stroke], 30, 7)
    return np.asarray(sheet)


def spiral() -> np.ndarray:
    """Return a spiral of 100 segments, (101, 2). The shape does not affect the time."""
    angles = np.linspace(0, 4 * math.pi, SEGMENTS + 1)[:, None]
    return np.concatenate([np.cos(angles), np.sin(angles)], 1) * (1 + angles)


def median_ms(call: Callable[[], object]) -> Measured:
    return Measured(statistics.median(times_ms(call, CALLS)), CALLS)


def times_ms(call: Callable[[], object], calls: int) -> list[float]:
    """Return the milliseconds of each of `calls` calls, after a warm-up."""
    for _ in range(WARM_UP):
        call()
    times = []
    for _ in range(calls):
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1e3)
    return times
