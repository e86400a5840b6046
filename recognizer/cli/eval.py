"""`digits eval`: reads what has labels and says how often the answer is right."""

from collections import Counter
from dataclasses import replace
from typing import Annotated

import numpy as np
import pyarrow as pa
import typer
from rich.console import Console
from rich.table import Table

from recognizer.bulk.engines.choice import Choice, Kind
from recognizer.bulk.engines.reader import Reading
from recognizer.bulk.inputs.sources import LIST, Sources
from recognizer.bulk.kept import kept_of
from recognizer.bulk.outputs.names import output_for
from recognizer.bulk.run import Sink
from recognizer.cli.checks import refuse, refuse_overwriting
from recognizer.cli.errors import SOME_BROKEN, STOPPED, told_errors
from recognizer.cli.options import Address, Chosen, Force, Inputs, Jobs, Keep, Model, Rows
from recognizer.cli.reading import read_all, standard_input
from recognizer.cli.terminal import print_in_full
from recognizer.errors import RecognizerError
from recognizer.evaluation.wilson import CONFIDENCE, wilson_interval
from recognizer.files import name_in_errors

DIGITS = tuple(map(str, range(10)))


def score_labelled(
    inputs: Inputs = None,
    label_column: Annotated[
        str | None, typer.Option(help="Column with labels (CSV, Parquet); otherwise folder names are labels.")
    ] = None,
    column: Annotated[str | None, typer.Option(help="Column with paths or image bytes (CSV, Parquet).")] = None,
    keep: Keep = None,
    output: Rows = None,
    force: Force = False,
    jobs: Jobs = None,
    engine: Chosen = Kind.LOCAL,
    ray_address: Address = None,
    model: Model = None,
) -> None:
    """Compare the answers with labels: how many are right, declined, and taken for what.

    A picture's label is the name of its folder, 0 to 9, or what stands in a table's `--label-column`, or in the `label`
    of a line of strokes. Every other label means that it is no digit, and should be declined; an empty one is none.

    Rows of --output also have the other columns of tables (`--keep`), the label column among them.
    """
    sources = Sources(tuple(inputs or [LIST]), column, label_column, folder_labels=True, listed=standard_input())
    with told_errors():
        choice = Choice(engine, jobs, ray_address)
        refuse(sources, model)
        kept = kept_of(sources.headers(), keep)
        sources = replace(sources, kept=kept)
        scores = Scores()
        sinks: list[Sink] = [scores]
        sources = sources.whole() if force else sources
        refuse_overwriting(sources, output)
        target = None if output is None else output_for(output, force=force, can_resume=False, schema=kept.schema)
        finished = read_all(sources, Reading(model, kept=kept), choice, target, sinks)
        if not scores.counts:
            raise RecognizerError(
                f"nothing that was read has a label{scores.first_error and f'; {scores.first_error}'}"
            )
        with name_in_errors("standard output"):
            scores.show(Console(highlight=False))
    raise typer.Exit(STOPPED if not finished else SOME_BROKEN if scores.errors else 0)


class Scores:
    """Takes rows with `label`; keeps how often each label had each answer."""

    needs = ("file", "label", "digit", "probabilities", "reason", "error")

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str, bool]] = Counter()  # label, best digit or "", whether it was declined
        self.errors = self.unlabelled = 0
        self.first_error = ""

    def write(self, batch: pa.RecordBatch) -> None:
        for row in batch.select(self.needs).to_pylist():
            if row["error"] is not None:
                self.errors += 1
                self.first_error = self.first_error or f"{row['file']}: {row['error']}"
            elif not (row["label"] or "").strip():
                self.unlabelled += 1
            else:
                label = digit_of(row["label"])
                best = "" if row["reason"] == "blank" else str(int(np.argmax(row["probabilities"])))
                self.counts[label, best, row["digit"] is None] += 1

    def count(self, label: str | None = None, right: bool = False, declined: bool = False) -> int:
        """Of the digits, or of one label."""
        return sum(
            count
            for (of, best, is_declined), count in self.counts.items()
            if (of == label if label is not None else of)
            and (not right or best == of)
            and (not declined or is_declined)
        )

    def show(self, console: Console) -> None:
        if digits := self.count():
            right, declined = self.count(right=True), self.count(declined=True)
            low, high = wilson_interval(right, digits)
            interval_told = f"{CONFIDENCE:.0%} CI {low:.2%} to {high:.2%}"
            told = f"{right / digits:.2%} correct ({interval_told}), {declined / digits:.2%} declined"
            print_in_full(console, f"{digits:,} digits: {told}")
            print_in_full(console, "\nTrue digit (down) and best answer (across); correct and declined in %:")
            print_in_full(console, self._matrix())
        if others := self.count(""):
            declined = self.count("", declined=True)
            told = f"{declined / others:.2%} declined, {others - declined:,} read as a digit"
            print_in_full(console, f"{others:,} that are not digits: {told}")
        for count, what in ((self.errors, "could not be read"), (self.unlabelled, "had no label")):
            if count:
                print_in_full(console, f"{count:,} {what}")

    def _matrix(self) -> Table:
        """Within 80 columns for counts of five digits; those of more make it wider."""
        table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
        for head in ("", *DIGITS, "blank", "corr.", "decl."):
            table.add_column(head, justify="right", no_wrap=True)
        for label in filter(self.count, DIGITS):
            cells = [self.counts[label, best, False] + self.counts[label, best, True] for best in (*DIGITS, "")]
            number = self.count(label)
            shares = (self.count(label, right=True) / number, self.count(label, declined=True) / number)
            table.add_row(label, *(str(cell or "·") for cell in cells), *(f"{100 * share:.1f}" for share in shares))
        return table


def digit_of(label: str) -> str:
    """7 as it is, and as tables with gaps or padding have it, " 7", "07" and "7.0"; "" of what is no digit."""
    try:
        number = float(label)
    except ValueError:
        return ""
    return str(int(number)) if number in range(10) else ""
