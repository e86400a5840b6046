"""Chooses the kind of output by the ending of its name, and refuses to replace what exists."""

import re
from pathlib import Path

import pyarrow as pa

from recognizer.bulk.items import Url, is_url
from recognizer.bulk.outputs.files import OutputFile, Parquet
from recognizer.bulk.outputs.lines import Csv, Jsonl
from recognizer.bulk.outputs.output import Output, OutputError, OutputState
from recognizer.bulk.outputs.parts import Parts
from recognizer.bulk.rows import SCHEMA

FILES: dict[str, type[OutputFile]] = {".csv": Csv, ".jsonl": Jsonl, ".ndjson": Jsonl, ".parquet": Parquet}
TABLE = ".parquet"
IN_STORE = re.compile(r"(s3|gs):/(/[^/]+){2,}/?")


def output_for(
    name: str, *, resume: bool = False, force: bool = False, can_resume: bool = True, schema: pa.Schema = SCHEMA
) -> Output:
    """The output with this name: a single file, or for FOLDER.parquet/ and object stores a folder of parts.

    resume: continue existing rows; force: replace them; can_resume: the command has a --resume to advise.
    schema: of the rows.
    Raises `OutputError` for other names, and if something else is in the way.
    """
    output = _output_for(name, schema)
    state = output.state()
    if state is OutputState.FOREIGN:
        raise OutputError(f"{output.target} does not hold rows of this program. Name another output.")
    if resume or force:
        return output
    if state is OutputState.INTERRUPTED:
        remedy = "--resume to continue, or --force to start over" if can_resume else "--force to start over"
        raise OutputError(f"{output.target} belongs to an interrupted run. Add {remedy}.")
    if state is OutputState.FINISHED:
        raise OutputError(f"{output.target} already has rows. Add --force to replace them, or name another output.")
    return output


def _output_for(name: str, schema: pa.Schema) -> Output:
    ending = Path(name).suffix.lower()
    if is_url(name):
        if ending != TABLE:
            raise OutputError(f"{name}: in an object store, rows go into a folder of Parquet files. Use NAME{TABLE}/.")
        if not IN_STORE.fullmatch(name):
            raise OutputError(f"{name}: name a bucket and a folder, such as s3://bucket/NAME{TABLE}/.")
        return Parts(Url(name.rstrip("/")), schema)
    if ending not in FILES:
        raise OutputError(f"{name}: unknown format. Use .csv, .jsonl, .ndjson or .parquet.")
    file = Path(name)
    if not file.parent.is_dir():
        raise OutputError(f"Folder does not exist: {file.parent}")
    if not name.endswith("/") and not file.is_dir():
        return FILES[ending](file, schema)
    if ending != TABLE:
        raise OutputError(f"{name}: a folder of rows must be Parquet. Use NAME{TABLE}/.")
    if file.is_file():
        raise OutputError(f"{file} is a file. Move it, or name another folder.")
    if not _is_utf8(name):
        raise OutputError(f"{name}: the name of a folder of rows must be valid UTF-8.")
    return Parts(file.absolute(), schema)


def _is_utf8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
