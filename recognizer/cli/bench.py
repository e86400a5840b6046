"""`digits bench`: measures how fast this machine reads, and how fast it decodes and runs the network alone."""

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
from recognizer.cli.errors import report_errors
from recognizer.cli.options import Model
from recognizer.doors import PixelsDoor
from recognizer.doors.pixels import PICTURES_AT_ONCE, PIXELS_AT_ONCE
from recognizer.errors import BrokenPicture
from recognizer.model import MODELS
from recognizer.model import PICTURES_AT_ONCE as NETWORK_BATCH
from recognizer.model import Model as Network
from recognizer.pictures import decode
from recognizer.recognizer import SHIPPED, load

PICTURES = {28: 100_000, 280: 20_000}  # by side in px
DISTINCT = 200  # drawings; each is written many times
FILES_PER_FOLDER = 1_000
ROUNDS = 4  # of several seconds: processes wait for the last one at the end of each, so short rounds would read low
SHAPES = [  # strokes of a seven, a four and a zero: x, y in [0, 1]
    [[(0.1, 0.05), (0.9, 0.05), (0.4, 1.0)], [(0.3, 0.5), (0.75, 0.5)]],
    [[(0.5, 0.0), (0.1, 0.6), (0.95, 0.6)], [(0.7, 0.3), (0.7, 1.0)]],
    [[(0.5, 0.0), (0.1, 0.3), (0.1, 0.7), (0.5, 1.0), (0.9, 0.7), (0.9, 0.3), (0.5, 0.0)]],
]


def bench(
    side: Annotated[
        list[int] | None,
        typer.Option(metavar="PX", min=16, max=4096, help="Width and height of the pictures; repeat for several."),
    ] = None,
    count: Annotated[
        int | None,
        typer.Option(metavar="N", min=100, help="Number of pictures (default: 100,000 of 28 px, 20,000 otherwise)."),
    ] = None,
    model: Model = None,
) -> None:
    """Measure how fast this machine reads pictures.

    The pictures are PNGs in a temporary folder. The last line compares a run with the ideal: decode all of them, then
    run the network on all of them, each on every core with nothing else to do.
    """
    with report_errors():
        load(model)
        typer.echo(f"{cores()} cores")
        for side_px in side or PICTURES:
            with TemporaryDirectory() as folder:
                _measure(Path(folder), side_px, count or PICTURES.get(side_px, PICTURES[280]), model)


def _measure(folder: Path, side: int, count: int, model: Path | None) -> None:
    """Measure everything in each round: the speed of a machine changes from minute to minute."""
    rounds = [folder / str(number) for number in range(ROUNDS)]
    total = count // ROUNDS * ROUNDS
    for pictures in rounds:
        make_pictures(pictures, side, count // ROUNDS)
    seconds: dict[str, float] = defaultdict(float)
    with ProcessPoolExecutor(cores(), get_context("spawn")) as pool, _engines(model) as engines:
        for pictures in rounds:
            parts = [sorted(pictures.rglob("*.png"))[start :: cores()] for start in range(cores())]
            seconds["decoding alone"] += max(pool.map(_decode, parts))
            seconds["onnxruntime alone"] += max(pool.map(partial(_run_graphs, model or MODELS / SHIPPED), parts))
            for jobs, engine in engines.items():
                seconds[f"digits classify --jobs {jobs}"] += _classify(pictures, engine)
    typer.echo(f"\n{total:,} PNGs of {side} × {side} px")
    for name, spent in seconds.items():
        typer.echo(f"  {name:26}{spent:8.1f} s{total / spent:10,.0f} pictures/s")
    ideal = seconds["decoding alone"] + seconds["onnxruntime alone"]
    typer.echo(f"  {ideal / seconds[f'digits classify --jobs {cores()}']:.0%} of the ideal")


@contextmanager
def _engines(model: Path | None) -> Iterator[dict[int, LocalEngine]]:
    """Yield an engine of one process and one with a process per core, by jobs, all started."""
    with ExitStack() as stack:
        engines = {jobs: stack.enter_context(LocalEngine(Reading(model), jobs)) for jobs in sorted({1, cores()})}
        for jobs, engine in engines.items():
            list(engine([Item("none", BrokenPicture("none"))] * 10 * jobs))
        yield engines


def make_pictures(folder: Path, side: int, count: int) -> None:
    random = np.random.default_rng(0)
    images = [_draw(SHAPES[number % len(SHAPES)], side, random) for number in range(DISTINCT)]
    for number in range(count):
        subfolder = folder / f"{number // FILES_PER_FOLDER:04}"
        subfolder.mkdir(parents=True, exist_ok=True)
        images[number % DISTINCT].save(subfolder / f"{number:07}.png", compress_level=1)


def _draw(strokes: list[list[tuple[float, float]]], side: int, random: np.random.Generator) -> Image.Image:
    """Draw dark on light, with a random size, pen width and place."""
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


def _run_graphs(model: Path, files: Sequence[Path]) -> float:
    """Time the ONNX graphs alone, in batches of the library's sizes."""
    door, network = PixelsDoor(), Network(model)
    images = np.stack([decode(file.read_bytes()) for file in files[:DISTINCT]])
    size = max(1, min(PICTURES_AT_ONCE, PIXELS_AT_ONCE // images[0].size))
    seconds = 0.0
    for start in range(0, len(files), NETWORK_BATCH):
        stack = images[np.arange(start, min(start + NETWORK_BATCH, len(files))) % len(images)]
        started = time.perf_counter()
        network(np.concatenate([door.read_stack(stack[at : at + size]) for at in range(0, len(stack), size)]))
        seconds += time.perf_counter() - started
    return seconds


def _classify(folder: Path, engine: LocalEngine) -> float:
    output = output_for(f"{folder}/rows-{engine.jobs}.parquet")
    started = time.perf_counter()
    sum(run(Sources((str(folder),)).items(), engine, output, []))
    output.close(finished=True)
    return time.perf_counter() - started
