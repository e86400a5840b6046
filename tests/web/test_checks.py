"""The system checks: each names what is wrong and the remedy, and none touches a database."""

import shutil

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from tests.web import conftest


@pytest.fixture
def models(tmp_path, settings):
    shutil.copytree(conftest.TINY_MODELS / "tiny", tmp_path / "tiny")
    settings.DIGIT_RECOGNITION_MODELS = tmp_path
    return tmp_path


def found():
    messages = [message for message in run_checks() if str(message.id).startswith("digit_recognition.")]
    assert all(message.hint for message in messages)
    return [message.id for message in messages]


def test_a_whole_model_passes(models):
    assert found() == []


def test_a_folder_that_is_missing_is_an_error(models, settings):
    settings.DIGIT_RECOGNITION_MODELS = models / "nowhere"
    assert found() == ["digit_recognition.E001"]


def test_a_folder_without_models_is_an_error(models):
    shutil.rmtree(models / "tiny")
    assert found() == ["digit_recognition.E001"]


@pytest.mark.parametrize("name", ["model.onnx", "model.json"])
def test_a_missing_file_is_an_error(models, name):
    (models / "tiny" / name).unlink()
    assert found() == ["digit_recognition.E002"]


@pytest.mark.parametrize("name", ["model.onnx", "model.json"])
def test_a_damaged_file_is_an_error(models, name):
    file = models / "tiny" / name
    file.write_bytes(file.read_bytes()[:-9])
    assert found() == ["digit_recognition.E002"]


def test_the_check_command_fails_and_names_the_remedy(models):
    (models / "tiny" / "model.onnx").unlink()
    with pytest.raises(SystemCheckError, match="Restore the folder"):
        call_command("check")


@pytest.mark.parametrize("points", [0, -1, 1.5, "10000", True, None])
def test_a_limit_that_is_no_number_is_an_error(models, settings, points):
    settings.DIGIT_RECOGNITION_MAX_POINTS = points
    assert found() == ["digit_recognition.E003"]
