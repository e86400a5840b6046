"""The Ray engine gives the rows of the local one, on one machine and on two nodes, whatever is killed meanwhile."""

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

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recognizer.bulk.engines import cluster
from recognizer.bulk.engines.cluster import RayEngine, host_of
from recognizer.bulk.engines.reader import Reader, Reading
from recognizer.bulk.inputs.sources import Sources
from recognizer.bulk.rows import SCHEMA
from recognizer.errors import RecognizerError
from tests.support.bulk import NAMES, SEVEN
from tests.support.commands import DIGITS, ENVIRONMENT, SMALL_PARTS
from tests.support.files import encode
from tests.support.library import TINY
from tests.support.rows import assert_same

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds processes and ports in /proc")


@pytest.fixture(scope="module")
def expected(inputs) -> pa.Table:
    """Rows as the reader of the local engine makes them."""
    before = Path.cwd()
    os.chdir(inputs)
    batch = Reader(Reading(TINY))(Sources(NAMES).items())
    os.chdir(before)
    return pa.Table.from_batches([batch.select(SCHEMA.names)])


class Nodes:
    """The two nodes of `two_nodes.py`, which runs until its input ends."""

    def __init__(self, tell: IO[str], told: IO[str], pid: int) -> None:
        self.tell, self.told, self.pid = tell, told, pid
        self.address = told.readline().strip()

    def lose(self) -> None:
        """End one of the two nodes. Another has replaced it when this returns."""
        print("one", file=self.tell, flush=True)
        assert self.told.readline() == "lost\n"


@pytest.fixture(scope="module")
def nodes() -> Iterator[Nodes]:
    command = [sys.executable, str(Path(__file__).parents[2] / "support/two_nodes.py")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as program:
        assert program.stdin and program.stdout
        yield Nodes(program.stdin, program.stdout, program.pid)
        program.stdin.close()
        program.wait(60)


def spawn(output, folder, *more, inputs=NAMES) -> subprocess.Popen:
    command = [*DIGITS, *inputs, "--output", str(output), "--engine", "ray", "--model", str(TINY), *more]
    return subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True)


def start(output, folder, *more) -> subprocess.Popen:
    """Start the command, and wait until it has written some of its many rows."""
    program = spawn(output, folder, *more)
    unfinished = output.with_name(output.name + ".unfinished")
    while not (unfinished.exists() and unfinished.stat().st_size > 100_000):
        assert program.poll() is None, program.communicate()[1]
        time.sleep(0.05)
    return program


def wait_for_end(program) -> int:
    """Wait for the end of the command; its exit code."""
    with program:
        told = program.communicate(timeout=180)[1]
    assert not told or re.fullmatch(r"(Stopped after )?[\d,]+ pictures: .*\n", told), told
    return program.returncode


@pytest.mark.slow
def test_one_machine_writes_the_rows_of_the_local_engine_and_listens_on_loopback_only(inputs, expected, tmp_path):
    """There are as many actors as cores, and they leave some CPU for the listing tasks."""
    program = start(tmp_path / "rows.parquet", inputs)
    addresses = listening_addresses(program.pid)
    assert wait_for_end(program) == 1  # some are broken
    assert_same(tmp_path / "rows.parquet", expected)
    assert len(addresses) > 1
    assert set(addresses) <= {"0100007F", "0000000000000000FFFF00000100007F"}


def listening_addresses(program: int) -> list[str]:
    """Addresses, as Linux writes them, on which the program and its descendants listen."""
    links = [link for pid in [program, *descendants("", program)] for link in open_files(pid)]
    lines = [line.split() for file in ("tcp", "tcp6") for line in Path("/proc/net", file).read_text().splitlines()[1:]]
    return [line[1].split(":")[0] for line in lines if line[3] == "0A" and f"socket:[{line[9]}]" in links]


@pytest.mark.slow
def test_two_nodes_write_the_rows_of_the_local_engine_although_workers_are_killed(nodes, inputs, expected, tmp_path):
    """One actor is killed, and a reading process of the other."""
    program = start(tmp_path / "rows.parquet", inputs, "--ray-address", nodes.address)
    actors = descendants("ray::MapWorker", nodes.pid)
    assert len(actors) == 2
    (reader,) = descendants("multiprocessing.spawn", actors[1])
    os.kill(reader, signal.SIGKILL)
    os.kill(actors[0], signal.SIGKILL)
    assert wait_for_end(program) == 1
    assert_same(tmp_path / "rows.parquet", expected)


@pytest.mark.slow
def test_losing_a_node_neither_loses_nor_repeats_a_row(nodes, inputs, expected, tmp_path):
    program = start(tmp_path / "rows.parquet", inputs, "--ray-address", nodes.address)
    nodes.lose()
    assert wait_for_end(program) == 1
    assert_same(tmp_path / "rows.parquet", expected)


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGKILL, -9), (signal.SIGTERM, 130)], ids=["killed", "asked"])
def test_a_run_whose_driver_ended_can_be_resumed(number, code, nodes, inputs, expected, tmp_path):
    output = tmp_path / "rows.parquet"
    program = start(output, inputs, "--ray-address", nodes.address)
    program.send_signal(number)
    assert wait_for_end(program) == code
    again = spawn(output, inputs, "--ray-address", nodes.address, "--resume")
    assert wait_for_end(again) == 1
    assert_same(output, expected)


def spawn_writing_parts(output, folder, *more) -> subprocess.Popen:
    """Start the command with workers that write many small parts."""
    arguments = [*NAMES, "--output", f"{output}/", "--engine", "ray", "--model", str(TINY), *more]
    command = [*SMALL_PARTS, "classify", *arguments]
    return subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True)


