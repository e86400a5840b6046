"""The system checks name the problem and the remedy. Without `--database` they use no database."""

import json
import re
import shutil

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError

import recognizer
from digit_recognition.models import DigitModel
from digit_recognition.registry import register_shipped
from tests.support.drawings import SEVEN
from tests.support.library import MODELS


@pytest.fixture
def models(tmp_path, settings):
    shutil.copytree(MODELS / "tiny", tmp_path / "tiny")
    settings.DIGIT_RECOGNITION_MODELS = tmp_path
    return tmp_path


@pytest.fixture
def older(models):
    """A model of a lower version beside the tiny one."""
    folder = shutil.copytree(models / "tiny", models / "older")
    card = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps(card | {"name": "older", "version": 0}))
    return folder


def found(databases=None):
    messages = [error for error in run_checks(databases=databases) if str(error.id).startswith("digit_recognition.")]
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


def test_only_the_newest_of_several_models_is_loaded(models, older, monkeypatch):
    loaded = []
    monkeypatch.setattr(recognizer, "load", lambda folder: loaded.append(folder.name))
    assert found() == [] and loaded == ["tiny"]


def test_an_older_model_may_be_damaged_but_its_card_must_say_that_it_is_older(older):
    (older / "model.onnx").write_bytes(b"")
    assert found() == []
    (older / "model.json").write_text("{")
    assert found() == ["digit_recognition.E002"]


@pytest.mark.parametrize("version", [None, "two", [1]], ids=["null", "text", "list"])
def test_a_version_that_is_not_a_number_is_an_error(models, version):
    card = json.loads((models / "tiny/model.json").read_text())
    (models / "tiny/model.json").write_text(json.dumps(card | {"version": version}))
    assert found() == ["digit_recognition.E002"]


def test_the_model_in_use_is_checked_with_the_database(models, db):
    register_shipped()
    assert found(["default"]) == []
    DigitModel.objects.create(name="gone", version=0, file="gone/model.onnx", sha256="0" * 64).activate()
    assert found() == []
    assert found(["default"]) == ["digit_recognition.W004"]


def test_before_the_first_migrate_no_model_in_use_is_checked(models, db, monkeypatch):
    monkeypatch.setattr(DigitModel._meta, "db_table", "no_such_table")
    assert found(["default"]) == []


def test_migrate_can_replace_a_missing_model_in_use(models, db):
    register_shipped()
    DigitModel.objects.create(name="gone", version=0, file="gone/model.onnx", sha256="0" * 64).activate()
    call_command("migrate", verbosity=0, skip_checks=False)
    assert found(["default"]) == [] and DigitModel.objects.active().name == "tiny"


def test_the_check_command_fails_and_names_the_remedy(models):
    (models / "tiny" / "model.onnx").unlink()
    with pytest.raises(SystemCheckError, match="Restore the folder"):
        call_command("check")


no_path = pytest.mark.parametrize(
    "value", [None, 7, [], "", " ", b"models", True], ids=["None", "number", "list", "empty", "blank", "bytes", "True"]
)


@no_path
def test_a_models_setting_that_is_not_a_path_is_an_error_naming_it(models, settings, value, db):
    register_shipped()
    settings.DIGIT_RECOGNITION_MODELS = value
    assert found(["default"]) == ["digit_recognition.E005"]
    with pytest.raises(SystemCheckError, match=re.escape(f"DIGIT_RECOGNITION_MODELS is {value!r}, not the path")):
        call_command("check")


@no_path
def test_a_models_setting_that_is_not_a_path_allows_migrate_and_answers_503(models, settings, value, post_json, caplog):
    settings.DIGIT_RECOGNITION_MODELS = value
    before = list(DigitModel.objects.values())
    call_command("migrate", verbosity=0)
    assert list(DigitModel.objects.values()) == before
    assert "No model is registered: DIGIT_RECOGNITION_MODELS is" in caplog.text
    assert post_json({"strokes": SEVEN}).status_code == 503


@pytest.mark.parametrize("points", [0, -1, 1.5, "10000", True, None])
def test_a_limit_that_is_not_a_number_is_an_error(models, settings, points):
    settings.DIGIT_RECOGNITION_MAX_POINTS = points
    assert found() == ["digit_recognition.E003"]


def test_an_imported_model_that_is_not_on_this_machine_is_named_with_the_remedy(models, db, tmp_path, settings):
    settings.DIGIT_RECOGNITION_IMPORTED = tmp_path / "imported"
    register_shipped()
    DigitModel.objects.create(name="mine", origin="imported", file="mine/model.onnx", sha256="0" * 64).activate()
    [message] = [message for message in run_checks(databases=["default"]) if message.id == "digit_recognition.W004"]
    assert "is gone" in message.msg and "DIGIT_RECOGNITION_IMPORTED" in str(message.hint)


def test_scores_that_were_measured_through_other_doors_are_a_warning(models, db):
    card = json.loads((models / "tiny/model.json").read_text())
    (models / "tiny/model.json").write_text(json.dumps(card | {"doors": {"strokes.onnx": "0" * 64}}))
    register_shipped()
    assert found(["default"]) == ["digit_recognition.W006"]
