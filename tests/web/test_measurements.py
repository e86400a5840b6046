"""Names from a model card in the language of the visitor."""

import pytest
from django.test import Client
from django.utils.translation import override

from digit_recognition.figures.names import is_known, translate_name
from recognizer.evaluation.goals import GOALS
from recognizer.model import MODELS, Model
from recognizer.recognizer import SHIPPED
from tests.support.pages import BROWSER, page_of, text


def test_every_name_in_the_shipped_card_can_be_translated():
    card = Model(MODELS / SHIPPED).card
    names = {row.row for row in card.table} | {grid.name for grid in card.grids}
    names |= {grid.paper for grid in card.grids} | {*card.confusion, *card.reliability}
    names |= {text for source in card.sources for text in (source.use, source.licence)} - {"CC BY 4.0"}
    assert [name for name in names if not is_known(name)] == []


def test_every_row_that_is_measured_has_a_text():
    assert [goal.row for goal in GOALS if not is_known(goal.row)] == []


def test_a_known_row_is_translated_and_an_unknown_one_keeps_its_name(db):
    answer = Client().get("/model/", headers={"Accept-Language": "fr", "Accept": BROWSER})
    assert '<bdi lang="en">golden digits</bdi>' in answer.content.decode()
    with override("fr"):
        assert translate_name("error under fog") == "dans le brouillard"


def test_sources_and_bars_are_translated(db, monkeypatch):
    page = text(page_of(monkeypatch, Model(MODELS / SHIPPED).card, "ar"))
    assert "<bdi>خطوط رسمها 30 شخصًا على لوح رقمي</bdi> · الرخصة:" in page
    assert "2 م.ث. فأقل" in page and "≤" not in page and "≥" not in page


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("30 px, pen 2 px, gray with a shadow", "30 px, stylo de 2 px, gris avec une ombre"),
        ("60 px, pen 1/20", "60 px, stylo de 1/20"),
        ("canvas grid, paper: light", "Réponses justes, papier\u00a0: clair"),
        ("elsewhere", "elsewhere"),
        ("", ""),
    ],
    ids=["gray", "pen", "grid", "unknown", "none"],
)
def test_a_cell_and_a_grid_are_named_in_the_language(cell, words):
    with override("fr"):
        assert translate_name(cell) == words
