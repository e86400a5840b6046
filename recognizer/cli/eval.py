"""`digits eval`: reads labelled digits and counts how often the answer is correct."""

from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import replace
from typing import Annotated, Any, NamedTuple

import numpy as np
import pyarrow as pa
import typer
from rich.console import Console
from rich.table import Table

from recognizer.bulk.engines.choice import Choice, Kind
from recognizer.bulk.engines.reader import Reading
from recognizer.bulk.inputs.sources import LIST, Sources
from recognizer.bulk.outputs.names import output_for
from recognizer.cli.checks import check_inputs, refuse_overwriting
from recognizer.cli.errors import SOME_FAILED, STOPPED, report_errors
from recognizer.cli.options import Address, Column, Engine, Force, Inputs, Jobs, Keep, Model, Numbers, Rows, SkipOthers
from recognizer.cli.reading import read_all, standard_input
from recognizer.cli.terminal import print_in_full
from recognizer.errors import RecognizerError
from recognizer.evaluation.wilson import CONFIDENCE, wilson_interval
from recognizer.files import name_in_errors
from recognizer.numbers.reading import Allow
from recognizer.numbers.weighing import is_allowed

DIGITS = tuple(map(str, range(10)))
NO_LABELS = (
    "Nothing to score: no picture that was read has a label. Sort pictures into folders named after their labels, "
    "or add --label-column."
)


def score_labelled(
    inputs: Inputs = None,
    label_column: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Column with labels (CSV, Parquet); otherwise folder names are labels."),
    ] = None,
    numbers: Numbers = None,
    skip_others: SkipOthers = False,
    column: Column = None,
    keep: Keep = None,
    output: Rows = None,
    force: Force = False,
    jobs: Jobs = None,
    engine: Engine = Kind.LOCAL,
    ray_address: Address = None,
    model: Model = None,
) -> None:
    """Measure accuracy on labelled digits, or with --numbers on labelled numbers.

    A label is the name of the picture's folder (0 to 9), the value in --label-column, or the `label` of a JSONL line.
    Any other label means "not a digit": the right answer is to decline. Pictures with an empty label are not scored.

    With --numbers, labels are compared as text: 007 is not 7. A label that is not such a number means that the right
    answer is to decline.

    A declined digit or number counts as correct if its best guess is the label. Rows of --output keep the other columns
    of tables (see --keep), including the label column.
    """
    sources = Sources(
        tuple(inputs or [LIST]),
        column,
        label_column,
        folder_labels=True,
        list_file=standard_input(),
        skip_others=skip_others,
    )
    with report_errors():
        choice = Choice(engine, jobs, ray_address)
        reading = Reading(model, numbers=numbers)
        sources = check_inputs(sources, reading, keep, force)
        refuse_overwriting(sources, output)
        reading = replace(reading, kept=sources.kept)
        target = None if output is None else output_for(output, force=force, can_resume=False, schema=reading.schema)
        scores = NumberScores(numbers) if numbers else DigitScores()
        finished = read_all(sources, reading, choice, target, [scores])
        if not scores.counts:
            raise RecognizerError(" ".join(filter(None, (NO_LABELS, scores.first_error))))
        with name_in_errors("standard output"):
            scores.show(Console(highlight=False))
    raise typer.Exit(STOPPED if not finished else SOME_FAILED if scores.errors else 0)


class Scores(ABC):
    """A sink that counts how often each label got each answer. It needs the column `label`."""

    needs: tuple[str, ...] = ("file", "label", "error")

    def __init__(self) -> None:
        self.counts: Counter[Any] = Counter()
        self.errors = self.unlabelled = 0
        self.first_error = ""

    def write(self, batch: pa.RecordBatch) -> None:
        for row in batch.select(self.needs).to_pylist():
            if row["error"] is not None:
                self.errors += 1
                self.first_error = self.first_error or f"First error: {row['file']}: {row['error']}"
            elif not (row["label"] or "").strip():
                self.unlabelled += 1
            else:
                self.counts[self.outcome_of(row)] += 1

    @abstractmethod
    def outcome_of(self, row: dict[str, Any]) -> object:
        """What is counted of a row with a label."""

    def show(self, console: Console) -> None:
        self.show_counts(console)
        for count, outcome in ((self.errors, "failed"), (self.unlabelled, "had no label")):
            if count:
                print_in_full(console, f"{count:,} {outcome}")

    @abstractmethod
    def show_counts(self, console: Console) -> None:
        """Print what was counted."""


