"""Answers for browsers without scripts, and headers and links of every page."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import get_template
from django.test import Client

from digit_recognition.models import DigitModel
from tests.support.drawings import PNG
from tests.support.pages import BROWSER
from tests.support.predictions import prediction


@pytest.fixture
def page(db):
    return Client().get("/").content.decode()


@pytest.fixture
def upload(post, monkeypatch):
    def send(answer):
        monkeypatch.setattr(DigitModel, "predict", lambda self, ink: answer)
        return post({"image": SimpleUploadedFile("seven.png", PNG)}, Accept=BROWSER).content.decode()

    return send


def test_a_browser_gets_a_page_with_the_digit_and_how_sure_it_is(upload):
    page = upload(prediction(7))
    assert 'data-digit="7"' in page
    assert "99.9% sure" in page
    assert "data:image/png;base64," in page


@pytest.mark.parametrize(
    ("reason", "headline", "words"),
    [
        ("blank", "Nothing to read", "nothing at all"),
        ("not a digit", "Not a digit", "doesn't look like a single digit"),
        ("several digits", "More than one digit", "one digit at a time"),
        ("unsure", "I'm not sure", "It could be 7 or 1."),
    ],
)
def test_a_browser_reads_why_there_is_no_digit(upload, reason, headline, words):
    page = upload(prediction(None, reason))
    assert 'data-digit=""' in page
    assert f'<p class="headline">{headline}</p>' in page and f"<title>{headline}</title>" in page
    assert words in page


def test_a_browser_reads_the_nearest_digit_of_a_near_miss(upload):
    page = upload(replace(prediction(None, "not a digit"), confidence=0.7))
    assert "It's closest to 7" in page


def test_a_browser_reads_how_likely_it_is_no_digit_at_all(upload):
    page = upload(replace(prediction(None, "not a digit"), confidence=0.2))
    rows = re.findall(r'class="name">([^<]+)<.*?class="share">([^<]+)<', page, re.S)
    assert rows[7] == ("7", "20%") and rows[-1] == ("not a digit", "75%") and len(rows) == 11


def test_a_browser_reads_which_two_digits_compete(upload):
    assert re.search(r'class="glyph"[^>]*>7 or 1\?<', upload(prediction(None, "unsure")))
    assert re.search(r'class="glyph"[^>]*>\?<', upload(prediction(None, "not a digit")))


def test_a_browser_reads_what_was_wrong(post):
    answer = post({"image": ""}, Accept=BROWSER)
    assert answer.status_code == 400
    assert "There is no image" in answer.content.decode()


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (BROWSER, "text/html"),
        ("text/html", "text/html"),
        ("text/html;q=0.5, application/json;q=0.4", "text/html"),
        ("text/html;q=0.4, application/json;q=0.5", "application/json"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("image/png", "application/json"),
        ("nonsense", "application/json"),
        ("", "application/json"),
    ],
)
def test_json_is_answered_unless_a_page_is_preferred(post, accept, kind):
    assert post({"image": ""}, Accept=accept)["Content-Type"].startswith(kind)


def test_every_answer_forbids_inline_scripts_and_styles(db):
    for answer in (Client().get("/"), Client().post("/predict/"), Client().get("/nowhere/")):
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy.replace("'wasm-unsafe-eval'", "")


@pytest.mark.parametrize("debug", [True, False], ids=["in debug", "in production"])
def test_every_answer_denies_permissions_that_the_page_does_not_use(db, settings, debug):
    settings.DEBUG = debug
    for answer in (Client().get("/"), Client().post("/predict/"), Client().get("/nowhere/"), Client().get("/admin/")):
        permissions = dict(permission.split("=") for permission in answer["Permissions-Policy"].split(", "))
        assert permissions.pop("clipboard-write") == "(self)"
        assert {"camera", "microphone", "geolocation", "usb"} < set(permissions) and set(permissions.values()) == {"()"}


@pytest.mark.parametrize(("address", "status"), [("/", 200), ("/nowhere/", 404), ("/admin/login/", 200)])
def test_no_answer_may_be_loaded_or_framed_by_another_site(db, address, status):
    answer = Client().get(address)
    assert answer.status_code == status
    assert answer["Cross-Origin-Resource-Policy"] == answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    "name",
    [
        "base",
        "index",
        "upload",
        "answer",
        "refused",
        "model",
        "model/rows",
        "model/folded",
        "model/reliability",
    ],
)
def test_no_template_has_inline_scripts_or_styles(name):
    template: Any = get_template(f"digit_recognition/{name}.html")
    source = template.template.source
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", source)


def test_the_canvas_comes_first_and_can_be_reached_by_keyboard(page):
    canvas, seen = re.findall(r"<canvas[^>]*>", page)
    assert 'tabindex="0"' in canvas and "tabindex" not in seen
    assert "aria-label" in canvas and "aria-label" in seen
    assert page.index("<canvas") < page.index("<h1")


def test_buttons_outside_the_form_submit_nothing(page):
    for button in re.findall(r"<button[^>]*>", page):
        assert 'type="submit"' in button or ('type="button"' in button and " data-" in button)


def test_the_form_works_without_scripts(page):
    [form] = re.findall(r'<form class="upload".*?</form>', page, re.S)
    assert 'action="/read/"' in form
    assert 'enctype="multipart/form-data"' in form
    assert "csrfmiddlewaretoken" in form
    assert 'type="file"' in form


def test_every_file_that_the_page_names_exists(page):
    files = re.findall(r'(?:src|href)="/static/([^"]+)"', page)
    assert len(files) >= 3
    assert all(finders.find(file) for file in files)


def test_the_page_refuses_post(db):
    assert Client().post("/").status_code == 405


@pytest.mark.parametrize("debug", [True, False])
def test_the_developers_page_about_an_error_keeps_its_own_styles(db, settings, debug):
    settings.DEBUG = debug
    answer = Client().get("/no-such-page/")
    assert answer.status_code == 404 and ("Content-Security-Policy" in answer) == (not debug)


@pytest.mark.parametrize(("language", "words"), [("en", "Page not found"), ("fr", "Page introuvable")])
def test_a_missing_address_links_back_to_the_page(db, language, words):
    answer = Client().get("/no-such-page/", headers={"Accept-Language": language})
    assert answer.status_code == 404
    assert f'<h1 class="headline">{words}</h1>' in answer.content.decode()
    assert '<a class="button" href="/">' in answer.content.decode()


def test_a_server_error_is_explained_in_words(db, monkeypatch):
    monkeypatch.setattr("digit_recognition.views.render", lambda *arguments: 1 / 0)
    answer = Client(raise_request_exception=False).get("/", headers={"Accept-Language": "es"})
    assert answer.status_code == 500
    assert '<h1 class="headline">Algo ha fallado</h1>' in answer.content.decode()
