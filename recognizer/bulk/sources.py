"""What is typed → items, in order: files, folders, patterns, lists, archives, stacks, tables, told by their names."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from glob import has_magic
from itertools import chain
from pathlib import Path
from typing import TextIO

from recognizer.bulk import archives, remote, stacks, tables
from recognizer.bulk.folders import files_below, files_like
from recognizer.bulk.items import Item, Url, is_url

PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff", ".pdf")
LIST = "-"  # standard input, a path a line
TARS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
IDXS = (".idx", ".idx.gz", "-ubyte", "-ubyte.gz")
LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")


@dataclass(frozen=True)
class Sources:
    """inputs: as typed; column, label_column: of tables; folder_labels: whether a file's folder says what it is."""

    inputs: tuple[str, ...]
    column: str | None = None
    label_column: str | None = None
    folder_labels: bool = False
    listed: TextIO | None = None  # where the list comes from that `-` stands for

    def items(self) -> Iterator[Item]:
        """Can be asked for again, unless a list is among the inputs."""
        return chain.from_iterable(map(self.items_in, self.files()))

    def files(self) -> Iterator[Path | Url]:
        """What the inputs stand for, none of it opened; a folder that cannot be listed comes itself."""
        return chain.from_iterable(map(self._files_of, self.names()))

    def names(self) -> Iterator[str]:
        """What is typed, and what is listed."""
        return chain.from_iterable(_lines(self.listed) if one == LIST and self.listed else [one] for one in self.inputs)

    def whole(self) -> "Sources":
        """The same, without a list that only this process can read."""
        return replace(self, inputs=tuple(self.names()), listed=None)

    def items_in(self, file: Path | Url) -> Iterator[Item]:
        """One of a picture; many of an archive, a stack, a table."""
        reader = self._reader(file.name.lower())
        if reader is None:
            return iter([self._labelled(Item(str(file), file))])
        return remote.items_in(file, reader) if isinstance(file, Url) else reader(file)

    def missing(self) -> list[str]:
        """The inputs that are not there; those of a list are not asked about, they become rows."""
        return [one for one in self.inputs if one != LIST and not _is_there(one)]

    def holds_many(self, file: Path | Url) -> bool:
        """Whether a file has to be opened to know its items."""
        return self._reader(file.name.lower()) is not None

    def _files_of(self, name: str) -> Iterator[Path | Url]:
        if is_url(name):
            return (file for file in remote.files_below(Url(name)) if is_picture(file.name) or file.text == name)
        path = Path(name)
        if path.is_dir():
            return (file for file in files_below(path) if is_picture(file.name) or _is_folder(file))
        if not path.exists() and has_magic(name):
            return files_like(name)
        return iter([path])

    def _reader(self, name: str) -> Callable[[Path], Iterator[Item]] | None:
        readers: dict[tuple[str, ...], Callable[[Path], Iterator[Item]]] = {
            (".zip",): lambda file: map(self._labelled, archives.in_zip(file, is_picture)),
            TARS: lambda file: map(self._labelled, archives.in_tar(file, is_picture)),
            IDXS: stacks.in_idx,
            (".npy",): stacks.in_npy,
            (".npz",): stacks.in_npz,
            LINES: tables.in_jsonl,
            (".csv",): lambda file: tables.in_csv(file, self.column, self.label_column),
            (".parquet",): lambda file: tables.in_parquet(file, self.column, self.label_column),
        }
        return next((reader for endings, reader in readers.items() if name.endswith(endings)), None)

    def _labelled(self, item: Item) -> Item:
        return replace(item, label=Path(item.file).absolute().parent.name) if self.folder_labels else item


def _is_there(name: str) -> bool:
    if is_url(name):
        return remote.is_there(Url(name))
    if not name:  # an unset variable, which would be the current folder
        return False
    return Path(name).exists() or next(files_like(name), None) is not None


def _is_folder(path: Path) -> bool:
    """Then it is one that could not be listed; links to others are left aside."""
    return path.is_dir() and not path.is_symlink()


def is_picture(name: str) -> bool:
    return name.lower().endswith(PICTURES)


def _lines(file: TextIO) -> Iterator[str]:
    return (line for line in (line.rstrip("\r\n") for line in file) if line)
