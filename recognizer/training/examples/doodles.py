"""Not-digits: figures that people doodle, and doodles of random parts."""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def doodle(random: np.random.Generator) -> list[Array]:
    """Return 3 to 9 lines, arcs, ovals and corners anywhere; half of the doodles are symmetric, as faces are."""
    parts = [part(random) for _ in range(random.integers(3, 10))]
    if random.random() < 0.5:
        parts = [*parts[: -(-len(parts) // 2)], *(stroke * [-1, 1] for stroke in parts[: len(parts) // 2])]
    return parts


def part(random: np.random.Generator) -> Array:
    """Return a stroke between −1 and 1, mostly a small one."""
    size = random.uniform(0.1, 0.9, 2) * random.uniform(0.3, 1)
    start, turns = random.uniform(0, 1), random.choice([0.25, 0.5, 0.75, 1.0])
    strokes = [
        circle((0.0, 0.0), 1.0, start, turns),
        np.array([[-1.0, 0.0], [1.0, random.normal(0, 0.5)]]),
        np.array([[-1.0, 1.0], [random.normal(0, 0.4), -1.0], [1.0, 1.0]]),
        polygon(int(random.integers(3, 6)))[0],
        wave()[0] / [2.0, 2.0] - [1.0, 0.0],
    ]
    angle = random.uniform(0, 2 * np.pi)
    stroke = strokes[random.integers(len(strokes))] * size
    return stroke @ turn(angle) + random.uniform(-0.8, 0.8, 2)


def turn(angle: float) -> Array:
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])


def shape(random: np.random.Generator) -> list[Array]:
    """Return a figure that people doodle, slightly turned."""
    figures = [
        polygon(3),
        polygon(4),
        polygon(5),
        star(),
        cross(),
        plus(),
        check(),
        arrow(),
        heart(),
        spiral(),
        wave(),
        grid(),
        smile(),
        house(),
        flower(),
    ]
    figure = figures[random.integers(len(figures))]
    return [stroke @ turn(random.normal(0, 0.2)) for stroke in figure]


def circle(centre: tuple[float, float], radius: float, start: float = 0.0, turns: float = 1.0) -> Array:
    angle = 2 * np.pi * (start + np.linspace(0, turns, 40))
    return np.stack([centre[0] + radius * np.cos(angle), centre[1] + radius * np.sin(angle)], 1)


def polygon(corners: int) -> list[Array]:
    angle = 2 * np.pi * np.arange(corners + 1) / corners - np.pi / 2 + (np.pi / 4 if corners == 4 else 0)
    return [np.stack([np.cos(angle), np.sin(angle)], 1)]


def star() -> list[Array]:
    return [polygon(5)[0][[0, 2, 4, 1, 3, 0]]]


def cross() -> list[Array]:
    return [np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([[1.0, 0.0], [0.0, 1.0]])]


def plus() -> list[Array]:
    return [np.array([[0.5, 0.0], [0.5, 1.0]]), np.array([[0.0, 0.5], [1.0, 0.5]])]


def check() -> list[Array]:
    return [np.array([[0.0, 0.6], [0.35, 1.0], [1.0, 0.0]])]


def arrow() -> list[Array]:
    return [np.array([[0.0, 0.5], [1.0, 0.5]]), np.array([[0.6, 0.2], [1.0, 0.5], [0.6, 0.8]])]


def heart() -> list[Array]:
    angle = np.linspace(0, 2 * np.pi, 60)
    upright = 13 * np.cos(angle) - 5 * np.cos(2 * angle) - 2 * np.cos(3 * angle) - np.cos(4 * angle)
    return [np.stack([16 * np.sin(angle) ** 3, -upright], 1)]


def spiral() -> list[Array]:
    angle = np.linspace(0, 6 * np.pi, 100)
    return [np.stack([angle * np.cos(angle), angle * np.sin(angle)], 1)]


def wave() -> list[Array]:
    across = np.linspace(0, 4 * np.pi, 80)
    return [np.stack([across / 4, np.sin(across)], 1)]


def grid() -> list[Array]:
    """A hash sign."""
    upright = [np.array([[x, 0.0], [x, 1.0]]) for x in (0.33, 0.67)]
    return upright + [stroke[:, ::-1].copy() for stroke in upright]


def smile() -> list[Array]:
    eyes = [circle((x, -0.3), 0.06) for x in (-0.35, 0.35)]
    return [circle((0.0, 0.0), 1.0), *eyes, circle((0.0, 0.0), 0.55, start=0.07, turns=0.36)]


def house() -> list[Array]:
    walls = np.array([[0.0, 1.0], [0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    roof = np.array([[0.0, 0.0], [0.5, -0.6], [1.0, 0.0]])
    return [walls, roof, np.array([[0.4, 1.0], [0.4, 0.6], [0.6, 0.6], [0.6, 1.0]])]


def flower() -> list[Array]:
    petals = [circle((np.cos(angle) * 0.6, np.sin(angle) * 0.6), 0.3) for angle in 2 * np.pi * np.arange(5) / 5]
    return [circle((0.0, 0.0), 0.3), *petals, np.array([[0.0, 0.9], [0.05, 2.0]])]
