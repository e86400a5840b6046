"""Shared by the tests of imports: no data sets, and an import that is refused."""

from pathlib import Path

import pytest

from recognizer.errors import UnusableFile
from recognizer.importing import importing
from recognizer.importing.importing import import_model


@pytest.fixture(autouse=True)
def without_data_sets(monkeypatch):
    monkeypatch.delenv("DIGITS_DATA", raising=False)


@pytest.fixture
def measure_children(coverage_of_children, monkeypatch):
    """Measure the coverage of child processes, too: what refuses an untrusted file runs nowhere else."""
    if coverage_of_children:
        monkeypatch.setenv("COVERAGE_PROCESS_CONFIG", coverage_of_children)
        monkeypatch.setattr(importing, "KEPT_VARIABLES", [*importing.KEPT_VARIABLES, "COVERAGE_PROCESS_CONFIG"])


@pytest.fixture
def refuse(tmp_path, measure_children):
    """Import a file, and return the message of its refusal. Its child process is measured."""

    def refuse(file: Path) -> str:
        models = tmp_path / "models"
        with pytest.raises(UnusableFile) as caught:
            import_model(file, models / "mine", lambda line: None)
        assert not models.exists() or list(models.iterdir()) == []
        return str(caught.value)

    return refuse
