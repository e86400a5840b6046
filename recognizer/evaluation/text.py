"""An evaluation as plain text, at most 100 columns wide. Measures nothing."""

from collections.abc import Sequence

from recognizer.card import Grid, Row, Scores
from recognizer.evaluation.measure import Evaluation
from recognizer.evaluation.table import not_measured, shown, shown_interval


def describe_evaluation(evaluation: Evaluation) -> str:
    """The whole table, what could not be measured, then the grids."""
    lines = [f"{'':45}{'value':>9}{'n':>8}{'95 % interval':>18}{'bar':>8}{'aim':>8}"]
    group = ""
    for one in evaluation.table:
        if one.group != group:
            group = one.group
            lines += ["", group]
        lines += _row_lines(one)
    if missing := not_measured(evaluation.table):
        lines += ["", "not measured, because data are not at hand:", *(f"  {row}" for row in missing)]
    for grid in evaluation.grids:
        lines += ["", *_grid_lines(grid)]
    return "\n".join(lines)


def _row_lines(one: Row) -> list[str]:
    value, bar, aim = (shown(number, one.unit) for number in (one.value, one.bar, one.aim))
    mark = {True: "yes", False: "NO", None: ""}[one.holds]
    line = f"  {one.row:43}{value:>9}{one.n:8,}{shown_interval(one):>18}{bar:>8}{aim:>8}{mark:>4}"
    return [line.rstrip(), *([f"    at {one.where}"] if one.where else [])]


def _grid_lines(grid: Grid) -> list[str]:
    heads = "".join(f"{pen:>8}" for pen in grid.columns)
    lines = [f"{grid.name}, by size and pen; paper: {grid.paper}", f"  {'':8}{heads}"]
    for size, values in zip(grid.rows, grid.values, strict=True):
        cells = "".join(f"{'·' if value is None else f'{value:.1%}':>8}" for value in values)
        lines.append(f"  {size:8}{cells}")
    return lines


def describe_scores(scores: Sequence[Scores]) -> str:
    """The two tables, then the errors by digit and as a confusion matrix."""
    lines = [score_tables(scores)]
    for one in scores:
        if one.accuracy is not None:
            lines += ["", f"{one.set}: right by digit, and true (down) against answered (across)", *_matrix(one)]
    return "\n".join(lines)


def score_tables(scores: Sequence[Scores]) -> str:
    """The digits' table, then that of what is no digit."""
    others = [one for one in scores if one.accuracy is None]
    lines = [f"{'set':22}{'n':>7}{'right':>9}{'95 % interval':>20}{'declined':>10}{'ECE':>8}"]
    lines += [_digit_line(one) for one in scores if one.accuracy is not None]
    if others:
        lines += ["", f"{'not digits':22}{'n':>7}{'declined':>10}{'AUROC':>9}"]
        lines += [_other_line(one) for one in others]
    return "\n".join(lines)


def _digit_line(one: Scores) -> str:
    low, high = one.interval or (0.0, 1.0)
    interval = f"{low:.2%} to {high:.2%}"
    return f"{one.set:22}{one.n:7,}{one.accuracy:9.2%}{interval:>20}{one.declined:10.2%}{one.calibration_error:8.2%}"


def _other_line(one: Scores) -> str:
    auroc = "" if one.auroc is None else f"{one.auroc:9.4f}"
    return f"{one.set:22}{one.n:7,}{one.declined:10.1%}{auroc}"


def _matrix(one: Scores) -> list[str]:
    heads = "".join(f"{digit:6}" for digit in range(10))
    rows = zip(one.per_digit or (), one.confusion or (), strict=True)
    counted = [f"  {digit} {right:9.2%} {_counts(counts)}" for digit, (right, counts) in enumerate(rows)]
    return [f"{'':14}{heads}", *counted]


def _counts(counts: tuple[int, ...]) -> str:
    return "".join(f"{count or '·':>6}" for count in counts)
