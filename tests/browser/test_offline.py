"""The page offline and as an app: cached completely, never mixed from two releases, and without an old token."""

import json
import sqlite3
import time
from collections import Counter
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from recognizer.card import ModelCard
from recognizer.recognizer import SHIPPED
from tests.support.library import MODELS
from tests.support.offline import KEPT, read_caches, read_release, visit, wait_until_kept
from tests.support.production import serve
from tests.support.sockets import ask
from tests.support.visitor import SAVES_DATA, draw_seven, expect_digit, expect_source, expect_state


@pytest.fixture
def site(production):
    return production


@pytest.fixture
def asked(site):
    """Requests to the server since the test began."""
    before = len(site.asked())
    return lambda: site.asked()[before:]


def leave_network(page):
    """Go offline with an empty HTTP cache, because a browser may drop that cache at any time."""
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    page.context.set_offline(True)


def expect_answered_here(page):
    draw_seven(page)
    expect_source(page, "Answered on this device")
    expect_digit(page, "7")


def test_after_one_visit_the_page_works_without_a_network(page, context, site, asked):
    visit(page, site)
    leave_network(page)
    before = len(asked())
    page.reload()
    expect_answered_here(page)
    # The browser itself checks for a new release.
    assert {*asked()[before:]} <= {"GET /service-worker.js"}


def test_choosing_a_language_updates_the_cached_page(page, site):
    visit(page, site)
    page.locator("[data-role=languages] select").select_option("ar")
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    language = "async () => (await caches.match('/', { ignoreVary: true }))?.headers.get('Content-Language')"
    page.wait_for_function(f"async () => await ({language})() === 'ar'")
    leave_network(page)
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    draw_seven(page)
    expect_digit(page, "7")


def test_the_page_of_figures_works_without_a_network(page, site):
    visit(page, site)
    leave_network(page)
    page.get_by_role("link", name="How accurate is it?").click()
    expect(page.get_by_role("heading", name="How accurate is it?")).to_be_visible()
    assert page.locator("h1").evaluate("title => getComputedStyle(title).fontFamily").startswith("ui-serif")
    page.get_by_role("link", name="Draw a digit").click()
    expect_answered_here(page)


def test_every_file_is_loaded_once(page, site, asked):
    now = visit(page, site)
    for address in [*now["engine"], *now["shell"]]:
        most = 2 if address.endswith(".webmanifest") else 1
        assert 1 <= asked().count(f"GET {address}") <= most, address


def test_below_a_prefix_it_works_without_a_network_too(page, context, tmp_path, production, collected):
    """The static files lie outside the scope of the service worker."""
    with serve(tmp_path / "prefixed", collected, "tests.browser.prefixed.settings") as site:
        now = visit(page, site, "/digits/")
        assert all(not address.startswith("/digits/static/") for address in now["engine"])
        leave_network(page)
        page.reload()
        expect_answered_here(page)


def test_a_browser_that_saves_data_keeps_the_page_and_no_engine(page, context, site, asked):
    page.add_init_script(SAVES_DATA)
    page.goto(site.url)
    now = read_release(site)
    wait_until_kept(page, ["/", *now["shell"]])
    leave_network(page)
    page.reload()
    draw_seven(page)
    expect_state(page, "failed")
    expect(page.locator("[data-role=detail]")).to_contain_text("Your drawing is saved")
    assert not [request for request in asked() if "wasm" in request or "/parts/" in request]


def test_drawings_kept_here_are_not_sent_when_the_network_is_back(page, context, site, asked):
    visit(page, site)
    leave_network(page)
    page.reload()
    page.get_by_label("Keep my drawings on this device").check()
    expect_answered_here(page)
    context.set_offline(False)
    page.locator("[data-action=clear]").click()
    expect_answered_here(page)
    assert not [request for request in asked() if request.startswith("POST ")]


def expect_posts(asked, wanted):
    """Each process logs a request only after its answer, so the order is arbitrary."""
    for _ in range(50):
        found = [request for request in asked() if request in ("GET /token/", "POST /read/")]
        if Counter(found) == Counter(wanted):
            break
        time.sleep(0.1)
    assert Counter(found) == Counter(wanted)


