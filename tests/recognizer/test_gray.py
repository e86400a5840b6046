"""Pictures are converted to gray in bands, with the same result as by Pillow on the whole picture."""

import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from recognizer import gray
from recognizer.pictures import decode, frames
from tests.support.files import encode


def noise(width: int = 61, height: int = 47) -> np.ndarray:
    return np.random.default_rng(7).integers(0, 256, (height, width, 4)).astype(np.uint8)


def one_colour(pixels):
    pixels[:, :, :3] = [90, 40, 20]


def nearly_one_colour(pixels):
    pixels[:, :, :3] = 90 + pixels[:, :, :3] % gray.ONE_COLOUR


def nearly_two_colours(pixels):
    pixels[:, :, :3] = 90 + pixels[:, :, :3] % (gray.ONE_COLOUR + 1)


def two_colours_in_the_last_row(pixels):
    one_colour(pixels)
    pixels[-1, -1] = 255


def faint(pixels):
    pixels[:, :, 3] //= 10


def faint_and_one_colour(pixels):
    one_colour(pixels)
    faint(pixels)


def nearly_opaque(pixels):
    one_colour(pixels)
    pixels[:, :, 3] = 255 - pixels[:, :, 3] % gray.LEAST_ALPHA_RANGE


def clear(pixels):
    pixels[:, :, 3] = 0


def opaque(pixels):
    pixels[:, :, 3] = 255


def light(pixels):
    pixels[:, :, :3] |= 192


def dark(pixels):
    pixels[:, :, :3] &= 63


KINDS = [
    one_colour,
    nearly_one_colour,
    nearly_two_colours,
    two_colours_in_the_last_row,
    faint,
    faint_and_one_colour,
    nearly_opaque,
    clear,
    opaque,
    light,
    dark,
]


@pytest.fixture(params=[1, 500, 1 << 20], ids=["a row a band", "8 rows a band", "one band"], autouse=True)
def bands(request, monkeypatch):
    monkeypatch.setattr(gray, "BAND_PX", request.param)


def as_whole(data: bytes) -> np.ndarray:
    """The steps of `decode`, each on the whole picture."""
    picture = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    if picture.mode == "I;16":
        return (np.asarray(picture) >> 8).astype(np.uint8)
    if not picture.has_transparency_data:
        return np.asarray(picture.convert("L"))
    pixels = np.asarray(picture.convert("RGBA"))
    alpha = pixels[:, :, 3]
    visible = pixels[alpha >= min(32, alpha.max())]
    if alpha.max() == 0 or (np.ptp(alpha) >= 16 and (np.ptp(visible[:, :3], axis=0) < 8).all()):
        return alpha
    colours = picture.convert("RGBA").convert("L")
    papers = [Image.new("L", picture.size, tone) for tone in (0, 255)]
    return max((np.asarray(Image.composite(colours, paper, Image.fromarray(alpha))) for paper in papers), key=np.var)


def same(data: bytes) -> None:
    expected, read = as_whole(data), decode(data)
    np.testing.assert_array_equal(read, expected)
    assert read.dtype == np.uint8 and read.flags.c_contiguous


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("mode", ["RGBA", "LA"])
@pytest.mark.parametrize("file", ["PNG", "WEBP"])
def test_transparent_pictures_look_the_same_in_bands_as_whole(kind, mode, file):
    pixels = noise()
    kind(pixels)
    same(encode(Image.fromarray(pixels).convert(mode), file, **({"lossless": True} if file == "WEBP" else {})))


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
def test_clear_tones_and_colours_look_the_same_in_bands_as_whole(mode):
    picture = Image.fromarray(noise()[:, :, :3] & 192).convert(mode)
    clear = {"P": bytes(range(256))}.get(mode, picture.getpixel((3, 5)))
    same(encode(picture, transparency=clear))


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "I;16"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_turned_pictures_look_the_same_in_bands_as_whole(mode, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    if mode == "I;16":
        picture = Image.fromarray(noise()[:, :, :2].copy().view(np.uint16)[:, :, 0])
    else:
        picture = Image.fromarray(noise()[:, :, :3]).convert(mode)
    same(encode(picture, exif=exif))


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}], ids=str)
def test_jpegs_look_the_same_in_bands_as_whole(mode, options):
    same(encode(Image.fromarray(noise()[:, :, :3]).convert(mode), "JPEG", **options))


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("options", [{}, {"exact": True, "lossless": True}], ids=str)
def test_webps_look_the_same_in_bands_as_whole(mode, options):
    exif = Image.Exif()
    exif[0x0112] = 8
    same(encode(Image.fromarray(noise()).convert(mode), "WEBP", exif=exif, **options))


@pytest.mark.parametrize("orientation", [1, 3, 6])
@pytest.mark.parametrize("compression", ["raw", "tiff_lzw"])
def test_a_turned_scan_is_turned_once(orientation, compression):
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encode(Image.fromarray(noise()[:, :, :3]), "TIFF", exif=exif, compression=compression)
    (read,) = frames(data)
    np.testing.assert_array_equal(read, as_whole(data))
