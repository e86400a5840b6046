"""The process that opens a file has no network, and limits on time, memory and file size."""

import socket
import subprocess
import sys
import textwrap

import pytest

pytestmark = pytest.mark.slow


def run(program):
    code = "import os\nfrom recognizer.importing import sandbox\nsandbox.give_up_rights(os.getppid())\n"
    code += textwrap.dedent(program)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)


def test_it_reaches_no_server_of_this_machine():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        ran = run(f"import socket; socket.create_connection(('127.0.0.1', {port}), 2)")
    assert ran.returncode and "no network" in ran.stderr


def test_a_loop_that_never_ends_is_stopped():
    ran = run("sandbox.limit_time(1)\nwhile True: pass")
    assert ran.returncode == -24  # SIGXCPU


def test_it_gets_no_memory_beyond_its_share():
    ran = run("sandbox.limit_memory()\nbytearray(4 << 30)")
    assert "MemoryError" in ran.stderr


def test_it_writes_no_file_beyond_its_share(tmp_path):
    ran = run(f"file = open('{tmp_path}/large', 'wb')\nfile.seek(2 << 30)\nfile.write(b'1')\nfile.flush()")
    assert ran.returncode != 0