def test_no_token_is_cached_and_a_cached_page_fetches_one_before_it_posts(page, context, site, asked):
    page.add_init_script(SAVES_DATA)
    page.goto(site.url)
    wait_until_kept(page, ["/", *read_release(site)["shell"]])
    leave_network(page)
    page.reload()
    tokens = page.locator("[name=csrfmiddlewaretoken]").evaluate_all("fields => fields.map(({ value }) => value)")
    assert tokens and not any(tokens)
    context.clear_cookies()
    context.set_offline(False)
    draw_seven(page)
    expect_source(page, "Answered by the server")
    expect_posts(asked, ["GET /token/", "POST /read/"])


def test_an_expired_token_is_replaced(page, context, site, asked):
    page.add_init_script(SAVES_DATA)
    page.goto(site.url)
    wait_until_kept(page, ["/", *read_release(site)["shell"]])  # which sets the cookie again
    context.clear_cookies()
    draw_seven(page)
    expect_source(page, "Answered by the server")
    expect_posts(asked, ["POST /read/", "GET /token/", "POST /read/"])


def test_a_new_release_takes_over_once_the_old_page_is_closed(page, context, site, another_model):
    visit(page, site)
    [old] = [name for name in read_caches(page) if "shell" in name]
    another_model()
    new_page = context.new_page()
    now = visit(new_page, site)
    assert old in read_caches(page) and sum("shell" in name for name in read_caches(page)) == 2
    page.close()
    new_page.close()
    page = context.new_page()
    # A browser under test may hang if a page opens while a service worker is ending.
    for _ in range(600):
        if len(context.service_workers) == 1:
            break
        page.wait_for_timeout(100)
    page.goto(site.url)
    page.evaluate(f"async () => {{ {KEPT} await until(async () => !('{old}' in (await kept()))); }}")
    [engine] = [addresses for name, addresses in read_caches(page).items() if name.endswith("engine")]
    assert sorted(engine) == now["engine"]
    leave_network(page)
    page.reload()
    assert '"tiny"' in page.locator("[data-role=desk]").get_attribute("data-device")
    expect_answered_here(page)


@pytest.fixture
def another_model(site):
    """Activates the tiny model, as the admin does, and the shipped one afterwards."""
    card = ModelCard.read(MODELS / "tiny")
    row = {
        "name": "tiny",
        "origin": "shipped",
        "version": card.version,
        "file": str(MODELS / "tiny/model.onnx"),
        "sha256": card.sha256,
        "scores": "[]",
        "note": "",
        "active": False,
        "chosen": False,
        "added_at": "2026-11-29 12:00:00",
    }

    def use(name):
        with sqlite3.connect(site.database) as database:
            database.execute("UPDATE digit_recognition_digitmodel SET active = 0")
            database.execute("UPDATE digit_recognition_digitmodel SET active = 1 WHERE name = ?", [name])
        database.close()
        time.sleep(1.2)  # a process asks at most once a second which model is in use

    with sqlite3.connect(site.database) as database:
        columns, places = ", ".join(row), ", ".join("?" * len(row))
        values = [*row.values()]
        database.execute(f"INSERT INTO digit_recognition_digitmodel ({columns}) VALUES ({places})", values)
    database.close()
    yield lambda: use("tiny")
    use(SHIPPED)


def test_the_page_can_be_installed_as_an_app(page, site):
    page.goto(site.url)
    found = page.context.new_cdp_session(page).send("Page.getAppManifest")
    assert found["errors"] == [] and found["url"].endswith("/manifest.webmanifest")
    manifest = json.loads(found["data"])
    assert manifest["name"] and manifest["short_name"] and manifest["display"] == "standalone"
    assert (manifest["start_url"], manifest["scope"]) == ("/", "/")
    assert {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]} >= {
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    }


def test_each_icon_is_as_large_as_it_says_and_small_as_a_file(site):
    manifest = json.loads(ask(site.port, "GET", "/manifest.webmanifest").content)
    for icon in manifest["icons"]:
        answer = ask(site.port, "GET", icon["src"])
        assert (answer.status, answer.headers["Content-Type"]) == (200, icon["type"])
        assert len(answer.content) < 5_000
        if icon["type"] == "image/png":
            assert "{}x{}".format(*Image.open(BytesIO(answer.content)).size) == icon["sizes"]
