"""The engine for many machines: Ray Data lists the inputs, opens them, and reads them with a pool of actors, in order.

This is the only file that imports Ray. Each actor has a local engine of one process: an item that kills the process
becomes a row with an error, and does not restart the actor over and over.
"""

import io
import logging
import math
import os
import secrets
import signal
import socket
import sys
import threading
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

import pyarrow as pa

import recognizer
from recognizer.bulk.engines.local import LocalEngine
from recognizer.bulk.engines.reader import Reading
from recognizer.bulk.engines.work import CELL, Work, pack, unpack
from recognizer.bulk.inputs.sources import Sources
from recognizer.bulk.outputs.parts import Parts, is_enough
from recognizer.bulk.resume import Remaining
from recognizer.bulk.rows import saved_columns
from recognizer.bulk.stopping import Interrupted, Stop
from recognizer.errors import RecognizerError, how_to_install

FOR_ACTORS = 0.84  # of each core: the rest is for the tasks that list and open files, or Ray deadlocks
FOR_OTHERS = 0.05  # of a core, for each task that lists, opens or writes
RETRIES = 10  # of a task that loses its process or machine
PARTS_AT_ONCE = 4  # being written at the same time
ACTORS_PER_OPENER = 4  # an opener is a task that opens files
EXTRA_CORES = 0.001  # for openers: Ray fuses steps that need equal resources, and then opens files one at a time
ON_LOOPBACK = {  # Ray reads this at import
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # then its processes listen on loopback only, also on Linux
}
LOOPBACK = ("127.0.0.1", "localhost", "::1")
SECONDS_TO_CONNECT = 5.0
QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "fatal"}
# Even without a dashboard, Ray starts its process, which contacts three cloud providers to detect where it runs. With
# an address that no machine has, the process cannot start, and Ray works without it.
NO_DASHBOARD: dict[str, Any] = {"include_dashboard": False, "dashboard_host": "240.0.0.1", "dashboard_port": 8265}
TOKEN = "RAY_AUTH_TOKEN"  # noqa: S105 - the name of a variable; if it is unset, Ray writes a token to ~/.ray

Value = TypeVar("Value")
Result = TypeVar("Result")
ARROW = "pyarrow"


