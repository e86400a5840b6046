"""The rows of the evaluation's table, each with its bar (required) and its aim (target). Measures nothing."""

from dataclasses import dataclass

from recognizer.card import Bar, Better, Group, Unit

AS_THEY_ARE = "mnist-test, as it is"  # without a door: MNIST's pictures already have the network's format
SENT = "pendigits-test, drawn and sent as PNG"
CANVAS_CENTRE = "canvas grid, its centre"
CANVAS_WORST = "canvas grid, worst cell below the centre"
DOORS_WORST = "two doors, answers that differ, worst cell"
DOORS_MEAN = "two doors, answers that differ, mean"
CORRUPTION_MEAN = "corruptions, mean error"
DECLINED = "digits declined"
MODEL_SIZE = "size of model.onnx"
STROKES_TIME = "one prediction, strokes of 100 segments"
PIXELS_TIME = "one prediction, picture of 280 × 280 px"
NUMBER_STROKES_TIME = "one number, strokes of six digits"
NUMBER_PICTURE_TIME = "one number, picture of 600 × 120 px"

ACCURACY = {  # by the set's name
    AS_THEY_ARE: AS_THEY_ARE,
    "mnist-test": "mnist-test, through the pixels door",
    "pendigits-test": "pendigits-test, strokes",
    "uji-digits": "uji-digits",
    "hwd1000": "hwd1000",
    "mchaver": "mchaver",
}
CORRUPTIONS = (  # the kinds of MNIST-C (Mu and Gilmer, arXiv 1906.02337)
    "shot_noise",
    "impulse_noise",
    "glass_blur",
    "motion_blur",
    "shear",
    "scale",
    "rotate",
    "brightness",
    "translate",
    "stripe",
    "fog",
    "spatter",
    "dotted_line",
    "zigzag",
    "canny_edges",
)
NO_DIGITS = ("uji-letters", "omniglot", "cats")
ALL_NO_DIGITS = "all"
RIGHT, ANSWERED, RIGHT_ANSWERS = "right", "answered", "right answers"
NUMBER_KINDS: dict[str, tuple[float, float | None, float]] = {
    # required of each kind of composed numbers: whole numbers right, answered, right when answered
    "numbers apart, strokes": (0.987, 0.96, 0.997),
    "numbers apart, canvas": (0.987, 0.96, 0.997),
    "numbers tight, strokes": (0.98, 0.93, 0.995),
    "numbers touching, strokes": (0.98, 0.93, 0.995),
    "numbers tight, canvas": (0.96, 0.9, 0.99),
    "numbers touching, canvas": (0.9, 0.8, 0.99),
    "numbers mixed, strokes": (0.98, 0.95, 0.997),
    "numbers mixed, canvas": (0.96, 0.92, 0.997),
    "signs and points, strokes": (0.97, 0.93, 0.99),
    "signs and points, canvas": (0.95, 0.93, 0.99),
    "numbers of MNIST digits": (0.96, 0.92, 0.99),
    "numbers in photos": (0.9, None, 0.99),
}
SINGLE_STROKES = "one digit read as a number, strokes"
SINGLE_PIXELS = "one digit read as a number, pictures"
CALIBRATED = (AS_THEY_ARE, "mnist-test", "pendigits-test")


def corruption_row(kind: str) -> str:
    return f"error under {kind}"


def auroc_row(name: str) -> str:
    """Return the name of the row of one of `NO_DIGITS`, or of `ALL_NO_DIGITS` for all of them."""
    return f"AUROC against not-digits, {name}"


def accepted_row(name: str) -> str:
    return f"not-digits accepted, {name}"


def right_row(kind: str) -> str:
    """Return the name of a row about one of `NUMBER_KINDS`: how many numbers are wholly right, answered or not."""
    return f"{kind}: {RIGHT}"


def answered_row(kind: str) -> str:
    return f"{kind}: {ANSWERED}"


def right_answers_row(kind: str) -> str:
    return f"{kind}: {RIGHT_ANSWERS}"


def calibration_row(name: str) -> str:
    return f"ECE, {ACCURACY[name]}"


@dataclass(frozen=True)
class Goal:
    """One row. bar: the value that is required. aim: the value that we want. Both in the row's unit, or None.

    Shares are fractions (0.9975), points are counts (1.0), areas are fractions (0.985).
    """

    row: str
    group: Group
    unit: Unit
    bar: float | None = None
    aim: float | None = None
    better: Better = "lower"


GOALS = (
    Goal(ACCURACY[AS_THEY_ARE], "accuracy", "share", 0.9975, 0.9985, "higher"),
    Goal(ACCURACY["mnist-test"], "accuracy", "share", 0.9975, 0.9985, "higher"),
    Goal(ACCURACY["pendigits-test"], "accuracy", "share", 0.994, 0.997, "higher"),
    Goal(SENT, "accuracy", "share", 0.992, 0.996, "higher"),
    *(
        Goal(ACCURACY[name], "accuracy", "share", 0.99, 0.995, "higher")
        for name in ("uji-digits", "hwd1000", "mchaver")
    ),
    Goal(CANVAS_CENTRE, "canvas", "share", better="higher"),
    Goal(CANVAS_WORST, "canvas", "points", 1.0, 0.3),
    Goal(DOORS_MEAN, "doors", "share"),
    Goal(DOORS_WORST, "doors", "share", 0.01, 0.003),
    *(Goal(corruption_row(kind), "corruption", "share") for kind in CORRUPTIONS),
    Goal(CORRUPTION_MEAN, "corruption", "share", 0.03, 0.01),
    Goal(auroc_row(ALL_NO_DIGITS), "declining", "area", 0.985, 0.995, "higher"),
    *(Goal(auroc_row(name), "declining", "area", better="higher") for name in NO_DIGITS),
    Goal(DECLINED, "declining", "share", 0.01, 0.003),
    Goal(accepted_row(ALL_NO_DIGITS), "declining", "share", 0.05, 0.02),
    *(Goal(accepted_row(name), "declining", "share") for name in NO_DIGITS),
    *(Goal(calibration_row(name), "calibration", "share", 0.005, 0.002) for name in CALIBRATED),
    *(
        Goal(name(kind), "numbers", "share", bar, better="higher")
        for kind, bars in NUMBER_KINDS.items()
        for name, bar in zip((right_row, answered_row, right_answers_row), bars, strict=True)
    ),
    # of the digits that are read rightly alone
    *(Goal(row, "numbers", "share", 0.998, better="higher") for row in (SINGLE_STROKES, SINGLE_PIXELS)),
    Goal(MODEL_SIZE, "cost", "MB", 1.5, 0.6),
    Goal(STROKES_TIME, "cost", "ms", 2.0, 1.0),
    Goal(PIXELS_TIME, "cost", "ms", 2.0, 1.0),
    Goal(NUMBER_STROKES_TIME, "cost", "ms", 6.0),
    Goal(NUMBER_PICTURE_TIME, "cost", "ms", 12.0),
)


def own_bars() -> dict[str, Bar]:
    """Return this project's bars, by row."""
    return {goal.row: _bar(goal.bar, goal.better) for goal in GOALS if goal.bar is not None}


def _bar(limit: float, better: Better) -> Bar:
    return Bar(at_least=limit) if better == "higher" else Bar(at_most=limit)
