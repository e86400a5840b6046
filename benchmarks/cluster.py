"""How the Ray engine scales: 1, 2 and 4 actors beside as many local processes, on the same cores and pictures.

`python -m benchmarks.cluster [PICTURES]`. A rate is that of the pictures after the first quarter, when all actors are
there and busy; start-up, given apart, is the time until the first row. The engines take turns, for a machine is not as
fast now as a minute later.
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
            rounds = [{kind: measured(Choice(kind, actors), sources) for kind in Kind} for _ in range(ROUNDS)]
            rate = {kind: sum(one[kind][0] for one in rounds) / ROUNDS for kind in Kind}
            first = {kind: sum(one[kind][1] for one in rounds) / ROUNDS for kind in Kind}
            print(
                f"{actors:6}{rate[Kind.RAY]:16,.0f}{rate[Kind.LOCAL]:18,.0f}{rate[Kind.RAY] / rate[Kind.LOCAL]:14.0%}"
                f"{first[Kind.RAY]:15.1f} s{first[Kind.LOCAL]:6.1f} s",
                flush=True,
            )


def measured(choice: Choice, sources: Sources) -> tuple[float, float]:
    """Rows a second once a quarter of them is there, and the seconds until the first."""
    started, rows, arrivals = time.perf_counter(), 0, []
    with choice.engine(sources, Reading(), lambda: False) as engine:
        for batch in engine(Remaining(sources.items())):
            rows += batch.num_rows
            arrivals.append((time.perf_counter(), rows))
    at, before = next(one for one in arrivals if one[1] >= rows / 4)
    return (rows - before) / (arrivals[-1][0] - at), arrivals[0][0] - started


if __name__ == "__main__":
    main()
