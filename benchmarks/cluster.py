"""Measures how the Ray engine scales: 1, 2 and 4 actors, beside as many local processes on the same pictures.

`python -m benchmarks.cluster [PICTURES]`. Rates leave out the first quarter of the pictures, until all actors are busy.
The time until the first row is given separately. The engines take turns, because a machine's speed varies over minutes.
"""

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from recognizer.bulk.engines.choice import Choice, Kind, cores
from recognizer.bulk.engines.reader import Reading
from recognizer.bulk.inputs.sources import Sources
from recognizer.bulk.resume import Remaining
from recognizer.cli.bench import make_pictures

SIDE, PICTURES, ROUNDS = 28, 24_000, 2
ACTORS = (1, 2, 4)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PICTURES
    with TemporaryDirectory() as folder:
        make_pictures(Path(folder), SIDE, count)
        sources = Sources((folder,))
        print(f"{cores()} cores, {count:,} PNGs of {SIDE} × {SIDE} px, {ROUNDS} rounds")
        print("actors   Ray, a second   local, a second   Ray / local   first row, Ray   local")
        for actors in ACTORS:
            rounds = [{kind: measure(Choice(kind, actors), sources) for kind in Kind} for _ in range(ROUNDS)]
            rate = {kind: sum(figures[kind][0] for figures in rounds) / ROUNDS for kind in Kind}
            first = {kind: sum(figures[kind][1] for figures in rounds) / ROUNDS for kind in Kind}
            print(
                f"{actors:6}{rate[Kind.RAY]:16,.0f}{rate[Kind.LOCAL]:18,.0f}{rate[Kind.RAY] / rate[Kind.LOCAL]:14.0%}"
                f"{first[Kind.RAY]:15.1f} s{first[Kind.LOCAL]:6.1f} s",
                flush=True,
            )


def measure(choice: Choice, sources: Sources) -> tuple[float, float]:
    """Return rows a second after the first quarter, and seconds until the first row."""
    started, rows, arrivals = time.perf_counter(), 0, []
    with choice.engine(sources, Reading(), lambda: False) as engine:
        for batch in engine(Remaining(sources.items())):
            rows += batch.num_rows
            arrivals.append((time.perf_counter(), rows))
    at, before = next(arrival for arrival in arrivals if arrival[1] >= rows / 4)
    return (rows - before) / (arrivals[-1][0] - at), arrivals[0][0] - started


if __name__ == "__main__":
    main()
