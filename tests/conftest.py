"""What every test may use: the data folder, a browser, and hypothesis without a clock."""

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.utils.translation import deactivate

from tests.support.machine import IN_CI, find_browser
from tests.support.production import Site, served

# Playwright's sync interface keeps an event loop running, in which Django would refuse its database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# Their failed asserts show values, as those of tests do.
pytest.register_assert_rewrite("tests.support.likeness", "tests.support.offline", "tests.support.rows")
pytest_plugins = ["tests.support.library", "tests.support.bulk"]

# A slow machine is not a failure; in CI the same examples come every time.
hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if IN_CI else "here")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests begin first, so that at the end no worker waits for the other."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """The middleware leaves a request's language behind in its thread, which is the tests' own."""
    yield
    deactivate()


@pytest.fixture(scope="session")
def digits_data() -> Path:
    """The folder of data sets that DIGITS_DATA names. Without it a test is skipped, in CI it fails."""
    folder = os.environ.get("DIGITS_DATA", "")
    if folder and Path(folder).is_dir():
        return Path(folder)
    problem = f"needs data sets, and DIGITS_DATA names no folder: {folder!r}"
    return pytest.fail(problem) if IN_CI else pytest.skip(problem)


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Each process that tests has a database of its own in memory: pytest-django would name files for them, because it
    does not know the site's engine."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """The machine's own Chrome or Chromium where it has one, else the one that Playwright fetched."""
    found = find_browser()
    return browser_type_launch_args | ({"executable_path": found} if found else {})


@pytest.fixture(scope="session")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the static files are collected, once for all that serve them."""
    return tmp_path_factory.mktemp("collected") / "static"


@pytest.fixture(scope="session")
def production(tmp_path_factory: pytest.TempPathFactory, collected: Path) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("production"), collected) as site:
        yield site
