"""Accessibility violations that axe-core finds on a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = {"phone": (390, 844), "desktop": (1440, 900)}


def violations(page: Page) -> list[str]:
    """Injected from outside, which the page's own security policy allows."""
    found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]


def violations_in_every_look(page: Page) -> dict[str, list[str]]:
    """Violations in light and dark, on a phone and on a desktop. Motion is off, so that no colour is in transition."""
    found = {}
    for size, (width, height) in SIZES.items():
        for colours in ("light", "dark"):
            page.emulate_media(color_scheme=colours, reduced_motion="reduce")
            page.set_viewport_size({"width": width, "height": height})
            found[f"{size}, {colours}"] = violations(page)
    return {look: faults for look, faults in found.items() if faults}
