"""The grids: their cells, the drawings in them, and the search for the worst cell."""

from dataclasses import dataclass
from typing import cast

import numpy as np
import pytest

import recognizer
from recognizer.datasets.formats import Drawing
from recognizer.evaluation.goals import CANVAS_CENTRE, CANVAS_WORST, DOORS_MEAN, DOORS_WORST
from recognizer.evaluation.grids import (
    DOORS_PENS,
    DOORS_SIZES_PX,
    PENS,
    SIZES_PX,
    TOO_THICK,
    Cell,
    answers_to_png,
    best_digits,
    canvas_grid,
    canvas_rows,
    canvases,
    cells_of,
    compare_doors,
    map_in_threads,
    sample,
)
from recognizer.evaluation.scores import BLANK
from recognizer.prediction import Prediction, Reason

BLANK_SEEN = np.zeros((28, 28), np.uint8)


def answer(digit: int, reason: Reason | None = None) -> Prediction:
    chances = tuple(float(number == digit) for number in range(10)) if reason != "blank" else (0.1,) * 10
    return Prediction(None if reason else digit, 0.9, chances, reason, BLANK_SEEN, "fake")


@dataclass
class Fake:
    """A model that reads strokes as 1, pictures darker in total than `least` as 1, and other pictures as 7."""

    most_ink: float

    def predict_strokes(self, drawings):
        return [answer(1) for _ in drawings]

    def predict_pixels(self, images):
        return [answer(1 if self.ink(image) <= self.most_ink else 7) for image in images]

    def ink(self, image: np.ndarray) -> float:
        tones = image.astype(float)
        return float(np.abs(tones - np.median(tones)).sum() / 255)


def line(label: str = "1", writer: str = "w1") -> Drawing:
    return Drawing(label, writer, (np.array([[0.0, 0.0], [10.0, 100.0]]),))


def fake(most_ink: float) -> recognizer.Recognizer:
    return cast(recognizer.Recognizer, Fake(most_ink))


def test_pens_under_two_pixels_are_left_out_and_no_others():
    cells = {(cell.size_px, cell.pen) for cell in cells_of(SIZES_PX, PENS | TOO_THICK)}
    assert {(size, pen) for size in SIZES_PX for pen in PENS | TOO_THICK} - cells == {(30, "1/20")}


def test_all_pens_but_the_thinnest_are_shares_of_the_size():
    by_name = {(cell.size_px, cell.pen): cell.pen_px for cell in cells_of(SIZES_PX, PENS)}
    assert by_name[250, "2 px"] == by_name[30, "2 px"] == 2
    assert (by_name[120, "1/10"], by_name[200, "1/4"]) == (12, 50)


def test_every_place_is_on_the_canvas_even_for_the_largest_and_thickest():
    cell = Cell(250, "1/3", 250 / 3)
    covers, places = canvases([line()] * 20, cell)
    inks = [int(cover.sum()) for cover in covers]
    assert np.ptp(inks) < 0.01 * np.mean(inks) and len({place.across for place in places}) == 20


def test_places_repeat_for_a_cell_and_differ_between_cells():
    places = [canvases([line()], cell)[1] for cell in (Cell(60, "a", 6), Cell(60, "a", 6), Cell(60, "b", 10))]
    assert places[0] == places[1] != places[2]


def test_the_sample_is_even_across_writers_and_repeatable():
    drawings = [line(str(number % 10), f"w{number % 3}") for number in range(90)]
    chosen = sample(drawings, per_writer=5)
    assert [sum(drawing.writer == f"w{number}" for drawing in chosen) for number in range(3)] == [5, 5, 5]
    assert [id(drawing) for drawing in chosen] == [id(drawing) for drawing in sample(drawings, per_writer=5)]


def test_a_writer_with_few_drawings_gives_all_of_them():
    assert len(sample([line()] * 3, per_writer=5)) == 3


def test_the_worst_cell_is_counted_in_points_below_the_mean_of_the_centre():
    hits = {0.9: np.array([True] * 9 + [False]), 1.0: np.array([True] * 10), 0.6: np.array([True] * 6 + [False] * 4)}
    centre, other, thick = Cell(120, "1/10", 12), Cell(30, "1/4", 7.5), Cell(30, "1/3", 10)
    rows = canvas_rows(
        {
            (centre, "light"): hits[1.0],
            (centre, "dark"): hits[0.9],
            (other, "light"): hits[1.0],
            (other, "dark"): hits[0.9],
            (thick, "dark"): hits[0.6],
        }
    )
    assert rows[CANVAS_CENTRE].value == 0.95 and rows[CANVAS_CENTRE].n == 10
    assert rows[CANVAS_WORST].value == pytest.approx(5.0) and "dark" in str(rows[CANVAS_WORST].where)


def test_the_canvas_grid_has_a_cell_for_each_size_pen_and_paper():
    rows, grids = canvas_grid(fake(most_ink=1e9), [line()], lambda told: None)
    assert [grid.paper for grid in grids] == ["light", "dark", "transparent", "coloured", "gray with a shadow"]
    for grid in grids:
        assert grid.rows[0] == "30 px" and grid.columns[-1] == "1/3" and grid.values[0][1] is None
        assert {value for row in grid.values for value in row} == {1.0, None}
    assert rows[CANVAS_WORST].value == 0


def test_the_doors_differ_where_their_answers_differ():
    told: list[str] = []
    rows, (grid,) = compare_doors(fake(most_ink=5000), [line(), line()], told.append)
    assert rows[DOORS_WORST].value == 1.0 and rows[DOORS_WORST].where == "200 px, pen 1/6"
    assert grid.values[0] == (0.0,) * 5 and rows[DOORS_MEAN].value == pytest.approx(
        np.mean(np.array(grid.values, float))
    )
    assert len(told) == len(DOORS_SIZES_PX) * len(DOORS_PENS)


def test_a_blank_answer_never_matches_a_digit():
    assert best_digits([answer(3), answer(0, "blank"), answer(0, "unsure")]).tolist() == [3, BLANK, 0]


def test_strokes_sent_as_png_are_scored_by_their_labels():
    answers = answers_to_png(fake(most_ink=1e9), [line("1"), line("4")])
    assert answers.correct.tolist() == [True, False] and answers.labels.tolist() == [1, 4]


def test_results_come_in_the_items_order():
    assert list(map_in_threads(lambda number: number * number, range(50))) == [number * number for number in range(50)]


def test_an_error_in_a_thread_is_not_lost():
    with pytest.raises(ZeroDivisionError):
        list(map_in_threads(lambda number: 1 / number, [1, 0]))
