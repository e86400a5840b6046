"""Pictures instead of a drawing: chosen, dropped, pasted or photographed; read equally on the device and the server."""

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from recognizer.ink import Pixels, Strokes
from tests.support.pictures import DELAYED, TEXT, choose, file_of, hand_over, seven
from tests.support.stand_in import prediction
from tests.support.visitor import draw_seven, expect_digit, expect_source, expect_state, ink_on, keep_here

SIDEWAYS = 6  # EXIF: turn by 90° clockwise to see it upright


def photo():
    """As an upright phone writes it: lying on its side, with an EXIF orientation."""
    exif = Image.Exif()
    exif[0x0112] = SIDEWAYS
    return file_of(np.rot90(seven()).copy(), "JPEG", exif)


def test_a_chosen_picture_is_shown_and_read_by_the_server(home, model):
    choose(home, file_of(seven()))
    expect_digit(home, "7")
    assert ink_on(home) > 0
    [ink] = model.inks
    assert isinstance(ink, Pixels) and np.array_equal(ink.image, seven())


@pytest.mark.parametrize("kind", ["drop", "paste"])
def test_a_picture_can_be_dropped_and_pasted(home, model, kind):
    hand_over(home, file_of(seven()), kind)
    expect_digit(home, "7")
    assert isinstance(model.inks[0], Pixels)


def test_a_photo_is_turned_upright_on_the_device_too(page, shipped):
    page.goto(shipped)
    keep_here(page)
    choose(page, photo())
    expect_source(page, "Answered on this device")
    expect_digit(page, "7")


def test_the_page_shows_waiting_while_the_device_fetches_the_pixels_door(page, shipped):
    held = []
    page.route("**/parts/*/cleaner.onnx", lambda route: held.append(route))
    page.goto(shipped)
    keep_here(page)
    draw_seven(page)
    expect_source(page, "Answered on this device")
    page.get_by_role("button", name="Clear").click()
    with page.expect_request("**/parts/*/cleaner.onnx"):
        choose(page, file_of(seven()))
    expect_state(page, "waiting")
    held[0].continue_()
    expect_digit(page, "7")


def test_pictures_kept_on_this_device_are_never_sent(page, shipped):
    posts = []
    page.on("request", lambda request: posts.append(request.url) if request.method != "GET" else None)
    page.goto(shipped)
    keep_here(page)
    choose(page, file_of(seven()))
    expect_source(page, "Answered on this device")
    page.locator("#picture").evaluate("input => input.form.requestSubmit()")
    draw_seven(page)
    expect_digit(page, "7")
    assert posts == []


@pytest.mark.parametrize("kind", ["GIF", "BMP"])
def test_formats_that_the_server_refuses_become_png(home, model, kind):
    choose(home, file_of(seven(), kind))
    expect_digit(home, "7")
    assert np.abs(model.inks[0].image.astype(int) - seven()).max() <= 1


def test_a_picture_larger_than_the_server_takes_is_made_smaller(home, model):
    noise = np.random.default_rng(1).integers(0, 256, (3700, 3700), np.uint8)
    large = file_of(noise)
    assert len(large["buffer"]) > 12_000_000
    choose(home, large)
    expect_digit(home, "7")
    assert model.inks[0].image.shape == (1024, 1024)


def test_a_one_pixel_picture_is_enlarged_to_two_pixels(home, model):
    choose(home, file_of(np.zeros((1, 1), np.uint8)))
    expect_digit(home, "7")
    assert model.inks[0].image.shape == (2, 2)


@pytest.mark.parametrize("kind", ["drawing", "picture"])
def test_a_file_that_cannot_be_opened_is_reported_and_the_earlier_drawing_returns(home, draw, model, kind):
    draw() if kind == "drawing" else choose(home, file_of(seven()))
    expect_digit(home, "7")
    inked = ink_on(home)
    choose(home, TEXT)
    expect_state(home, "failed")
    home.evaluate("dispatchEvent(new Event('online'))")  # unrelated to the picture
    expect(home.locator("[data-role=detail]")).to_contain_text("can't open this file")
    expect(home.get_by_role("button", name="Try again")).to_have_count(0)
    assert ink_on(home) == inked > 0
    home.get_by_role("button", name=f"Back to my {kind}").click()
    expect_digit(home, "7")
    assert type(model.inks[-1]) is type(model.inks[0])


@pytest.mark.parametrize("by", ["page", "server"])
def test_a_file_that_cannot_be_opened_is_not_tried_again(home, by):
    home.route("**/read/", lambda route: route.fulfill(status=415, json={"error": "No."}))
    choose(home, TEXT if by == "page" else file_of(seven()))
    expect_state(home, "failed")
    expect(home.locator("[data-action=retry]")).to_be_hidden()


def test_after_a_file_that_cannot_be_opened_the_server_is_tried_again(home, draw):
    home.route("**/read/", lambda route: route.abort())
    draw()
    choose(home, TEXT)
    home.get_by_role("button", name="Back to my drawing").click()
    expect(home.get_by_role("button", name="Try again")).to_be_visible()


