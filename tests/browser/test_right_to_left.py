"""The page runs from right to left, but the drawing and everything on it never do."""

import pytest
from playwright.sync_api import expect

from tests.support.visitor import draw_seven, expect_digit, expect_source, on_canvas, switch_language

# Whether the element or one of its ancestors is mirrored.
MIRRORED = """element => {
    let flipped = false;
    for (let box = element; box; box = box.parentElement) {
        flipped = flipped !== new DOMMatrix(getComputedStyle(box).transform).a < 0;
    }
    return flipped;
}"""


@pytest.fixture
def arabic(home):
    switch_language(home, "ar")
    return home


def test_a_stroke_to_the_right_is_sent_as_one_to_the_right(arabic, draw, model):
    draw([(0.2, 0.4), (0.8, 0.6)])
    expect_digit(arabic, "7")
    [stroke] = model.inks[0].strokes
    side = arabic.locator(".canvas").bounding_box()["width"]
    assert stroke[0][0] == pytest.approx(0.2 * side, abs=1)
    assert stroke[-1][0] == pytest.approx(0.8 * side, abs=1)
    assert all(before <= after for before, after in zip(stroke[:-1, 0], stroke[1:, 0], strict=True))


def test_the_right_arrow_moves_the_pen_and_its_mark_to_the_right(arabic, model):
    arabic.locator(".canvas").focus()
    for key in ["Space"] + ["ArrowRight"] * 8:
        arabic.keyboard.press(key)
    mark = arabic.locator("[data-role=cursor]").bounding_box()
    [(x, _)] = on_canvas(arabic, [(0.7, 0.5)])
    assert mark["x"] + mark["width"] / 2 == pytest.approx(x, abs=2)
    arabic.keyboard.press("Space")
    expect_digit(arabic, "7")
    [stroke] = model.inks[0].strokes
    assert stroke[-1][0] > stroke[0][0]


@pytest.mark.parametrize("part", [".canvas", "[data-role=seen]", ".why", ".example svg"])
def test_drawings_are_not_mirrored(arabic, draw, part):
    draw()
    expect_digit(arabic, "7")
    assert arabic.locator(part).first.evaluate(MIRRORED) is False


def test_bars_grow_from_the_right_and_undo_points_there(arabic, draw):
    draw()
    expect_digit(arabic, "7")
    bar = arabic.locator("[data-candidate='7'] .bar")
    assert bar.evaluate(MIRRORED) is True
    full, grown = bar.bounding_box(), bar.locator(".fill").bounding_box()
    assert grown["x"] + grown["width"] == pytest.approx(full["x"] + full["width"], abs=1)
    assert grown["width"] < full["width"]
    assert arabic.locator("[data-action=undo] svg").evaluate(MIRRORED) is True


def test_the_explanation_lies_on_the_drawing(page, shipped):
    page.goto(shipped)
    switch_language(page, "ar")
    page.locator("[data-role=keep]").check()
    draw_seven(page)
    expect_source(page, "الجواب من هذا الجهاز")
    page.locator("[data-action=why]").click()
    expect(page.locator(".why .for").first).to_be_visible()
    canvas, why = (page.locator(part).bounding_box() for part in (".canvas", ".why"))
    assert why["x"] == pytest.approx(canvas["x"], abs=1) and why["width"] == pytest.approx(canvas["width"], abs=2)
    # The seven's bar ends, and its stem begins, at the right of its middle.
    marks = page.locator(".why .for").evaluate_all(
        "all => all.map(({ cx, cy }) => [cx.baseVal.value, cy.baseVal.value])"
    )
    assert all(0.25 < x < 0.73 and 0.22 < y < 0.83 for x, y in marks)
