"""How many rows a run will have, where that can be told without opening each picture: for the time that is left."""

from pathlib import Path
from threading import Thread

from recognizer.bulk.inputs.files import refuse_endless
from recognizer.bulk.inputs.folders import files_below, files_like
from recognizer.bulk.inputs.formats import format_of, is_picture
from recognizer.bulk.inputs.sources import LIST, Sources
from recognizer.bulk.items import is_url


class Count(Thread):
    """Counts beside the run, which need not wait for it. `total`: None as long as it is not known."""

    def __init__(self, sources: Sources) -> None:
        super().__init__(daemon=True)
        self.sources = sources
        self.total: int | None = None

    def run(self) -> None:
        counts = [0]
        for one in self.sources.inputs:
            count = None if one == LIST or is_url(one) else _count(one)
            if count is None:
                return
            counts.append(count)
        self.total = sum(counts)


def _count(name: str) -> int | None:
    path = Path(name)
    if path.is_dir():
        return sum(is_picture(file.name) for file in files_below(path))
    if path.exists():
        return _rows_of(path)
    counts = [_rows_of(file) for file in files_like(name)]
    return None if None in counts else sum(count or 0 for count in counts)


def _rows_of(file: Path) -> int | None:
    found = format_of(file.name)
    if not found or not found.count:
        return None
    try:
        refuse_endless(file)
        return found.count(file)
    except Exception:  # whatever its parser raises
        return 1  # a row with its error
