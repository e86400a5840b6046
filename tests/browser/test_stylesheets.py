"""A browser silently drops declarations that it does not understand. Linters check names, not values."""

import re

import pytest

from digit_recognition.device.modules import FOLDER

STYLESHEETS = sorted(FOLDER.glob("digit_recognition/**/*.css"))
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
DECLARATION = re.compile(r"(?<=[{;])\s*([\w-]+\s*:[^;{}]+?)\s*(?=[;}])")
OTHER_BROWSERS = "-webkit-touch-callout"  # only on iOS

DROPPED = "(declarations) => declarations.filter((declaration) => !CSS.supports(`(${declaration})`))"
COUNT_RULES = """(text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    const count = (rules) => [...(rules ?? [])].reduce((sum, { cssRules }) => sum + 1 + count(cssRules), 0);
    return count(sheet.cssRules);
}"""


def declarations(text: str) -> list[str]:
    found = DECLARATION.findall(COMMENT.sub("", text))
    return [declaration for declaration in found if not declaration.startswith(OTHER_BROWSERS)]


@pytest.mark.parametrize("file", STYLESHEETS, ids=lambda file: file.name)
def test_the_browser_understands_each_declaration(page, file):
    found = declarations(file.read_text())
    assert len(found) > 5
    assert page.evaluate(DROPPED, found) == []


@pytest.mark.parametrize("file", STYLESHEETS, ids=lambda file: file.name)
def test_the_browser_keeps_each_rule(page, file):
    text = file.read_text()
    assert page.evaluate(COUNT_RULES, text) == COMMENT.sub("", text).count("{")


def test_an_invalid_value_is_found(page):
    font = "font: 500 0.9375rem/1 inherit"
    assert page.evaluate(DROPPED, declarations(f"a {{ {font}; color: red !important }}")) == [font]
