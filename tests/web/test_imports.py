"""Imported models are registered, listed, activated and replaced. The import itself is a stand-in."""

import json
import shutil

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from digit_recognition import imports, models
from digit_recognition.models import DigitModel
from digit_recognition.registry import register_shipped
from recognizer.card import ModelCard
from recognizer.errors import ModelError, UnusableFile
from recognizer.importing.importing import digest_of
from recognizer.ink import strokes_from
from tests.support.drawings import SEVEN
from tests.support.library import TINY

INK = strokes_from(SEVEN)
pytestmark = pytest.mark.usefixtures("db", "fresh_process")


@pytest.fixture
def folder(tmp_path, settings):
    settings.DIGIT_RECOGNITION_IMPORTED = tmp_path / "imported"
    return tmp_path / "imported"


@pytest.fixture
def file(tmp_path):
    (tmp_path / "mine.onnx").write_bytes(b"a network")
    return tmp_path / "mine.onnx"


@pytest.fixture
def pretend(monkeypatch):
    """Let imports copy the tiny model."""

    def import_model(file, target, say):
        say(f"reading {file.name}")
        return make_folder(file, target)

    monkeypatch.setattr(imports, "import_model", import_model)


def make_folder(file, target):
    shutil.copytree(TINY, target)
    card = json.loads((target / "model.json").read_text())
    origin = {"file": file.name, "kind": "ONNX", "sha256": digest_of(file)}
    (target / "model.json").write_text(json.dumps(card | {"name": target.name, "origin": origin}))
    return ModelCard.read(target)


@pytest.fixture
def mine(folder, file, pretend):
    return imports.import_file(file, None, print)


def run(*command):
    from io import StringIO

    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def test_an_imported_model_is_a_candidate_with_its_scores_and_note(mine, folder):
    assert (mine.name, mine.origin, mine.state, mine.version) == ("mine", "imported", "candidate", None)
    assert mine.path == folder / "mine" / "model.onnx"
    assert DigitModel.objects.active().name == "tiny"


def test_the_command_imports_compares_and_names_the_next_step(folder, file, pretend):
    said = run("import_model", str(file), "--name", "other")
    assert "reading mine.onnx" in said and "digits_v" in said and "activate_model other" in said


@pytest.mark.parametrize("name", ["tiny", "digits_v99", "../mine", "mine"])
def test_a_name_that_is_taken_reserved_or_odd_is_refused(name, mine, file):
    with pytest.raises(CommandError, match="--name"):
        run("import_model", str(file), "--name", name)


def test_without_a_folder_for_imports_the_setting_is_named(file, settings, pretend):
    del settings.DIGIT_RECOGNITION_IMPORTED
    with pytest.raises(CommandError, match="DIGIT_RECOGNITION_IMPORTED is not the path of a folder"):
        run("import_model", str(file))


def test_a_folder_that_a_killed_import_left_is_registered(folder, file, pretend):
    make_folder(file, folder / "mine")
    assert imports.import_file(file, None, print).state == "candidate"


def test_a_folder_of_another_file_is_not_registered(folder, file, pretend):
    make_folder(file, folder / "mine")
    file.write_bytes(b"another network")
    with pytest.raises(UnusableFile, match="not in the registry"):
        imports.import_file(file, None, print)


def test_on_another_machine_the_same_file_brings_the_folder_back(mine, folder, file):
    shutil.rmtree(folder / "mine")
    assert mine.state == "gone"
    assert imports.import_file(file, "mine", print) == mine
    assert mine.state == "candidate" and DigitModel.objects.filter(name="mine").count() == 1


def test_on_another_machine_another_model_is_not_taken_for_the_registered_one(mine, folder, file):
    shutil.rmtree(folder / "mine")
    DigitModel.objects.filter(name="mine").update(sha256="0" * 64)
    with pytest.raises(UnusableFile, match="another model than the registered"):
        imports.import_file(file, "mine", print)
    assert not (folder / "mine").exists()


def test_an_imported_model_answers_once_it_is_in_use(mine):
    run("activate_model", "mine")
    assert DigitModel.objects.active() == mine
    assert DigitModel.objects.active().predict(INK).model == "mine"


def test_previous_goes_back_and_forth(mine):
    run("activate_model", "mine")
    assert "tiny is in use now" in run("activate_model", "--previous")
    assert DigitModel.objects.active().name == "tiny"
    assert "mine is in use now" in run("activate_model", "--previous")


def test_before_a_first_change_there_is_no_previous_model(mine):
    with pytest.raises(CommandError, match="No other model was in use"):
        run("activate_model", "--previous")


def test_an_unknown_model_is_refused_and_the_known_ones_are_named(mine):
    with pytest.raises(CommandError, match=r"no model other\. Registered: .*mine"):
        run("activate_model", "other")


def test_a_model_without_files_is_not_put_to_use(mine, folder):
    shutil.rmtree(folder / "mine")
    with pytest.raises(CommandError, match=r"mine cannot be used: .*mount the folder of imported models"):
        run("activate_model", "mine")
    assert DigitModel.objects.active().name == "tiny"


def test_a_newer_release_leaves_an_imported_model_in_use(mine):
    run("activate_model", "mine")
    register_shipped()
    assert DigitModel.objects.active() == mine


def test_the_list_shows_state_origin_and_scores(mine):
    run("activate_model", "mine")
    said = run("models")
    assert "mine" in said and "active" in said and "imported" in said
    assert "tiny" in said and "retired" in said and "shipped" in said


def test_a_process_asks_at_most_once_a_second_which_model_is_in_use(mine, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(models, "REMEMBERED_S", 1.0)
    with django_assert_num_queries(1):
        for _ in range(20):
            DigitModel.objects.active()


def test_a_change_by_another_process_is_followed_after_that_second(mine, monkeypatch):
    monkeypatch.setattr(models, "REMEMBERED_S", 1.0)
    clock = [100.0]
    monkeypatch.setattr("digit_recognition.models.time.monotonic", lambda: clock[0])
    assert DigitModel.objects.active().name == "tiny"
    DigitModel.objects.filter(name="tiny").update(active=False)
    DigitModel.objects.filter(name="mine").update(active=True)
    assert DigitModel.objects.active().name == "tiny"
    clock[0] += 1.0
    assert DigitModel.objects.active().name == "mine"


def test_a_database_that_cannot_be_asked_leaves_the_last_known_model_in_use(mine, monkeypatch):
    DigitModel.objects.active()
    monkeypatch.setattr(DigitModel._meta, "db_table", "no_such_table")
    assert DigitModel.objects.active().name == "tiny"
    monkeypatch.setattr(models, "_active", models._ActiveRow())
    with pytest.raises(DatabaseError):
        DigitModel.objects.active()


def test_without_a_model_in_use_nothing_is_remembered(mine):
    DigitModel.objects.active()
    DigitModel.objects.update(active=False)
    with pytest.raises(ModelError, match="no model is active"):
        DigitModel.objects.active()


def test_an_answer_names_the_model_that_is_missing_on_this_machine(mine, folder, post_json, monkeypatch):
    run("activate_model", "mine")
    shutil.rmtree(folder / "mine")
    monkeypatch.setattr(models, "_cache", models._RecognizerCache())  # a process that has not loaded it
    answer = post_json({"strokes": SEVEN})
    assert answer.status_code == 503 and "The model in use, mine, is missing" in answer.json()["error"]
    assert str(folder) not in answer.json()["error"]
