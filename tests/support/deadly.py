"""Run by a test: one of twenty items kills the process that reads it, like a crash in a decoder."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from recognizer.bulk.engines.local import LocalEngine
from recognizer.bulk.engines.reader import Reading
from recognizer.bulk.items import Item
from tests.support.bulk import SEVEN
from tests.support.library import TINY


class Deadly(type(Path())):  # type: ignore[misc]
    """A path that ends the process that looks at it."""

    def stat(self, *args, **kwargs):
        os._exit(1)


if __name__ == "__main__":
    items = [Item("s.npy", Deadly("x") if page == 13 else SEVEN, page) for page in range(1, 21)]
    with LocalEngine(Reading(TINY), 2) as engine:
        rows = [row for batch in engine(items) for row in batch.to_pylist()]
    assert [row["page"] for row in rows] == list(range(1, 21))
    (broken,) = [row for row in rows if row["error"]]
    print(f"{sum(row['digit'] == 7 for row in rows)} read, 1 not: page {broken['page']}: {broken['error']}")
