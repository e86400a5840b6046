"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from recognizer.bulk.engines.choice import Kind

Inputs = Annotated[list[str] | None, typer.Argument(help="What to read; - is a list on standard input, a path a line.")]
Rows = Annotated[
    str | None,
    typer.Option("--output", "-o", help="Write rows to FILE.csv, .jsonl, .ndjson or .parquet, or FOLDER.parquet/."),
]
Keep = Annotated[
    list[str] | None,
    typer.Option(
        metavar="COLUMNS",
        help="Other columns of tables (CSV, Parquet) that rows keep, with commas between; else all. '' keeps none.",
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Replace rows and reports of an earlier run.")]
Model = Annotated[Path | None, typer.Option(help="Use the model in this folder instead of the bundled one.")]
Chosen = Annotated[Kind, typer.Option("--engine", help="Processes of this machine, or a Ray cluster.")]
Address = Annotated[
    str | None, typer.Option("--ray-address", help="Of a running cluster; else Ray is started on this machine alone.")
]
Jobs = Annotated[int | None, typer.Option(min=1, max=1024, help="Processes that read; else one for each core.")]
