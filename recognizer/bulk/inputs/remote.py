"""Reads files in object stores, `s3://…` and `gs://…`, through pyarrow's file systems, like Ray Data's own readers.

Credentials and region come from the same places as in Amazon's and Google's own tools. AWS_ENDPOINT_URL selects another
S3-compatible store, STORAGE_EMULATOR_HOST one that is compatible with Google's.
"""

import os
import shutil
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import cache, partial
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, TypeVar, cast

import pyarrow as pa
from pyarrow import fs

from recognizer.bulk.inputs.formats import HIDDEN, is_picture, reason_to_skip
from recognizer.bulk.inputs.tables import Columns
from recognizer.bulk.items import MOST_BYTES, Item, Url
from recognizer.errors import BrokenPicture, InkError, PictureTooLarge
from recognizer.picture_kinds import START_BYTES

FILES_AT_ONCE = 32  # requests of a process to a store, which answers slowly
READ_ERRORS = (OSError, pa.ArrowInvalid)  # ArrowInvalid for paths that pyarrow refuses, such as bucket//key
PATIENCE = timedelta(seconds=60)  # with a Google store that does not answer
Value = TypeVar("Value")
Result = TypeVar("Result")
REGION = "us-east-1"  # of a store at AWS_ENDPOINT_URL, unless the environment names another


def exists(url: Url) -> bool:
    """True for a file or a folder of files. Raises `OSError` if the store cannot be reached."""
    try:
        system, path = place_of(url)
        return bool(system.get_file_info(path).type != fs.FileType.NotFound)
    except pa.ArrowInvalid as error:
        raise OSError(f"{url}: {error}") from None


def files_below(url: Url) -> Iterator[Url]:
    """Every file below a folder, sorted by name; for a file, the file itself.

    The names are held in memory. A folder that cannot be listed is yielded itself: opening it gives the error.
    """
    try:
        system, path = place_of(url)
        if system.get_file_info(path).type != fs.FileType.Directory:
            return iter([url])
        entries = system.get_file_info(fs.FileSelector(path, recursive=True))
    except READ_ERRORS:
        return iter([url])
    files = sorted(entry.path for entry in entries if entry.type == fs.FileType.File)
    scheme = url.text.partition("://")[0]
    return (Url(f"{scheme}://{file}") for file in files)


def look_into_each(files: Iterable[Url], folder: Url) -> Iterator[Url | Item]:
    """Files below a folder. If an ending is not that of a picture, an item: the picture, or why it is none."""
    return in_parallel(partial(_look_into, folder=folder), files)


def _look_into(file: Url, folder: Url) -> Url | Item:
    other = None
    if file == folder:
        return file
    if "/." in file.text[len(folder.text.rstrip("/")) :]:
        other = HIDDEN
    elif is_picture(file.name):
        return file
    else:
        with suppress(*READ_ERRORS):  # opening it later gives the error
            system, path = place_of(file)
            with system.open_input_stream(path) as opened:
                other = reason_to_skip(file.name, opened.read(START_BYTES))
    return Item(str(file), other or file)


def items_in(url: Url, read: Callable[[Path, Columns], Iterator[Item]], columns: Columns) -> Iterator[Item]:
    """Copy a file with many items, such as an archive or a table, to this machine, and yield its items."""
    with TemporaryDirectory() as folder:
        copy = Path(folder, url.name)
        system, path = place_of(url)
        try:
            with system.open_input_stream(path) as source, copy.open("wb") as target:
                shutil.copyfileobj(source, target)
        except READ_ERRORS as error:
            yield Item(str(url), BrokenPicture("it cannot be opened: {why}", why=str(error)))
            return
        for item in read(copy, columns):
            content = item.content
            # A path that was relative to the table's folder is now below the copy's.
            if isinstance(content, Path) and content.is_relative_to(folder):
                content = url.beside(content.relative_to(folder).as_posix())
            yield replace(item, file=item.file.replace(str(copy), str(url), 1), content=content)


def fetch_remote(items: Iterable[Item]) -> Iterator[Item]:
    """Yield the same items in order, with the bytes of remote files, or the error, as content."""
    for is_remote, group in groupby(items, lambda item: isinstance(item.content, Url)):
        fetch = partial(in_parallel, _fetch_item) if is_remote else iter
        yield from fetch(group)


def in_parallel(function: Callable[[Value], Result], values: Iterable[Value]) -> Iterator[Result]:
    """Call the function on each value in one of `FILES_AT_ONCE` threads; yield the results in order."""
    requests: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(FILES_AT_ONCE) as threads:
        for value in values:
            requests.append(threads.submit(function, value))
            if len(requests) == FILES_AT_ONCE:
                yield requests.popleft().result()
        yield from (request.result() for request in requests)


def _fetch_item(item: Item) -> Item:
    assert isinstance(item.content, Url)  # noqa: S101 - `fetch_remote` has checked
    try:
        return replace(item, content=read(item.content))
    except InkError as error:
        return replace(item, content=error)


def read(url: Url) -> bytes:
    """The content of a file. Raises `InkError` if it cannot be opened or is too large."""
    try:
        system, path = place_of(url)
        with system.open_input_stream(path) as file:
            data: bytes = file.read(MOST_BYTES + 1)
    except READ_ERRORS as error:
        raise BrokenPicture("it cannot be opened: {why}", why=str(error)) from None
    if len(data) > MOST_BYTES:
        raise PictureTooLarge("it has more than {most} bytes", most=MOST_BYTES)
    return data


def open_file(url: Url) -> IO[bytes]:
    """Open a file for reading and seeking. Raises one of `READ_ERRORS`."""
    system, path = place_of(url)
    if isinstance(system, fs.S3FileSystem):
        return cast(IO[bytes], system.open_input_file(path))
    with system.open_input_stream(path) as source:  # pyarrow 26 hangs when it seeks in the tests' Google store
        copy = TemporaryFile()  # noqa: SIM115 - the caller closes it
        shutil.copyfileobj(source, copy)
    copy.seek(0)
    return copy


def place_of(url: Path | Url) -> tuple[fs.FileSystem, str]:
    """The file system of a store or of this machine, and the path in it."""
    if isinstance(url, Path):
        return fs.LocalFileSystem(), str(url)
    scheme, _, path = url.text.partition("://")
    return _store(scheme, path.partition("/")[0]), path.rstrip("/")


@cache
def _store(scheme: str, bucket: str) -> fs.FileSystem:
    """Cached, because each has its own connections."""
    if scheme == "gs":
        emulator = os.environ.get("STORAGE_EMULATOR_HOST", "")
        if not emulator:
            return fs.GcsFileSystem(retry_time_limit=PATIENCE)
        scheme, _, host = emulator.rpartition("://")
        return fs.GcsFileSystem(
            anonymous=True, retry_time_limit=PATIENCE, scheme=scheme or "http", endpoint_override=host
        )
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    region = region or (REGION if endpoint else fs.resolve_s3_region(bucket))
    # With `allow_delayed_open`, writing a small file is one request.
    return fs.S3FileSystem(endpoint_override=endpoint, region=region, allow_delayed_open=True)
