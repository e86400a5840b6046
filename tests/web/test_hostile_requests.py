"""Almost valid requests, a sample of those of `benchmarks/hostile.py`."""

from itertools import islice

import pytest

from benchmarks.hostile import send_all
from tests.support.sockets import fetch_token

REQUESTS = 400


@pytest.mark.slow
def test_every_request_gets_an_answer_that_is_not_a_server_error(production):
    found = list(islice(send_all(seed=24, port=production.port, token=fetch_token(production.port)), REQUESTS))
    assert [answer for answer in found if answer.is_fault] == []
    assert len({answer.status for answer in found}) >= 6  # not all were refused for the same reason
    assert "200" in {answer.status for answer in found}
