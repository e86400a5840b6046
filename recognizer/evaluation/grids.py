"""Measures a model on canvases: digits of many sizes, pens, places and papers, and both doors side by side."""

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

DRAWINGS_PER_WRITER = 22  # of pendigits-test: 308 drawings by 14 writers
SEED = 280
WORKERS = 2

THINNEST_PX = 2.0
SIZES_PX = (30, 60, 120, 200, 250)
# Pen widths, as shares of the digit's size; 0 stands for THINNEST_PX.
PENS = {"2 px": 0.0, "1/20": 1 / 20, "1/10": 1 / 10, "1/6": 1 / 6, "1/4": 1 / 4}
TOO_THICK = {"1/3": 1 / 3}  # reported without a bar
CENTRE = 120, "1/10"  # size in px, pen
DOORS_SIZES_PX = (60, 120, 200)
DOORS_PENS = {"1/40": 1 / 40, "1/20": 1 / 20, "1/10": 1 / 10, "1/6": 1 / 6, "1/4": 1 / 4}
SENT_SIZE_PX, SENT_PEN_PX = 200, 16  # like the page's own pen

Item = TypeVar("Item")
Result = TypeVar("Result")
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Cell:
    """A size and a pen."""

    size_px: int
    pen: str
    pen_px: float

    def on(self, paper: str) -> str:
        return f"{self.size_px} px, pen {self.pen}, {paper}"


def canvas_grid(
    reader: Recognizer, drawings: Sequence[Drawing], report: Callable[[str], None]
) -> tuple[Found, list[Grid]]:
    """Measure the same drawings in each cell, at random places inside the canvas, on each paper, sent as PNG.

    The centre is the mean over all papers of one size and pen. The worst cell is one size, pen and paper; pens in
    `TOO_THICK` are left out. A drawing without ink counts as wrong.
    """
    cells = list(cells_of(SIZES_PX, PENS | TOO_THICK))
    labels = np.array([int(drawing.label) for drawing in drawings])

    def measure(cell: Cell) -> dict[str, Bools]:
        covers, places = canvases(drawings, cell)
        return {
            paper: best_digits(reader.predict_pixels(through_png(map(on_paper, covers, places)))) == labels
            for paper, on_paper in PAPERS.items()
        }

    correct: dict[tuple[Cell, str], Bools] = {}
    for cell, by_paper in zip(cells, map_in_threads(measure, cells), strict=True):
        report(f"canvas grid: {cell.size_px} px, pen {cell.pen}")
        correct |= {(cell, paper): hits for paper, hits in by_paper.items()}
    grids = [
        grid("canvas grid", SIZES_PX, PENS | TOO_THICK, {cell: correct[cell, paper] for cell in cells}, paper)
        for paper in PAPERS
    ]
    return canvas_rows(correct), grids


def canvas_rows(correct: dict[tuple[Cell, str], Bools]) -> Found:
    """Return the rows of the grid. correct: (n,) bool by cell and paper, True for a correct answer."""
    centre = share(np.concatenate([hits for (cell, _), hits in correct.items() if (cell.size_px, cell.pen) == CENTRE]))
    judged = {key: hits for key, hits in correct.items() if key[0].pen not in TOO_THICK}
    (cell, paper), worst = min(judged.items(), key=lambda item: float(item[1].mean()))
    below = 100 * (centre.value - float(worst.mean()))
    # n counts each drawing once, although it is on five papers; else the interval would be too narrow.
    return {
        CANVAS_CENTRE: Measured(centre.value, len(worst)),
        CANVAS_WORST: Measured(below, len(worst), where=cell.on(paper)),
    }


