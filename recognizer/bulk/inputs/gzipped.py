"""Files that may be gzipped: their first bytes tell, whatever their name."""

import gzip
from io import BufferedReader
from pathlib import Path

GZIP = b"\x1f\x8b"


def opened(file: Path) -> gzip.GzipFile | BufferedReader:
    with file.open("rb") as start:
        packed = start.read(len(GZIP)) == GZIP
    return gzip.open(file) if packed else file.open("rb")
