"""An evaluation as plain text, at most 100 columns wide. Measures nothing."""

from collections.abc import Sequence

from recognizer.card import Grid, Row, Scores
from recognizer.evaluation.measure import Evaluation
from recognizer.evaluation.table import not_measured
from recognizer.units import write_figure, write_interval


def describe_evaluation(evaluation: Evaluation) -> str:
    """Return the table, the rows that were not measured, and the grids."""
    lines = [f"{'':44}{'value':>9}{'n':>8}{'95% interval':>18}{'required':>9}{'target':>8} met"]
    group = ""
    for row in evaluation.table:
        if row.group != group:
            group = row.group
            lines += ["", group]
        lines += _row_lines(row)
    if missing := not_measured(evaluation.table):
        lines += ["", "not measured, for lack of data:", *(f"  {row}" for row in missing)]
    for grid in evaluation.grids:
        lines += ["", *_grid_lines(grid)]
    return "\n".join(lines)


def _row_lines(row: Row) -> list[str]:
    value, bar, aim = (write_figure(number, row.unit) for number in (row.value, row.bar, row.aim))
    mark = {True: "yes", False: "NO", None: ""}[row.holds]
    line = f"  {row.row:42}{value:>9}{row.n:8,}{write_interval(row.interval, row.unit):>18}{bar:>9}{aim:>8}{mark:>4}"
    return [line.rstrip(), *([f"    at {row.where}"] if row.where else [])]


def _grid_lines(grid: Grid) -> list[str]:
    heads = "".join(f"{pen:>8}" for pen in grid.columns)
    lines = [f"{grid.name}, by size and pen; paper: {grid.paper}", f"  {'':8}{heads}"]
    for size, values in zip(grid.rows, grid.values, strict=True):
        cells = "".join(f"{'·' if value is None else f'{value:.1%}':>8}" for value in values)
        lines.append(f"  {size:8}{cells}")
    return lines


def describe_scores(scores: Sequence[Scores]) -> str:
    """Return the tables of scores, then accuracy by digit and the confusion matrix of each digit set."""
    lines = [score_tables(scores)]
    for score in scores:
        if score.accuracy is not None:
            lines += ["", f"{score.set}: share correct by digit; true digit (down), answer (across)", *_matrix(score)]
    return "\n".join(lines)


def score_tables(scores: Sequence[Scores]) -> str:
    """Return a table of the digit sets, then one of the other sets."""
    others = [score for score in scores if score.accuracy is None]
    lines = [f"{'set':22}{'n':>7}{'correct':>9}{'95% interval':>20}{'declined':>10}{'ECE':>8}"]
    lines += [_digit_line(score) for score in scores if score.accuracy is not None]
    if others:
        lines += ["", f"{'not digits':22}{'n':>7}{'declined':>10}{'AUROC':>9}"]
        lines += [_other_line(score) for score in others]
    return "\n".join(lines)


def _digit_line(score: Scores) -> str:
    low, high = score.interval or (0.0, 1.0)
    interval, error = f"{low:.2%} to {high:.2%}", score.calibration_error
    return f"{score.set:22}{score.n:7,}{score.accuracy:9.2%}{interval:>20}{score.declined:10.2%}{error:8.2%}"


def _other_line(score: Scores) -> str:
    auroc = "" if score.auroc is None else f"{score.auroc:9.4f}"
    return f"{score.set:22}{score.n:7,}{score.declined:10.1%}{auroc}"


def _matrix(score: Scores) -> list[str]:
    heads = "".join(f"{digit:6}" for digit in range(10))
    rows = zip(score.per_digit or (), score.confusion or (), strict=True)
    lines = [f"  {digit} {correct:9.2%} {_counts(counts)}" for digit, (correct, counts) in enumerate(rows)]
    return [f"{'':14}{heads}", *lines]


def _counts(counts: tuple[int, ...]) -> str:
    return "".join(f"{count or '·':>6}" for count in counts)
