"""The service worker while the server fails, or between two releases."""

import threading

import pytest
from django.http import HttpResponse
from playwright.sync_api import expect

from digit_recognition import views
from tests.support import hashed

INSTALL = """async () => {
    const { installing } = await navigator.serviceWorker.register("/service-worker.js");
    const ends = (resolve) => (installing.onstatechange = () =>
        ["activated", "redundant"].includes(installing.state) && resolve(installing.state));
    return new Promise(ends);
}"""


@pytest.fixture
def install(page, live_server, model, settings):
    """Installs a service worker from a page that does not install one; returns its final state."""
    settings.STORAGES = settings.STORAGES | hashed.STORAGES
    page.goto(f"{live_server.url}/manifest.webmanifest")
    return lambda: page.evaluate(INSTALL)


def answer_with(monkeypatch, response):
    monkeypatch.setattr(views, "render", lambda *arguments: response())


def expect_page(page):
    expect(page.locator(".canvas")).to_be_visible()


def test_a_page_of_another_release_is_not_kept(install, monkeypatch):
    answer_with(monkeypatch, lambda: HttpResponse("the page of the release before"))
    assert install() == "redundant"


def test_a_page_that_is_refused_is_not_kept(install, monkeypatch):
    answer_with(monkeypatch, lambda: HttpResponse(status=503))
    assert install() == "redundant"


def test_the_cached_page_is_shown_while_the_server_fails(page, live_server, install, monkeypatch):
    assert install() == "activated"
    answer_with(monkeypatch, lambda: HttpResponse("Bad gateway", status=502))
    page.goto(live_server.url)
    expect_page(page)


def test_the_cached_page_is_shown_while_the_server_does_not_answer(page, live_server, install, monkeypatch):
    assert install() == "activated"
    may_answer = threading.Event()
    answer_with(monkeypatch, lambda: HttpResponse(f"late: {may_answer.wait(60)}"))
    page.goto(live_server.url)
    expect_page(page)
    may_answer.set()


def test_the_page_of_the_server_is_shown_when_it_answers(page, live_server, install, monkeypatch):
    assert install() == "activated"
    answer_with(monkeypatch, lambda: HttpResponse("the page of the next release"))
    page.goto(f"{live_server.url}/?from=elsewhere")
    expect(page.get_by_text("the page of the next release")).to_be_visible()


def test_caches_of_other_apps_stay(page, install):
    page.evaluate("() => Promise.all(['digits', 'digits elsewhere'].map((name) => caches.open(name)))")
    assert install() == "activated"
    assert {"digits", "digits elsewhere"} < set(page.evaluate("() => caches.keys()"))


def test_without_hashed_addresses_no_service_worker_is_registered(home):
    home.wait_for_load_state("networkidle")
    assert home.evaluate("() => navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
