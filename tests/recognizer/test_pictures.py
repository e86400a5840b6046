"""`pictures.decode` reads formats, modes, turned photos and transparent pictures."""

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from recognizer.errors import PictureTooLarge, UnsupportedPicture
from recognizer.pictures import decode, frames
from tests.golden.drawings import DIGITS
from tests.golden.rendering import render
from tests.support.files import encode
from tests.support.heic import encode_heic

GRAY = render(DIGITS["4 open"], 64, 44, 4)
PICTURE = Image.fromarray(GRAY)
INK = 255 - GRAY  # as an alpha channel: opaque where the pen was


def rgba(colour, alpha=INK):
    """One colour everywhere, with an alpha channel."""
    return Image.merge("RGBA", [*(Image.new("L", PICTURE.size, tone) for tone in colour), Image.fromarray(alpha)])


@pytest.mark.parametrize(
    "mode, kind, options",
    [
        ("L", "PNG", {}),
        ("RGB", "PNG", {}),
        ("RGBA", "PNG", {}),
        ("LA", "PNG", {}),
        ("P", "PNG", {}),
        ("I;16", "PNG", {}),
        ("RGB", "PNG", {"compress_level": 0}),
        ("L", "WEBP", {"lossless": True}),
        ("RGB", "WEBP", {"lossless": True}),
        ("RGBA", "WEBP", {"lossless": True}),
    ],
)
def test_a_lossless_file_is_read_exactly(mode, kind, options):
    picture = PICTURE.point(lambda tone: tone * 257, "I").convert("I;16") if mode == "I;16" else PICTURE.convert(mode)
    read = decode(encode(picture, kind, **options))
    assert read.dtype == np.uint8
    np.testing.assert_array_equal(read, GRAY)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"quality": 40}], ids=str)
def test_a_jpeg_is_read_approximately(mode, options):
    read = decode(encode(PICTURE.convert(mode), "JPEG", **options))
    assert np.corrcoef(read.ravel(), GRAY.ravel())[0, 1] > 0.98


def test_a_lossy_webp_is_read_approximately():
    assert np.corrcoef(decode(encode(PICTURE, "WEBP")).ravel(), GRAY.ravel())[0, 1] > 0.98


def test_a_one_bit_picture_is_black_and_white():
    read = decode(encode(PICTURE.convert("1", dither=Image.Dither.NONE)))
    np.testing.assert_array_equal(read, np.where(GRAY >= 128, 255, 0))


@pytest.mark.parametrize("tone, expected", [(0, 0), (257, 1), (32896, 128), (65535, 255)])
def test_sixteen_bits_become_eight(tone, expected):
    picture = Image.fromarray(np.full((9, 9), tone, np.uint16))
    assert (decode(encode(picture)) == expected).all()


@pytest.mark.parametrize("kind", [np.int32, np.float32])
def test_a_page_of_thirty_two_bits_is_refused_in_its_place(kind):
    first, second = (Image.fromarray(np.full((9, 9), tone, kind)) for tone in (1, 200))
    file = io.BytesIO()
    first.save(file, "TIFF", save_all=True, append_images=[Image.new("L", (9, 9)), second])
    read = list(frames(file.getvalue()))
    assert [isinstance(page, UnsupportedPicture) for page in read] == [True, False, True]
    assert "32-bit" in str(read[0])


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr", "LAB", "I;16", "I", "F"])
def test_a_scan_in_any_mode_is_read_or_refused_in_its_place(mode):
    file = io.BytesIO()
    Image.new("L", (9, 9)).save(file, "TIFF", save_all=True, append_images=[Image.new(mode, (9, 9))])
    _, page = frames(file.getvalue())
    refused = {"LAB": "LAB pictures are not supported", "I": "32-bit", "F": "32-bit"}
    assert refused[mode] in str(page) if mode in refused else np.shape(page) == (9, 9)  # type: ignore[arg-type]


