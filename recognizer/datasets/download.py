"""Reads data files, and downloads missing ones: whole and verified, or not at all."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from recognizer.datasets.formats import DataError
from recognizer.datasets.sources import MISSING_PACKAGES, MissingPackages, Source, cache_folder, find, read_verified

CHUNK_BYTES = 65536
TIMEOUT_S = 30


def read(source: Source) -> bytes:
    """Return the source's content, decompressed and verified; download it if it is missing.

    Raises `DataError` with a remedy if the file is unavailable or has other content.
    """
    file = find(source) or _fetch_missing(source)
    try:
        return read_verified(file, source)
    except MissingPackages:
        raise
    except DataError as error:
        raise DataError(f"{file} {error}. Delete it or download it again.") from None


def _fetch_missing(source: Source) -> Path:
    if not source.mirrors:
        raise DataError(f"{source.path} not found, and it has no mirror. Set DIGITS_DATA to the folder that holds it.")
    return fetch(source, cache_folder())


def fetch(source: Source, cache: Path) -> Path:
    """Download a file into the cache from the first mirror that has it, with a progress bar.

    Raises `DataError` with each mirror's failure and a remedy without a network.
    """
    failures = []
    for address in source.mirrors:
        try:
            return _fetch_from(address, source, cache)
        except (OSError, DataError) as error:
            failures.append(f"  {address}: {error}")
    raise DataError(
        f"{source.path} could not be downloaded:\n" + "\n".join(failures) + "\n"
        f"Without a network, download it elsewhere and put it at {cache / source.path} (.gz and .Z may stay), "
        "or set DIGITS_DATA to a folder that holds it at this path."
    )


def _fetch_from(address: str, source: Source, cache: Path) -> Path:
    target = cache / Path(source.path).parent / Path(urlsplit(address).path).name
    target.parent.mkdir(parents=True, exist_ok=True)
    # A file moves into place only after it is verified, so that no partial file is ever read.
    with TemporaryDirectory(dir=target.parent, prefix=".partial-") as folder:
        partial = Path(folder) / target.name
        _download(address, partial)
        read_verified(partial, source)
        return partial.replace(target)


def _download(address: str, file: Path) -> None:
    try:
        from pooch import HTTPDownloader

        download = HTTPDownloader(progressbar=True, chunk_size=CHUNK_BYTES, timeout=TIMEOUT_S)
    except (ImportError, ValueError):  # ValueError: pooch without tqdm, for the progress bar
        raise DataError(MISSING_PACKAGES) from None
    print(f"Downloading {address}", file=sys.stderr)
    download(address, str(file), None)
