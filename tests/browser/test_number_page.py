"""A whole number on the page: large, with a mark under what is unsure, and the evidence of each of its digits."""

import pytest
from playwright.sync_api import Page, expect

from tests.golden.apart import ONE_APART, SEVERAL, beside
from tests.golden.rendering import render
from tests.support.answers import png_of
from tests.support.stand_in import no_number, number
from tests.support.visitor import expect_digit, expect_source, expect_state, keep_here, on_canvas

OPEN = "▯"


@pytest.fixture
def here(page: Page, shipped):
    """The page with the engine on the device."""
    page.goto(shipped)
    keep_here(page)
    return page


def write(page, drawing):
    """Draw by mouse, as large as fits."""
    points = [point for stroke in drawing for point in stroke]
    left, top = (min(point[axis] for point in points) for axis in (0, 1))
    side = max(max(point[axis] for point in points) - low for axis, low in ((0, left), (1, top)))
    for stroke in drawing:
        places = on_canvas(page, [(0.1 + 0.8 * (x - left) / side, 0.1 + 0.8 * (y - top) / side) for x, y in stroke])
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place, steps=3)
        page.mouse.up()


def letters(page):
    return page.get_by_role("radiogroup", name="Digits of the number").get_by_role("radio")


def best(page):
    return page.locator("[data-best]")


def test_a_number_is_shown_and_told(home, draw, model):
    model.answer = number("0206")
    draw()
    expect_digit(home, "0206")
    expect(letters(home)).to_have_text(["0", "2", "0", "6"])
    expect(home.locator("[data-role=headline]")).to_have_text("98% sure")
    expect(home.get_by_role("status")).to_have_text("0 2 0 6. 98% sure")
    expect(home.get_by_role("heading", level=1)).to_contain_text("0206")
    expect(home.get_by_role("button", name="Copy")).to_be_visible()


def test_one_digit_has_no_row(home, draw, model):
    model.answer = number("20")
    draw()
    expect_digit(home, "20")
    model.answer = None
    draw()
    expect_digit(home, "7")
    expect(home.locator("[data-role=number]")).to_be_hidden()
    expect(home.locator("[data-role=brackets] path")).to_have_count(0)


def test_each_digit_has_brackets_and_the_chosen_one_darker(home, draw, model):
    model.answer = number("206")
    draw()
    expect(home.locator("[data-role=brackets] path")).to_have_count(3)
    letters(home).nth(1).click()
    expect(home.locator("[data-role=brackets] path").nth(1)).to_have_attribute("data-chosen", "")
    expect(home.locator("[data-role=brackets] [data-chosen]")).to_have_count(1)


def test_a_chosen_digit_shows_its_evidence(home, draw, model):
    model.answer = number("206")
    draw()
    expect(best(home)).to_have_attribute("data-candidate", "6")  # the last digit, as the pen wrote it
    letters(home).first.click()
    expect(best(home)).to_have_attribute("data-candidate", "2")
    expect(letters(home).first).to_be_checked()
    expect(home.get_by_role("img", name="The drawing as the network sees it")).to_be_visible()


def test_arrow_keys_choose_a_digit(home, draw, model):
    model.answer = number("206")
    draw()
    letters(home).last.focus()
    for key, digit in [("ArrowLeft", "0"), ("Home", "2"), ("ArrowLeft", "6"), ("ArrowRight", "2"), ("End", "6")]:
        home.keyboard.press(key)
        expect(best(home)).to_have_attribute("data-candidate", digit)
        expect(letters(home).and_(home.locator(":focus"))).to_have_text(digit)
    assert letters(home).evaluate_all("all => all.filter(({ tabIndex }) => tabIndex === 0).length") == 1


def test_an_unsure_digit_is_marked_and_in_view(home, draw, model):
    model.answer = number("2026", rival="2076", confidence=0.9)
    draw()
    expect_digit(home, "2026")
    expect(home.locator("[data-unsure]")).to_have_text("2")
    expect(letters(home).nth(2)).to_be_checked()
    expect(best(home)).to_have_attribute("data-candidate", "2")


def test_a_digit_that_is_one_or_the_other_is_left_open(home, draw, model):
    model.answer = number("2026", rival="2076", confidence=0.6, reason="unsure")
    draw()
    expect_state(home, "declined")
    expect_digit(home, "")
    expect(letters(home)).to_have_text(["2", "0", OPEN, "6"])
    expect(home.get_by_role("radio", name="2 or 7?")).to_be_checked()
    expect(home.locator("[data-role=headline]")).to_have_text("I'm not sure")
    expect(home.locator("[data-role=detail]")).to_have_text("It could be 2026 or 2076.")
    expect(home.get_by_role("status")).to_have_text("I'm not sure. It could be 2 0 2 6 or 2 0 7 6.")
    expect(home.get_by_role("button", name="Copy")).to_be_hidden()


