"""The page reads what its browser can decode; the server reads the rest, unless the visitor keeps drawings here."""

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

import recognizer
from recognizer.pictures import decode
from tests.support.files import encode
from tests.support.heic import encode_heic
from tests.support.pictures import choose, seven
from tests.support.visitor import expect_digit, expect_source, expect_state, ink_on, keep_here

DETAIL = "[data-role=detail]"


def named(name, content, kind=""):
    return {"name": name, "mimeType": kind, "buffer": content}


HEIC = named("IMG_0001.HEIC", encode_heic(seven()), "image/heic")


@pytest.fixture
def posts(page):
    posts = []
    page.on("request", lambda request: posts.append(request.url) if request.method != "GET" else None)
    return posts


def test_avif_is_read_on_the_device(page, shipped, posts):
    page.goto(shipped)
    keep_here(page)
    choose(page, named("seven.avif", encode(seven(), "AVIF"), "image/avif"))
    expect_source(page, "Answered on this device")
    expect_digit(page, "7")
    assert posts == []


@pytest.mark.parametrize("kind", ["image/heic", "", "image/png", "text/plain"])
def test_heic_that_the_browser_cannot_open_is_read_by_the_server(home, model, kind):
    choose(home, HEIC | {"mimeType": kind})
    expect_digit(home, "7")
    assert ink_on(home) > 0
    assert np.abs(model.inks[0].image.astype(int) - seven()).mean() < 3


def test_heic_is_not_sent_if_drawings_stay_here_and_the_page_says_so(page, shipped, posts):
    page.goto(shipped)
    keep_here(page)
    choose(page, HEIC)
    expect_state(page, "failed")
    expect(page.locator(DETAIL)).to_contain_text("Untick “Keep my drawings on this device” to let the server read it")
    assert posts == []
    page.get_by_label("Keep my drawings on this device").uncheck()
    expect_source(page, "Answered by the server")
    expect_digit(page, "7")


def test_no_explanation_is_offered_for_a_picture_that_only_the_server_can_read(page, shipped):
    page.goto(shipped)
    choose(page, HEIC)
    expect_digit(page, "7")
    expect(page.get_by_role("button", name="Why?")).to_be_disabled()


def test_a_broken_heic_is_a_file_that_cannot_be_opened(home):
    home.route("**/read/", lambda route: route.fulfill(status=415, json={"error": "No."}))
    choose(home, named("IMG_0002.HEIC", HEIC["buffer"][:40]))
    expect(home.locator(DETAIL)).to_contain_text("can't open this file")


def test_a_picture_is_told_by_its_first_bytes(home, model):
    """A PNG that calls itself a BMP is sent as it is, and would become a PNG otherwise."""
    choose(home, named("seven.bmp", encode(seven()), "image/bmp"))
    expect_digit(home, "7")
    assert np.array_equal(model.inks[0].image, seven())


def test_a_photo_of_fifty_megapixels_is_answered_on_the_device_as_by_the_library(page, shipped, posts):
    photo = encode(Image.fromarray(seven(6144)).resize((8192, 6144)), "JPEG", quality=60)
    (wanted,) = recognizer.load().predict_pixels([decode(photo)])
    page.goto(shipped)
    keep_here(page)
    choose(page, named("IMG_0003.jpg", photo, "image/jpeg"))
    expect_source(page, "Answered on this device")
    expect_digit(page, "7")
    pixels = page.evaluate(
        """() => {
            const seen = document.querySelector("[data-role=seen]");
            const { data } = seen.getContext("2d").getImageData(0, 0, seen.width, seen.height);
            return [...data].filter((_, place) => place % 4 === 0);
        }"""
    )
    shown = np.array(pixels).reshape(28, 28)
    here = shown if np.corrcoef(shown.ravel(), wanted.seen.ravel())[0, 1] > 0 else 255 - shown
    assert np.abs(here - wanted.seen.astype(int)).mean() < 2 and wanted.digit == 7
    assert posts == []


def test_a_picture_that_declares_more_than_fifty_megapixels_is_not_decoded(home):
    home.evaluate("() => { globalThis.createImageBitmap = () => { throw new Error('decoded'); }; }")
    choose(home, named("bomb.png", encode(Image.new("1", (20_000, 20_000))), "image/png"))
    expect(home.locator(DETAIL)).to_contain_text("up to 50 megapixels and 12 MB")
    expect(home.locator("[data-action=retry]")).to_be_hidden()


def test_a_picture_of_too_many_bytes_for_the_server_says_so(home):
    home.route("**/read/", lambda route: route.fulfill(status=413, json={"error": "No."}))
    choose(home, HEIC)
    expect(home.locator(DETAIL)).to_contain_text("This picture is too large")


SIZES = """async (files) => {
    const { headerOf } = await import('/static/digit_recognition/draw/header.js');
    return Promise.all(files.map((bytes) => headerOf(new Blob([Uint8Array.from(bytes)]))));
}"""


def test_the_size_is_told_from_each_header(home):
    picture = Image.fromarray(seven(64)).resize((96, 64))
    exif = {"exif": b"Exif\0\0" + bytes(40_000)}
    kinds = {"PNG": {}, "JPEG": exif, "WebP": {}, "GIF": {}, "BMP": {}, "AVIF": {}}
    files = [encode(picture, kind, **options) for kind, options in kinds.items()]
    files += [
        encode(picture, "WEBP", lossless=True),
        encode(picture, "WEBP", exif=b"Exif\0\0II*\0"),
        encode_heic(picture),
    ]
    found = home.evaluate(SIZES, [list(file) for file in files])
    assert [header["format"] for header in found] == [*kinds, "WebP", "WebP", "HEIC"]
    assert {header["pixels"] for header in found} == {96 * 64}


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff", b"\x89PNG", b"\xff\xd8\xff\xe0", b"RIFF1234WEBP", b"GIF8", b"1234ftypavif"],
    ids=["empty", "one byte", "PNG", "JPEG", "WebP", "GIF", "AVIF"],
)
def test_a_cut_header_tells_no_size(home, content):
    assert home.evaluate(SIZES, [list(content)])[0]["pixels"] == 0
