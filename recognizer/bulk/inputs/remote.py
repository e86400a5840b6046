"""Files in object stores, `s3://…` and `gs://…`, by pyarrow's file systems, as Ray Data's own readers do.

Credentials and region are those that Amazon's and Google's programs find. AWS_ENDPOINT_URL names another store that
speaks S3, STORAGE_EMULATOR_HOST another that speaks Google's language.
"""

import os
import shutil
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, cast

import pyarrow as pa
from pyarrow import fs

from recognizer.bulk.inputs.tables import Columns
from recognizer.bulk.items import MOST_BYTES, Item, Url
from recognizer.errors import BrokenPicture, InkError, PictureTooLarge

FILES_AT_ONCE = 32  # that a process asks a store for: each answer is waited for long
UNREADABLE = (OSError, pa.ArrowInvalid)  # the latter for paths that pyarrow does not take, as bucket//key
PATIENCE = timedelta(seconds=60)  # with a store of Google's kind that does not answer
REGION = "us-east-1"  # where a store of one's own names none


def is_there(url: Url) -> bool:
    """A file, or a folder of files. Raises `OSError` where the store cannot be asked."""
    try:
        system, path = place_of(url)
        return bool(system.get_file_info(path).type != fs.FileType.NotFound)
    except pa.ArrowInvalid as error:
        raise OSError(f"{url}: {error}") from None


def files_below(url: Url) -> Iterator[Url]:
    """Every file that is not hidden, in order of their names, which memory has to hold; of a file, that itself.

    A folder that cannot be listed comes itself, too: whoever opens it learns why.
    """
    try:
        system, path = place_of(url)
        if system.get_file_info(path).type != fs.FileType.Directory:
            return iter([url])
        listed = system.get_file_info(fs.FileSelector(path, recursive=True))
    except UNREADABLE:
        return iter([url])
    found = sorted(one.path for one in listed if one.type == fs.FileType.File)
    scheme = url.text.partition("://")[0]
    return (Url(f"{scheme}://{one}") for one in found if "/." not in one[len(path) :])


def items_in(url: Url, read: Callable[[Path, Columns], Iterator[Item]], columns: Columns) -> Iterator[Item]:
    """Those of a file of many, which is copied to this machine meanwhile."""
    with TemporaryDirectory() as folder:
        copy = Path(folder, url.name)
        system, path = place_of(url)
        try:
            with system.open_input_stream(path) as source, copy.open("wb") as target:
                shutil.copyfileobj(source, target)
        except UNREADABLE as error:
            yield Item(str(url), BrokenPicture("it cannot be opened: {why}", why=str(error)))
            return
        for item in read(copy, columns):
            content = item.content
            if isinstance(content, Path) and content.is_relative_to(folder):  # a table's path, beside the table
                content = url.beside(content.relative_to(folder).as_posix())
            yield replace(item, file=item.file.replace(str(copy), str(url), 1), content=content)


def fetched(items: Iterable[Item]) -> Iterator[Item]:
    """The same, in order, each file of a store as its bytes, or as the error why there are none."""
    for remote, group in groupby(items, lambda item: isinstance(item.content, Url)):
        together = _ahead if remote else iter
        yield from together(group)


def _ahead(items: Iterable[Item]) -> Iterator[Item]:
    asked: deque[Future[Item]] = deque()
    with ThreadPoolExecutor(FILES_AT_ONCE) as threads:
        for item in items:
            asked.append(threads.submit(_fetched, item))
            if len(asked) == FILES_AT_ONCE:
                yield asked.popleft().result()
        yield from (one.result() for one in asked)


def _fetched(item: Item) -> Item:
    assert isinstance(item.content, Url)  # noqa: S101 - who calls has looked
    try:
        return replace(item, content=read(item.content))
    except InkError as error:
        return replace(item, content=error)


def read(url: Url) -> bytes:
    """Raises `InkError` for what cannot be opened, or has too many bytes."""
    try:
        system, path = place_of(url)
        with system.open_input_stream(path) as file:
            data: bytes = file.read(MOST_BYTES + 1)
    except UNREADABLE as error:
        raise BrokenPicture("it cannot be opened: {why}", why=str(error)) from None
    if len(data) > MOST_BYTES:
        raise PictureTooLarge("it has more than {most} bytes", most=MOST_BYTES)
    return data


def open_file(url: Url) -> IO[bytes]:
    """To read some of it, anywhere in it. Raises one of `UNREADABLE`."""
    system, path = place_of(url)
    if isinstance(system, fs.S3FileSystem):
        return cast(IO[bytes], system.open_input_file(path))
    with system.open_input_stream(path) as source:  # pyarrow 26 hangs when it seeks in the tests' Google store
        copy = TemporaryFile()  # noqa: SIM115 - the caller closes it
        shutil.copyfileobj(source, copy)
    copy.seek(0)
    return copy


def place_of(url: Path | Url) -> tuple[fs.FileSystem, str]:
    """The store, or this machine's files, and the path in there."""
    if isinstance(url, Path):
        return fs.LocalFileSystem(), str(url)
    scheme, _, path = url.text.partition("://")
    return _store(scheme, path.partition("/")[0]), path.rstrip("/")


@cache
def _store(scheme: str, bucket: str) -> fs.FileSystem:
    """Kept: each has connections of its own."""
    if scheme == "gs":
        emulator = os.environ.get("STORAGE_EMULATOR_HOST", "")
        if not emulator:
            return fs.GcsFileSystem(retry_time_limit=PATIENCE)
        scheme, _, host = emulator.rpartition("://")
        return fs.GcsFileSystem(
            anonymous=True, retry_time_limit=PATIENCE, scheme=scheme or "http", endpoint_override=host
        )
    own = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    region = region or (REGION if own else fs.resolve_s3_region(bucket))
    return fs.S3FileSystem(endpoint_override=own, region=region, allow_delayed_open=True)  # a small file is one request
