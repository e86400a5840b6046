"""Pictures in ZIP and TAR archives, one at a time, without unpacking to disk."""

import tarfile
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO

from recognizer.bulk.items import MOST_BYTES, Item
from recognizer.bulk.limits import restart_clock
from recognizer.errors import BrokenPicture, InkError, PictureTooLarge

Wanted = Callable[[str], bool]
BYTES_AT_ONCE = 1 << 20
MOST_HEADER_BYTES = 1 << 20  # of a TAR's long name or its extended header; `tarfile` reads them whole
LONG_HEADERS = (
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
)


def in_zip(archive: Path, wanted: Wanted) -> Iterator[Item]:
    """The pictures of a ZIP file, in its order. Its list of names is in memory, about half a kilobyte each."""
    with zipfile.ZipFile(archive) as opened:
        for entry in opened.infolist():
            if not entry.is_dir() and _is_wanted(entry.filename, wanted):
                yield Item(f"{archive}/{entry.filename}", _unzipped(opened, entry))


def count_zip(archive: Path, wanted: Wanted) -> int:
    """The pictures that `in_zip` finds."""
    with zipfile.ZipFile(archive) as opened:
        return sum(not entry.is_dir() and _is_wanted(entry.filename, wanted) for entry in opened.infolist())


def in_tar(archive: Path, wanted: Wanted) -> Iterator[Item]:
    """The pictures of a TAR file, packed or not, in its order, read from its start to its end."""
    with tarfile.open(archive, "r|*", tarinfo=Entry) as opened:
        for entry in opened:
            restart_clock()
            if _is_wanted(entry.name, wanted) and not entry.isdir():
                yield Item(f"{archive}/{entry.name}", _in_tar(opened, entry))
            opened.members = []  # type: ignore[attr-defined]  # else it remembers them all


class Entry(tarfile.TarInfo):
    """Says where the archive breaks: `tarfile` takes a head that it cannot read, or none at all, for the end."""

    @classmethod
    def fromtarfile(cls, archive: tarfile.TarFile) -> "Entry":
        try:
            return super().fromtarfile(archive)
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined]  # the end's own mark
            raise
        except tarfile.HeaderError as error:
            raise tarfile.ReadError(f"{error} where the next file or the archive's end should be") from None

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        if self.type in LONG_HEADERS and self.size > MOST_HEADER_BYTES:
            raise tarfile.ReadError(f"a name or header of {self.size:,} bytes; at most {MOST_HEADER_BYTES:,} are read")
        return super()._proc_member(archive)  # type: ignore[misc, no-any-return]  # made to be overridden, and not typed


def _is_wanted(name: str, wanted: Wanted) -> bool:
    """macOS adds files of its own, `__MACOSX/._a.png`, that only look like pictures."""
    parts = (part for part in PurePosixPath(name).parts if part != "..")
    return wanted(name) and not any(part.startswith((".", "__MACOSX")) for part in parts)


def _unzipped(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes | InkError:
    if entry.flag_bits & 1:
        return BrokenPicture("it is encrypted; unpack the archive first")
    try:
        with archive.open(entry) as file:
            return _limited(file)
    except Exception as error:  # zlib, lzma and bz2 raise errors of their own on damaged data
        return BrokenPicture("it cannot be unpacked: {why}", why=str(error))


def _in_tar(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> bytes | InkError:
    if entry.islnk() or entry.issym():
        return BrokenPicture("it is a link to {target}, which is read where it lies", target=entry.linkname)
    file = archive.extractfile(entry)
    return BrokenPicture("it is no file") if file is None else _limited(file)


def _limited(file: IO[bytes]) -> bytes | InkError:
    """However little it takes packed, no more than a file may have is unpacked, and that only once."""
    data = BytesIO()
    while piece := file.read(BYTES_AT_ONCE):
        if data.tell() + len(piece) > MOST_BYTES:
            return PictureTooLarge("it has more than {most} bytes", most=MOST_BYTES)
        data.write(piece)
    return data.getvalue()
