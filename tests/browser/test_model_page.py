"""The page of the model's figures in a real browser: it fits with scripts on or off, and keeps the security policy."""

import pytest
from playwright.sync_api import expect

from digit_recognition.models import DigitModel
from tests.support.cards import CARD


@pytest.fixture(params=[True, False], ids=["scripts on", "scripts off"])
def browser_context_args(browser_context_args, request):
    return browser_context_args | {"java_script_enabled": request.param}


@pytest.fixture
def figures(home, monkeypatch):
    """The page of figures, opened from the home page; `home` checks it for errors."""
    monkeypatch.setattr(DigitModel, "card", CARD)
    home.get_by_role("link", name="How accurate is it?").click()
    expect(home.get_by_role("heading", level=1)).to_have_text("How accurate is it?")
    return home


@pytest.mark.parametrize("width", [320, 390, 820, 1440])
def test_nothing_reaches_beyond_the_page(figures, width):
    figures.set_viewport_size({"width": width, "height": 844})
    folded = figures.locator("details:not([open]) > summary")
    while folded.count():
        folded.first.click()
    for part in figures.locator("table.figures, table.matrix, svg.plot, .list").all():
        box = part.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


def test_figures_fit_their_cells_on_a_phone(figures):
    cells = figures.locator("table.figures :is(td, th), table.matrix :is(td, th)")
    wide = "cells => cells.filter(cell => cell.scrollWidth > cell.clientWidth + 1).map(cell => cell.innerText)"
    assert cells.count() > 100
    assert cells.evaluate_all(wide) == []


def test_a_folded_matrix_unfolds(figures):
    folded = figures.locator(
        "details", has=figures.get_by_text("Digits by one person in various pen widths", exact=True)
    )
    expect(folded.locator("table")).to_be_hidden()
    folded.locator("summary").click()
    expect(folded.get_by_role("row")).to_have_count(11)


def test_the_way_back_leads_home(figures):
    figures.get_by_role("link", name="Draw a digit").click()
    expect(figures.get_by_role("link", name="How accurate is it?")).to_be_visible()
