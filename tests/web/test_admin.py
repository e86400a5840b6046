"""The admin lists the models and lets people choose one, and nothing else."""

import pytest
from django.contrib.admin.models import LogEntry

from digit_recognition.models import DigitModel

LIST = "/admin/digit_recognition/digitmodel/"


@pytest.fixture
def older(db):
    """The same files under another name."""
    tiny = DigitModel.objects.active()
    return DigitModel.objects.create(name="digits_v0", version=0, file=tiny.file, sha256=tiny.sha256)


@pytest.fixture
def gone(db):
    return DigitModel.objects.create(name="digits_v0", version=0, file="digits_v0/model.onnx", sha256="0" * 64)


def use(client, *models, confirmed=True):
    fields = {"action": "use", "_selected_action": [model.pk for model in models]}
    fields |= {"confirmed": "yes"} if confirmed else {}
    return client.post(LIST, fields, follow=True).content.decode()


def test_models_are_listed(admin_client, older):
    page = admin_client.get(LIST).content.decode()
    assert "digits_v0" in page
    assert "tiny" in page


def test_choosing_a_model_puts_it_to_use(admin_client, older):
    assert "is now in use" in use(admin_client, older)
    older.refresh_from_db()
    assert (older.active, older.chosen) == (True, True)
    assert DigitModel.objects.filter(active=True).count() == 1


def test_a_model_without_files_is_not_put_to_use(admin_client, gone):
    page = use(admin_client, gone)
    assert "is gone; copy it back" in page and "is now in use" not in page
    assert DigitModel.objects.active().name == "tiny"


def test_choosing_two_changes_nothing(admin_client, older):
    assert "Select exactly one model" in use(admin_client, older, DigitModel.objects.active())
    assert DigitModel.objects.active().name == "tiny"


def test_nothing_can_be_added_or_removed(admin_client, older):
    assert admin_client.get(f"{LIST}add/").status_code == 403
    assert admin_client.get(f"{LIST}{older.pk}/delete/").status_code == 403


def test_nothing_can_be_rewritten(admin_client, older):
    admin_client.post(f"{LIST}{older.pk}/change/", {"name": "other", "sha256": "1" * 64, "active": "on"})
    older.refresh_from_db()
    assert (older.name, older.active) == ("digits_v0", False) and older.sha256 != "1" * 64


def test_the_change_is_confirmed_first_with_the_scores_of_both(admin_client, older):
    page = use(admin_client, older, confirmed=False)
    assert "Use digits_v0?" in page and "tiny" in page and "Use this model" in page
    assert DigitModel.objects.active().name == "tiny"


def test_the_change_is_logged(admin_client, older):
    use(admin_client, older)
    [entry] = LogEntry.objects.all()
    assert entry.object_repr == "digits_v0" and "Before: tiny" in entry.get_change_message()


def test_the_list_shows_scores_side_by_side(admin_client, older):
    DigitModel.objects.filter(pk=older.pk).update(scores=[{"set": "mnist-test", "accuracy": 0.9712}])
    page = admin_client.get(LIST).content.decode()
    assert "97.12%" in page and "in use" in page
