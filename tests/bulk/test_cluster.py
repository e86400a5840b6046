"""The Ray engine: the rows of the local one, on one machine and on two nodes, whoever is killed meanwhile."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recognizer.bulk.engines import cluster
from recognizer.bulk.engines.cluster import RayEngine, host_of
from recognizer.bulk.engines.reader import Reader, Reading
from recognizer.bulk.inputs.sources import Sources
from recognizer.bulk.rows import SCHEMA
from recognizer.errors import RecognizerError
from tests.bulk.conftest import NAMES, SEVEN
from tests.bulk.test_classify import DIGITS, ENVIRONMENT, SMALL_PARTS
from tests.recognizer.conftest import TINY
from tests.recognizer.files import encoded

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds processes and ports in /proc")


@pytest.fixture(scope="module")
def expected(inputs) -> pa.Table:
    """As the local engine's reader has them."""
    before = Path.cwd()
    os.chdir(inputs)
    batch = Reader(Reading(TINY))(Sources(NAMES).items())
    os.chdir(before)
    return pa.Table.from_batches([batch.select(SCHEMA.names)])


class Nodes:
    """Of `two_nodes.py`, which runs until it is told no more."""

    def __init__(self, tell: IO[str], told: IO[str], pid: int) -> None:
        self.tell, self.told, self.pid = tell, told, pid
        self.address = told.readline().strip()

    def lose(self) -> None:
        """One of the two; another is there when this returns."""
        print("one", file=self.tell, flush=True)
        assert self.told.readline() == "lost\n"


@pytest.fixture(scope="module")
def nodes() -> Iterator[Nodes]:
    command = [sys.executable, str(Path(__file__).with_name("two_nodes.py"))]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as program:
        assert program.stdin and program.stdout
        yield Nodes(program.stdin, program.stdout, program.pid)
        program.stdin.close()
        program.wait(60)


def spawned(output, folder, *more, inputs=NAMES) -> subprocess.Popen:
    command = [*DIGITS, *inputs, "--output", str(output), "--engine", "ray", "--model", str(TINY), *more]
    return subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True)


def started(output, folder, *more) -> subprocess.Popen:
    """The command, once it has written rows of the many, and before it has written all."""
    program = spawned(output, folder, *more)
    unfinished = output.with_name(output.name + ".unfinished")
    while not (unfinished.exists() and unfinished.stat().st_size > 300_000):
        assert program.poll() is None, program.communicate()[1]
        time.sleep(0.05)
    return program


def ended(program) -> int:
    """Its exit code."""
    with program:
        told = program.communicate(timeout=180)[1]
    assert not told or re.fullmatch(r"(Stopped after )?[\d,]+ pictures: .*\n", told), told
    return program.returncode


def assert_same(output, expected) -> None:
    found = pq.read_table(output)
    assert found.schema == expected.schema
    for name in set(SCHEMA.names) - {"milliseconds", "confidence", "probabilities"}:
        assert found[name].equals(expected[name]), name
    for name in ("confidence", "probabilities"):
        assert found[name].is_valid().equals(expected[name].is_valid())
        ours, theirs = (
            np.concatenate([np.ravel(row) for row in table[name].drop_null().to_pylist()])
            for table in (found, expected)
        )
        np.testing.assert_allclose(ours, theirs, atol=1e-5, rtol=0)


@pytest.mark.slow
def test_one_machine_has_the_local_engine_s_rows_and_is_reached_by_loopback_alone(inputs, expected, tmp_path):
    """With as many actors as it has cores: they leave something to walk and open with."""
    program = started(tmp_path / "rows.parquet", inputs)
    addresses = listening(program.pid)
    assert ended(program) == 1  # some are broken
    assert_same(tmp_path / "rows.parquet", expected)
    assert len(addresses) > 1
    assert set(addresses) <= {"0100007F", "0000000000000000FFFF00000100007F"}


def listening(program: int) -> list[str]:
    """The addresses, as Linux writes them, at which the program and all that it has started wait for others."""
    links = [link for pid in [program, *processes("", program)] for link in open_files(pid)]
    lines = [line.split() for file in ("tcp", "tcp6") for line in Path("/proc/net", file).read_text().splitlines()[1:]]
    return [line[1].split(":")[0] for line in lines if line[3] == "0A" and f"socket:[{line[9]}]" in links]


