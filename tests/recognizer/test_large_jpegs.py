"""JPEGs of more than 4,096 px a side: decoded smaller, or refused."""

import numpy as np
import pytest
from PIL import Image

from recognizer.errors import PictureTooLarge
from recognizer.pictures import decode, frames
from tests.support.costly_coded import blocks
from tests.support.files import encode


@pytest.mark.parametrize("size, scale", [((4097, 30), 2), ((8192, 40), 2), ((40, 9000), 4), ((20_000, 64), 8)])
def test_a_large_jpeg_is_decoded_smaller_and_frames_keep_its_size(size, scale):
    picture = blocks("RGB", *size)
    file = encode(picture, "JPEG", quality=95)
    (whole,) = frames(file)
    read = decode(file)
    assert read.shape == (-(-size[1] // scale), -(-size[0] // scale)) and np.shape(whole) == size[::-1]  # type: ignore
    boxed = np.asarray(picture.convert("L").reduce(scale), int)
    assert np.abs(read.astype(int) - boxed).mean() < 2


@pytest.mark.parametrize("size", [(2, 5000), (3, 9000), (7, 20_000), (9000, 3)])
def test_a_long_jpeg_too_narrow_to_be_decoded_smaller_is_refused_but_scanned(size):
    picture = Image.linear_gradient("L").resize(size)
    file = encode(picture, "JPEG", quality=95)
    with pytest.raises(PictureTooLarge, match="4,096 px a side"):
        decode(file)
    (page,) = frames(file)
    assert isinstance(page, np.ndarray)
    assert page.shape == size[::-1]
    assert np.corrcoef(page.ravel(), np.asarray(picture).ravel())[0, 1] > 0.99


def test_a_large_jpeg_is_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    assert decode(encode(blocks("L", 5000, 300), "JPEG", exif=exif)).shape == (2500, 150)


@pytest.mark.parametrize("size, words", [((8193, 6145), "50 megapixels"), ((40_000, 16), "4,096 px a side")])
def test_a_larger_jpeg_is_refused(size, words):
    with pytest.raises(PictureTooLarge, match=words):
        decode(encode(Image.new("L", size), "JPEG"))


def test_a_progressive_jpeg_of_more_than_4096_px_a_side_is_refused_plainly_but_scanned():
    file = encode(blocks("RGB", 5000, 300), "JPEG", progressive=True)
    with pytest.raises(PictureTooLarge, match="4,096 px a side. Save it as a baseline JPEG".replace(".", r"\.")):
        decode(file)
    assert [np.shape(page) for page in frames(file)] == [(300, 5000)]  # type: ignore[arg-type]