def test_a_scan_of_too_many_pages_says_so(monkeypatch):
    monkeypatch.setattr("recognizer.pictures.MOST_FRAMES", 2)
    pages = [Image.new("L", (9, 9), tone) for tone in (1, 2, 3, 4)]
    *read, rest = frames(encode(pages[0], "TIFF", save_all=True, append_images=pages[1:]))
    assert [int(np.max(page)) for page in read] == [1, 2]  # type: ignore[arg-type]
    assert isinstance(rest, PictureTooLarge) and "only the first 2 pages" in str(rest)


@pytest.mark.parametrize("colour, tone", [((255, 0, 0), 76), ((0, 255, 0), 150), ((0, 0, 255), 29)])
def test_colours_become_gray_by_perceived_brightness(colour, tone):
    assert (decode(encode(Image.new("RGB", (8, 8), colour))) == tone).all()


def test_the_two_pictures_of_a_stereo_photo_are_read_as_the_first():
    file = io.BytesIO()
    PICTURE.save(file, "MPO", save_all=True, append_images=[Image.new("L", PICTURE.size)])
    assert np.corrcoef(decode(file.getvalue()).ravel(), GRAY.ravel())[0, 1] > 0.98


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_the_first_picture_of_an_animation_is_read(kind):
    later = [Image.new("RGB", PICTURE.size, tone) for tone in ("white", "black", "gray")]
    file = encode(PICTURE.convert("RGB"), kind, save_all=True, append_images=later, duration=50, lossless=True)
    np.testing.assert_array_equal(decode(file), GRAY)


TURNED_BY: dict[int, Any] = {
    1: lambda upright: upright,
    2: np.fliplr,
    3: lambda upright: np.rot90(upright, 2),
    4: np.flipud,
    5: np.transpose,
    6: lambda upright: np.rot90(upright, 1),
    7: lambda upright: np.rot90(upright, 2).T,
    8: lambda upright: np.rot90(upright, -1),
}
UPRIGHT = np.ascontiguousarray(GRAY[:, :50])


@pytest.mark.parametrize("orientation", TURNED_BY)
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "AVIF", "HEIC"])
def test_a_turned_photo_is_read_upright(orientation, kind):
    """HEIC and AVIF files say twice how to turn the picture. It is turned once."""
    lying = Image.fromarray(np.ascontiguousarray(TURNED_BY[orientation](UPRIGHT)))
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"lossless": True} if kind in ("PNG", "WEBP") else {"quality": 95}
    read = decode(encode_heic(lying, exif) if kind == "HEIC" else encode(lying, kind, exif=exif, **options))
    assert read.shape == UPRIGHT.shape
    np.testing.assert_allclose(read.astype(int), UPRIGHT, rtol=0, atol=30 if "quality" in options else 0)


@pytest.mark.parametrize("orientation", [0, 9, 255, 65535])
def test_an_orientation_that_does_not_exist_turns_nothing(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    np.testing.assert_array_equal(decode(encode(PICTURE, exif=exif)), GRAY)


@pytest.mark.parametrize(
    "exif",
    [b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0junk", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff"],
    ids=["empty", "far offset", "text", "too many entries"],
)
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_with_broken_exif_is_read(kind, exif):
    read = decode(encode(PICTURE.convert("RGB"), kind, exif=exif, quality=95))
    np.testing.assert_allclose(read.astype(int), GRAY, rtol=0, atol=0 if kind == "PNG" else 30)


def test_a_photo_with_a_damaged_exif_tag_is_still_turned():
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\2" + TURN + b"\x01\x1a\0\2\0\0\0\2x\0\0\0" + bytes(4)
    read = decode(encode(Image.fromarray(np.rot90(UPRIGHT)), exif=exif))
    np.testing.assert_array_equal(read, UPRIGHT)


TURN = b"\x01\x12\0\3\0\0\0\1\0\6\0\0"  # a tag: orientation, one number, 6


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (200, 30, 30), (128, 128, 128)])
@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_varying_alpha_over_one_colour_is_the_ink(colour, kind):
    read = decode(encode(rgba(colour), kind, **({"lossless": True} if kind == "WEBP" else {})))
    np.testing.assert_array_equal(read, INK)


