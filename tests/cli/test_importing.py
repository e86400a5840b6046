"""`digits import`: a network becomes a folder that every other command can use."""

import pytest
from typer.testing import CliRunner

from recognizer.card import ModelCard
from recognizer.cli.command import app
from tests.support import networks


def import_network(*arguments):
    return CliRunner().invoke(app, ["import", *map(str, arguments)])


@pytest.mark.slow
def test_the_folder_is_a_model_for_other_commands(tmp_path, scans, monkeypatch):
    monkeypatch.delenv("DIGITS_DATA", raising=False)
    file = networks.save(networks.onnx_network(parameters=networks.adapted(-1.0, 1.0)), tmp_path / "lesson.onnx")
    ran = import_network(file, "--to", tmp_path / "lesson")
    assert ran.exit_code == 0, ran.output
    assert "It expects dark ink on white, 0 to 1 " in ran.output and "digits_v" in ran.output
    info = CliRunner().invoke(app, ["info", "--model", str(tmp_path / "lesson")])
    assert info.exit_code == 0 and "lesson" in info.output
    assert ModelCard.read(tmp_path / "lesson").rule.digit == 0


@pytest.mark.slow
def test_a_refusal_is_an_error_with_exit_code_2_and_leaves_nothing(tmp_path):
    (tmp_path / "notes.h5").write_text("not a network")
    ran = import_network(tmp_path / "notes.h5", "--to", tmp_path / "lesson")
    assert ran.exit_code == 2 and "Take a Keras file" in ran.output
    assert not (tmp_path / "lesson").exists()


def test_a_missing_file_is_named(tmp_path):
    ran = import_network(tmp_path / "nowhere.onnx", "--to", tmp_path / "lesson")
    assert ran.exit_code == 2 and "nowhere.onnx does not exist" in ran.output
