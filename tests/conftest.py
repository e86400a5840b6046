"""Shared by all tests: the data folder, a browser, and hypothesis without deadlines."""

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.utils.translation import deactivate

from tests.support.machine import IN_CI, find_browser
from tests.support.production import Site, serve

# The workers share the cores. With threads of their own, torch and numpy would wait for each other, up to 20 times as
# long. Child processes take this over.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

# Playwright's sync API keeps an event loop running, in which Django refuses database queries.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

COVERAGE_OF_CHILDREN = pytest.StashKey[str | None]()

# Failed asserts in these modules show values, as in tests.
pytest.register_assert_rewrite("tests.support.likeness", "tests.support.offline", "tests.support.rows")
pytest_plugins = ["tests.support.library", "tests.support.bulk", "tests.support.heic"]

# No deadlines, because machines may be slow. CI repeats the same examples.
hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if IN_CI else "here")


def pytest_collection(session: pytest.Session) -> None:
    """Before any test module copies the environment, take the variable out by which coverage measures child processes.

    It makes them slow to start.
    """
    session.config.stash[COVERAGE_OF_CHILDREN] = os.environ.pop("COVERAGE_PROCESS_CONFIG", None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run files with slow tests first, so that no worker waits for the other at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Deactivate the language that LocaleMiddleware leaves active in the thread of the tests."""
    yield
    deactivate()


@pytest.fixture(scope="session")
def coverage_of_children(pytestconfig: pytest.Config) -> str | None:
    """The value of the variable by which coverage measures child processes; None without coverage."""
    return pytestconfig.stash[COVERAGE_OF_CHILDREN]


@pytest.fixture(scope="session")
def digits_data() -> Path:
    """The folder of data sets in DIGITS_DATA. Without it a test is skipped, or fails in CI."""
    folder = os.environ.get("DIGITS_DATA", "")
    if folder and Path(folder).is_dir():
        return Path(folder)
    problem = f"needs data sets, and DIGITS_DATA names no folder: {folder!r}"
    return pytest.fail(problem) if IN_CI else pytest.skip(problem)


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Keep a database in memory for each test process. pytest-django would name files for them, because it does not
    know the site's engine."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """Use an installed Chrome or Chromium, or the one that Playwright has fetched."""
    found = find_browser()
    return browser_type_launch_args | ({"executable_path": found} if found else {})


@pytest.fixture(scope="session")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which static files are collected once, for all sites."""
    return tmp_path_factory.mktemp("collected") / "static"


@pytest.fixture(scope="session")
def production(tmp_path_factory: pytest.TempPathFactory, collected: Path) -> Iterator[Site]:
    with serve(tmp_path_factory.mktemp("production"), collected) as site:
        yield site
