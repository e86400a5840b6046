"""A model's card: what its `model.json` says. Read, checked and written here alone; measures nothing."""

import json
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

from recognizer.errors import ModelError
from recognizer.files import read_regular, written_whole
from recognizer.prediction import Reason, digit_probability
from recognizer.structured import from_json, to_json

FILE = "model.json"
MOST_BYTES = 4_000_000  # 100 times the shipped one's
DIGITS = tuple(map(str, range(10)))
LIKELIER = 0.5  # a digit than none; the page's engine has this number, too

Group = Literal["accuracy", "canvas", "doors", "corruption", "declining", "calibration", "cost"]
Unit = Literal["share", "points", "area", "MB", "ms"]  # points: of a hundred; area: under the ROC curve
Better = Literal["higher", "lower"]
Interval = tuple[float, float]  # 95 %, by Wilson
Counts = tuple[tuple[int, ...], ...]  # [true][answered], 10 × 10


@dataclass(frozen=True)
class Rule:
    """When a model declines.

    sure: where the best digit has less than this share of the ten digits' chances, two compete: the answer is declined
        as unsure, or as no digit where that is likelier.
    digit: what else is a digit by less than this chance is declined as no digit.
    """

    digit: float
    sure: float

    def __post_init__(self) -> None:
        if not all(0 <= number <= 1 for number in astuple(self)):
            raise ValueError(f"the rule's numbers lie between 0 and 1, not {self}")

    def reason(self, confidence: float, best_probability: float) -> Reason | None:
        digit = digit_probability(confidence, best_probability)
        if best_probability < self.sure:
            return "unsure" if digit >= LIKELIER or not self.digit else "not a digit"
        return "not a digit" if digit < self.digit else None


@dataclass(frozen=True)
class Calibration:
    """What turned the network's logits into chances: a temperature, and a bias of "not a digit" against the digits."""

    temperature: float
    bias: float


@dataclass(frozen=True)
class Scores:
    """One test set's scores. Of sets without digits: how many were declined, and how `confidence` tells them apart.

    accuracy: share whose best digit is right, declined or not; per_digit: the same by digit; calibration_error: of
    `confidence`, expected, in 15 bins; declined: share; auroc: of `confidence`, all digit sets against this one.
    """

    set: str
    n: int
    declined: float
    accuracy: float | None = None
    interval: Interval | None = None
    per_digit: tuple[float, ...] | None = None
    confusion: Counts | None = None
    calibration_error: float | None = None
    auroc: float | None = None


@dataclass(frozen=True)
class Row:
    """A measured figure. `bar` is what the model must reach, `aim` what would be good; all in `unit`.

    where: of a row that tells of the worst cell, which one it is.
    """

    row: str
    group: Group
    value: float
    unit: Unit
    n: int
    interval: Interval | None
    bar: float | None
    aim: float | None
    better: Better
    where: str | None = None

    @property
    def holds(self) -> bool | None:
        """None without a bar. What is not a number reaches none."""
        if self.bar is None:
            return None
        return self.value >= self.bar if self.better == "higher" else self.value <= self.bar


@dataclass(frozen=True)
class Grid:
    """Shares by drawing size (rows) and pen (columns) on one paper; None where the pen is too thin to be drawn."""

    name: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]
    paper: str

    def __post_init__(self) -> None:
        if len(self.values) != len(self.rows) or any(len(row) != len(self.columns) for row in self.values):
            raise ValueError(f"the grid {self.name} has not a value for each of its rows and columns")


@dataclass(frozen=True)
class Bar:
    """What a row must reach: one of the two, in the row's unit."""

    at_least: float | None = None
    at_most: float | None = None

    def __post_init__(self) -> None:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError('a bar is {"at_least": number} or {"at_most": number}')

    @property
    def limit(self) -> float:
        return self.at_most if self.at_least is None else self.at_least  # type: ignore[return-value]  # one is there

    @property
    def better(self) -> Better:
        return "lower" if self.at_least is None else "higher"


@dataclass(frozen=True)
class Spread:
    """What the same configuration gave with other random numbers: each row's value by each seed, its own first."""

    seeds: tuple[int, ...]
    rows: dict[str, tuple[float, ...]]


@dataclass(frozen=True)
class Source:
    """What a model learnt from."""

    name: str
    use: str
    licence: str
    link: str


@dataclass(frozen=True)
class Origin:
    """The file that an imported model was made of. sha256: of that file."""

    file: str
    kind: str
    sha256: str


@dataclass(frozen=True)
class Epoch:
    """One epoch's figures, for the loss curve and the progress line."""

    number: int  # from 1
    train_loss: float
    held_out_loss: float
    held_out_accuracy: float  # of the held-out digits, by the averaged weights
    seconds: float


@dataclass(frozen=True, eq=False)  # so that it can be a key: equal is what was read together
class ModelCard:
    """`model.json`. A model answers with its first six fields; the others tell of it, and may be missing."""

    name: str
    version: int
    sha256: str  # of model.onnx
    labels: tuple[str, ...]
    rule: Rule
    input: str = ""
    calibration: Calibration | None = None
    calibrated_for: float | None = None  # the share of drawings that are no digits which `confidence` is right for
    config: dict[str, Any] = field(default_factory=dict)  # of the training, as `Config` was then
    seed: int | None = None
    epochs: tuple[Epoch, ...] = ()
    data: dict[str, str] = field(default_factory=dict)  # SHA-256 of what it learnt from, by path
    sources: tuple[Source, ...] = ()
    scores: tuple[Scores, ...] = ()
    bars: dict[str, Bar] | None = None  # by row
    measured: str | None = None  # ISO date
    table: tuple[Row, ...] = ()
    grids: tuple[Grid, ...] = ()
    reliability: dict[str, tuple[tuple[float, float, int], ...]] = field(default_factory=dict)  # mean, share right, n
    confusion: dict[str, Counts] = field(default_factory=dict)
    spread: Spread | None = None
    doors: dict[str, str] = field(default_factory=dict)  # SHA-256 of those that the scores were measured through
    origin: Origin | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if self.labels != DIGITS:
            raise ValueError(f"the labels are {list(self.labels)!r}; they must be 0 to 9, in this order")

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Raises `ModelError` for what cannot be read or is no card."""
        file = folder / FILE
        try:
            value = json.loads(read_regular(file, MOST_BYTES).decode())
        except OSError as error:
            raise ModelError(f"no model in {folder}: {error.strerror}: {FILE}") from error
        except (ValueError, RecursionError) as error:
            raise ModelError(f"{file} is not valid JSON") from error
        try:
            return from_json(cls, value)
        except ValueError as error:
            raise ModelError(f"{file}: {error}") from error

    def as_dict(self) -> dict[str, Any]:
        """As `json.dumps` takes it."""
        values: dict[str, Any] = to_json(self)
        return values

    def write(self, folder: Path) -> None:
        """Beside, and then moved: a site may be serving the folder."""
        file = folder / FILE
        with written_whole(file, file.with_name(f"{FILE}.part")) as opened:
            opened.write((json.dumps(self.as_dict(), indent=1) + "\n").encode())
