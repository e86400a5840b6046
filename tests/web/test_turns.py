"""Any number of requests may come at once. Only as many are decoded together as memory allows."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from PIL import Image

from digit_recognition import views
from digit_recognition.predict import gate
from digit_recognition.predict.refusals import Refusal
from tests.support.drawings import encode
from tests.support.sockets import fetch_token, predict

REQUESTS = 8


class Decoding:
    """Stands in for the steps after reading the body: counts requests, and waits until they may go on."""

    def __init__(self):
        self.entered, self.may_go = threading.Semaphore(0), threading.Event()

    def __call__(self, request, data):
        self.entered.release()
        assert self.may_go.wait(30)
        raise Refusal(400, "enough")


def test_two_requests_are_decoded_at_once_and_the_others_wait(monkeypatch):
    decoding = Decoding()
    monkeypatch.setattr(gate, "admit", decoding)
    monkeypatch.setattr(views, "refusal_response", lambda request, refusal: HttpResponse(status=refusal.status))
    received = threading.Barrier(REQUESTS + 1)
    monkeypatch.setattr(gate, "receive", lambda request: received.wait(30) and b"")
    with ThreadPoolExecutor(REQUESTS) as threads:
        answers = [threads.submit(views.predict, RequestFactory().post("/predict/")) for _ in range(REQUESTS)]
        received.wait(30)  # every body has arrived
        assert decoding.entered.acquire(timeout=30) and decoding.entered.acquire(timeout=30)
        third = decoding.entered.acquire(timeout=0.5)
        decoding.may_go.set()
    assert not third
    assert [answer.result().status_code for answer in answers] == [400] * REQUESTS


@pytest.mark.slow
def test_memory_is_released_after_many_large_pictures(production):
    lines = Image.linear_gradient("L").resize((4000, 4000)).point(lambda grey: 255 * (grey % 7 > 0))
    picture, token = encode(lines.convert("RGB"), "JPEG"), fetch_token(production.port)
    form = b'--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\n' + picture + b"\r\n--x--\r\n"

    def send(_):
        return predict(production.port, token, form, "multipart/form-data; boundary=x").status

    with ThreadPoolExecutor(24) as threads:
        assert set(threads.map(send, range(24))) == {200}
    assert sum(map(resident_mb, production.workers())) < 1200  # 2,700 if each thread keeps its memory


def resident_mb(process):
    rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
    return int(re.findall(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)[0]) / 1024
