"""`digits classify`, and `manage.py classify`: parses, runs, says what came of it."""

from contextlib import closing, nullcontext
from dataclasses import replace
from typing import Annotated

import typer

from recognizer.bulk.engines.choice import Choice, Kind
from recognizer.bulk.engines.reader import Reading
from recognizer.bulk.inputs.sources import LIST, Sources
from recognizer.bulk.kept import kept_of
from recognizer.bulk.outputs.output import OutputError
from recognizer.bulk.outputs.report import Report
from recognizer.bulk.run import Sink
from recognizer.bulk.summary import Summary
from recognizer.cli.checks import (
    checked_copies,
    checked_output,
    checked_page,
    refuse,
    refuse_both,
    refuse_one_for_two,
    refuse_overwriting,
)
from recognizer.cli.errors import SOME_BROKEN, STOPPED, told_errors
from recognizer.cli.options import Address, Chosen, Force, Inputs, Jobs, Keep, Model, Rows
from recognizer.cli.reading import read_all, standard_input
from recognizer.cli.terminal import Shown, StandardOutput


def classify(
    inputs: Inputs = None,
    output: Rows = None,
    resume: Annotated[bool, typer.Option("--resume", help="Continue an interrupted run.")] = False,
    force: Force = False,
    sort_into: Annotated[str | None, typer.Option(help="Copy pictures into DIR/0 … DIR/9 and DIR/unsure.")] = None,
    report: Annotated[str | None, typer.Option(help="Write an HTML report to FILE.html.")] = None,
    column: Annotated[str | None, typer.Option(help="Column with paths or image bytes (CSV, Parquet).")] = None,
    keep: Keep = None,
    pictures: Annotated[bool, typer.Option(help="Whether rows in a terminal have pictures.")] = True,
    jobs: Jobs = None,
    engine: Chosen = Kind.LOCAL,
    ray_address: Address = None,
    model: Model = None,
) -> None:
    """Read digits: pictures by the million, and strokes.

    INPUTS are pictures (PNG, JPEG, WebP, BMP, TIFF, PDF: every page), folders, patterns in quotes (`'scans/**/*.png'`),
    ZIP and TAR archives, stacks (IDX, NPY, NPZ), strokes (JSONL), and tables (CSV, Parquet) with a column of paths or
    bytes. They may lie in an object store, s3://bucket/folder or gs://bucket/folder, and rows may be written there, as
    a folder of Parquet files: `--output s3://bucket/rows.parquet/`.

    Each picture becomes a row, in the inputs' order; one that cannot be read becomes a row with its error.
    Without --output the rows are shown.

    Rows also have the other columns of tables (`--keep`), in the order of the tables that are typed. A column called
    as one of ours becomes `input_NAME`. A table that a list on standard input names adds no columns of its own.

    Exit codes: 0 all was read, 1 some could not be, 2 the command is wrong, 130 stopped by Ctrl-C (`--resume` goes on).
    """
    sources = Sources(tuple(inputs or [LIST]), column, listed=standard_input())
    terminal = StandardOutput(highlight=False)
    pictures = pictures and terminal.is_terminal and output is None
    with told_errors():
        choice = Choice(engine, jobs, ray_address)
        refuse_both(resume, force)
        refuse(sources, model)
        copies = checked_copies(sort_into, sources)
        kept = kept_of(sources.headers(), keep)
        sources = replace(sources, kept=kept)
        sources = sources.whole() if force else sources  # a list may name what would be overwritten
        refuse_one_for_two(output, report, sort_into)
        refuse_overwriting(sources, output, report)
        file = None if report is None else checked_page(report, resume, force)
        if resume and output is None:
            raise OutputError("--resume needs the --output to continue")
        target = None if output is None else checked_output(output, resume, force, model, kept)
        summary = Summary()
        with closing(Report()) if file else nullcontext() as page:
            sinks: list[Sink] = [summary, *([page] if page else []), *([] if target else [Shown(terminal, pictures)])]
            reading = Reading(model, with_seen=page is not None or pictures, sort_into=copies, kept=kept)
            finished = read_all(sources, reading, choice, target, sinks, resume)
            if page and file:
                page.save(file, ", ".join(inputs or [LIST]))
                typer.echo(page.lacks, err=True, nl=bool(page.lacks))
        _tell(summary, finished, output)
    raise typer.Exit(STOPPED if not finished else SOME_BROKEN if summary.errors else 0)


def _tell(summary: Summary, finished: bool, output: str | None) -> None:
    stopped = "" if finished else "stopped; --resume goes on: " if output else "stopped: "
    typer.echo(f"{stopped}{summary}", err=True)
