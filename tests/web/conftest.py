"""Every test of the app uses the tiny model, and leaves no language behind."""

import pytest


@pytest.fixture(autouse=True)
def prepare(tiny_model: None, as_before: None) -> None:
    """Before each test."""
