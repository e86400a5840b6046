"""How the Ray engine scales: 1, 2 and 4 actors beside as many local processes, on the same cores and pictures.

`python -m benchmarks.cluster [PICTURES]`. A rate is that of the pictures between the first quarter and the last row,
when all actors are there; start-up is the time until the first row. Both engines take turns, for machines are not as
fast now as a minute later.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from recognizer.bulk.bench import _make
from recognizer.bulk.engines import Choice, Kind, cores
from recognizer.bulk.reader import Reading
from recognizer.bulk.resume import Left
from recognizer.bulk.sources import Sources

SIDE, PICTURES, ROUNDS = 28, 24_000, 1
ACTORS = (1, 2, 4)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PICTURES
    with TemporaryDirectory() as folder:
        _make(Path(folder), SIDE, count)
        sources = Sources((folder,))
        print(f"{cores()} cores, {count:,} PNGs of {SIDE} × {SIDE} px, {ROUNDS} rounds")
        print("actors   Ray, a second   local, a second   Ray / local   Ray's first row after")
        for actors in ACTORS:
            rounds = [[measured(Choice(kind, actors), sources) for kind in (Kind.RAY, Kind.LOCAL)] for _ in range(ROUNDS)]
            ray = sum(one[0][0] for one in rounds) / ROUNDS
            local = sum(one[1][0] for one in rounds) / ROUNDS
            start = sum(one[0][1] for one in rounds) / ROUNDS
            print(f"{actors:6}{ray:16,.0f}{local:18,.0f}{ray / local:14.0%}{start:22.1f} s", flush=True)


def measured(choice: Choice, sources: Sources) -> tuple[float, float]:
    """Rows a second once a quarter is read, and the seconds until the first row."""
    started = time.perf_counter()
    with choice.engine(sources, Reading(), lambda: False) as engine:
        arrivals = list(arriving(engine(Left(sources.items()))))
    total = arrivals[-1][1]
    at, rows = next(one for one in arrivals if one[1] >= total / 4)
    return (total - rows) / (arrivals[-1][0] - at), arrivals[0][0] - started


def arriving(batches: Iterator[pa.RecordBatch]) -> Iterator[tuple[float, int]]:
    rows = 0
    for batch in batches:
        rows += batch.num_rows
        yield time.perf_counter(), rows


if __name__ == "__main__":
    main()
