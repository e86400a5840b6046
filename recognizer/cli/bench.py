"""`digits bench`: how fast this machine reads, beside what decoding and the network cost alone on the same cores."""

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import numpy as np
import typer
from PIL import Image, ImageDraw

from recognizer.bulk.engines.choice import cores
from recognizer.bulk.engines.local import LocalEngine
from recognizer.bulk.engines.reader import Reading
from recognizer.bulk.inputs.sources import Sources
from recognizer.bulk.items import Item
from recognizer.bulk.outputs.names import output_for
from recognizer.bulk.run import run
from recognizer.cli.errors import told_errors
from recognizer.cli.options import Model
from recognizer.doors import PixelsDoor
from recognizer.doors.pixels import PICTURES_AT_ONCE, PIXELS_AT_ONCE
from recognizer.errors import BrokenPicture
from recognizer.model import MODELS
from recognizer.model import PICTURES_AT_ONCE as OF_NETWORK_AT_ONCE
from recognizer.model import Model as Network
from recognizer.pictures import decode
from recognizer.recognizer import SHIPPED, load

PICTURES = {28: 100_000, 280: 20_000}  # by px a side
DIFFERENT = 200  # drawings, each of which comes many times
IN_FOLDER = 1_000
ROUNDS = 4  # of some seconds each: at the end of each a process waits for the other, which one run has once
SHAPES = [  # of a seven, a four, a zero: x, y in [0, 1]
    [[(0.1, 0.05), (0.9, 0.05), (0.4, 1.0)], [(0.3, 0.5), (0.75, 0.5)]],
    [[(0.5, 0.0), (0.1, 0.6), (0.95, 0.6)], [(0.7, 0.3), (0.7, 1.0)]],
    [[(0.5, 0.0), (0.1, 0.3), (0.1, 0.7), (0.5, 1.0), (0.9, 0.7), (0.9, 0.3), (0.5, 0.0)]],
]


def bench(
    side: Annotated[list[int] | None, typer.Option(min=16, max=4096, help="Px a side of the pictures.")] = None,
    count: Annotated[
        int | None, typer.Option(min=100, help="Of pictures; else 100,000 of 28 px, 20,000 others.")
    ] = None,
    model: Model = None,
) -> None:
    """Measure how fast this machine reads PNGs, which are made for it and removed.

    The last number is what a run is held to: its pictures a second against what would come of decoding them all and
    then asking onnxruntime, each of the two with all cores and nothing else to do.
    """
    with told_errors():
        load(model)
        typer.echo(f"{cores()} cores")
        for one in side or PICTURES:
            with TemporaryDirectory() as folder:
                _measure(Path(folder), one, count or PICTURES.get(one, PICTURES[280]), model)


def _measure(folder: Path, side: int, count: int, model: Path | None) -> None:
    """In rounds, each of which measures all: a machine is not as fast now as a minute later."""
    rounds = [folder / str(number) for number in range(ROUNDS)]
    of_round = count // ROUNDS
    for one in rounds:
        make_pictures(one, side, of_round)
    seconds: dict[str, float] = defaultdict(float)
    with ProcessPoolExecutor(cores(), get_context("spawn")) as pool, _engines(model) as engines:
        for one in rounds:
            parts = [sorted(one.rglob("*.png"))[start :: cores()] for start in range(cores())]
            seconds["decoding alone"] += max(pool.map(_decode, parts))
            seconds["onnxruntime alone"] += max(pool.map(partial(_ask, model or MODELS / SHIPPED), parts))
            for jobs, engine in engines.items():
                seconds[f"digits classify --jobs {jobs}"] += _classified(one, engine)
    typer.echo(f"\n{of_round * ROUNDS:,} PNGs of {side} × {side} px")
    for what, spent in seconds.items():
        typer.echo(f"  {what:26}{spent:8.1f} s{of_round * ROUNDS / spent:10,.0f} a second")
    alone = seconds["decoding alone"] + seconds["onnxruntime alone"]
    typer.echo(f"  {alone / seconds[f'digits classify --jobs {cores()}']:.0%} of the two alone")


@contextmanager
def _engines(model: Path | None) -> Iterator[dict[int, LocalEngine]]:
    """Of one process, and of one for each core; their processes are there."""
    with ExitStack() as stack:
        engines = {jobs: stack.enter_context(LocalEngine(Reading(model), jobs)) for jobs in sorted({1, cores()})}
        for jobs, engine in engines.items():
            list(engine([Item("none", BrokenPicture("none"))] * 10 * jobs))
        yield engines


def make_pictures(folder: Path, side: int, count: int) -> None:
    random = np.random.default_rng(0)
    images = [_drawn(SHAPES[number % len(SHAPES)], side, random) for number in range(DIFFERENT)]
    for number in range(count):
        within = folder / f"{number // IN_FOLDER:04}"
        within.mkdir(parents=True, exist_ok=True)
        images[number % DIFFERENT].save(within / f"{number:07}.png", compress_level=1)


def _drawn(strokes: list[list[tuple[float, float]]], side: int, random: np.random.Generator) -> Image.Image:
    """Dark on light, of any size and pen, in any place."""
    sheet = Image.new("L", (side, side), 255)
    size = side * random.uniform(0.4, 0.8)
    corner = random.random(2) * (side * 0.9 - size) + side * 0.05
    for stroke in strokes:
        points = [tuple(corner + np.array(point) * size) for point in stroke]
        ImageDraw.Draw(sheet).line(points, 0, max(1, round(size * random.uniform(0.05, 0.12))))
    return sheet


def _decode(files: Sequence[Path]) -> float:
    started = time.perf_counter()
    for file in files:
        decode(file.read_bytes())
    return time.perf_counter() - started


def _ask(model: Path, files: Sequence[Path]) -> float:
    """The two graphs alone, in batches as large as the library's."""
    door, network = PixelsDoor().session, Network(model)
    images = np.stack([decode(file.read_bytes()) for file in files[:DIFFERENT]])
    size = max(1, min(PICTURES_AT_ONCE, PIXELS_AT_ONCE // images[0].size))
    seconds = 0.0
    for start in range(0, len(files), OF_NETWORK_AT_ONCE):
        stack = images[np.arange(start, min(start + OF_NETWORK_AT_ONCE, len(files))) % len(images)]
        started = time.perf_counter()
        network(np.concatenate([door.run(ink=stack[at : at + size])[0] for at in range(0, len(stack), size)]))
        seconds += time.perf_counter() - started
    return seconds


def _classified(folder: Path, engine: LocalEngine) -> float:
    output = output_for(f"{folder}/rows-{engine.jobs}.parquet")
    started = time.perf_counter()
    sum(run(Sources((str(folder),)).items(), engine, output, []))
    output.close(finished=True)
    return time.perf_counter() - started
