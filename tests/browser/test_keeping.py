"""Drawings are kept in the tab, in saved files, and when the phone is turned."""

import re
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.support.pictures import DELAYED, choose, file_of, seven
from tests.support.visitor import expect_digit, expect_state, ink_on

NONSENSE = [
    "{",
    "7",
    "[null]",
    '[{"width": 0.1}]',
    '[{"points": [["a", null]], "width": 1}]',
    '[{"points": [], "width": 0.1}]',
]
BAR = [(0.35, 0.5), (0.6, 0.5)]


def save(page, name):
    with page.expect_download() as download:
        page.get_by_role("button", name=name, exact=True).click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def test_leaving_and_coming_back_keeps_the_drawing(home, draw, model):
    draw()
    draw(BAR)
    expect_digit(home, "7")
    home.goto("about:blank")
    home.go_back()
    expect_digit(home, "7")
    home.reload()
    expect_digit(home, "7")
    assert ink_on(home) > 0
    before, after = model.inks[1].strokes, model.inks[-1].strokes
    assert len(after) == 2
    np.testing.assert_allclose(after[0], before[0], atol=0.05)


def test_a_cleared_drawing_does_not_come_back(home, draw):
    draw()
    expect_digit(home, "7")
    home.get_by_role("button", name="Clear").click()
    home.reload()
    expect_state(home, "empty")
    assert ink_on(home) == 0


def test_leaving_and_coming_back_keeps_a_picture(home, draw, model):
    choose(home, file_of(seven()))
    expect_digit(home, "7")
    home.reload()
    expect_digit(home, "7")
    first, again = (ink.image for ink in model.inks)
    assert np.array_equal(first, again)
    draw()
    expect_digit(home, "7")
    home.reload()
    expect_digit(home, "7")
    assert [len(ink.strokes) for ink in model.inks[2:]] == [1, 1]


def test_a_new_choice_wins_over_a_saved_picture_still_loading(home, model):
    choose(home, file_of(seven(300)))
    expect_digit(home, "7")
    home.add_init_script(f"({DELAYED})([400, 800])")  # the chosen one comes last
    home.reload()
    choose(home, file_of(seven(200)))
    home.wait_for_timeout(1500)
    expect_digit(home, "7")
    assert [ink.image.shape[0] for ink in model.inks] == [300, 200]


@pytest.mark.parametrize("memory", ["nothing", "data:image/png;base64,*", "data:image/png;base64,AAAA"])
def test_an_invalid_saved_picture_is_forgotten(home, memory):
    home.evaluate("(memory) => sessionStorage.setItem('picture', memory)", memory)
    home.reload()
    home.wait_for_function("() => sessionStorage.getItem('picture') === null")
    expect_state(home, "empty")


@pytest.mark.parametrize("memory", NONSENSE)
def test_an_invalid_saved_drawing_is_forgotten(home, draw, memory):
    home.evaluate("(memory) => sessionStorage.setItem('drawing', memory)", memory)
    home.reload()
    expect_state(home, "empty")
    draw()
    expect_digit(home, "7")


def test_turning_the_phone_keeps_the_drawing_and_its_place(home, draw, model):
    draw()
    expect_digit(home, "7")
    home.set_viewport_size({"width": 844, "height": 390})
    draw(BAR)
    expect_digit(home, "7")
    first, second = model.inks[0].strokes[0], model.inks[1].strokes[0]
    ratio = np.ptp(second[:, 0]) / np.ptp(first[:, 0])
    assert ratio == pytest.approx(home.locator(".canvas").bounding_box()["width"] / 356, abs=0.02)


def test_the_drawing_is_saved_as_png(home, draw):
    draw()
    expect_digit(home, "7")
    name, content = save(home, "PNG")
    picture = np.array(Image.open(BytesIO(content)).convert("L"))
    assert name == "digit.png" and picture.shape == (1024, 1024)
    assert picture[0, 0] == 255 and picture[int(0.275 * 1024), int(0.5 * 1024)] == 0


def test_the_drawing_is_saved_as_svg(home, draw):
    draw()
    draw(BAR)
    expect_digit(home, "7")
    name, content = save(home, "SVG")
    svg = content.decode()
    assert name == "digit.svg" and svg.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert len(re.findall("<path ", svg)) == 2


def test_an_empty_canvas_cannot_be_saved(home, draw):
    for name in ("PNG", "SVG"):
        expect(home.get_by_role("button", name=name, exact=True)).to_be_disabled()
    draw()
    for name in ("PNG", "SVG"):
        expect(home.get_by_role("button", name=name, exact=True)).to_be_enabled()


def test_the_pen_width_cycles_and_changes_only_the_ink(home, draw, model):
    inked = []
    for name in ("Pen: medium", "Pen: broad", "Pen: fine"):
        expect(home.get_by_role("button", name=name)).to_be_visible()
        draw()
        expect_digit(home, "7")
        inked.append(ink_on(home))
        home.get_by_role("button", name="Clear").click()
        home.get_by_role("button", name=name).click()
    medium, broad, fine = inked
    assert fine < medium < broad
    np.testing.assert_allclose(model.inks[0].strokes[0], model.inks[1].strokes[0], atol=1e-3)