class DigitScores(Scores):
    """Counts by label or "", best digit or "", and whether it is declined."""

    needs = (*Scores.needs, "digit", "probabilities", "reason")

    def outcome_of(self, row: dict[str, Any]) -> tuple[str, str, bool]:
        best = "" if row["reason"] == "blank" else str(int(np.argmax(row["probabilities"])))
        return digit_of(row["label"]), best, row["digit"] is None

    def count(self, label: str | None = None, correct: bool = False, declined: bool = False) -> int:
        """The number of pictures with this label, or with any digit as label."""
        return sum(
            count
            for (counted, best, is_declined), count in self.counts.items()
            if (counted == label if label is not None else counted)
            and (not correct or best == counted)
            and (not declined or is_declined)
        )

    def show_counts(self, console: Console) -> None:
        if digits := self.count():
            correct, declined = self.count(correct=True), self.count(declined=True)
            shares = f"{_accuracy(correct, digits)}, {declined / digits:.2%} declined"
            print_in_full(console, f"{digits:,} {_plural('digit', digits)}: {shares}")
            print_in_full(console, "\nLabels (rows) and best guesses (columns); correct and declined in %:")
            print_in_full(console, self._matrix())
        if others := self.count(""):
            _show_others(console, "digit", others, self.count("", declined=True))

    def _matrix(self) -> Table:
        """At most 80 columns wide while no count has more than five digits."""
        table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
        for head in ("", *DIGITS, "blank", "corr.", "decl."):
            table.add_column(head, justify="right", no_wrap=True)
        for label in filter(self.count, DIGITS):
            cells = [self.counts[label, best, False] + self.counts[label, best, True] for best in (*DIGITS, "")]
            number = self.count(label)
            shares = (self.count(label, correct=True) / number, self.count(label, declined=True) / number)
            table.add_row(label, *(str(cell or "·") for cell in cells), *(f"{100 * share:.1f}" for share in shares))
        return table


class Outcome(NamedTuple):
    """What `NumberScores` counts. is_correct: the best guess is the label."""

    is_number: bool
    is_correct: bool
    is_declined: bool


class NumberScores(Scores):
    """Counts outcomes. allow: which labels are numbers."""

    needs = (*Scores.needs, "text", "alternatives")

    def __init__(self, allow: Allow) -> None:
        super().__init__()
        self.allow = allow

    def outcome_of(self, row: dict[str, Any]) -> Outcome:
        best, label = row["alternatives"][:1], row["label"]
        return Outcome(is_allowed(label, self.allow), best == [label], row["text"] is None)

    def count(self, **wanted: bool) -> int:
        """The number of pictures with these properties of an `Outcome`."""
        return sum(count for outcome, count in self.counts.items() if wanted.items() <= outcome._asdict().items())

    def show_counts(self, console: Console) -> None:
        if numbers := self.count(is_number=True):
            accuracy = _accuracy(self.count(is_number=True, is_correct=True), numbers)
            print_in_full(console, f"{numbers:,} {_plural('number', numbers)}: {accuracy}")
            answered = self.count(is_number=True, is_declined=False)
            correct = self.count(is_number=True, is_declined=False, is_correct=True)
            accuracy = f", {_accuracy(correct, answered)}" if answered else ""
            print_in_full(console, f"{answered:,} answered ({answered / numbers:.2%}){accuracy}")
        if others := self.count(is_number=False):
            _show_others(console, "number", others, self.count(is_number=False, is_declined=True))


def _accuracy(correct: int, of: int) -> str:
    low, high = wilson_interval(correct, of)
    return f"{correct / of:.2%} correct ({CONFIDENCE:.0%} CI {low:.2%} to {high:.2%})"


def _show_others(console: Console, noun: str, others: int, declined: int) -> None:
    shares = f"{declined / others:.2%} declined, {others - declined:,} read as a {noun}"
    print_in_full(console, f"{others:,} {_plural(f'non-{noun}', others)}: {shares}")


def _plural(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"


def digit_of(label: str) -> str:
    """The digit of a label, also of " 7", "07" and "7.0", as tables write it; "" for another label."""
    try:
        number = float(label)
    except ValueError:
        return ""
    return str(int(number)) if number in range(10) else ""
