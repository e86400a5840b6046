"""An answer waits half a second for a locked database, whatever the timeout of the site."""

import pytest
from django.db import DatabaseError, connection

from digit_recognition.locks import MAX_WAIT_MS
from digit_recognition.models import DigitModel
from recognizer.errors import ModelError

pytestmark = pytest.mark.django_db
USUAL_MS = 5_000  # Python's default, which Django keeps


def busy_timeout():
    return connection.connection.execute("PRAGMA busy_timeout").fetchone()[0]


@pytest.fixture
def waits():
    """The milliseconds that each query waits for a lock."""
    found: list[int] = []

    def look(execute, *arguments):
        found.append(busy_timeout())
        return execute(*arguments)

    with connection.execute_wrapper(look):
        yield found


@pytest.mark.parametrize("ask", [DigitModel.objects.active, lambda: DigitModel.objects.network("0" * 64)])
def test_a_query_for_an_answer_waits_half_a_second_for_a_lock(ask, waits):
    ask()
    assert waits == [MAX_WAIT_MS] == [500]
    assert busy_timeout() == USUAL_MS


def test_other_queries_keep_the_usual_wait(waits):
    DigitModel.objects.active().activate()
    first, *others = waits
    assert first == MAX_WAIT_MS and {*others} == {USUAL_MS}


def test_a_shorter_wait_of_the_site_is_kept(waits):
    connection.connection.execute("PRAGMA busy_timeout = 20")
    try:
        DigitModel.objects.active()
        assert waits == [20] and busy_timeout() == 20
    finally:
        connection.connection.execute(f"PRAGMA busy_timeout = {USUAL_MS}")


def test_after_an_error_the_usual_wait_is_restored(waits, monkeypatch):
    DigitModel.objects.all().delete()
    with pytest.raises(ModelError):
        DigitModel.objects.active()
    assert busy_timeout() == USUAL_MS
    monkeypatch.setattr(DigitModel._meta, "db_table", "no_such_table")
    with pytest.raises(DatabaseError):
        DigitModel.objects.active()
    assert busy_timeout() == USUAL_MS


def test_another_kind_of_database_is_queried_unchanged(waits, monkeypatch):
    monkeypatch.setattr(connection, "vendor", "postgresql")
    DigitModel.objects.active()
    assert waits == [USUAL_MS]