def test_a_stroke_on_a_picture_begins_anew_and_undo_brings_the_picture_back(home, draw, model):
    choose(home, file_of(seven()))
    expect_digit(home, "7")
    draw()
    expect_digit(home, "7")
    home.get_by_role("button", name="Undo").click()
    expect_digit(home, "7")
    assert [isinstance(ink, Pixels) for ink in model.inks] == [True, False, True]


def test_the_eraser_is_disabled_on_a_picture(home, draw, model):
    eraser = home.get_by_role("button", name="Eraser")
    eraser.click()
    choose(home, file_of(seven()))
    expect_digit(home, "7")
    expect(eraser).to_be_disabled()
    expect(eraser).to_have_attribute("aria-pressed", "false")
    home.locator(".canvas").focus()
    home.keyboard.press("e")
    expect(home.locator("[data-role=announcement]")).to_have_text("Pen: medium")
    draw()
    expect_digit(home, "7")
    expect(eraser).to_be_enabled()
    assert isinstance(model.inks[-1], Strokes)


def test_a_blank_picture_brings_no_advice_to_draw_larger(home, draw, model):
    model.answer = prediction(None, "blank")
    choose(home, file_of(np.full((50, 50), 255, np.uint8)))
    expect(home.locator("[data-role=detail]")).to_have_text("I only see a dot, or nothing at all.")
    draw()
    expect(home.locator("[data-role=detail]")).to_contain_text("Try drawing bigger.")


def test_a_long_thin_picture_is_read(home, model):
    choose(home, file_of(np.zeros((1, 2100), np.uint8), "BMP"))
    expect_digit(home, "7")
    assert model.inks[0].image.shape == (2, 1024)


def test_a_picture_stays_when_its_file_is_gone(home, model, tmp_path):
    file = tmp_path / "seven.png"
    file.write_bytes(file_of(seven())["buffer"])
    home.locator("#picture").set_input_files(file)
    expect_digit(home, "7")
    file.write_bytes(b"another")
    home.get_by_role("button", name="Clear").click()
    home.get_by_role("button", name="Undo").click()
    expect_digit(home, "7")
    assert [ink.image.shape for ink in model.inks] == [(200, 200)] * 2


@pytest.mark.parametrize(("ink", "paper"), [(20, 255), (240, 0)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_transparent_ink_is_shown_on_contrasting_paper(home, ink, paper, scheme):
    home.emulate_media(color_scheme=scheme)
    sheet = seven()
    choose(home, file_of(np.stack([np.full_like(sheet, ink)] * 3 + [255 - sheet], 2)))
    expect_digit(home, "7")
    corner = "String(document.querySelector('.canvas').getContext('2d').getImageData(5, 5, 1, 1).data)"
    home.wait_for_function(f"{corner} === '{paper},{paper},{paper},255'")  # painted with the next frame


def test_a_picture_dropped_on_an_example_takes_its_place(home, model):
    # The two questions may reach the model in either order; what counts is whose answer is shown.
    model.predict = lambda ink: prediction(7) if isinstance(ink, Pixels) else prediction(1, best=1, second=7)
    home.get_by_role("button", name="A 7 with a bar").evaluate("button => button.click()")
    hand_over(home, file_of(seven()), "drop")
    home.wait_for_timeout(800)
    expect_digit(home, "7")


def test_the_last_chosen_picture_wins(home, model):
    home.evaluate(DELAYED, [700])
    choose(home, file_of(seven(300)))
    expect_state(home, "waiting")
    choose(home, file_of(seven(200)))
    expect_digit(home, "7")
    home.wait_for_timeout(900)
    assert [ink.image.shape for ink in model.inks] == [(200, 200)]


def test_a_late_picture_does_not_replace_a_stroke_in_progress(home, draw, model):
    home.evaluate(DELAYED, [700])
    choose(home, file_of(seven()))
    draw(lift=False)
    home.wait_for_timeout(900)
    home.mouse.up()
    expect_digit(home, "7")
    assert not any(isinstance(ink, Pixels) for ink in model.inks)


def test_the_explanation_fits_a_picture_that_was_shrunk(page, shipped):
    page.goto(shipped)
    keep_here(page)
    choose(page, file_of(seven(2100), "BMP"))
    expect_source(page, "Answered on this device")
    page.get_by_role("button", name="Why?").click()
    expect(page.locator(".why .for").first).to_be_visible()
    across = page.locator(".why circle").evaluate_all("all => all.map(({ cx }) => cx.baseVal.value)")
    assert min(across) > 0.2 and 0.55 < max(across) < 0.8


def test_the_same_file_can_be_chosen_twice(home, model):
    for times in (1, 2):
        choose(home, file_of(seven()))
        expect(home.locator("#picture")).to_have_value("")
        home.locator("[data-state=answered]").wait_for()
        home.get_by_role("button", name="Clear").click()
        expect_state(home, "empty")
        assert len(model.inks) == times
