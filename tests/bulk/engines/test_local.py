"""The local engine: order, stops, and recovery when a process dies."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from recognizer.bulk.engines import local
from recognizer.bulk.engines.local import LocalEngine
from recognizer.bulk.engines.reader import Reading
from tests.support.bulk import FOUR, SEVEN, item
from tests.support.library import TINY

pytestmark = pytest.mark.slow

READING = Reading(TINY)
SUPPORT = Path(__file__).parents[2] / "support"
DEADLY = "deadly"


def many(count):
    return (item("s.npy", SEVEN if page % 2 else FOUR, page) for page in range(1, count + 1))


@pytest.mark.parametrize("jobs", [1, 2])
def test_rows_come_in_item_order_and_equal_those_of_one_process(jobs, reader):
    with LocalEngine(READING, jobs) as engine:
        found = [row for batch in engine(many(300)) for row in batch.to_pylist()]
    expected = reader(many(300)).to_pylist()
    assert [row["page"] for row in found] == list(range(1, 301))
    assert [row["digit"] for row in found] == [row["digit"] for row in expected]
    for row, other in zip(found, expected, strict=True):
        assert row["probabilities"] == pytest.approx(other["probabilities"], abs=1e-5)


def test_no_items_give_no_rows():
    with LocalEngine(READING, 2) as engine:
        assert list(engine([])) == []


def test_after_a_stop_only_items_in_flight_are_read():
    taken: list[Any] = []
    stopped: list[bool] = []

    def items():
        for entry in many(100_000):
            taken.append(entry)
            yield entry

    with LocalEngine(READING, 1, lambda: bool(stopped)) as engine:
        rows = 0
        for batch in engine(items()):
            rows += batch.num_rows
            stopped.append(True)
    assert rows == len(taken) <= 3 * local.FEWEST


def test_items_are_taken_only_as_needed():
    """However many there are, memory holds only those in flight."""
    taken = []

    def items():
        for entry in many(2_000):
            taken.append(entry)
            yield entry

    done = 0
    with LocalEngine(READING, 1) as engine:
        for batch in engine(items()):
            done += batch.num_rows
            assert len(taken) - done <= 2 * local.MOST


def test_a_killed_process_neither_loses_nor_repeats_a_row():
    with LocalEngine(READING, 2) as engine:
        pages = []
        processes = set()
        for number, batch in enumerate(engine(many(600))):
            pages += batch.column("page").to_pylist()
            processes |= {worker.process.pid for worker in engine.workers}
            if number in (1, 6):
                next(worker.process for worker in engine.workers if worker.is_ready).kill()
    assert pages == list(range(1, 601))
    assert len(processes) <= 4  # one more for each killed process, and none for items read again


def test_an_item_that_kills_its_process_becomes_an_error_row_and_the_others_are_read(tmp_path):
    ran = subprocess.run([sys.executable, str(SUPPORT / "deadly.py")], capture_output=True, text=True, cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    reason = "reading it crashed the process: out of memory, or a bug in a decoder"
    assert ran.stdout == f"19 read, 1 not: page 13: {reason}\n"


def test_workers_end_with_their_parent_process(tmp_path):
    """A killed process cannot end its workers."""
    command = [sys.executable, str(SUPPORT / "endless.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path) as program:
        assert program.stdout
        readers = list(map(int, program.stdout.readline().split()))
        program.kill()
    assert len(readers) == 2
    for pid in readers:
        assert_ends(pid)


def assert_ends(pid: int) -> None:
    """Fail if the process does not end within some seconds."""
    for _ in range(200):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    raise AssertionError(f"process {pid} is still there")
