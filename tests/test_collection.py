"""Test ids are the same in every process, as pytest-xdist demands, and easy to type."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LONGEST_ID = 120  # characters in the brackets
# Bytes, escapes, arrays, addresses, computed numbers. pytest writes non-ASCII letters as \\uNNNN.
UNREADABLE = re.compile(r"\\[^u]|b'|array\(| at 0x|\d\.\d{7}|\d{13}")

pytestmark = pytest.mark.slow


def collect(hash_seed: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"]
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    return subprocess.Popen(
        command, cwd=ROOT, env=env | {"PYTHONHASHSEED": hash_seed}, stdout=subprocess.PIPE, text=True
    )


@pytest.fixture(scope="module")
def collections() -> list[list[str]]:
    """Test ids from two processes that start more than a second apart and hash texts differently."""
    first = collect("1")
    time.sleep(1.1)
    return [[line for line in run.communicate()[0].splitlines() if "::" in line] for run in (first, collect("2"))]


def test_every_process_collects_the_same_tests_in_the_same_order(collections):
    first, second = collections
    assert len(first) > 4000
    assert first == second


def test_test_ids_are_short_and_hold_no_bytes_or_computed_numbers(collections):
    ids = {line: line.partition("[")[2].removesuffix("]") for line in collections[0]}
    assert [line for line, id_ in ids.items() if len(id_) > LONGEST_ID or UNREADABLE.search(id_)] == []
