"""The model on canvases: digits of every size, pen, place and paper, and both doors side by side."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from recognizer.card import Grid
from recognizer.datasets.formats import Drawing
from recognizer.evaluation.canvas_pictures import PAPERS, Cover, Place, as_png, draw_ink, on_light_paper
from recognizer.evaluation.goals import CANVAS_CENTRE, CANVAS_WORST, DOORS_MEAN, DOORS_WORST, SENT
from recognizer.evaluation.scores import BLANK, Answers, answers_from
from recognizer.evaluation.table import Found, Measured, share
from recognizer.pictures import decode
from recognizer.prediction import Prediction
from recognizer.recognizer import Recognizer

DRAWINGS_PER_WRITER = 22  # of each writer of pendigits-test: 308 in all
SEED = 280
WORKERS = 2

THINNEST_PX = 2.0
SIZES_PX = (30, 60, 120, 200, 250)
PENS = {"2 px": 0.0, "1/20": 1 / 20, "1/10": 1 / 10, "1/6": 1 / 6, "1/4": 1 / 4}  # of the digit's size
TOO_THICK = {"1/3": 1 / 3}  # reported, without a bar
CENTRE = 120, "1/10"
DOORS_SIZES_PX = (60, 120, 200)
DOORS_PENS = {"1/40": 1 / 40, "1/20": 1 / 20, "1/10": 1 / 10, "1/6": 1 / 6, "1/4": 1 / 4}
SENT_SIZE_PX, SENT_PEN_PX = 200, 16  # as the page's own pen

Item = TypeVar("Item")
Result = TypeVar("Result")
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Cell:
    """One size and pen."""

    size_px: int
    pen: str
    pen_px: float

    def on(self, paper: str) -> str:
        return f"{self.size_px} px, pen {self.pen}, {paper}"


def canvas_grid(
    reader: Recognizer, drawings: Sequence[Drawing], report: Callable[[str], None]
) -> tuple[Found, list[Grid]]:
    """The same drawings in each cell, at a random place wholly on the canvas, on each paper, sent as PNG.

    The centre is the mean over the papers of one size and pen; the worst cell is that of one paper, thickest pens left
    out. A drawing in which nothing is found counts as wrong.
    """
    cells = list(cells_of(SIZES_PX, PENS | TOO_THICK))
    labels = np.array([int(one.label) for one in drawings])

    def measured(cell: Cell) -> dict[str, Bools]:
        covers, places = canvases(drawings, cell)
        return {
            paper: best_digits(reader.predict_pixels(through_png(map(on_paper, covers, places)))) == labels
            for paper, on_paper in PAPERS.items()
        }

    right: dict[tuple[Cell, str], Bools] = {}
    for cell, by_paper in zip(cells, map_in_threads(measured, cells), strict=True):
        report(f"canvas grid: {cell.size_px} px, pen {cell.pen}")
        right |= {(cell, paper): hits for paper, hits in by_paper.items()}
    grids = [
        grid("canvas grid", SIZES_PX, PENS | TOO_THICK, {cell: right[cell, paper] for cell in cells}, paper)
        for paper in PAPERS
    ]
    return canvas_rows(right), grids


def canvas_rows(right: dict[tuple[Cell, str], Bools]) -> Found:
    """(cell, paper) → which drawings were read right."""
    centre = share(np.concatenate([hits for (cell, _), hits in right.items() if (cell.size_px, cell.pen) == CENTRE]))
    held = {key: hits for key, hits in right.items() if key[0].pen not in TOO_THICK}
    (cell, paper), worst = min(held.items(), key=lambda one: float(one[1].mean()))
    below = 100 * (centre.value - float(worst.mean()))
    # The drawings are the same on each paper: the interval of five times as many would be too narrow.
    return {
        CANVAS_CENTRE: Measured(centre.value, len(worst)),
        CANVAS_WORST: Measured(below, len(worst), where=cell.on(paper)),
    }


def compare_doors(
    reader: Recognizer, drawings: Sequence[Drawing], report: Callable[[str], None]
) -> tuple[Found, list[Grid]]:
    """Share of the drawings whose best digit differs between their strokes and their picture on light paper."""
    cells = list(cells_of(DOORS_SIZES_PX, DOORS_PENS, thinnest_px=0))
    by_strokes = best_digits(reader.predict_strokes(one.strokes for one in drawings))

    def measured(cell: Cell) -> Bools:
        differ: Bools = (
            best_digits(reader.predict_pixels(through_png(map(on_light_paper, *canvases(drawings, cell)))))
            != by_strokes
        )
        return differ

    differ = {}
    for cell, one in zip(cells, map_in_threads(measured, cells), strict=True):
        report(f"two doors: {cell.size_px} px, pen {cell.pen}")
        differ[cell] = one
    worst, hits = max(differ.items(), key=lambda one: float(one[1].mean()))
    mean = float(np.mean([one.mean() for one in differ.values()]))
    rows = {
        DOORS_MEAN: Measured(mean, len(drawings)),
        DOORS_WORST: share(hits, f"{worst.size_px} px, pen {worst.pen}"),
    }
    return rows, [grid("two doors, share that differs", DOORS_SIZES_PX, DOORS_PENS, differ, "light")]


def answers_to_png(reader: Recognizer, drawings: Sequence[Drawing]) -> Answers:
    """Drawings as the page's canvas would show them, sent as PNG."""
    labels = np.array([int(one.label) for one in drawings])

    def pictures() -> Iterator[bytes]:
        for one in drawings:
            yield as_png(on_light_paper(draw_ink(one.strokes, SENT_SIZE_PX, SENT_PEN_PX, Place()), Place()))

    return answers_from(SENT, labels, reader.predict_pixels(map(decode, pictures())))


