"""The registry: rows written by `migrate`, the row in use, and answers from its file."""

import json
import shutil
import threading

import pytest
from django.apps.registry import Apps
from django.core.management import call_command
from django.db import IntegrityError, transaction

import recognizer
from digit_recognition.models import DigitModel
from digit_recognition.registry import register_shipped
from recognizer.errors import ModelError
from recognizer.ink import strokes_from
from tests.support.drawings import SEVEN
from tests.support.library import MODELS

INK = strokes_from(SEVEN)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_process")]


@pytest.fixture
def shipped(tmp_path, settings):
    """An empty folder of shipped models; returns a function that ships a version into it."""
    settings.DIGIT_RECOGNITION_MODELS = tmp_path
    DigitModel.objects.all().delete()

    def ship(version):
        folder = tmp_path / f"digits_v{version}"
        shutil.copytree(MODELS / "tiny", folder)
        card = json.loads((folder / "model.json").read_text())
        (folder / "model.json").write_text(json.dumps(card | {"name": folder.name, "version": version}))
        register_shipped()
        return folder

    return ship


def in_use():
    return DigitModel.objects.active().name


def test_the_shipped_model_is_in_use_after_migrate(shipped):
    folder = shipped(1)
    row = DigitModel.objects.active()
    card = json.loads((folder / "model.json").read_text())
    assert (row.name, row.version, row.sha256, row.scores) == ("digits_v1", 1, card["sha256"], card["scores"])
    assert row.path == folder / "model.onnx"


def test_migrate_itself_registers_what_is_shipped(shipped):
    shipped(1)
    DigitModel.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert in_use() == "digits_v1"


def test_migrate_activates_a_newer_version(shipped):
    shipped(2)
    shipped(10)
    assert in_use() == "digits_v10"


def test_an_older_version_that_arrives_later_is_not_activated(shipped):
    shipped(2)
    shipped(1)
    assert in_use() == "digits_v2"


def test_a_model_chosen_by_a_person_stays_in_use(shipped):
    shipped(1)
    shipped(2)
    DigitModel.objects.get(version=1).activate()
    shipped(3)
    assert in_use() == "digits_v1"


def test_choosing_the_newest_model_follows_newer_ones_again(shipped):
    shipped(1)
    shipped(2)
    DigitModel.objects.get(version=1).activate()
    DigitModel.objects.get(version=2).activate()
    shipped(3)
    assert in_use() == "digits_v3"


def test_a_version_no_longer_shipped_is_replaced(shipped):
    shipped(1)
    shutil.rmtree(shipped(2))
    register_shipped()
    assert in_use() == "digits_v1"


def test_registering_twice_changes_nothing(shipped):
    shipped(1)
    before = list(DigitModel.objects.values())
    register_shipped()
    assert list(DigitModel.objects.values()) == before


def test_a_model_whose_card_is_damaged_does_not_stop_migrate(shipped, caplog):
    (shipped(1) / "model.json").write_text("{")
    shipped(2)
    assert in_use() == "digits_v2"
    assert "digits_v1" in caplog.text


@pytest.mark.parametrize("chosen", [False, True])
def test_a_model_without_its_folder_is_replaced_by_the_shipped_one_and_named(shipped, caplog, chosen):
    shipped(1)
    folder = shipped(2)
    DigitModel.objects.filter(version=2).update(chosen=chosen)
    shutil.rmtree(folder)
    call_command("migrate", verbosity=0)
    gone = DigitModel.objects.get(version=2)
    assert in_use() == "digits_v1" and not gone.active and not gone.chosen
    assert "digits_v2 was in use and is missing or damaged; digits_v1 is in use now" in caplog.text


def test_before_migrate_nothing_is_answered_and_the_log_names_the_remedy(shipped, post_json, caplog):
    shutil.rmtree(shipped(1))
    answer = post_json({"strokes": SEVEN})
    assert answer.status_code == 503 and "“manage.py migrate”" in answer.json()["error"]
    assert "digits_v1 is gone; copy it back, or run `python manage.py migrate` to use the shipped model" in caplog.text


def test_an_old_model_copied_to_the_models_folder_stays_in_use(shipped, caplog):
    shipped(1)
    shipped(2)
    DigitModel.objects.get(version=1).activate()
    call_command("migrate", verbosity=0)
    assert in_use() == "digits_v1" and "is in use now" not in caplog.text


def test_a_newer_version_takes_over_without_a_warning(shipped, caplog):
    shipped(1)
    shipped(2)
    assert in_use() == "digits_v2" and caplog.text == ""


def test_migrating_back_to_no_table_is_no_error(shipped):
    register_shipped(apps=Apps())
    assert not DigitModel.objects.exists()


def test_two_models_cannot_be_in_use(shipped):
    shipped(1)
    shipped(2)
    with pytest.raises(IntegrityError), transaction.atomic():
        DigitModel.objects.update(active=True)


def test_without_a_row_the_remedy_is_named(shipped):
    with pytest.raises(ModelError, match="migrate"):
        DigitModel.objects.active()


def test_the_file_is_loaded_once(shipped, monkeypatch):
    shipped(1)
    loads = count_loads(monkeypatch)
    for _ in range(3):
        DigitModel.objects.active().predict(INK)
    assert len(loads) == 1


def test_the_file_is_loaded_once_by_many_threads(shipped, monkeypatch):
    shipped(1)
    loads = count_loads(monkeypatch)
    row = DigitModel.objects.active()
    threads = [threading.Thread(target=row.predict, args=[INK]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(loads) == 1


def test_another_active_row_is_loaded_and_answers(shipped):
    shipped(1)
    assert DigitModel.objects.active().predict(INK).model == "digits_v1"
    shipped(2)
    assert DigitModel.objects.active().predict(INK).model == "digits_v2"


def test_a_loaded_model_keeps_answering_when_its_folder_is_gone(shipped):
    folder = shipped(1)
    DigitModel.objects.active().predict(INK)
    shutil.rmtree(folder)
    assert DigitModel.objects.active().predict(INK).model == "digits_v1"


def test_a_card_nested_too_deep_does_not_stop_migrate(shipped):
    (shipped(1) / "model.json").write_text("[" * 100_000)
    shipped(2)
    assert in_use() == "digits_v2"


def test_a_missing_file_is_a_model_error(shipped):
    (shipped(1) / "model.onnx").unlink()
    with pytest.raises(ModelError):
        DigitModel.objects.active().predict(INK)


def test_a_damaged_file_is_a_model_error_until_it_is_restored(shipped):
    file = shipped(1) / "model.onnx"
    whole = file.read_bytes()
    file.write_bytes(whole[:-1])
    with pytest.raises(ModelError):
        DigitModel.objects.active().predict(INK)
    file.write_bytes(whole)
    assert DigitModel.objects.active().predict(INK).model == "digits_v1"


def test_a_file_other_than_the_registered_one_is_a_model_error(shipped):
    shipped(1)
    DigitModel.objects.update(sha256="0" * 64)
    with pytest.raises(ModelError, match="migrate"):
        DigitModel.objects.active().predict(INK)


def count_loads(monkeypatch):
    loads = []
    load = recognizer.load

    def counted(folder):
        loads.append(folder)
        return load(folder)

    monkeypatch.setattr(recognizer, "load", counted)
    return loads
