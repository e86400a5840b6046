"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from recognizer.bulk.engines.choice import Kind

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
