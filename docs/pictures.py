"""Makes the README's pictures: `python docs/pictures.py http://127.0.0.1:8000/`.

seven.png is a crossed seven in dark ink on light paper. page.png is the page with a nine drawn on it.
"""

import math
import sys
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
SEVEN = [[(60, 62), (140, 56), (206, 60), (170, 130), (142, 190), (128, 240)], [(96, 146), (190, 138)]]
FINER = 4  # drawn larger, then shrunk: antialiased
BROWSERS = ["/usr/bin/chromium", "/usr/bin/google-chrome"]


def draw_seven() -> Image.Image:
    sheet = Image.new("L", (280 * FINER, 280 * FINER), 246)
    pen = ImageDraw.Draw(sheet)
    for stroke in SEVEN:
        points = [(x * FINER, y * FINER) for x, y in stroke]
        pen.line(points, fill=28, width=14 * FINER, joint="curve")
        for x, y in (points[0], points[-1]):
            pen.circle((x, y), 7 * FINER, fill=28)
    return sheet.resize((280, 280), Image.Resampling.BOX)


def points_of_nine() -> list[tuple[float, float]]:
    """Return a round head and a bent tail, in shares of the canvas."""
    turns = [-0.05 - index / 40 for index in range(41)]
    head = [(0.5 + 0.15 * math.cos(math.tau * turn), 0.34 + 0.15 * math.sin(math.tau * turn)) for turn in turns]
    return head + [(0.645 - 0.15 * (part / 20) ** 3, 0.3 + 0.52 * part / 20) for part in range(1, 21)]


def photograph_page(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_timeout(8000)  # until the engine is ready
    box = page.locator(".canvas").evaluate("canvas => canvas.getBoundingClientRect().toJSON()")
    for index, (x, y) in enumerate(points_of_nine()):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
        if index == 0:
            page.mouse.down()
    page.mouse.up()
    page.wait_for_selector('[data-digit="9"]')
    page.get_by_text("Answered on this device").wait_for()
    page.wait_for_timeout(500)  # until the bars have moved
    page.screenshot(path=HERE / "page.png")


def main() -> None:
    draw_seven().save(HERE / "seven.png", optimize=True)
    executable = next((path for path in BROWSERS if Path(path).exists()), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        photograph_page(browser.new_page(viewport={"width": 1200, "height": 740}), sys.argv[1])
        browser.close()


if __name__ == "__main__":
    main()
