"""Actions of a visitor on the page in a browser, and the state that the page must then show."""

from playwright.sync_api import Page, expect

from tests.support.drawings import PNG

SEVEN = [(0.3, 0.28), (0.68, 0.27), (0.44, 0.78)]  # shares of the canvas
SAVES_DATA = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })"


def on_canvas(page: Page, points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    page.locator(".canvas").scroll_into_view_if_needed()
    box = page.locator(".canvas").bounding_box()
    assert box
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]


def ink_on(page: Page) -> int:
    """Number of inked pixels of the canvas, counted after the next frame has been painted."""
    script = """async (canvas) => {
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        const [paper, ...pixels] = new Uint32Array(data.buffer); // nobody draws into the first one
        return pixels.filter((pixel) => pixel !== paper).length;
    }"""
    return page.locator(".canvas").evaluate(script)


def expect_digit(page: Page, digit: str) -> None:
    expect(page.locator("[data-digit]")).to_have_attribute("data-digit", digit)


def expect_state(page: Page, state: str) -> None:
    expect(page.locator("[data-role=answer]")).to_have_attribute("data-state", state)


AT_MOST_MS = 60_000  # to fetch and compile the engine on a busy machine


def draw_seven(page, lift=True):
    places = on_canvas(page, SEVEN)
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=6)
    if lift:
        page.mouse.up()


def expect_source(page, words):
    expect(page.locator("[data-role=source]")).to_have_text(words, timeout=AT_MOST_MS)


def keep_here(page):
    page.get_by_label("Keep my drawings on this device").check()


def send_picture(page, name="seven.png", content=PNG):
    page.locator("input[name=image]").set_input_files({"name": name, "mimeType": "image/png", "buffer": content})
    page.get_by_role("button", name="Read it").click()


def language(page):
    """The language switch, whatever its label."""
    return page.locator("select[name=language]")


def switch_language(page, code):
    page.wait_for_load_state()
    with page.expect_navigation():
        language(page).select_option(code)
    expect(page.locator("html")).to_have_attribute("lang", code)