@pytest.mark.slow
def test_two_nodes_have_the_local_engine_s_rows_though_workers_are_killed(nodes, inputs, expected, tmp_path):
    """An actor, and a process that reads for the other one."""
    program = started(tmp_path / "rows.parquet", inputs, "--ray-address", nodes.address)
    actors = processes("ray::MapWorker", nodes.pid)
    assert len(actors) == 2
    (reader,) = processes("multiprocessing.spawn", actors[1])
    os.kill(reader, signal.SIGKILL)
    os.kill(actors[0], signal.SIGKILL)
    assert ended(program) == 1
    assert_same(tmp_path / "rows.parquet", expected)


@pytest.mark.slow
def test_a_node_that_is_lost_loses_no_row_and_doubles_none(nodes, inputs, expected, tmp_path):
    program = started(tmp_path / "rows.parquet", inputs, "--ray-address", nodes.address)
    nodes.lose()
    assert ended(program) == 1
    assert_same(tmp_path / "rows.parquet", expected)


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGKILL, -9), (signal.SIGTERM, 130)], ids=["killed", "asked"])
def test_a_driver_that_ends_is_gone_on_with(number, code, nodes, inputs, expected, tmp_path):
    output = tmp_path / "rows.parquet"
    program = started(output, inputs, "--ray-address", nodes.address)
    program.send_signal(number)
    assert ended(program) == code
    again = spawned(output, inputs, "--ray-address", nodes.address, "--resume")
    assert ended(again) == 1
    assert_same(output, expected)


def write_parts(output, folder, *more) -> subprocess.Popen:
    """The command that has workers write rows, in parts so small that there are many."""
    arguments = [*NAMES, "--output", f"{output}/", "--engine", "ray", "--model", str(TINY), *more]
    command = [*SMALL_PARTS, "classify", *arguments]
    return subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True)


def begun(program, output, parts) -> subprocess.Popen:
    """Once so many parts are there, and more are to come."""
    while len(list(output.glob("part-*"))) < parts:
        assert program.poll() is None, program.communicate()[1]
        time.sleep(0.05)
    return program


@pytest.mark.slow
def test_parts_that_workers_write_hold_the_same_rows_though_a_node_is_lost(nodes, inputs, expected, tmp_path):
    output = tmp_path / "rows.parquet"
    program = begun(write_parts(output, inputs, "--ray-address", nodes.address), output, 3)
    nodes.lose()
    assert ended(program) == 1
    assert_same(output, expected)
    assert len(list(output.iterdir())) > 10


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGKILL, -9), (signal.SIGTERM, 130)], ids=["killed", "asked"])
def test_parts_of_a_driver_that_ends_are_gone_on_with(number, code, nodes, inputs, expected, tmp_path):
    output = tmp_path / "rows.parquet"
    program = begun(write_parts(output, inputs, "--ray-address", nodes.address), output, 3)
    program.send_signal(number)
    assert ended(program) == code
    assert 0 < pq.read_table(output).num_rows < expected.num_rows
    assert ended(write_parts(output, inputs, "--ray-address", nodes.address, "--resume")) == 1
    assert_same(output, expected)


@pytest.mark.slow
def test_a_report_of_what_workers_wrote_has_the_pictures(nodes, scans, tmp_path):
    """Columns that are not written come to it, too."""
    more = ["--ray-address", nodes.address, "--report", str(tmp_path / "page.html")]
    assert ended(spawned(f"{tmp_path}/rows.parquet/", scans, *more, inputs=["."])) == 1
    page = (tmp_path / "page.html").read_text()
    assert page.count("<img") == 3 and "4 pictures: 2 read" in page


