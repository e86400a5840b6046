"""Strokes from pictures: the line in the middle of the ink, as a pen would have drawn it."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.ndimage import zoom
from skimage.morphology import skeletonize

Array = npt.NDArray[np.float64]
Cell = tuple[int, int]
Graph = dict[Cell, set[Cell]]

ENLARGED = 3  # times: MNIST's lines are 2 to 3 px wide, too few for a smooth middle line
INKED = 0.45  # share of full ink that marks a line's edge
SPUR = 6  # cells: branches up to this length come from the skeleton, not the pen
SMOOTHED = 5  # cells along the line that are averaged


def trace(picture: npt.NDArray[np.uint8]) -> list[Array]:
    """(H, W) uint8, light ink on dark → strokes, (n, 2) float64 each, x and y in px; no strokes without ink."""
    large = zoom(picture.astype(np.float32) / 255, ENLARGED, order=1, grid_mode=True, mode="grid-constant")
    return [stroke / ENLARGED for stroke in middle_lines(large > INKED)]


def middle_lines(inked: npt.NDArray[np.bool_]) -> list[Array]:
    """(H, W) bool → the skeleton's lines between ends and crossings, smoothed, in cells."""
    graph = graph_of(skeletonize(np.pad(inked, 1)))  # type: ignore[no-untyped-call]
    remove_spurs(graph)
    return [smooth(path) for path in paths(graph)]


def graph_of(skeleton: npt.NDArray[np.bool_]) -> Graph:
    """Return each cell's neighbours; diagonal ones only if no path of two straight steps leads there."""
    cells = set(map(tuple, np.argwhere(skeleton).tolist()))
    graph: Graph = {}
    for row, column in cells:
        straight = {(row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)} & cells
        diagonal = {
            (row + down, column + right)
            for down in (-1, 1)
            for right in (-1, 1)
            if (row + down, column) not in cells and (row, column + right) not in cells
        }
        graph[row, column] = straight | (diagonal & cells)
    return graph


def remove_spurs(graph: Graph) -> None:
    """Remove short branches of longer lines, in place."""
    for end in [cell for cell, around in graph.items() if len(around) == 1]:
        path = walk(graph, end, next(iter(graph[end]), end))
        if len(path) <= SPUR and len(graph[path[-1]]) > 2:
            for cell in path[:-1]:
                for other in graph.pop(cell):
                    graph[other].discard(cell)


def walk(graph: Graph, start: Cell, step: Cell) -> list[Cell]:
    """Walk from a cell through its neighbour to the next end or crossing, or once around a loop."""
    path = [start, step]
    while len(graph[path[-1]]) == 2 and path[-1] != start:
        path.append(next(cell for cell in graph[path[-1]] if cell != path[-2]))
    return path


def paths(graph: Graph) -> Iterator[Array]:
    """Yield every line of the graph once, as (n, 2) x, y."""
    walked: set[frozenset[Cell]] = set()
    nodes = sorted(cell for cell, around in graph.items() if len(around) != 2)
    for alone in [cell for cell in nodes if not graph[cell]]:
        yield np.array([alone], dtype=np.float64)[:, ::-1]
    for start in [*nodes, *sorted(graph)]:  # loops have no nodes
        for step in sorted(graph[start]):
            if frozenset((start, step)) not in walked:
                path = walk(graph, start, step)
                walked.update(map(frozenset, pairwise(path)))
                yield np.array(path, dtype=np.float64)[:, ::-1]


def smooth(path: Array) -> Array:
    """Replace each point by the mean of those around it, of fewer near the ends; the ends stay."""
    reach = np.minimum(np.minimum(np.arange(len(path)), np.arange(len(path))[::-1]), SMOOTHED // 2)
    total = np.concatenate([np.zeros((1, 2)), np.cumsum(path, 0)])
    place = np.arange(len(path))
    mean: Array = (total[place + reach + 1] - total[place - reach]) / (2 * reach + 1)[:, None]
    return mean
