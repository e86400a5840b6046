"""Opens files that may be gzipped, whatever their name."""

import gzip
from io import BufferedReader
from pathlib import Path

GZIP = b"\x1f\x8b"


def open_decompressed(file: Path) -> gzip.GzipFile | BufferedReader:
    with file.open("rb") as start:
        is_gzipped = start.read(len(GZIP)) == GZIP
    return gzip.open(file) if is_gzipped else file.open("rb")
