"""Options that several commands share."""

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from recognizer.bulk.engines.choice import Kind
from recognizer.numbers.reading import Allow

Inputs = Annotated[
    list[str] | None,
    typer.Argument(help="Files, folders, archives or tables. - reads a list of paths from standard input."),
]
Rows = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write rows to FILE.csv, .jsonl, .ndjson or .parquet, or FOLDER.parquet/.",
    ),
]
Keep = Annotated[
    list[str] | None,
    typer.Option(
        metavar="COLUMNS", help="Other table columns to keep, separated by commas (default: all; '' keeps none)."
    ),
]
SkipOthers = Annotated[
    bool,
    typer.Option("--skip-others", help="Leave out rows of files in folders and archives that are not pictures."),
]
Column = Annotated[str | None, typer.Option(metavar="NAME", help="Column with paths or image bytes (CSV, Parquet).")]
Numbers = Annotated[
    Allow | None,
    typer.Option(
        metavar="[=digits|number]",
        help="Read whole numbers, of digits only; with =number also a sign and one point or comma.",
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Replace rows and reports of an earlier run.")]
Model = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Use the model in this folder instead of the bundled one.")
]
Engine = Annotated[Kind, typer.Option("--engine", help="Read with local processes or on a Ray cluster.")]
Address = Annotated[
    str | None,
    typer.Option(
        "--ray-address", metavar="HOST:PORT", help="Address of a running cluster (default: start Ray locally)."
    ),
]
Jobs = Annotated[
    int | None, typer.Option(metavar="N", min=1, max=1024, help="Worker processes (default: one per core).")
]


class NumbersCommand(TyperCommand):
    """A command in which `--numbers` alone means `--numbers=digits`: the next word is an input, not its value."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        end = args.index("--") if "--" in args else len(args)  # behind it all words are inputs
        options = [f"{word}=digits" if word == "--numbers" else word for word in args[:end]]
        return super().parse_args(ctx, options + args[end:])
