"""Measures one prediction on one core, door and network, by kind of ink: `python benchmarks/prediction.py`.

Prints the median and the 10th percentile of 300 calls. Run it on an idle machine.
"""

import math
import statistics
from collections.abc import Callable

import numpy as np

import recognizer
from recognizer.doors import PixelsDoor, StrokesDoor
from recognizer.evaluation.cost import times_ms
from recognizer.ink import pixels_from, strokes_from
from recognizer.model import MODELS, Model
from recognizer.recognizer import SHIPPED

CALLS = 300


def main() -> None:
    reader, strokes_door, pixels_door = recognizer.load(), StrokesDoor(), PixelsDoor()
    network = Model(MODELS / SHIPPED)
    drawing, image = strokes_from([points_of_three(101)]), pixels_from(draw_three(280))
    small, large = pixels_from(draw_three(28)), pixels_from(draw_three(1024))
    picture = strokes_door([drawing])
    rows: dict[str, Callable[[], object]] = {
        "strokes, 100 segments": lambda: reader.predict(drawing),
        "  of it the strokes door": lambda: strokes_door([drawing]),
        "pixels, 280x280": lambda: reader.predict(image),
        "  of it the pixels door": lambda: pixels_door([image]),
        "  of each the network": lambda: network(picture),
        "pixels, 28x28": lambda: reader.predict(small),
        "pixels, 1024x1024": lambda: reader.predict(large),
    }
    print(f"{'milliseconds a prediction, one core':40}{'median':>9}{'10th percentile':>17}   n = {CALLS}")
    for name, call in rows.items():
        times = sorted(times_ms(call, CALLS))
        print(f"{name:40}{statistics.median(times):9.2f}{times[CALLS // 10]:17.2f}")


def points_of_three(points: int) -> list[list[float]]:
    """Return a 3 made of two bows."""
    angles = [math.pi * (-0.8 + 1.3 * index / (points // 2)) for index in range(points // 2)]
    upper = [[140 + 50 * math.cos(angle), 90 + 50 * math.sin(angle)] for angle in angles]
    lower = [
        [140 + 60 * math.cos(angle + 0.3 * math.pi), 190 + 60 * math.sin(angle + 0.3 * math.pi)] for angle in angles
    ]
    return [*upper, [160.0, 135.0], *lower]


def draw_three(side: int) -> np.ndarray:
    """Return (side, side) uint8: the 3, dark on light, with a round pen."""
    if side > 300:
        return np.kron(draw_three(side // 4), np.ones((4, 4), np.uint8))
    places = np.stack(np.meshgrid(*[np.arange(side) * 280 / side] * 2), -1)[:, :, None]
    near = np.min(np.linalg.norm(places - np.array(points_of_three(101)), axis=3), axis=2)
    return np.where(near < 9, 20, 250).astype(np.uint8)


if __name__ == "__main__":
    main()
