"""The command `digits`, as a program and called in this process."""

import os
import sys
from pathlib import Path

from typer.testing import CliRunner

from recognizer.cli.command import app
from tests.support.library import TINY

ROOT = Path(__file__).parents[2]
DIGITS = [sys.executable, "-c", "from recognizer.cli.main import main; main()", "classify"]
PARTS = "from recognizer.bulk.outputs import parts; parts.BYTES_ENOUGH = 10_000"  # many parts instead of one
SMALL_PARTS = [sys.executable, "-c", f"from recognizer.cli.main import main; {PARTS}; main()"]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1", "COLUMNS": "100"}


def digits(*arguments, given=""):
    return CliRunner().invoke(app, [*map(str, arguments), "--jobs", "1", "--model", str(TINY)], input=given)


def classify(*arguments, given=""):
    return digits("classify", *arguments, given=given)
