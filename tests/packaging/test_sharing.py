"""Tests share code through `tests/support`: no file imports a test or a conftest."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(file for room in ("tests", "benchmarks") for file in (ROOT / room).rglob("*.py"))


def imported_modules(code: str) -> Iterator[str]:
    """Names of all modules that the code imports, and of modules that it may import from a package."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_private_to_pytest(module: str) -> bool:
    room, _, file = module.rpartition(".")
    return room.split(".")[0] in ("", "tests") and (file == "conftest" or file.startswith("test_"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_file_imports_a_test_or_a_conftest(file):
    assert [module for module in imported_modules(file.read_text()) if is_private_to_pytest(module)] == []


@pytest.mark.parametrize(
    "line",
    [
        "from tests.web import conftest",
        "from tests.web.conftest import asked",
        "import tests.web.test_pages",
        "from tests.web.test_pages import BROWSER",
        "from .conftest import asked",
    ],
)
def test_every_way_to_import_one_is_found(line):
    assert any(map(is_private_to_pytest, imported_modules(line)))


def test_other_imports_are_allowed():
    code = "from tests.support.rows import engine\nfrom django.test import Client\nimport pytest"
    assert not any(map(is_private_to_pytest, imported_modules(code)))
