"""The engine of many machines: Ray Data walks the inputs, opens them, and reads them by a pool of actors, in order.

The one file that imports Ray. Each actor has a local engine of one process: what ends that process is a row with an
error, as it is there, and no reason to start the actor anew for ever.
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
from recognizer.bulk.engines.work import CELL, Work, packed, unpacked
from recognizer.bulk.inputs.sources import Sources
from recognizer.bulk.outputs.parts import Parts, is_enough
from recognizer.bulk.resume import Left
from recognizer.bulk.rows import written
from recognizer.bulk.stopping import Interrupted, Stop
from recognizer.errors import RecognizerError, how_to_install

FOR_ACTORS = 0.84  # of each core: the rest is for the tasks that list and open files, or Ray deadlocks
FOR_OTHERS = 0.05  # of a core, for each task that walks, opens or writes
RETRIES = 10  # of a task whose process or machine is lost
PARTS_AT_ONCE = 4  # that are being written
ACTORS_FED = 4  # by one task that opens files
UNLIKE = 0.001  # steps that ask for the same are made one, which would open all files one after the other
ON_LOOPBACK = {  # read by Ray when it is imported
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # without clusters its processes listen on loopback alone, on Linux, too
}
LOOPBACK = ("127.0.0.1", "localhost", "::1")
SECONDS_TO_CONNECT = 5.0
QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "fatal"}
# Without a dashboard Ray still starts its process, which asks three clouds' addresses whether this machine is theirs.
# Ray does without the process where its port cannot be had, as on an address that no machine has.
NO_DASHBOARD: dict[str, Any] = {"include_dashboard": False, "dashboard_host": "240.0.0.1", "dashboard_port": 8265}
TOKEN = "RAY_AUTH_TOKEN"  # noqa: S105 - the variable's name; without it Ray writes one to ~/.ray

Given = TypeVar("Given")
Made = TypeVar("Made")
ARROW = "pyarrow"


class RayEngine:
    """Actors that read. Use it with `with`; `stop` is asked before more rows are taken.

    jobs: actors; None: one for each core of the cluster.
    address: of a running cluster, as `ray.init` takes it; None: one of this machine alone is started, and ended.
    Each machine of a cluster needs this package, and has files and the working directory under the same names.
    Raises `RecognizerError` where the cluster cannot be reached, or gives up.
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
        context.target_min_block_size, context.target_max_block_size = 0, 1  # a cell is sent on when it is there
        logging.getLogger("ray.data").setLevel(logging.CRITICAL)  # what goes wrong is raised
        warnings.filterwarnings("ignore", module="ray.data")  # that so few files need fewer actors
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        disconnect()

    def __call__(self, left: Left) -> Iterator[pa.RecordBatch]:
        """Rows of all items, or of those read before `stop` said so, in the items' order."""
        tables = self._rows(left.done).iter_batches(batch_size=None, batch_format=ARROW)
        with as_our_errors(), suppress(Interrupted):
            for table in self.stop.interrupting(iter(tables)):
                yield from _batches(table)
                if self.stop():
                    return

    def to_parts(self, left: Left, parts: Parts, needs: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """The same rows, which tasks write wherever the actors have left them; no more than `needs` comes here."""
        import ray

        task: Any = ray.remote(_written).options(num_cpus=FOR_OTHERS, max_retries=RETRIES)
        writing: deque[Any] = deque()
        with as_our_errors():
            for tables in self._gathered(self._rows(left.done).iter_internal_ref_bundles()):
                writing.append(task.remote(parts, parts.next, needs, *tables))
                parts.next += 1
                while len(writing) > PARTS_AT_ONCE or (writing and ray.wait([writing[0]], timeout=0)[0]):
                    yield from ray.get(writing.popleft())
            for part in writing:
                yield from ray.get(part)

    def _gathered(self, bundles: Iterable[Any]) -> Iterator[list[Any]]:
        """References of tables that make a part, until `stop` says so."""
        tables: list[Any] = []
        size, since = 0, 0.0
        with suppress(Interrupted):
            for bundle in self.stop.interrupting(iter(bundles)):
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

    def _rows(self, done: int) -> Any:
        """The data set of all rows, none of them read yet."""
        import ray.data

        resources: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
        cores = max(1, int(resources.get("CPU", 1)))
        jobs = self.jobs or cores
        work = replace(self.work, actors=jobs)
        return (
            ray.data.from_arrow(packed(done))
            .map_batches(work.walk, num_cpus=FOR_OTHERS, batch_format=ARROW)
            .map_batches(
                work.without_names().open,
                compute=ray.data.TaskPoolStrategy(size=math.ceil(jobs / ACTORS_FED)),
                num_cpus=FOR_OTHERS + UNLIKE,
                batch_format=ARROW,
            )
            .map_batches(
                Actor,
                fn_constructor_args=(work.without_names(),),
                compute=ray.data.ActorPoolStrategy(size=jobs),
                num_cpus=FOR_ACTORS / math.ceil(jobs / cores),
                batch_format=ARROW,
            )
        )


class Actor:
    """Reads, as long as there are items: the model is loaded once."""

    def __init__(self, work: Work) -> None:
        os.chdir(work.folder)
        recognizer.load(work.reading.model)  # a model that this machine lacks is no fault of the pictures
        self.engine = LocalEngine(work.reading, jobs=1)

    def __call__(self, table: pa.Table) -> pa.Table:
        batches = list(self.engine(unpacked(table)))
        file = io.BytesIO()
        with pa.ipc.new_stream(file, batches[0].schema) as stream:
            for batch in batches:
                stream.write_batch(batch)
        return pa.table({CELL: pa.array([file.getvalue()], pa.large_binary())})


def _written(parts: Parts, number: int, needs: Sequence[str], *tables: pa.Table) -> list[pa.RecordBatch]:
    batches = [batch for table in tables for batch in _batches(table)]
    parts.put(number, [written(batch, parts.schema) for batch in batches])
    return [batch.select([name for name in needs if name in batch.schema.names]) for batch in batches]


def _batches(table: pa.Table) -> Iterator[pa.RecordBatch]:
    for cell in table[CELL]:
        yield from pa.ipc.open_stream(cell.as_buffer())


def results(
    function: Callable[[Given], Made], given: Iterable[Given], cores: int, address: str | None
) -> Iterator[Made]:
    """Yield results as tasks finish. Each task has `cores` cores, or all of a machine that has fewer.

    A task whose machine is lost starts again on another. Raises `RecognizerError` as `RayEngine` does.
    """
    connect(address)
    import ray

    try:
        with as_our_errors():
            most = max(node["Resources"].get("CPU", 0.0) for node in ray.nodes())  # type: ignore[no-untyped-call]
            task: Any = ray.remote(lambda one: function(one)).options(num_cpus=min(cores, most), max_retries=RETRIES)
            waiting = [task.remote(one) for one in given]
            while waiting:
                done, waiting = ray.wait(waiting)
                yield ray.get(done[0])
    finally:
        disconnect()


def connect(address: str | None, cores: int | None = None) -> None:
    """cores: that a cluster of this machine has; None: all. Raises `RecognizerError` where none is at the address."""
    try:
        host, port = host_of(address)
        os.environ |= QUIET | (ON_LOOPBACK if host in LOOPBACK else {})
        if address is None:
            os.environ.setdefault(TOKEN, secrets.token_hex(32))
        import ray

        if port:
            socket.create_connection((host, port), SECONDS_TO_CONNECT).close()  # Ray would try for ten minutes
        with unheard(), unchanged(signal.SIGTERM):
            ray.init(
                address or "local",
                num_cpus=None if address else cores,
                log_to_driver=False,
                logging_level=logging.ERROR,
                **({} if address else NO_DASHBOARD),
            )
    except ImportError as error:
        raise RecognizerError(f"The package {error.name} is missing. {how_to_install('ray')}") from None
    except (OSError, RuntimeError, ValueError) as error:
        raise RecognizerError(f"no Ray cluster can be reached at {address or 'this machine'}: {error}") from None


def disconnect() -> None:
    """Ends what `connect` started."""
    sys.modules["ray"].shutdown()


@contextmanager
def as_our_errors() -> Iterator[None]:
    """What the cluster gives up for is a `RecognizerError`."""
    import ray

    try:
        yield
    except ray.exceptions.RayError as error:
        raise RecognizerError(f"the cluster gave up: {getattr(error, 'cause', error)}") from error


@contextmanager
def unheard() -> Iterator[None]:
    """Nothing is written to standard error meanwhile, by libraries either: Ray's core tells of its settings there."""
    kept = os.dup(2)
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - it is no path
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


@contextmanager
def unchanged(number: signal.Signals) -> Iterator[None]:
    """What is done where this signal comes stays what it was: Ray would end the process."""
    before = signal.getsignal(number)
    yield
    if threading.current_thread() is threading.main_thread():
        signal.signal(number, before)


def host_of(address: str | None) -> tuple[str, int | None]:
    """Host, and port where one is told, of `host:port`; of None, loopback. Raises `ValueError`."""
    if address is None:
        return LOOPBACK[0], None
    if "://" in address:
        raise ValueError("an address is host:port, and the command is started on a machine of the cluster")
    found = urlsplit(f"//{address}")
    return found.hostname or "", found.port
