"""`digits classify`, and `manage.py classify`: checks the options, reads, prints a summary."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from recognizer.bulk.engines.choice import Choice, Kind
from recognizer.bulk.engines.reader import Reading
from recognizer.bulk.inputs.sources import LIST, Sources
from recognizer.bulk.outputs.report import Report
from recognizer.bulk.run import Sink
from recognizer.bulk.summary import Summary
from recognizer.cli.checks import (
    check_inputs,
    check_output,
    check_report,
    check_sort_into,
    refuse_for_numbers,
    refuse_overwriting,
    refuse_resume_with_force,
    refuse_shared_names,
)
from recognizer.cli.errors import SOME_FAILED, STOPPED, report_errors
from recognizer.cli.options import Address, Column, Engine, Force, Inputs, Jobs, Keep, Model, Numbers, Rows, SkipOthers
from recognizer.cli.reading import read_all, standard_input
from recognizer.cli.terminal import RowPrinter, StandardOutput


def classify(
    inputs: Inputs = None,
    output: Rows = None,
    numbers: Numbers = None,
    resume: Annotated[bool, typer.Option("--resume", help="Continue an interrupted run.")] = False,
    force: Force = False,
    sort_into: Annotated[
        str | None, typer.Option(metavar="DIR", help="Copy pictures into DIR/0 … DIR/9 and DIR/unsure.")
    ] = None,
    report: Annotated[str | None, typer.Option(metavar="FILE", help="Write an HTML report to FILE.html.")] = None,
    skip_others: SkipOthers = False,
    column: Column = None,
    keep: Keep = None,
    pictures: Annotated[bool, typer.Option(help="Draw each picture beside its row in the terminal.")] = True,
    jobs: Jobs = None,
    engine: Engine = Kind.LOCAL,
    ray_address: Address = None,
    model: Model = None,
) -> None:
    """Read handwritten digits, or with --numbers whole numbers, from images or strokes.

    Inputs are pictures (PNG, JPEG, WebP, AVIF, HEIC, GIF, BMP, TIFF, JPEG 2000, PDF), folders, patterns in quotes
    (`'scans/**/*.png'`), archives (ZIP, TAR), stacks of pictures (IDX, NPY, NPZ), strokes (JSONL), and tables (CSV,
    Parquet) with a column of paths or image bytes. An input may be in an object store: `s3://bucket/folder` or
    `gs://bucket/folder`.

    One row per picture, in input order. Files that cannot be read get a row with the reason; so do files of folders and
    archives that are no pictures, by their first bytes, unless --skip-others is given. Without --output, rows are
    printed.
    To write to an object store, name a folder of Parquet files: `--output s3://bucket/rows.parquet/`.

    Rows keep the other columns of tables (see --keep). A column with the name of an output column becomes
    `input_NAME`. A table from a list on standard input keeps only columns that a typed table has.

    Exit codes: 0 success, 1 some files failed or no picture was found, 2 usage error, 130 interrupted (continue with
    --resume).
    """
    sources = Sources(tuple(inputs or [LIST]), column, list_file=standard_input(), skip_others=skip_others)
    terminal = StandardOutput(highlight=False)
    pictures = pictures and terminal.is_terminal and output is None and numbers is None
    with report_errors():
        choice = Choice(engine, jobs, ray_address)
        refuse_resume_with_force(resume, force)
        if numbers:
            refuse_for_numbers(sort_into=sort_into, report=report)
        copies = check_sort_into(sort_into, sources)
        reading = Reading(model, sort_into=copies, numbers=numbers)
        sources = check_inputs(sources, reading, keep, force)
        refuse_shared_names(output, report, sort_into)
        refuse_overwriting(sources, output, report)
        page = check_report(report, resume, force)
        reading = replace(reading, with_seen=page is not None or pictures, kept=sources.kept)
        target = check_output(output, resume, force, reading)
        summary = Summary()
        printers: list[Sink] = [] if target else [RowPrinter(terminal, pictures)]
        with _report(page, title=", ".join(inputs or [LIST])) as reports:
            finished = read_all(sources, reading, choice, target, [summary, *printers, *reports], resume)
        typer.echo(_outcome(summary, finished, can_resume=target is not None), err=True)
    raise typer.Exit(STOPPED if not finished else SOME_FAILED if summary.errors else 0)


@contextmanager
def _report(page: Path | None, title: str) -> Iterator[list[Sink]]:
    """Yield the report as a sink, and save it when the run ends. Without a page, yield no sink."""
    if page is None:
        yield []
        return
    with closing(Report()) as report:
        yield [report]
        report.save(page, title)
        typer.echo(report.missing_pictures, err=True, nl=bool(report.missing_pictures))


def _outcome(summary: Summary, finished: bool, can_resume: bool) -> str:
    if finished:
        return str(summary)
    return f"Stopped after {summary}." + " Run again with --resume to continue." * can_resume
