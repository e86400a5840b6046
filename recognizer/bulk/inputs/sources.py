"""What is typed → items, in order: files, folders, patterns, lists."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from glob import has_magic
from itertools import chain
from pathlib import Path
from typing import IO, TextIO

from recognizer.bulk import limits
from recognizer.bulk.inputs import remote
from recognizer.bulk.inputs.files import refuse_endless
from recognizer.bulk.inputs.folders import files_below, files_like
from recognizer.bulk.inputs.formats import Format, format_of, is_picture
from recognizer.bulk.inputs.tables import Columns
from recognizer.bulk.items import Item, Url, is_url
from recognizer.bulk.kept import NOTHING_KEPT, Header, Kept
from recognizer.errors import BrokenPicture, InkError

LIST = "-"  # standard input, a path a line


@dataclass(frozen=True)
class Sources:
    """inputs: as typed; column, label_column: of tables; folder_labels: whether a file's folder says what it is.

    kept: other columns of tables, which their items bring.
    """

    inputs: tuple[str, ...]
    column: str | None = None
    label_column: str | None = None
    folder_labels: bool = False
    listed: TextIO | None = None  # where the list comes from that `-` stands for
    kept: Kept = NOTHING_KEPT

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

    def headers(self) -> Iterator[Header]:
        """Of the tables that are typed and can be read; what cannot is left to become a row with its error."""
        for file in chain.from_iterable(self._files_of(one) for one in self.inputs if _may_name_tables(one)):
            found = format_of(file.name)
            if found and found.header and (isinstance(file, Url) or file.is_file()):
                with suppress(Exception):  # whatever its parser raises
                    yield from limits.limited(_header(file, found.header, self._columns))

    def items_in(self, file: Path | Url) -> Iterator[Item]:
        """One of a picture; many of an archive, a stack, a table."""
        found = format_of(file.name)
        items = iter([Item(str(file), file)]) if found is None or found.read is None else self._opened(file, found)
        is_labelled = self.folder_labels and (found is None or found.in_folders)
        return map(_with_folder_label, items) if is_labelled else items

    def _opened(self, file: Path | Url, found: Format) -> Iterator[Item]:
        """Where the file breaks, whatever its parser raises, its last item says why, and the run goes on."""
        try:
            yield from limits.limited(self._read(file, found))
        except InkError as error:
            yield Item(str(file), error)
        except Exception as error:
            text = "the {kind} file cannot be read on: {why}"
            yield Item(str(file), BrokenPicture(text, kind=found.name, why=limits.reason(error)))

    def _read(self, file: Path | Url, found: Format) -> Iterator[Item]:
        assert found.read  # noqa: S101 - who calls has looked
        if isinstance(file, Url):
            yield from remote.items_in(file, found.read, self._columns)
        else:
            refuse_endless(file)
            yield from found.read(file, self._columns)

    @property
    def _columns(self) -> Columns:
        return Columns(self.column, self.label_column, self.kept)

    def missing(self) -> list[str]:
        """The inputs that are not there; those of a list are not asked about, they become rows."""
        return [one for one in self.inputs if one != LIST and not _is_there(one)]

    def holds_many(self, file: Path | Url) -> bool:
        """Whether a file has to be opened to know its items."""
        found = format_of(file.name)
        return found is not None and found.read is not None

    def _files_of(self, name: str) -> Iterator[Path | Url]:
        if is_url(name):
            return (file for file in remote.files_below(Url(name)) if is_picture(file.name) or file.text == name)
        path = Path(name)
        if path.is_dir():
            return (file for file in files_below(path) if is_picture(file.name) or _is_folder(file))
        if not path.exists() and has_magic(name):
            return files_like(name)
        return iter([path])


def _is_there(name: str) -> bool:
    if is_url(name):
        return remote.is_there(Url(name))
    if not name:  # an unset variable, which would be the current folder
        return False
    return Path(name).exists() or next(files_like(name), None) is not None


def _may_name_tables(name: str) -> bool:
    """Tables are named with their ending or by a pattern. A folder's are not read, a list's are not known yet."""
    found = format_of(name)
    if found or is_url(name):
        return found is not None and found.header is not None
    return has_magic(name) and not Path(name).exists()


def _header(file: Path | Url, read: Callable[[IO[bytes], Columns], Header], columns: Columns) -> Iterator[Header]:
    with remote.open_file(file) if isinstance(file, Url) else file.open("rb") as opened:
        yield read(opened, columns)


def _is_folder(path: Path) -> bool:
    """Then it is one that could not be listed; links to others are left aside."""
    return path.is_dir() and not path.is_symlink()


def _with_folder_label(item: Item) -> Item:
    return replace(item, label=Path(item.file).absolute().parent.name)


def _lines(file: TextIO) -> Iterator[str]:
    return (line for line in (line.rstrip("\r\n") for line in file) if line)