def test_a_transparent_canvas_is_read_by_alpha_even_if_clear_pixels_have_a_colour():
    pixels = np.array(rgba((10, 20, 200)))
    pixels[INK == 0] = [255, 255, 255, 0]
    np.testing.assert_array_equal(decode(encode(pixels)), INK)


def test_faint_edges_may_differ_in_colour_by_rounding():
    """Browsers store colours multiplied by alpha. At alpha 3 only three tones are left."""
    pixels = np.array(rgba((90, 40, 20))).astype(int)
    alpha = np.maximum(pixels[:, :, 3:], 1)
    pixels[:, :, :3] = np.minimum(np.rint(np.rint(pixels[:, :, :3] * alpha / 255) * 255 / alpha), 255)
    np.testing.assert_array_equal(decode(encode(pixels.astype(np.uint8))), INK)


def test_an_opaque_alpha_channel_changes_nothing():
    opaque = Image.merge("RGBA", [PICTURE] * 3 + [Image.new("L", PICTURE.size, 255)])
    np.testing.assert_array_equal(decode(encode(opaque)), GRAY)


def test_an_almost_opaque_picture_is_read_by_its_colours():
    alpha = Image.fromarray(np.where(INK > 0, 255, 250).astype(np.uint8))
    picture = Image.merge("RGBA", [PICTURE] * 3 + [alpha])
    assert np.abs(decode(encode(picture)).astype(int) - GRAY).max() <= 5


@pytest.mark.parametrize("colours, paper", [((20, 60), 255), ((200, 250), 0)])
def test_several_colours_are_placed_on_white_or_black_whichever_contrasts_more(colours, paper):
    pixels = np.zeros((40, 40, 4), np.uint8)
    pixels[10:30, 10:15] = [colours[0]] * 3 + [255]
    pixels[10:30, 25:30] = [colours[1]] * 3 + [255]
    read = decode(encode(pixels))
    assert (read[0] == paper).all() and set(read[20, [12, 27]]) == set(colours)


def test_half_clear_colours_are_mixed_with_the_paper():
    pixels = np.zeros((40, 40, 4), np.uint8)
    pixels[10:30, 10:15] = [0, 0, 0, 255]
    pixels[10:30, 25:30] = [40, 40, 40, 128]
    assert decode(encode(pixels))[20, 27] == pytest.approx(40 * 128 / 255 + 127, abs=1)


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (9, 99, 199)])
@pytest.mark.parametrize("opacity", [0, 1, 20, 128, 255])
def test_one_colour_of_one_opacity_is_one_tone(colour, opacity):
    alpha = np.full_like(INK, opacity)
    assert np.ptp(decode(encode(rgba(colour, alpha)))) == 0


def test_a_palette_with_a_clear_colour_is_transparent():
    picture = Image.fromarray((INK > 100).astype(np.uint8), "P")
    picture.putpalette([255, 255, 255, 0, 0, 0])
    np.testing.assert_array_equal(decode(encode(picture, transparency=0)), np.where(INK > 100, 255, 0))


@pytest.mark.parametrize("mode", ["L", "RGB", "1"])
def test_a_clear_colour_named_in_the_header_is_transparent(mode):
    picture = Image.fromarray(np.where(INK > 100, 0, 255).astype(np.uint8)).convert(mode)
    clear = (255, 255, 255) if mode == "RGB" else 255
    np.testing.assert_array_equal(decode(encode(picture, transparency=clear)), np.where(INK > 100, 255, 0))


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (40, 60, 90)])
def test_a_transparent_canvas_looks_like_the_same_drawing_on_paper(colour, tiny):
    on_paper, on_nothing = tiny.predict_pixels([GRAY, decode(encode(rgba(colour)))])
    assert on_paper.digit == on_nothing.digit == 4
    np.testing.assert_allclose(on_nothing.seen.astype(int), on_paper.seen, rtol=0, atol=20)


def test_a_clear_canvas_is_blank(tiny):
    (answer,) = tiny.predict_pixels([decode(encode(rgba((0, 0, 0), np.zeros_like(INK))))])
    assert answer.reason == "blank"