def wait_for_parts(program, output, parts) -> subprocess.Popen:
    """Wait until that many parts exist. More must follow."""
    while len(list(output.glob("part-*"))) < parts:
        assert program.poll() is None, program.communicate()[1]
        time.sleep(0.05)
    return program


@pytest.mark.slow
def test_parts_written_by_workers_hold_the_same_rows_although_a_node_is_lost(nodes, inputs, expected, tmp_path):
    output = tmp_path / "rows.parquet"
    program = wait_for_parts(spawn_writing_parts(output, inputs, "--ray-address", nodes.address), output, 3)
    nodes.lose()
    assert wait_for_end(program) == 1
    assert_same(output, expected)
    assert len(list(output.iterdir())) > 5


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGKILL, -9), (signal.SIGTERM, 130)], ids=["killed", "asked"])
def test_parts_of_a_run_whose_driver_ended_can_be_resumed(number, code, nodes, inputs, expected, tmp_path):
    output = tmp_path / "rows.parquet"
    program = wait_for_parts(spawn_writing_parts(output, inputs, "--ray-address", nodes.address), output, 3)
    program.send_signal(number)
    assert wait_for_end(program) == code
    assert 0 < pq.read_table(output).num_rows < expected.num_rows
    assert wait_for_end(spawn_writing_parts(output, inputs, "--ray-address", nodes.address, "--resume")) == 1
    assert_same(output, expected)


@pytest.mark.slow
def test_a_report_on_rows_written_by_workers_shows_the_pictures(nodes, scans, tmp_path):
    """The report also gets columns that are not written."""
    more = ["--ray-address", nodes.address, "--report", str(tmp_path / "page.html")]
    assert wait_for_end(spawn(f"{tmp_path}/rows.parquet/", scans, *more, inputs=["."])) == 1
    page = (tmp_path / "page.html").read_text()
    assert page.count("<img") == 3 and "7 pictures: 2 read" in page


@pytest.mark.slow
@pytest.mark.parametrize("name", ["rows.parquet", "rows.parquet/"])
def test_empty_inputs_are_refused_as_by_the_local_engine(name, nodes, tmp_path):
    (tmp_path / "scans").mkdir()
    program = spawn(f"{tmp_path}/{name}", tmp_path, "--ray-address", nodes.address, inputs=["scans"])
    assert program.communicate(timeout=180)[1].startswith("Error: Nothing to read: no pictures in scans")
    assert program.returncode == 1 and not (tmp_path / "rows.parquet").exists()


def descendants(name: str, ancestor: int) -> list[int]:
    """Descendants of the ancestor with this name in their command."""
    found = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
    return sorted(pid for pid in found if name in command_of(pid) and ancestor in ancestors(pid))


def ancestors(pid: int) -> Iterator[int]:
    while pid:
        pid = parent_of(pid)
        yield pid


def open_files(pid: int) -> Iterator[str]:
    with contextlib.suppress(OSError):  # the process has ended, or has closed a file
        for file in Path(f"/proc/{pid}/fd").iterdir():
            yield str(file.readlink())


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:  # the process has ended
        return ""


def parent_of(pid: int) -> int:
    """0 for the first process, and for one that has ended."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def test_a_list_on_standard_input_is_read_before_sources_are_sent_to_workers(inputs):
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
def test_an_address_is_split_into_host_and_port(address, host):
    assert host_of(address) == host


@pytest.mark.parametrize("address", ["127.0.0.1:1", "head:many", "head:70000", "ray://127.0.0.1:1"])
def test_a_missing_cluster_is_reported_at_once(address):
    with pytest.raises(RecognizerError, match=f"Cannot reach a Ray cluster at {address}: "):
        RayEngine(Sources(()), Reading(TINY), address=address).__enter__()


def test_an_actor_and_three_tasks_fit_on_one_core():
    """Or Ray deadlocks."""
    assert cluster.FOR_ACTORS + 3 * cluster.FOR_OTHERS + cluster.EXTRA_CORES <= 1


@pytest.mark.slow
def test_an_error_on_a_node_is_reported(nodes, tmp_path):
    """There is no folder for its copies."""
    (tmp_path / "a.png").write_bytes(encode(SEVEN))
    (tmp_path / "file").touch()
    more = ["--ray-address", nodes.address, "--sort-into", str(tmp_path / "file" / "copies")]
    program = spawn(tmp_path / "rows.parquet", tmp_path, *more, inputs=["a.png"])
    assert program.communicate(timeout=100)[1].startswith("Error: The cluster failed: [Errno 20] Not a directory")
    assert program.returncode == 2


@pytest.mark.slow
def test_tasks_return_results_and_need_no_more_cores_than_exist(nodes):
    found = run_in_another_process("sorted(run_tasks(lambda one: 2 * one, [1, 2, 3], 64, ADDRESS))", nodes.address)
    assert found.stdout == "[2, 4, 6]\n", found.stderr
    failed = run_in_another_process("list(run_tasks(lambda one: 1 / one, [0], 1, ADDRESS))", nodes.address)
    assert failed.returncode == 1
    assert failed.stderr.endswith("RecognizerError: The cluster failed: division by zero\n")


def run_in_another_process(expression: str, address: str) -> subprocess.CompletedProcess[str]:
    """This process must not import Ray."""
    program = f"from recognizer.bulk.engines.cluster import run_tasks\nADDRESS = {address!r}\nprint({expression})"
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=ENVIRONMENT, timeout=100)


def test_an_address_without_the_ray_engine_is_refused(scans):
    ran = subprocess.run(
        [*DIGITS, str(scans), "--ray-address", "auto"], capture_output=True, text=True, env=ENVIRONMENT
    )
    assert (ran.returncode, ran.stderr) == (2, "Error: --ray-address needs --engine ray.\n")
