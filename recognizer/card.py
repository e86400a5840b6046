"""A model's card, `model.json`. Only this module reads, checks and writes it. Measures nothing."""

import json
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

from recognizer.errors import ModelError
from recognizer.files import read_regular, write_atomically
from recognizer.prediction import Reason, digit_probability
from recognizer.structured import from_json, to_json

FILE = "model.json"
MOST_BYTES = 4_000_000  # 100 times the shipped model's card
DIGITS = tuple(map(str, range(10)))
PROBABLY_A_DIGIT = 0.5  # from this chance on; the page's `engine.js` has this number, too

Group = Literal["accuracy", "canvas", "doors", "corruption", "declining", "calibration", "numbers", "cost"]
Unit = Literal["share", "points", "area", "MB", "ms"]  # points: percentage points; area: under the ROC curve
Better = Literal["higher", "lower"]
Interval = tuple[float, float]  # 95 %, by Wilson
Counts = tuple[tuple[int, ...], ...]  # 10 × 10: [true digit][answered digit]


@dataclass(frozen=True)
class Rule:
    """When a model declines to answer.

    digit: the least chance that a drawing is a digit at all. Below it, the reason is "not a digit".
    sure: the least probability of the best digit among the ten. Below it, two digits compete, and `digit` is not
        compared: the reason is "unsure" if the drawing is probably a digit, else "not a digit".
    """

    digit: float
    sure: float

    def __post_init__(self) -> None:
        if not all(0 <= number <= 1 for number in astuple(self)):
            raise ValueError(f"the rule's numbers must lie between 0 and 1: {self}")

    def reason(self, confidence: float, best_probability: float) -> Reason | None:
        """Return why to decline, or None to answer. For the arguments see `digit_probability`."""
        digit = digit_probability(confidence, best_probability)
        if best_probability < self.sure:
            return "unsure" if digit >= PROBABLY_A_DIGIT or not self.digit else "not a digit"
        return "not a digit" if digit < self.digit else None


@dataclass(frozen=True)
class Calibration:
    """How the network's logits became probabilities: divided by `temperature`, then `bias` added to "not a digit"."""

    temperature: float
    bias: float


@dataclass(frozen=True)
class Scores:
    """Scores on one test set. A set without digits has only `declined` and `auroc`.

    declined: share of the drawings that are declined.
    accuracy: share of the drawings whose best digit is right, declined or not.
    per_digit: accuracy of each digit.
    calibration_error: expected calibration error of `confidence`, in 15 bins.
    auroc: area under the ROC curve of `confidence`, all digit sets against this set.
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
    """A measured figure. The model must reach `bar`; `aim` is the target. Both are in `unit`.

    where: the name of the worst cell, in a row about a worst cell.
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
        """True if the bar is reached; None without a bar. NaN reaches no bar."""
        if self.bar is None:
            return None
        return self.value >= self.bar if self.better == "higher" else self.value <= self.bar


@dataclass(frozen=True)
class Grid:
    """Shares by drawing size (rows) and pen (columns) on one paper; None if the pen is too thin to draw."""

    name: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]
    paper: str

    def __post_init__(self) -> None:
        if len(self.values) != len(self.rows) or any(len(row) != len(self.columns) for row in self.values):
            raise ValueError(f"the grid {self.name} needs one value for each row and column")


@dataclass(frozen=True)
class Bar:
    """What a row must reach, in the row's unit: exactly one of the two limits."""

    at_least: float | None = None
    at_most: float | None = None

    def __post_init__(self) -> None:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError('a bar is {"at_least": number} or {"at_most": number}')

    @property
    def limit(self) -> float:
        return self.at_most if self.at_least is None else self.at_least  # type: ignore[return-value]  # checked above

    @property
    def better(self) -> Better:
        return "lower" if self.at_least is None else "higher"


@dataclass(frozen=True)
class Spread:
    """Results of the same configuration with several random seeds.

    rows: each row's values in the order of `seeds`. The model's own seed is the first.
    """

    seeds: tuple[int, ...]
    rows: dict[str, tuple[float, ...]]


@dataclass(frozen=True)
class Source:
    """A source of training data."""

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
    held_out_accuracy: float  # on the held-out digits, with the averaged weights
    seconds: float


@dataclass(frozen=True, eq=False)  # compared by identity, so that a card can be a dict key
class ModelCard:
    """The content of `model.json`. Fields with a default describe the model, and may be missing."""

    name: str
    version: int
    sha256: str  # of model.onnx
    labels: tuple[str, ...]
    rule: Rule
    input: str = ""
    calibration: Calibration | None = None
    calibrated_for: float | None = None  # share of non-digits that `confidence` is calibrated for
    config: dict[str, Any] = field(default_factory=dict)  # the training's `Config`, with the fields of that time
    seed: int | None = None
    epochs: tuple[Epoch, ...] = ()
    data: dict[str, str] = field(default_factory=dict)  # SHA-256 of each training file, by path
    sources: tuple[Source, ...] = ()
    scores: tuple[Scores, ...] = ()
    bars: dict[str, Bar] | None = None  # by the row's name
    measured: str | None = None  # ISO date
    table: tuple[Row, ...] = ()
    grids: tuple[Grid, ...] = ()
    # Bins by set: mean confidence, share right, n.
    reliability: dict[str, tuple[tuple[float, float, int], ...]] = field(default_factory=dict)
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
        """Read the card of a model folder. Raises `ModelError` if the file cannot be read or is not a card."""
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
        """Return the card as values for `json.dumps`."""
        values: dict[str, Any] = to_json(self)
        return values

    def write(self, folder: Path) -> None:
        """Write to a temporary file, then move it: a site may be serving the folder."""
        file = folder / FILE
        with write_atomically(file, file.with_name(f"{FILE}.part")) as opened:
            opened.write((json.dumps(self.as_dict(), indent=1) + "\n").encode())
