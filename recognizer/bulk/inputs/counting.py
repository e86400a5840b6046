"""Counts the rows of a run, if that is possible without opening every picture. The progress bar shows it."""

from pathlib import Path
from threading import Thread

from recognizer.bulk.inputs.files import refuse_endless
from recognizer.bulk.inputs.folders import files_like
from recognizer.bulk.inputs.formats import format_of
from recognizer.bulk.inputs.sources import LIST, Sources
from recognizer.bulk.items import is_url


class Count(Thread):
    """A thread that counts beside the run. `total` is None until the number is known."""

    def __init__(self, sources: Sources) -> None:
        super().__init__(daemon=True)
        self.sources = sources
        self.total: int | None = None

    def run(self) -> None:
        counts = [0]
        for name in self.sources.inputs:
            count = None if name == LIST or is_url(name) else _count(name, self.sources)
            if count is None:
                return
            counts.append(count)
        self.total = sum(counts)


def _count(name: str, sources: Sources) -> int | None:
    path = Path(name)
    if path.is_dir():
        return sum(1 for _ in sources.files_of(name))
    if path.exists():
        return _count_rows(path, sources)
    counts = [_count_rows(file, sources) for file in files_like(name)]
    return None if None in counts else sum(count or 0 for count in counts)


def _count_rows(file: Path, sources: Sources) -> int | None:
    kind = format_of(file.name)
    if not kind or not kind.count:
        return None
    if sources.skip_others and kind.read and kind.in_folders:  # the entries of an archive must be opened to know
        return None
    try:
        refuse_endless(file)
        return kind.count(file)
    except Exception:  # whatever the parser raises
        return 1  # the row with the error
