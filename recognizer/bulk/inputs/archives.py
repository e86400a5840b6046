"""Reads pictures from ZIP and TAR archives, one at a time, without unpacking to disk."""

import tarfile
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO

from recognizer.bulk.items import MOST_BYTES, Item, Other
from recognizer.bulk.limits import restart_clock
from recognizer.errors import BrokenPicture, InkError, PictureTooLarge
from recognizer.picture_kinds import START_BYTES

Check = Callable[[str, bytes], Other | None]  # name and first bytes → why the file is not read
BYTES_AT_ONCE = 1 << 20
MOST_HEADER_BYTES = 1 << 20  # a TAR's long name or extended header, which `tarfile` reads whole
LONG_HEADERS = (
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
)


def read_zip(archive: Path, check: Check) -> Iterator[Item]:
    """The files of a ZIP file, in its order. The list of names takes about half a kilobyte of memory per name."""
    with zipfile.ZipFile(archive) as file:
        for entry in file.infolist():
            if not entry.is_dir():
                yield Item(f"{archive}/{entry.filename}", _unzip(file, entry, check))


def count_zip(archive: Path) -> int:
    """The number of items of `read_zip`."""
    with zipfile.ZipFile(archive) as file:
        return sum(not entry.is_dir() for entry in file.infolist())


def read_tar(archive: Path, check: Check) -> Iterator[Item]:
    """The files of a TAR file, compressed or not, in its order, read from start to end."""
    with tarfile.open(archive, "r|*", tarinfo=Entry) as file:
        for entry in file:
            restart_clock()
            if not entry.isdir():
                yield Item(f"{archive}/{entry.name}", _untar(file, entry, check))
            file.members = []  # type: ignore[attr-defined]  # or it keeps every entry in memory


class Entry(tarfile.TarInfo):
    """An entry that raises `ReadError` for a damaged or missing header. `tarfile` alone would silently stop there."""

    @classmethod
    def fromtarfile(cls, archive: tarfile.TarFile) -> "Entry":
        try:
            return super().fromtarfile(archive)
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined]  # the regular end
            raise
        except tarfile.HeaderError as error:
            raise tarfile.ReadError(f"{error} where the next file or the archive's end should be") from None

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        if self.type in LONG_HEADERS and self.size > MOST_HEADER_BYTES:
            raise tarfile.ReadError(f"a name or header has {self.size:,} bytes; at most {MOST_HEADER_BYTES:,} are read")
        return super()._proc_member(archive)  # type: ignore[misc, no-any-return]  # meant to be overridden, but untyped


def is_hidden(name: str) -> bool:
    """True also for the files that macOS adds: `__MACOSX/._a.png` is not a picture."""
    parts = (part for part in PurePosixPath(name).parts if part != "..")
    return any(part.startswith((".", "__MACOSX")) for part in parts)


def _unzip(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, check: Check) -> bytes | InkError:
    if entry.flag_bits & 1:
        return BrokenPicture("it is encrypted; unpack the archive first")
    try:
        with archive.open(entry) as file:
            return _read_picture(file, entry.filename, check)
    except Exception as error:  # zlib, lzma and bz2 raise their own errors for damaged data
        return BrokenPicture("it cannot be unpacked: {why}", why=str(error))


def _untar(archive: tarfile.TarFile, entry: tarfile.TarInfo, check: Check) -> bytes | InkError:
    if entry.islnk() or entry.issym():
        return BrokenPicture("it is a link to {target}; unpack the archive to read links", target=entry.linkname)
    file = archive.extractfile(entry)
    return BrokenPicture("it is not a regular file") if file is None else _read_picture(file, entry.name, check)


def _read_picture(file: IO[bytes], name: str, check: Check) -> bytes | InkError:
    """Unpack no more than `MOST_BYTES`, however small the compressed data is; of other files, only the start."""
    data = BytesIO()
    data.write(start := file.read(START_BYTES))
    if other := check(name, start):
        return other
    while piece := file.read(BYTES_AT_ONCE):
        if data.tell() + len(piece) > MOST_BYTES:
            return PictureTooLarge("it has more than {most} bytes", most=MOST_BYTES)
        data.write(piece)
    return data.getvalue()
