"""The page in five languages: the choice of language, and complete and valid translations."""

import ast
import io
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.test import Client
from django.urls import include, path
from django.utils.translation import gettext, override
from django.utils.translation.template import templatize

from digit_recognition import numerals
from digit_recognition.languages import NAMES, RIGHT_TO_LEFT
from digit_recognition.models import DigitModel
from digit_recognition.predict.refusals import LIBRARY_TEXTS
from tests.support.drawings import SEVEN
from tests.support.pages import BROWSER
from tests.support.predictions import prediction

ROOT = Path(__file__).parents[2]
APP = ROOT / "digit_recognition"
TRANSLATED = sorted(set(NAMES) - {"en"})
KEYWORDS = {"gettext": None, "gettext_lazy": None, "gettext_noop": None, "_": None, "pgettext": ((1, "c"), 2)}
PLACES = re.compile(r"%\(\w+\)[a-z]|\{\w+\}|%%")
DRAW = {
    "en": "Draw a digit",
    "ne": "अङ्क कोर्नुहोस्",
    "es": "Dibuja un dígito",
    "fr": "Dessinez un chiffre",
    "ar": "ارسم رقمًا",
}

urlpatterns = [path("", include("digit_recognition.urls"))]


def page(client=None, address="/", **headers):
    return (client or Client()).get(address, headers=headers).content.decode()


def language_of(text):
    return re.findall(r'<html lang="([^"]+)"', text)[0]


def switch(client, code, here="/"):
    return client.post("/languages/setlang/", {"language": code, "next": here})


# The choice of language


@pytest.mark.parametrize("code", NAMES)
def test_the_browser_chooses_the_language(db, code):
    text = page(**{"Accept-Language": f"{code}-XX,{code};q=0.9,de;q=0.5"})
    assert language_of(text) == code
    assert f"<title>{DRAW[code]}</title>" in text
    assert ('dir="rtl">\n<head>' in text) == (code in RIGHT_TO_LEFT)


def test_the_choice_of_the_visitor_wins_over_the_browser(db):
    client = Client()
    assert switch(client, "ne").url == "/"
    assert language_of(page(client, **{"Accept-Language": "fr"})) == "ne"


def test_the_switch_leads_back_to_the_page_it_was_on(db):
    text = page(address="/model/", Accept=BROWSER)
    assert re.search(r'name="next" value="/model/"', text)
    assert switch(Client(), "es", "/model/").url == "/model/"


@pytest.mark.parametrize("address", ["https://example.org/", "//example.org/"])
def test_the_switch_leads_to_no_other_site(db, address):
    assert switch(Client(), "es", address).url == "/"


@pytest.mark.parametrize("code", ["de", "xx", "", "en/../..", pytest.param("ar\n", id="a line's end")])
def test_an_unknown_language_is_ignored(db, code):
    client = Client()
    switch(client, code)
    assert language_of(page(client)) == "en"


def test_english_is_the_fallback_language(db):
    assert language_of(page(**{"Accept-Language": "de,ja;q=0.5"})) == "en"


def test_without_a_token_the_language_stays(db):
    assert switch(Client(enforce_csrf_checks=True), "ar").status_code == 403


def test_each_language_is_listed_by_its_own_name_with_its_code(db):
    options = re.findall(r'<option value="(\w+)" lang="(\w+)" dir="(\w+)"( selected)?>([^<]+)<', page())
    assert [(code, name) for code, _, _, _, name in options] == list(NAMES.items())
    assert [code for code, _, _, chosen, _ in options if chosen] == ["en"]
    assert all(lang == code and (way == "rtl") == (code == "ar") for code, lang, way, _, _ in options)


def test_a_site_offers_only_the_languages_that_it_has(db, settings):
    settings.LANGUAGES = [("de", "Deutsch"), ("fr", "français"), ("en", "English")]
    assert re.findall(r'<option value="(\w+)"', page()) == ["en", "fr"]


@pytest.mark.urls(__name__)
def test_a_site_without_the_switch_still_has_the_page(db, settings):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "locale" not in name]
    text = page(**{"Accept-Language": "fr"})
    assert language_of(text) == "en"
    assert "<select" not in text and "languages.js" not in text


def test_caches_are_told_that_answers_vary_by_language(db):
    assert {"Accept-Language", "Cookie"} <= set(re.split(", ?", Client().get("/")["Vary"]))


def test_the_manifest_speaks_the_language_too(db):
    manifest = Client().get("/manifest.webmanifest", headers={"Accept-Language": "ar"}).json()
    assert (manifest["lang"], manifest["dir"], manifest["name"]) == ("ar", "rtl", DRAW["ar"])


# Translated texts


def test_errors_are_in_the_language_of_the_request(post_json):
    words = "Un dessin est une liste de traits, chacun une liste de points [x, y]."
    sent = {"strokes": "seven"}
    assert post_json(sent, **{"Accept-Language": "fr"}).json() == {"error": words}
    assert words in post_json(sent, **{"Accept-Language": "fr", "Accept": BROWSER}).content.decode()


def test_numbers_in_errors_follow_the_language(post_json):
    answer = post_json({"strokes": [[[1, 2]] * 10_001]}, **{"Accept-Language": "es"})
    assert answer.json()["error"] == "El dibujo tiene 10.001 puntos; el límite es 10.000."


