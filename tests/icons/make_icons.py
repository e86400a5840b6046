"""Makes the PNG icons from `icon.svg` with the browser of the tests. Run it when `icon.svg` changes."""

from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.support.machine import find_browser

STATIC = Path(__file__).parents[2] / "digit_recognition/static/digit_recognition"
COLOURS = 32  # enough for two colours and their blends
SIDES_PX = {"icon-192.png": 192, "icon-512.png": 512, "icon-maskable-512.png": 512, "apple-touch-icon.png": 180}
ROUNDED_BY_OTHERS = ("icon-maskable-512.png", "apple-touch-icon.png")


def main() -> None:
    found = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found)
        for name, side in SIDES_PX.items():
            draw(browser.new_page(viewport={"width": side, "height": side}), name).save(STATIC / name, optimize=True)
        browser.close()


def draw(page: Page, name: str) -> Image.Image:
    svg = (STATIC / "icon.svg").read_text(encoding="utf-8")
    if name in ROUNDED_BY_OTHERS:
        svg = svg.replace(' rx="14"', "")
    page.set_content(f"<style>body {{ margin: 0 }} svg {{ display: block }}</style>{svg}")
    picture = Image.open(BytesIO(page.screenshot(omit_background=True)))
    return picture.quantize(COLOURS, Image.Quantize.FASTOCTREE)


if __name__ == "__main__":
    main()
