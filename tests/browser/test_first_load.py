"""Before the first stroke, few bytes are loaded and nothing moves on the page."""

import pytest

from tests.support.visitor import SAVES_DATA

MOST_BYTES = 60_000
SHIFTS = """() => new Promise((resolve) => {
    const shifts = [];
    const watch = new PerformanceObserver((list) => shifts.push(...list.getEntries()));
    watch.observe({ type: "layout-shift", buffered: true });
    setTimeout(() => resolve(shifts.map(({ value }) => value)), 1000);
})"""
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}


def test_before_the_first_stroke_at_most_60_kb_are_loaded(page, production):
    loaded = {}
    page.on("requestfinished", lambda request: loaded.update({request.url: request.sizes()["responseBodySize"]}))
    page.add_init_script(SAVES_DATA)  # or the engine would load as soon as the page is idle
    page.goto(production.url, wait_until="networkidle")
    assert any(url.endswith(".css") for url in loaded) and any(url.endswith(".js") for url in loaded)
    assert loaded[production.url] > 1000
    assert sum(loaded.values()) <= MOST_BYTES, loaded


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_nothing_moves_while_the_page_loads(new_context, production, viewport, language):
    page = new_context(locale=language).new_page()
    page.set_viewport_size(viewport)
    page.goto(production.url, wait_until="networkidle")
    assert page.evaluate(SHIFTS) == []


def test_the_browser_knows_each_permission_in_the_policy(page, production):
    """It warns about unknown names: a misspelt permission would not be denied."""
    warned = []
    page.on("console", lambda message: warned.append(message.text))
    page.goto(production.url, wait_until="networkidle")
    allowed = page.evaluate("document.featurePolicy.allowedFeatures()")
    assert "clipboard-write" in allowed and not {"camera", "microphone", "geolocation", "usb"} & set(allowed)
    assert [text for text in warned if "olicy" in text] == []
