"""Run by a test, which kills it: reads without end, and prints once the process ids of its workers."""

import sys
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from recognizer.bulk.engines.local import LocalEngine
from recognizer.bulk.engines.reader import Reading
from tests.support.bulk import SEVEN, item
from tests.support.library import TINY

if __name__ == "__main__":
    with LocalEngine(Reading(TINY), 2) as engine:
        for batches, _ in enumerate(engine(item("s.npy", SEVEN, page) for page in count(1))):
            if not batches:
                print(*(worker.process.pid for worker in engine.workers), flush=True)
