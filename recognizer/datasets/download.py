"""Reads data files, and downloads those that are missing: whole and verified, or not at all."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from recognizer.datasets.formats import DataError
from recognizer.datasets.sources import MISSING_PACKAGES, MissingPackages, Source, cache_folder, find, read_verified

CHUNK_BYTES = 65536
TIMEOUT_S = 30


def read(source: Source) -> bytes:
    """The source's content, decompressed and verified, downloaded if it is nowhere.

    Raises `DataError`, with what to do, if it cannot be had or is not as recorded.
    """
    file = find(source) or _fetch_missing(source)
    try:
        return read_verified(file, source)
    except MissingPackages:
        raise
    except DataError as error:
        raise DataError(f"{file} {error}: delete it or fetch it anew") from None


def _fetch_missing(source: Source) -> Path:
    if not source.mirrors:
        raise DataError(f"{source.path} is not here and has no mirror: set DIGITS_DATA to the folder that holds it")
    return fetch(source, cache_folder())


def fetch(source: Source, cache: Path) -> Path:
    """The source's file in the cache, from the first mirror that has it, with a progress bar.

    Raises `DataError` with each mirror's failure and what to do without a network.
    """
    failures = []
    for address in source.mirrors:
        try:
            return _fetch_from(address, source, cache)
        except (OSError, DataError) as error:
            failures.append(f"  {address}: {error}")
    raise DataError(
        f"{source.path} could not be downloaded:\n" + "\n".join(failures) + "\n"
        f"Without a network, fetch it elsewhere and put it at {cache / source.path} (.gz or .Z as it came), "
        "or set DIGITS_DATA to a folder that holds it there"
    )


def _fetch_from(address: str, source: Source, cache: Path) -> Path:
    target = cache / Path(source.path).parent / Path(urlsplit(address).path).name
    target.parent.mkdir(parents=True, exist_ok=True)
    # A partial file is never where a reader would look: it moves into place only once it is verified.
    with TemporaryDirectory(dir=target.parent, prefix=".partial-") as folder:
        partial = Path(folder) / target.name
        _download(address, partial)
        read_verified(partial, source)
        return partial.replace(target)


def _download(address: str, file: Path) -> None:
    try:
        from pooch import HTTPDownloader

        download = HTTPDownloader(progressbar=True, chunk_size=CHUNK_BYTES, timeout=TIMEOUT_S)
    except (ImportError, ValueError):  # ValueError: pooch without tqdm, which draws the bar
        raise DataError(MISSING_PACKAGES) from None
    print(f"Downloading {address}", file=sys.stderr)
    download(address, str(file), None)
