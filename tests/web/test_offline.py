"""Files that a browser caches to work offline: complete, versioned, without a token, and under any prefix."""

import json
import re
from dataclasses import replace

import pytest
from django.test import Client
from django.test.utils import override_settings

from digit_recognition import views
from digit_recognition.device import engine, modules, offline
from digit_recognition.models import DigitModel
from tests.support import hashed

STATIC = "/static/digit_recognition/"


@pytest.fixture(autouse=True)
def addresses_with_hashes(settings):
    settings.STORAGES = settings.STORAGES | hashed.STORAGES
    views._render_model_page.cache_clear()  # another test may have used other addresses


def script():
    answer = Client().get("/service-worker.js")
    assert answer.status_code == 200
    return answer.content.decode()


def release():
    return json.loads(script().partition("const RELEASE = ")[2].partition(";\n")[0])


def version():
    [found] = re.findall(r'^const VERSION = "([0-9a-f]{12})";$', script(), re.MULTILINE)
    return found


def files(addresses):
    return {address.partition("?")[0].removeprefix(STATIC) for address in addresses}


def test_the_shell_is_all_that_the_page_names_or_imports(db):
    shell = files(release()["shell"])
    page = Client().get("/").content.decode()
    assert files(re.findall(r'"(/static/[^"]+)"', page)) <= shell
    assert {"script.js", "answer/server.js", "draw/line.js", "icon-512.png"} <= shell
    assert "/manifest.webmanifest" in shell


def test_each_cached_page_names_the_parts_of_its_release(db):
    found = release()
    for address, named in found["pages"].items():
        page = Client().get(address, headers={"Accept": "text/html"}).content.decode()
        linked = re.findall(r'"(/static/[^"]+)"', page)
        assert {*linked} <= {*named} <= {*found["shell"], *found["engine"]}


def test_the_engine_is_all_that_the_worker_loads_and_no_part_of_the_shell(db):
    found = release()
    assert not set(found["engine"]) & set(found["shell"])
    parts = engine.parts()
    assert parts
    assert {parts["engine"], *parts["task"]["files"].values()} <= set(found["engine"])
    assert {"engine/engine.js", "engine/ink.js", "vendor/onnxruntime-web/ort.wasm.bundle.min.mjs"} <= files(
        found["engine"]
    )


def test_without_a_usable_model_only_the_page_is_cached(db):
    DigitModel.objects.all().delete()
    assert release()["engine"] == [] and release()["shell"]
    assert [*release()["pages"]] == ["/"]


def test_a_page_of_another_model_is_of_another_release(db):
    """A browser must not cache it beside the files of the previous model."""
    parts = engine.parts()
    assert parts
    assert {parts["engine"], *parts["task"]["files"].values()} <= set(release()["pages"]["/"])


def test_other_figures_are_another_version(db, monkeypatch):
    before = version()
    monkeypatch.setattr(DigitModel, "card", replace(DigitModel.objects.active().card, measured="2000-01-01"))
    assert version() != before


def test_the_same_release_has_the_same_version_for_every_visitor(db):
    assert version() == version()


def test_another_model_is_another_version(db):
    before = version()
    DigitModel.objects.all().delete()
    assert version() != before


def test_other_words_on_the_page_are_another_version(db, monkeypatch):
    before = version()
    monkeypatch.setattr(views, "_home_context", lambda: {"device": "null", "offline": True})
    assert version() != before


def test_another_name_of_the_app_is_another_version(db, monkeypatch):
    before = version()
    changed = offline.manifest() | {"name": "Figures"}
    monkeypatch.setattr(offline, "manifest", lambda: changed)
    assert version() != before


def test_a_file_with_other_content_is_another_version(db, monkeypatch):
    before = version()
    monkeypatch.setattr(hashed.Versioned, "url", lambda self, name: f"/static/{name}?other")
    assert version() != before


@override_settings(ROOT_URLCONF="tests.browser.prefixed.urls")
def test_below_a_prefix_the_worker_serves_that_page(db):
    script = Client().get("/digits/service-worker.js").content.decode()
    assert '"pages": {"/digits/": [' in script and '"/digits/model/": [' in script
    assert Client().get("/digits/manifest.webmanifest").json()["scope"] == "/digits/"
    assert 'data-offline-url="/digits/service-worker.js"' in Client().get("/digits/").content.decode()


@pytest.mark.parametrize("address", ["/service-worker.js", "/manifest.webmanifest", "/token/"])
def test_answers_about_release_or_visitor_are_never_cached(db, address):
    assert "no-store" in Client().get(address)["Cache-Control"]


@pytest.mark.parametrize("address", ["/service-worker.js", "/manifest.webmanifest", "/token/"])
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_offline_files_answer_only_get_and_head(db, address, method):
    assert getattr(Client(), method)(address).status_code == 405


def test_the_service_worker_sets_no_cookie_and_has_no_token(db):
    client = Client()
    answer = client.get("/service-worker.js")
    assert not answer.cookies
    client.get("/")
    assert client.cookies["csrftoken"].value not in client.get("/service-worker.js").content.decode()


def test_a_fresh_token_is_valid_with_its_cookie(db):
    client = Client(enforce_csrf_checks=True)
    token = client.get("/token/").json()["token"]
    assert client.cookies["csrftoken"].value
    drawing = {"strokes": [[[0, 0], [0, 100]]]}
    assert client.post("/predict/", drawing, "application/json", headers={"X-CSRFToken": token}).status_code == 200


def test_without_hashed_addresses_there_is_no_service_worker(db, settings):
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    assert Client().get("/service-worker.js").status_code == 404
    assert 'data-offline-url=""' in Client().get("/").content.decode()


def test_the_manifest_has_the_right_type(db):
    answer = Client().get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    assert answer.json()["start_url"] == answer.json()["id"] == "/"


def test_the_security_policy_allows_a_manifest_of_the_site_alone(db):
    assert "manifest-src 'self';" in Client().get("/")["Content-Security-Policy"]


def test_the_worker_is_started_by_a_script_below_the_apps_own_address(db):
    parts = engine.parts()
    assert parts
    answer = Client().get(parts["engine"])
    assert answer["Content-Type"].startswith("text/javascript") and "immutable" in answer["Cache-Control"]
    imported = re.findall(r'^import "([^"]+)";$', answer.content.decode(), re.MULTILINE)
    assert files(imported) == {
        name.removeprefix("digit_recognition/") for name in modules.collect_imports(engine.ENGINE)
    }
    assert Client().get(f"/parts/{'0' * 64}/start.js").status_code == 404
