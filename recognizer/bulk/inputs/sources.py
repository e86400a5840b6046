"""Names as typed → items, in order. A name is a file, a folder, a pattern, or - for a list."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from glob import has_magic
from itertools import chain
from pathlib import Path
from typing import IO, TextIO

from recognizer.bulk import limits
from recognizer.bulk.inputs import remote
from recognizer.bulk.inputs.files import look_into, refuse_endless
from recognizer.bulk.inputs.folders import files_below, files_like
from recognizer.bulk.inputs.formats import Format, format_of
from recognizer.bulk.inputs.tables import Columns
from recognizer.bulk.items import Item, Other, Url, is_url
from recognizer.bulk.kept import NO_COLUMNS, Header, Kept
from recognizer.errors import BrokenPicture, InkError

LIST = "-"  # standard input, with one path per line
File = Path | Url | Item  # an item, if only its content says what it is


@dataclass(frozen=True)
class Sources:
    """The inputs of a run.

    inputs: names as typed.
    column, label_column: of tables.
    folder_labels: True if the name of a file's folder is its label.
    list_file: the list of paths that `-` stands for.
    kept: other columns of tables to keep in the rows.
    skip_others: True if files of folders and archives that are not pictures get no rows.
    """

    inputs: tuple[str, ...]
    column: str | None = None
    label_column: str | None = None
    folder_labels: bool = False
    list_file: TextIO | None = None
    kept: Kept = NO_COLUMNS
    skip_others: bool = False

    def items(self) -> Iterator[Item]:
        """All items. Can be called again, unless a list is among the inputs."""
        return chain.from_iterable(map(self.items_in, self.files()))

    def files(self) -> Iterator[File]:
        """The files that the inputs stand for. A folder that cannot be listed is yielded itself."""
        return chain.from_iterable(map(self.files_of, self.names()))

    def names(self) -> Iterator[str]:
        """The inputs as typed, with the paths of the list in place of `-`."""
        listed = self.list_file
        return chain.from_iterable(_lines(listed) if name == LIST and listed else [name] for name in self.inputs)

    def with_list_read(self) -> "Sources":
        """The same sources with the list read into memory, for other processes."""
        return replace(self, inputs=tuple(self.names()), list_file=None)

    def headers(self) -> Iterator[Header]:
        """The headers of typed tables. A table that cannot be read becomes a row with its error later."""
        for file in chain.from_iterable(self.files_of(name) for name in self.inputs if _may_name_tables(name)):
            kind = None if isinstance(file, Item) else format_of(file.name)
            if kind and kind.header and not isinstance(file, Item) and (isinstance(file, Url) or file.is_file()):
                with suppress(Exception):  # whatever the parser raises
                    yield from limits.limit_each(_header(file, kind.header, self._columns))

    def items_in(self, file: File) -> Iterator[Item]:
        """One item for a picture; many for an archive, a stack or a table."""
        if isinstance(file, Item):
            is_labelled = self.folder_labels and not isinstance(file.content, Other)
            return iter([_with_folder_label(file) if is_labelled else file])
        kind = format_of(file.name)
        items = iter([Item(str(file), file)]) if kind is None or kind.read is None else self._read_safely(file, kind)
        is_labelled = self.folder_labels and (kind is None or kind.in_folders)
        return map(_with_folder_label, items) if is_labelled else items

    def _read_safely(self, file: Path | Url, kind: Format) -> Iterator[Item]:
        """The items of a file. Whatever the parser raises becomes the last item, so that the run goes on."""
        try:
            items = limits.limit_each(self._read(file, kind))
            yield from (item for item in items if not self._is_skipped(item))
        except InkError as error:
            yield Item(str(file), error)
        except Exception as error:
            text = "the {kind} file cannot be read any further: {why}"
            yield Item(str(file), BrokenPicture(text, kind=kind.name, why=limits.reason(error)))

    def _read(self, file: Path | Url, kind: Format) -> Iterator[Item]:
        assert kind.read  # noqa: S101 - `items_in` has checked
        if isinstance(file, Url):
            yield from remote.items_in(file, kind.read, self._columns)
        else:
            refuse_endless(file)
            yield from kind.read(file, self._columns)

    @property
    def _columns(self) -> Columns:
        return Columns(self.column, self.label_column, self.kept)

    def missing(self) -> list[str]:
        """The typed inputs that do not exist. Missing paths of a list become rows with an error instead."""
        return [name for name in self.inputs if name != LIST and not _exists(name)]

    def holds_many(self, file: File) -> bool:
        """True if a file must be opened to know its items."""
        kind = None if isinstance(file, Item) else format_of(file.name)
        return kind is not None and kind.read is not None

    def files_of(self, name: str) -> Iterator[File]:
        """The files that a name stands for. Opens files of folders whose names say nothing."""
        if is_url(name):
            return self._without_others(remote.look_into_each(remote.files_below(Url(name)), Url(name)))
        path = Path(name)
        if path.is_dir():
            return self._without_others(map(look_into, files_below(path)))
        if not path.exists() and has_magic(name):
            return files_like(name)
        return iter([path])

    def _without_others(self, files: Iterator[File]) -> Iterator[File]:
        return (file for file in files if not (isinstance(file, Item) and self._is_skipped(file)))

    def _is_skipped(self, item: Item) -> bool:
        return self.skip_others and isinstance(item.content, Other)


def _exists(name: str) -> bool:
    if is_url(name):
        return remote.exists(Url(name))
    if not name:  # from an unset variable; Path("") would be the current folder
        return False
    return Path(name).exists() or next(files_like(name), None) is not None


def _may_name_tables(name: str) -> bool:
    """True for the name of a table, and for a pattern.

    False for a folder, because tables in it are not read, and for a list, because its paths are not known yet.
    """
    kind = format_of(name)
    if kind or is_url(name):
        return kind is not None and kind.header is not None
    return has_magic(name) and not Path(name).exists()


def _header(file: Path | Url, read: Callable[[IO[bytes], Columns], Header], columns: Columns) -> Iterator[Header]:
    with remote.open_file(file) if isinstance(file, Url) else file.open("rb") as table:
        yield read(table, columns)


def _with_folder_label(item: Item) -> Item:
    return replace(item, label=Path(item.file).absolute().parent.name)


def _lines(file: TextIO) -> Iterator[str]:
    return (line for line in (line.rstrip("\r\n") for line in file) if line)