def sample(drawings: Sequence[Drawing], per_writer: int = DRAWINGS_PER_WRITER) -> list[Drawing]:
    """As many of each writer, chosen by a fixed seed, in the set's order."""
    random = np.random.default_rng(SEED)
    chosen: list[int] = []
    for writer in sorted({one.writer for one in drawings}):
        own = [index for index, one in enumerate(drawings) if one.writer == writer]
        chosen += random.choice(own, min(per_writer, len(own)), replace=False).tolist()
    return [drawings[index] for index in sorted(chosen)]


def cells_of(sizes_px: Iterable[int], pens: dict[str, float], thinnest_px: float = THINNEST_PX) -> Iterator[Cell]:
    for size_px, (pen, part) in product(sizes_px, pens.items()):
        pen_px = part * size_px if part else THINNEST_PX
        if pen_px >= thinnest_px:
            yield Cell(size_px, pen, pen_px)


def canvases(drawings: Sequence[Drawing], cell: Cell) -> tuple[list[Cover], list[Place]]:
    """Each drawing at a place of its own, which is another in each cell and the same in each run."""
    random = np.random.default_rng([SEED, cell.size_px, round(1000 * cell.pen_px)])
    places = [Place.at_random(random) for _ in drawings]
    covers = [
        draw_ink(one.strokes, cell.size_px, cell.pen_px, place) for one, place in zip(drawings, places, strict=True)
    ]
    return covers, places


def through_png(pictures: Iterable[npt.NDArray[np.uint8]]) -> Iterator[npt.NDArray[np.uint8]]:
    """Through a PNG file each and back, as they come in."""
    return (decode(as_png(one)) for one in pictures)


def best_digits(predictions: Sequence[Prediction]) -> npt.NDArray[np.int64]:
    """(n,): the best digits, `BLANK` where no ink was found."""
    return np.array([BLANK if one.reason == "blank" else np.argmax(one.probabilities) for one in predictions], np.int64)


def grid(name: str, sizes_px: Sequence[int], pens: dict[str, float], hits: dict[Cell, Bools], paper: str) -> Grid:
    shares = {(cell.size_px, cell.pen): float(one.mean()) for cell, one in hits.items()}
    values = tuple(tuple(shares.get((size_px, pen)) for pen in pens) for size_px in sizes_px)
    return Grid(name, tuple(f"{size_px} px" for size_px in sizes_px), tuple(pens), values, paper)


def map_in_threads(function: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
    """Results in the items' order. Threads do: Pillow and onnxruntime let go of the interpreter while they work."""
    with ThreadPoolExecutor(WORKERS) as pool:
        yield from pool.map(function, items)
