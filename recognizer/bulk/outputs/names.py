"""Which output is meant, told by the ending of its name."""

import re
from pathlib import Path

import pyarrow as pa

from recognizer.bulk.items import Url, is_url
from recognizer.bulk.outputs.files import File, Parquet
from recognizer.bulk.outputs.lines import Csv, Jsonl
from recognizer.bulk.outputs.output import Output, OutputError, There
from recognizer.bulk.outputs.parts import Parts
from recognizer.bulk.rows import SCHEMA

FILES: dict[str, type[File]] = {".csv": Csv, ".jsonl": Jsonl, ".ndjson": Jsonl, ".parquet": Parquet}
TABLE = ".parquet"
IN_STORE = re.compile(r"(s3|gs):/(/[^/]+){2,}/?")


def output_for(
    name: str, *, resume: bool = False, force: bool = False, can_resume: bool = True, schema: pa.Schema = SCHEMA
) -> Output:
    """FILE.csv, .jsonl, .parquet; FOLDER.parquet/, and in object stores, are parts.

    resume: goes on with the rows that are there; force: replaces them. can_resume: whether --resume is a remedy.
    schema: of the rows.
    Raises `OutputError` for other names, and for what is in the way.
    """
    output = _output_for(name, schema)
    there = output.there()
    if there is There.OTHER:
        raise OutputError(f"{output.target} does not hold rows of this program. Name another output.")
    if resume or force:
        return output
    if there is There.INTERRUPTED:
        remedy = "--resume to continue, or --force to start over" if can_resume else "--force to start over"
        raise OutputError(f"{output.target} belongs to an interrupted run. Add {remedy}.")
    if there is There.FINISHED:
        raise OutputError(f"{output.target} already has rows. Add --force to replace them, or name another output.")
    return output


def _output_for(name: str, schema: pa.Schema) -> Output:
    ending = Path(name).suffix.lower()
    if is_url(name):
        if ending != TABLE:
            raise OutputError(f"{name}: in an object store rows are a folder of Parquet, NAME{TABLE}/")
        if not IN_STORE.fullmatch(name):
            raise OutputError(f"{name}: a folder in an object store is s3://bucket/NAME{TABLE}/")
        return Parts(Url(name.rstrip("/")), schema)
    if ending not in FILES:
        raise OutputError(f"{name}: unknown format. Use .csv, .jsonl, .ndjson or .parquet.")
    file = Path(name)
    if not file.parent.is_dir():
        raise OutputError(f"Folder does not exist: {file.parent}")
    if not name.endswith("/") and not file.is_dir():
        return FILES[ending](file, schema)
    if ending != TABLE:
        raise OutputError(f"{name}: rows in a folder are Parquet, NAME{TABLE}/")
    if file.is_file():
        raise OutputError(f"{file} is a file; move it, or name another folder")
    if not is_text(name):
        raise OutputError(f"{name}: the name of a folder of parts has to be UTF-8")
    return Parts(file.absolute(), schema)


def is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
