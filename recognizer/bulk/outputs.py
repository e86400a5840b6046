"""Which output is meant, told by the ending of its name."""

from pathlib import Path

from recognizer.bulk.files import Csv, File, Jsonl, Parquet
from recognizer.bulk.items import Url, is_url
from recognizer.bulk.output import Output, OutputError
from recognizer.bulk.parts import Parts

FILES: dict[str, type[File]] = {".csv": Csv, ".jsonl": Jsonl, ".ndjson": Jsonl, ".parquet": Parquet}
TABLE = ".parquet"


def output_for(name: str) -> Output:
    """FILE.csv, .jsonl, .parquet; FOLDER.parquet/, and in object stores, are parts. Raises `OutputError` for others."""
    ending = Path(name).suffix.lower()
    if is_url(name):
        if ending != TABLE:
            raise OutputError(f"{name}: in an object store rows are a folder of Parquet, NAME{TABLE}/")
        return Parts(Url(name.rstrip("/")))
    if ending not in FILES:
        raise OutputError(f"{name}: the ending says the format, and it is none of {', '.join(FILES)}")
    file = Path(name)
    if not file.parent.is_dir():
        raise OutputError(f"{file.parent} is no folder; make it first")
    if name.endswith("/") and file.is_file():
        raise OutputError(f"{file} is a file; move it, or name another folder")
    if ending == TABLE and (name.endswith("/") or file.is_dir()):
        return Parts(file.absolute())
    return FILES[ending](file)
