"""`digits classify`, and `manage.py classify`: parses, runs, says what came of it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.console import Console

import recognizer
from recognizer.bulk.counting import Count
from recognizer.bulk.engines import Address, Choice, Chosen, Jobs, Kind
from recognizer.bulk.items import is_url
from recognizer.bulk.output import Output, OutputError
from recognizer.bulk.output_names import output_for
from recognizer.bulk.reader import Reading
from recognizer.bulk.report import Report
from recognizer.bulk.run import Sink, run
from recognizer.bulk.sources import LIST, Sources
from recognizer.bulk.stopping import stoppable
from recognizer.bulk.summary import Summary
from recognizer.bulk.terminal import Shown, StandardOutput, watched
from recognizer.errors import RecognizerError
from recognizer.model import MODELS, read_card
from recognizer.recognizer import SHIPPED

SOME_BROKEN, WRONG, STOPPED = 1, 2, 130  # exit codes

Inputs = Annotated[list[str] | None, typer.Argument(help="What to read; - is a list on standard input, a path a line.")]
Rows = Annotated[
    str | None, typer.Option("--output", "-o", help="Rows: FILE.csv, .jsonl, .parquet, or FOLDER.parquet/ of parts.")
]
Model = Annotated[Path | None, typer.Option(help="Folder of another model than the shipped one.")]


def classify(
    inputs: Inputs = None,
    output: Rows = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an output that was stopped.")] = False,
    sort_into: Annotated[str | None, typer.Option(help="Folder that gets copies, in 0 to 9 and unsure.")] = None,
    report: Annotated[str | None, typer.Option(help="Page to write about the run: FILE.html.")] = None,
    column: Annotated[str | None, typer.Option(help="Of a CSV or Parquet: that of the paths or bytes.")] = None,
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

    Exit codes: 0 all was read, 1 some could not be, 2 the command is wrong, 130 stopped by Ctrl-C (`--resume` goes on).
    """
    sources = Sources(tuple(inputs or [LIST]), column, listed=standard_input())
    terminal = StandardOutput(highlight=False)
    pictures = pictures and terminal.is_terminal and output is None
    with told_errors():
        choice = Choice(engine, jobs, ray_address)
        refuse(sources, model)
        refuse_overwriting(sources, output, report, _folder(sort_into, sources))
        target = _output(output, resume, model)
        summary, page = Summary(), _report(_here(report))
        sinks: list[Sink] = [summary, *([page] if page else []), *([] if target else [Shown(terminal, pictures)])]
        reading = Reading(model, with_seen=page is not None or pictures, sort_into=_here(sort_into))
        finished = read_all(sources, reading, choice, target, sinks, resume)
        if page and report:
            page.save(Path(report), ", ".join(sources.inputs))
        _tell(summary, finished, output)
    raise typer.Exit(STOPPED if not finished else SOME_BROKEN if summary.errors else 0)


def read_all(
    sources: Sources, reading: Reading, choice: Choice, output: Output | None, sinks: list[Sink], resume: bool = False
) -> bool:
    """Whether all was read: Ctrl-C stops it, and what was read until then is kept."""
    finished = False
    sources = sources.whole() if choice.kind is Kind.RAY else sources
    with stoppable() as stop, choice.engine(sources, reading, stop) as engine:
        try:
            count = Count(sources)
            count.start()
            counts = run(sources.items(), engine, output, sinks, resume)
            for _ in watched(counts, lambda: count.total, Console(stderr=True)):
                pass
            finished = not stop()
        finally:
            if output:
                output.close(finished)  # however it ends, what was written can be read
    return finished


def refuse(sources: Sources, model: Path | None) -> None:
    """What would only be found out later. Raises `RecognizerError`."""
    if missing := sources.missing():
        raise RecognizerError(f"there is no {missing[0] or 'file without a name; is a variable unset?'}")
    if LIST in sources.inputs and sys.stdin.isatty():
        raise RecognizerError("name what to read: files, folders, archives; --help says more")
    recognizer.load(model)


def refuse_overwriting(sources: Sources, *outputs: str | None) -> None:
    """Raises `OutputError` where an output is an input, or another output."""
    named = [Path(one) for one in outputs if one is not None and not is_url(one)]
    if len({one.absolute() for one in named}) < len(named):
        raise OutputError(f"{named[-1]} cannot hold two things; name another")
    inputs = [Path(one) for one in sources.inputs if one != LIST and not is_url(one)]
    for output in filter(Path.exists, named):
        if any(one.exists() and one.samefile(output) for one in inputs):
            raise OutputError(f"{output} is among the inputs, and would be overwritten; name another")


def standard_input() -> TextIO:
    """Paths need not be text, whatever the locale."""
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")
    return sys.stdin


def _output(name: str | None, resume: bool, model: Path | None) -> Output | None:
    if name is None:
        if resume:
            raise OutputError("--resume goes on with an --output, and none is given")
        return None
    output = output_for(name, resume)
    if resume and output.is_begun():
        _refuse_another_model(output, read_card(model or MODELS / SHIPPED)["name"])
    return output


def _refuse_another_model(output: Output, model: str) -> None:
    batch, _ = next(output.earlier(["model"]), (None, []))
    names = set(batch.column("model").to_pylist()) - {None} if batch else set()
    if names - {model}:
        read = ", ".join(sorted(names))
        raise OutputError(f"{output.target} was read by {read}, not {model}; go on with --model, or start anew")


def _here(name: str | None) -> Path | None:
    if name and is_url(name):
        raise OutputError(f"{name}: copies and reports are put into folders of this machine")
    return None if name is None else Path(name)


def _folder(name: str | None, sources: Sources) -> str | None:
    """Of copies, which must not become inputs of the next run."""
    if name == "":
        raise OutputError("--sort-into has no name; is a variable unset?")
    folder = None if name is None or is_url(name) else Path(name).resolve()
    for one in filter(Path.is_dir, map(Path, sources.inputs)):
        if folder and folder.is_relative_to(one.resolve()):
            raise OutputError(
                f"{name} lies in {one}, and the copies would be read by the next run; name another folder"
            )
    return name


def _report(file: Path | None) -> Report | None:
    if file is None:
        return None
    if file.suffix.lower() not in (".html", ".htm"):
        raise OutputError(f"{file}: a report is a page, FILE.html")
    if file.is_dir() or not file.parent.is_dir():
        raise OutputError(f"{file} is a folder" if file.is_dir() else f"{file.parent} is no folder; make it first")
    return Report()


def _tell(summary: Summary, finished: bool, output: str | None) -> None:
    stopped = "" if finished else "stopped; --resume goes on: " if output else "stopped: "
    typer.echo(f"{stopped}{summary}", err=True)


@contextmanager
def told_errors() -> Iterator[None]:
    """Errors that say what to do, without a traceback."""
    try:
        yield
    except (RecognizerError, OSError) as error:
        typer.echo(f"Error: {error}", err=True)
        raise typer.Exit(WRONG) from None