def test_sentences_end_with_the_stop_of_the_language(post_json):
    answer = post_json({"strokes": [[["1", "2"]]]}, **{"Accept-Language": "ne"})
    assert answer.json()["error"] == "निर्देशाङ्क सङ्ख्या हुनुपर्छ, str होइन।"


@pytest.mark.parametrize(
    ("code", "words"), [("fr", "Sûr à 99,9\u00a0%"), ("ar", "واثق بنسبة 99.9\u200e%\u200e")], ids=["fr", "ar"]
)
def test_an_answers_page_speaks_the_language(post_json, monkeypatch, code, words):
    monkeypatch.setattr(DigitModel, "predict", lambda self, ink: prediction(7))
    answer = post_json({"strokes": SEVEN}, **{"Accept-Language": code, "Accept": BROWSER})
    assert words in answer.content.decode()


@pytest.mark.parametrize(
    ("code", "number", "percent", "interval"),
    [
        ("en", "12,345.6", "98.7%", "1.50–2.00%"),
        ("ne", "12,345.6", "98.7%", "1.50–2.00%"),
        ("es", "12.345,6", "98,7\u00a0%", "1,50–2,00\u00a0%"),
        ("fr", "12\u202f345,6", "98,7\u00a0%", "1,50–2,00\u00a0%"),
        ("ar", "12,345.6", "98.7\u200e%\u200e", "\u200e1.50–2.00\u200e%\u200e"),
    ],
    ids=["en", "ne", "es", "fr", "ar"],
)
def test_numbers_follow_the_language_in_latin_digits(code, number, percent, interval):
    with override(code):
        assert numerals.number(12345.6, ",.1f") == number
        assert numerals.percent(98.7) == percent
        assert numerals.interval((0.015, 0.02), "share") == interval


def test_spanish_leaves_four_digits_together():
    with override("es"):
        assert (numerals.number(1540), numerals.number(15400)) == ("1540", "15.400")


def test_a_region_writes_numbers_as_its_language_does():
    with override("es-mx"):
        assert numerals.figure(0.987, "share") == "98,70\u00a0%"


@pytest.mark.parametrize("code", TRANSLATED)
def test_translations_use_only_latin_digits(code):
    assert not [
        entry.id for entry in catalogue(code) if re.search(r"[^\W0-9]", "".join(re.findall(r"\d", str(entry.string))))
    ]


# The catalogues


def catalogue(code):
    with (APP / "locale" / code / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file)


def texts_in(file):
    """Texts that makemessages finds there. It needs GNU gettext."""
    source = file.read_text(encoding="utf-8")
    python = templatize(source) if file.suffix == ".html" else source
    return {text for _, text, _, _ in extract("python", io.BytesIO(python.encode()), keywords=KEYWORDS)}


def marked():
    files = [file for file in APP.rglob("*") if file.suffix in {".py", ".html"}]
    return set().union(*map(texts_in, files))


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_text_is_translated_and_nothing_else(code):
    found = {entry.id for entry in catalogue(code) if entry.id}
    assert len(found) > 150
    assert found == marked()
    assert [entry.id for entry in catalogue(code) if not entry.string or (entry.id and entry.fuzzy)] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_has_the_same_places_for_values_as_its_text(code):
    pairs = [(entry.id, entry.string) for entry in catalogue(code) if entry.id]
    assert [text for text, said in pairs if sorted(PLACES.findall(text)) != sorted(PLACES.findall(said))] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_compiled_catalogues_match_their_sources(code):
    with (APP / "locale" / code / "LC_MESSAGES" / "django.mo").open("rb") as file:
        compiled = {entry.id: entry.string for entry in read_mo(file) if entry.id}
    assert compiled == {entry.id: entry.string for entry in catalogue(code) if entry.id}


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_catalogue_names_no_person_machine_or_hour(code):
    text = (APP / "locale" / code / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    assert not re.search(r"^#:|^#~|POT-Creation-Date|Last-Translator|Language-Team|@|YEAR", text, re.MULTILINE)


def prose(code):
    """All texts of a language, without placeholders and markup."""
    said = "\n".join(str(entry.string) for entry in catalogue(code) if entry.id)
    return re.sub(r'\{"strokes".*\}|\[[^\]]*\]|\(data:.*\)|\((n|H), .*?\)', "", said)


def test_french_has_spaces_before_high_punctuation():
    said = re.sub(r"%\(\w+\)s|%(?=%)", "", prose("fr"))
    assert re.findall(r".*(?:[^\u202f][?!;]|[^\u00a0][:»%]|«[^\u00a0]).*", said) == []


def test_arabic_has_its_own_commas_and_question_marks():
    assert re.findall(r".*[,;?].*", prose("ar")) == []


def test_every_ink_error_of_the_library_is_translated():
    """Read from the source of the library, which raises the texts but has no translations."""
    calls = [
        node
        for name in ("ink.py", "pictures.py", "picture_parts.py", "picture_boxes.py", "heic.py")
        for node in ast.walk(ast.parse((ROOT / "recognizer" / name).read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ERRORS
    ]
    assert {ast.literal_eval(call.args[0]) for call in calls} == set(LIBRARY_TEXTS)
    with override("fr"):
        assert not [text for text in LIBRARY_TEXTS if gettext(text) == text]


ERRORS = {"InkError", "BrokenPicture", "PictureTooLarge", "UnsupportedPicture"}
