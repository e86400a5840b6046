"""Shared by the tests of imports: no data sets, and an import that is refused."""

from pathlib import Path

import pytest

from recognizer.errors import UnusableFile
from recognizer.importing.importing import import_model


@pytest.fixture(autouse=True)
def without_data_sets(monkeypatch):
    monkeypatch.delenv("DIGITS_DATA", raising=False)


@pytest.fixture
def refuse(tmp_path):
    """Import a file, and return the message of its refusal."""

    def refuse(file: Path) -> str:
        models = tmp_path / "models"
        with pytest.raises(UnusableFile) as caught:
            import_model(file, models / "mine", lambda line: None)
        assert not models.exists() or list(models.iterdir()) == []
        return str(caught.value)

    return refuse