class RayEngine:
    """Reads with Ray actors. Use it in a `with` block; it calls `stop` before it takes more rows.

    jobs: number of actors; None: one per core of the cluster.
    address: of a running cluster, as `ray.init` takes it; None: start Ray on this machine, and stop it at the end.
    Each machine of a cluster needs this package, and the files and the working directory under the same names.
    Raises `RecognizerError` if the cluster cannot be reached or fails.
    """

    def __init__(
        self,
        sources: Sources,
        reading: Reading,
        jobs: int | None = None,
        address: str | None = None,
        stop: Stop | None = None,
    ) -> None:
        self.work = Work(Path.cwd(), sources, reading)
        self.jobs = jobs
        self.address = address
        self.stop = stop or Stop()

    def __enter__(self) -> Self:
        connect(self.address, self.jobs)
        import ray.data

        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        context.execution_options.preserve_order = True
        context.raise_original_map_exception = True
        context.target_min_block_size, context.target_max_block_size = 0, 1  # pass each cell on as soon as it is made
        logging.getLogger("ray.data").setLevel(logging.CRITICAL)  # errors are raised as well
        warnings.filterwarnings("ignore", module="ray.data")  # it suggests fewer actors for few files
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        disconnect()

    def __call__(self, remaining: Remaining) -> Iterator[pa.RecordBatch]:
        """Yield the rows of all items, in order, until `stop` is requested."""
        tables = self._dataset(remaining.done).iter_batches(batch_size=None, batch_format=ARROW)
        with convert_errors(), suppress(Interrupted):
            for table in self.stop.guard(iter(tables)):
                yield from _batches(table)
                if self.stop():
                    return

    def write_parts(self, remaining: Remaining, parts: Parts, needs: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Write the rows in tasks beside the actors; yield the rows with only the columns in `needs`."""
        import ray

        task: Any = ray.remote(_write_part).options(num_cpus=FOR_OTHERS, max_retries=RETRIES)
        writing: deque[Any] = deque()
        with convert_errors():
            for tables in self._gather_parts(self._dataset(remaining.done).iter_internal_ref_bundles()):
                writing.append(task.remote(parts, parts.next, needs, *tables))
                parts.next += 1
                while len(writing) > PARTS_AT_ONCE or (writing and ray.wait([writing[0]], timeout=0)[0]):
                    yield from ray.get(writing.popleft())
            for part in writing:
                yield from ray.get(part)

    def _gather_parts(self, bundles: Iterable[Any]) -> Iterator[list[Any]]:
        """Yield the references of the tables of each part, until `stop` is requested."""
        tables: list[Any] = []
        size, since = 0, 0.0
        with suppress(Interrupted):
            for bundle in self.stop.guard(iter(bundles)):
                since = since if tables else time.monotonic()
                tables += bundle.block_refs
                size += bundle.size_bytes()
                if is_enough(size, since):
                    yield tables
                    tables, size = [], 0
                if self.stop():
                    break
        if tables:
            yield tables

    def _dataset(self, done: int) -> Any:
        """The lazy data set of all rows."""
        import ray.data

        resources: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
        cores = max(1, int(resources.get("CPU", 1)))
        jobs = self.jobs or cores
        work = replace(self.work, actors=jobs)
        return (
            ray.data.from_arrow(pack(done))
            .map_batches(work.list_files, num_cpus=FOR_OTHERS, batch_format=ARROW)
            .map_batches(
                work.without_inputs().open_files,
                compute=ray.data.TaskPoolStrategy(size=math.ceil(jobs / ACTORS_PER_OPENER)),
                num_cpus=FOR_OTHERS + EXTRA_CORES,
                batch_format=ARROW,
            )
            .map_batches(
                Actor,
                fn_constructor_args=(work.without_inputs(),),
                compute=ray.data.ActorPoolStrategy(size=jobs),
                num_cpus=FOR_ACTORS / math.ceil(jobs / cores),
                batch_format=ARROW,
            )
        )


class Actor:
    """Loads the model once, then reads batches of items."""

    def __init__(self, work: Work) -> None:
        os.chdir(work.folder)
        recognizer.load(work.reading.model)  # raise here if this machine lacks the model, not for each picture
        self.engine = LocalEngine(work.reading, jobs=1)

    def __call__(self, table: pa.Table) -> pa.Table:
        batches = list(self.engine(unpack(table)))
        file = io.BytesIO()
        with pa.ipc.new_stream(file, batches[0].schema) as stream:
            for batch in batches:
                stream.write_batch(batch)
        return pa.table({CELL: pa.array([file.getvalue()], pa.large_binary())})


def _write_part(parts: Parts, number: int, needs: Sequence[str], *tables: pa.Table) -> list[pa.RecordBatch]:
    batches = [batch for table in tables for batch in _batches(table)]
    parts.put(number, [saved_columns(batch, parts.schema) for batch in batches])
    return [batch.select([name for name in needs if name in batch.schema.names]) for batch in batches]


def _batches(table: pa.Table) -> Iterator[pa.RecordBatch]:
    for cell in table[CELL]:
        yield from pa.ipc.open_stream(cell.as_buffer())


def run_tasks(
    function: Callable[[Value], Result], values: Iterable[Value], cores: int, address: str | None
) -> Iterator[Result]:
    """Call the function on each value in a task of its own, and yield the results as tasks finish.

    Each task has `cores` cores, or all of a machine that has fewer. A task that loses its machine starts again on
    another. Raises `RecognizerError` as `RayEngine` does.
    """
    connect(address)
    import ray

    try:
        with convert_errors():
            most = max(node["Resources"].get("CPU", 0.0) for node in ray.nodes())  # type: ignore[no-untyped-call]
            task: Any = ray.remote(lambda value: function(value)).options(
                num_cpus=min(cores, most), max_retries=RETRIES
            )
            waiting = [task.remote(value) for value in values]
            while waiting:
                done, waiting = ray.wait(waiting)
                yield ray.get(done[0])
    finally:
        disconnect()


def connect(address: str | None, cores: int | None = None) -> None:
    """Connect to a cluster, or start Ray on this machine with `cores` cores (None: all). Raises `RecognizerError`."""
    try:
        host, port = host_of(address)
        os.environ |= QUIET | (ON_LOOPBACK if host in LOOPBACK else {})
        if address is None:
            os.environ.setdefault(TOKEN, secrets.token_hex(32))
        import ray

        if port:
            socket.create_connection((host, port), SECONDS_TO_CONNECT).close()  # Ray would try for ten minutes
        with silence_stderr(), keep_handler(signal.SIGTERM):
            ray.init(
                address or "local",
                num_cpus=None if address else cores,
                log_to_driver=False,
                logging_level=logging.ERROR,
                **({} if address else NO_DASHBOARD),
            )
    except ImportError as error:
        raise RecognizerError(f"--engine ray needs the package {error.name}. {how_to_install('ray')}") from None
    except (OSError, RuntimeError, ValueError) as error:
        place = f"reach a Ray cluster at {address}" if address else "start Ray on this machine"
        raise RecognizerError(f"Cannot {place}: {getattr(error, 'strerror', None) or error}") from None


def disconnect() -> None:
    """Undo `connect`: leave the cluster, and stop Ray if it was started here."""
    sys.modules["ray"].shutdown()


@contextmanager
def convert_errors() -> Iterator[None]:
    """Turn errors of Ray into `RecognizerError`."""
    import ray

    try:
        yield
    except ray.exceptions.RayError as error:
        raise RecognizerError(f"The cluster failed: {getattr(error, 'cause', error)}") from error


@contextmanager
def silence_stderr() -> Iterator[None]:
    """Discard standard error, also of C code: Ray's core prints its settings there."""
    original = os.dup(2)
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - it is no path
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(original, 2)
        os.close(original)


@contextmanager
def keep_handler(number: signal.Signals) -> Iterator[None]:
    """Restore this signal's handler afterwards: Ray's handler would end the process."""
    before = signal.getsignal(number)
    yield
    if threading.current_thread() is threading.main_thread():
        signal.signal(number, before)


def host_of(address: str | None) -> tuple[str, int | None]:
    """`host:port` → host and port, which may be missing; None → loopback. Raises `ValueError`."""
    if address is None:
        return LOOPBACK[0], None
    if "://" in address:
        raise ValueError("give host:port, and run the command on a machine of the cluster")
    found = urlsplit(f"//{address}")
    return found.hostname or "", found.port
