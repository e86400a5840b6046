"""`runserver`'s reading of chunked bodies: whole, cut off, broken, without end."""

from io import BytesIO

import pytest
from django.core.management import get_commands

from mnist_django.management.commands.runserver import join_chunks


def test_the_site_runs_its_own_development_server():
    assert get_commands()["runserver"] == "mnist_django"


@pytest.mark.parametrize(
    "body", [b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", b"5;name=value\r\nabcde\r\n0\r\nTrailer: 1\r\n\r\n"]
)
def test_chunks_are_put_together(body):
    assert join_chunks(BytesIO(body)) == (b"abcde", True)


@pytest.mark.parametrize(
    "body", [b"", b"3\r\nab", b"3\r\nabc\r\n", b"3\r\nabc\r\njunk\r\n", b"-3\r\nabc\r\n", b"\xff\r\nabc\r\n"]
)
def test_chunks_that_break_off_are_not_whole(body):
    assert join_chunks(BytesIO(body))[1] is False


def test_no_more_is_read_than_the_most_that_is_wanted():
    stream = BytesIO(b"a\r\n0123456789\r\n" * 3 + b"0\r\n\r\n")
    assert join_chunks(stream, most=15) == (b"012345678901234", True)
    assert stream.tell() < 40