@pytest.mark.slow
@pytest.mark.parametrize("name", ["rows.parquet", "rows.parquet/"])
def test_nothing_to_read_is_refused_as_by_the_local_engine(name, nodes, tmp_path):
    (tmp_path / "scans").mkdir()
    program = spawned(f"{tmp_path}/{name}", tmp_path, "--ray-address", nodes.address, inputs=["scans"])
    assert program.communicate(timeout=180)[1].startswith("Error: Nothing to read: no pictures in scans")
    assert program.returncode == 2 and not (tmp_path / "rows.parquet").exists()


def processes(name: str, ancestor: int) -> list[int]:
    """Those that are called so and were started by that one, or by who was started by it."""
    found = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
    return sorted(pid for pid in found if name in command_of(pid) and ancestor in ancestors(pid))


def ancestors(pid: int) -> Iterator[int]:
    while pid:
        pid = parent(pid)
        yield pid


def open_files(pid: int) -> Iterator[str]:
    with contextlib.suppress(OSError):  # it has ended since, or has closed one
        for file in Path(f"/proc/{pid}/fd").iterdir():
            yield str(file.readlink())


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:  # it has ended since
        return ""


def parent(pid: int) -> int:
    """0 of the first one, and of one that has ended since."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def test_a_list_is_read_before_others_are_to_know_it(inputs):
    with (inputs / "list.txt").open("w+") as listed:
        listed.write("a.png\nb.png\n")
        listed.seek(0)
        assert Sources(("x", "-"), list_file=listed).with_list_read() == Sources(("x", "a.png", "b.png"))


@pytest.mark.parametrize(
    ("address", "host"),
    [
        (None, ("127.0.0.1", None)),
        ("auto", ("auto", None)),
        ("10.0.0.1:6379", ("10.0.0.1", 6379)),
        ("[::1]:6379", ("::1", 6379)),
    ],
)
def test_where_an_address_leads(address, host):
    assert host_of(address) == host


@pytest.mark.parametrize("address", ["127.0.0.1:1", "head:many", "head:70000", "ray://127.0.0.1:1"])
def test_a_cluster_that_is_not_there_is_told_at_once(address):
    with pytest.raises(RecognizerError, match=f"Cannot reach a Ray cluster at {address}: "):
        RayEngine(Sources(()), Reading(TINY), address=address).__enter__()


def test_an_actor_and_three_tasks_fit_on_one_core():
    """Else Ray waits for ever."""
    assert cluster.FOR_ACTORS + 3 * cluster.FOR_OTHERS + cluster.UNLIKE <= 1


@pytest.mark.slow
def test_what_goes_wrong_on_a_node_is_told(nodes, tmp_path):
    """Its copies have nowhere to go."""
    (tmp_path / "a.png").write_bytes(encoded(SEVEN))
    (tmp_path / "file").touch()
    more = ["--ray-address", nodes.address, "--sort-into", str(tmp_path / "file" / "copies")]
    program = spawned(tmp_path / "rows.parquet", tmp_path, *more, inputs=["a.png"])
    assert program.communicate(timeout=100)[1].startswith("Error: The cluster failed: [Errno 20] Not a directory")
    assert program.returncode == 2


@pytest.mark.slow
def test_tasks_give_what_comes_of_them_and_need_no_more_cores_than_there_are(nodes):
    found = in_another_process("sorted(run_tasks(lambda one: 2 * one, [1, 2, 3], 64, ADDRESS))", nodes.address)
    assert found.stdout == "[2, 4, 6]\n", found.stderr
    failed = in_another_process("list(run_tasks(lambda one: 1 / one, [0], 1, ADDRESS))", nodes.address)
    assert failed.returncode == 1
    assert failed.stderr.endswith("RecognizerError: The cluster failed: division by zero\n")


def in_another_process(expression: str, address: str) -> subprocess.CompletedProcess[str]:
    """For this one has Ray not imported, and stays without."""
    program = f"from recognizer.bulk.engines.cluster import run_tasks\nADDRESS = {address!r}\nprint({expression})"
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=ENVIRONMENT, timeout=100)


def test_an_address_needs_the_engine(scans):
    ran = subprocess.run(
        [*DIGITS, str(scans), "--ray-address", "auto"], capture_output=True, text=True, env=ENVIRONMENT
    )
    assert (ran.returncode, ran.stderr) == (2, "Error: --ray-address needs --engine ray.\n")
