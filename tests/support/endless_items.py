"""Run by a test: an item, or a file of items, that never ends. Arguments: which, and the time limit.

python endless_items.py item|file SECONDS
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from recognizer.bulk import limits
from recognizer.bulk.engines.local import LocalEngine
from recognizer.bulk.engines.reader import Reading
from recognizer.bulk.inputs import sources
from recognizer.bulk.inputs.formats import Format
from recognizer.bulk.inputs.sources import Sources
from recognizer.bulk.items import Item
from recognizer.bulk.stopping import handle_signals
from tests.support.bulk import SEVEN
from tests.support.library import TINY

limits.SECONDS = float(sys.argv[2])  # reading processes import this module, too


class Endless(type(Path())):  # type: ignore[misc]
    """A path that takes for ever to look at."""

    def stat(self, *args, **kwargs):
        while True:
            pass


def endless(file, columns):
    yield Item(str(file), SEVEN, 1)
    print("begun", flush=True)
    while True:
        pass


def items():
    for page in range(1, 21):
        yield Item("s.npy", Endless("x") if page == 13 else SEVEN, page)
    print("begun", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "file":
        Path("a.endless").touch()
        sources.format_of = lambda name: Format("ENDLESS", (".endless",), endless)  # type: ignore[attr-defined]
    found = items() if sys.argv[1] == "item" else Sources(("a.endless",)).items()
    processes = set()
    with handle_signals() as stop, LocalEngine(Reading(TINY), 2, stop) as engine:
        for batch in engine(stop.guard(found)):
            processes |= {worker.process.pid for worker in engine.workers}
            for row in batch.to_pylist():
                print(row["page"], row["error"] or row["digit"])
    print(f"{len(processes)} processes", "stopped" if stop() else "finished")