def test_an_unsure_number_without_a_rival_names_the_best(home, draw, model):
    model.answer = number("31", confidence=0.6, reason="unsure")
    draw()
    expect(home.locator("[data-role=detail]")).to_have_text("It is most likely 31.")
    expect(letters(home)).to_have_text(["3", "1"])


@pytest.mark.parametrize(
    ("reason", "headline", "words"),
    [
        ("not a number", "Not a number", "This doesn't look like a number."),
        ("several lines", "More than one line", "I can only read one line at a time."),
        ("too long", "Too long", "I can read at most 32 digits."),
    ],
)
def test_what_is_no_number_is_declined_in_words(home, draw, model, reason, headline, words):
    model.answer = no_number(reason)
    draw()
    expect_state(home, "declined")
    expect(home.locator("[data-role=headline]")).to_have_text(headline)
    expect(home.locator("[data-role=detail]")).to_have_text(words)
    expect(home.locator("[data-digit]")).to_have_text("?")
    expect(best(home)).to_have_count(0)
    expect(home.get_by_role("button", name="Why?")).to_be_disabled()


def test_the_device_reads_a_number_and_undo_leaves_a_digit(here):
    write(here, SEVERAL["81"])
    expect_source(here, "Answered on this device")
    expect_digit(here, "81")
    for _ in SEVERAL["81"][1:]:
        here.get_by_role("button", name="Undo").click()
    expect_digit(here, "8")
    expect(here.locator("[data-role=number]")).to_be_hidden()


def test_the_device_reads_a_picture_of_a_number(here):
    picture = png_of(render(beside("2 plain", "7 crossed", "4 open"), 320, 300, 4))
    here.locator("#picture").set_input_files({"name": "two.png", "mimeType": "image/png", "buffer": picture})
    expect_source(here, "Answered on this device")
    expect(letters(here)).to_have_text(["2", "7", "4"])
    expect(here.locator("[data-role=brackets] path")).to_have_count(3)


def test_two_lines_are_declined_on_the_device(here):
    write(here, SEVERAL["2 above 3"])
    expect_source(here, "Answered on this device")
    expect(here.locator("[data-role=headline]")).to_have_text("More than one line")


def test_a_digit_whose_hat_does_not_touch_is_answered_on_the_device(here):
    write(here, ONE_APART["5 and its hat"])
    expect_source(here, "Answered on this device")
    expect_digit(here, "5")


@pytest.mark.parametrize("kind", ["drawn", "in a picture"])
def test_why_marks_the_ink_of_the_chosen_digit(here, kind):
    drawing = beside("2 plain", "7 crossed", "4 open")
    if kind == "drawn":
        write(here, drawing)
    else:
        picture = png_of(render(drawing, 320, 300, 4))
        here.locator("#picture").set_input_files({"name": "n.png", "mimeType": "image/png", "buffer": picture})
    expect_source(here, "Answered on this device")
    letters(here).nth(1).click()
    here.get_by_role("button", name="Why?").click()
    expect(here.locator("[data-role=legend]")).to_contain_text("supports 7")
    marks = here.locator("[data-role=why] .for")
    assert marks.count() > 5
    low, high = (
        here.locator("[data-role=brackets] path")
        .nth(1)
        .evaluate("path => { const { x, width } = path.getBBox(); return [x, x + width]; }")
    )
    places = marks.evaluate_all("all => all.map((mark) => Number(mark.getAttribute('cx')))")
    assert all(low <= place <= high for place in places)
    letters(here).first.click()
    expect(here.locator("[data-role=legend]")).to_contain_text("supports 2")


def test_without_scripts_a_picture_of_a_number_is_answered_with_a_page(browser, live_server, model):
    page = browser.new_page(java_script_enabled=False)
    model.answer = number("2026")
    page.goto(live_server.url)
    page.locator("input[name=image]").set_input_files(
        {
            "name": "a.png",
            "mimeType": "image/png",
            "buffer": png_of(render(beside("2 plain", "7 crossed"), 200, 180, 4)),
        }
    )
    page.get_by_role("button", name="Read it").click()
    expect(page.locator(".glyph")).to_have_text("2026")
    page.close()
