"""On a phone or tablet: nothing looks hovered over, everything can be hit, and nothing tells of a mouse or of keys."""

from pathlib import Path

import pytest

import digit_recognition

STYLES = sorted((Path(digit_recognition.__file__).parent / "static").rglob("*.css"))
# The rules about what is hovered over, and whether each counts only where a pointer hovers.
HOVERS = """async (text) => {
    const found = [];
    const walk = (rules, hovers) => {
        for (const rule of rules) {
            if (rule.selectorText?.includes(":hover")) found.push([rule.selectorText, hovers]);
            walk(rule.cssRules ?? [], hovers || /\\(hover: hover\\)/.test(rule.conditionText));
        }
    };
    walk((await new CSSStyleSheet().replace(text)).cssRules, false);
    return found;
}"""


@pytest.fixture
def browser_context_args(browser_context_args):
    return browser_context_args | {"has_touch": True, "is_mobile": True}


def test_no_look_of_being_hovered_over_sticks_after_a_touch(page):
    found = [rule for file in STYLES for rule in page.evaluate(HOVERS, file.read_text(encoding="utf-8"))]
    assert len(found) > 3
    assert [selector for selector, hovers in found if not hovers] == []
