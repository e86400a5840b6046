"""A checkpoint is read back unchanged or refused by name. No training resumes with wrong weights."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest
import torch

from recognizer.errors import RecognizerError
from recognizer.training import checkpoint

CPU = torch.device("cpu")
WEIGHTS = torch.arange(1000.0)
STATE = {"config": {"seed": 1}, "network": {"weight": WEIGHTS}}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "run" / "checkpoint.pt"
    checkpoint.write(STATE, file)
    return file


def weights(file: Path) -> torch.Tensor:
    state: Any = checkpoint.read(file, CPU)
    return state["network"]["weight"]


def test_what_is_written_comes_back(file):
    assert torch.equal(weights(file), WEIGHTS)
    assert [entry.name for entry in file.parent.iterdir()] == ["checkpoint.pt"]


def test_a_missing_checkpoint_reads_as_none(tmp_path):
    assert checkpoint.read(tmp_path / "checkpoint.pt", CPU) is None


@pytest.mark.parametrize("place", [0, 64, 65, 0.5, -1], ids=["sum", "line's end", "first", "middle", "last"])
def test_a_changed_bit_is_noticed(place, file):
    content = bytearray(file.read_bytes())
    content[int(place * len(content)) if isinstance(place, float) else place] ^= 1
    file.write_bytes(content)
    with pytest.raises(RecognizerError, match=r"checkpoint\.pt is damaged.*move it away to begin again"):
        weights(file)


@pytest.mark.parametrize("kept", [0, 1, 64, 65, 66, 1000], ids="{} bytes".format)
def test_a_truncated_checkpoint_is_noticed(kept, file):
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(RecognizerError, match="is damaged, cut off"):
        weights(file)


def test_a_checkpoint_of_an_older_release_without_a_checksum_is_refused(file):
    torch.save(STATE, file)
    with pytest.raises(RecognizerError, match="of an older release"):
        weights(file)


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_stop_while_writing_leaves_the_earlier_checkpoint(step, file, monkeypatch):
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(*((os, "fsync") if step == "fsync" else (Path, "replace")), stop)
    with pytest.raises(KeyboardInterrupt):
        checkpoint.write({"network": {"weight": torch.zeros(1)}}, file)
    assert torch.equal(weights(file), WEIGHTS)


def test_a_partial_checkpoint_of_a_killed_run_is_harmless(file):
    file.with_suffix(".part").write_bytes(b"half")
    checkpoint.write({"network": {"weight": torch.zeros(1)}}, file)
    assert torch.equal(weights(file), torch.zeros(1))
    assert [entry.name for entry in file.parent.iterdir()] == ["checkpoint.pt"]


def test_a_full_disk_names_the_checkpoint_and_leaves_the_earlier_one(file, monkeypatch):
    def full(number: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=r"No space left on device: '.*/checkpoint\.pt'"):
        checkpoint.write({"network": {"weight": torch.zeros(1)}}, file)
    assert torch.equal(weights(file), WEIGHTS)
    assert [entry.name for entry in file.parent.iterdir()] == ["checkpoint.pt"]