def compare_doors(
    reader: Recognizer, drawings: Sequence[Drawing], report: Callable[[str], None]
) -> tuple[Found, list[Grid]]:
    """Measure the share of drawings whose best digit differs between strokes and picture, on light paper."""
    cells = list(cells_of(DOORS_SIZES_PX, DOORS_PENS, thinnest_px=0))
    by_strokes = best_digits(reader.predict_strokes(drawing.strokes for drawing in drawings))

    def measure(cell: Cell) -> Bools:
        pictures = through_png(map(on_light_paper, *canvases(drawings, cell)))
        differs: Bools = best_digits(reader.predict_pixels(pictures)) != by_strokes
        return differs

    by_cell = {}
    for cell, differs in zip(cells, map_in_threads(measure, cells), strict=True):
        report(f"two doors: {cell.size_px} px, pen {cell.pen}")
        by_cell[cell] = differs
    worst, hits = max(by_cell.items(), key=lambda item: float(item[1].mean()))
    mean = float(np.mean([differs.mean() for differs in by_cell.values()]))
    rows = {
        DOORS_MEAN: Measured(mean, len(drawings)),
        DOORS_WORST: share(hits, f"{worst.size_px} px, pen {worst.pen}"),
    }
    return rows, [grid("two doors, share that differs", DOORS_SIZES_PX, DOORS_PENS, by_cell, "light")]


def answers_to_png(reader: Recognizer, drawings: Sequence[Drawing]) -> Answers:
    """Return answers to drawings as the page's canvas shows them, sent as PNG."""
    labels = np.array([int(drawing.label) for drawing in drawings])

    def pictures() -> Iterator[bytes]:
        for drawing in drawings:
            yield as_png(on_light_paper(draw_ink(drawing.strokes, SENT_SIZE_PX, SENT_PEN_PX, Place()), Place()))

    return answers_from(SENT, labels, reader.predict_pixels(map(decode, pictures())))


def sample(drawings: Sequence[Drawing], per_writer: int = DRAWINGS_PER_WRITER) -> list[Drawing]:
    """Choose `per_writer` drawings of each writer, or all if there are fewer, by a fixed seed; keep their order."""
    random = np.random.default_rng(SEED)
    chosen: list[int] = []
    for writer in sorted({drawing.writer for drawing in drawings}):
        own = [index for index, drawing in enumerate(drawings) if drawing.writer == writer]
        chosen += random.choice(own, min(per_writer, len(own)), replace=False).tolist()
    return [drawings[index] for index in sorted(chosen)]


def cells_of(sizes_px: Iterable[int], pens: dict[str, float], thinnest_px: float = THINNEST_PX) -> Iterator[Cell]:
    for size_px, (pen, part) in product(sizes_px, pens.items()):
        pen_px = part * size_px if part else THINNEST_PX
        if pen_px >= thinnest_px:
            yield Cell(size_px, pen, pen_px)


def canvases(drawings: Sequence[Drawing], cell: Cell) -> tuple[list[Cover], list[Place]]:
    """Draw each drawing at a random place, which depends on the cell and is the same in each run."""
    random = np.random.default_rng([SEED, cell.size_px, round(1000 * cell.pen_px)])
    places = [Place.at_random(random) for _ in drawings]
    pairs = zip(drawings, places, strict=True)
    covers = [draw_ink(drawing.strokes, cell.size_px, cell.pen_px, place) for drawing, place in pairs]
    return covers, places


def through_png(pictures: Iterable[npt.NDArray[np.uint8]]) -> Iterator[npt.NDArray[np.uint8]]:
    """Encode each picture as PNG and decode it, lazily."""
    return (decode(as_png(picture)) for picture in pictures)


def best_digits(predictions: Sequence[Prediction]) -> npt.NDArray[np.int64]:
    """Return the best digits, (n,); `BLANK` for a drawing without ink."""
    best = [BLANK if answer.reason == "blank" else np.argmax(answer.probabilities) for answer in predictions]
    return np.array(best, np.int64)


def grid(name: str, sizes_px: Sequence[int], pens: dict[str, float], hits: dict[Cell, Bools], paper: str) -> Grid:
    shares = {(cell.size_px, cell.pen): float(by_drawing.mean()) for cell, by_drawing in hits.items()}
    values = tuple(tuple(shares.get((size_px, pen)) for pen in pens) for size_px in sizes_px)
    return Grid(name, tuple(f"{size_px} px" for size_px in sizes_px), tuple(pens), values, paper)


def map_in_threads(function: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
    """Yield results in the items' order. Threads are enough: Pillow and onnxruntime release the interpreter's lock."""
    with ThreadPoolExecutor(WORKERS) as pool:
        yield from pool.map(function, items)
