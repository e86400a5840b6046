"""`pictures.decode` refuses hostile files by length and header, in little memory."""

import contextlib
import struct
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from recognizer.errors import BrokenPicture, InkError, PictureTooLarge, UnsupportedPicture
from recognizer.pictures import MAX_BYTES, decode
from tests.golden.drawings import DIGITS
from tests.golden.rendering import render
from tests.support.files import PNG_SIGNATURE, chunk, encode, lines, png, zeros
from tests.support.heic import encode_heic

GRAY = render(DIGITS["4 open"], 64, 44, 4)
KINDS = ["PNG", "JPEG", "WEBP", "AVIF", "HEIC"]
FILES = {kind: encode_heic(GRAY) if kind == "HEIC" else encode(GRAY, kind) for kind in KINDS}
WHOLE = {kind: decode(file) for kind, file in FILES.items()}

each_kind = pytest.mark.parametrize("kind", KINDS)


def peak_of(data):
    """Peak of the bytes that Python and numpy allocate while the data is refused."""
    tracemalloc.start()
    with pytest.raises(InkError):
        decode(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "ICO", "PDF", "JPEG2000"])
def test_another_format_is_unsupported_whatever_its_name(kind):
    with pytest.raises(UnsupportedPicture, match="send a PNG, JPEG, WebP, AVIF or HEIC"):
        decode(encode(Image.fromarray(GRAY).convert("RGB"), kind))


def test_the_message_names_the_format_that_came():
    with pytest.raises(UnsupportedPicture, match="GIF pictures are not supported"):
        decode(encode(GRAY, "GIF"))


@pytest.mark.parametrize(
    "data",
    [
        b"\0\0\0\x18ftypisom\0\0\0\0isommp42",
        b"\0\0\0\x14ftypqt  \0\0\0\0qt  ",
        b"\xff\x4f\xff\x51",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<?xml version='1.0'?><svg/>",
        b"%PDF-1.7",
        b"MM\0*\0\0\0\x08",
    ],
    ids=["MP4", "QuickTime", "JPEG 2000", "SVG", "SVG behind XML", "PDF", "TIFF"],
)
def test_the_first_bytes_of_another_format_are_unsupported(data):
    with pytest.raises(UnsupportedPicture):
        decode(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0",
        b"junk",
        b"\x89",
        b"<!DOCTYPE html>",
        b"data:image/png;base64,iVBORw0",
        bytes(5000),
        b"P5 2 2 255 abcd",
        b"RIFF\x24\0\0\0WAVEfmt ",
    ],
    ids=["nothing", "one zero", "text", "one byte of a PNG", "HTML", "data URL", "zeros", "PGM", "WAVE"],
)
def test_junk_is_not_a_picture(data):
    with pytest.raises(BrokenPicture, match="not a picture"):
        decode(data)


@pytest.mark.parametrize(
    "start",
    [
        PNG_SIGNATURE,
        b"\xff\xd8\xff\xe0",
        b"RIFF\x10\0\0\0WEBPVP8 ",
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        b"\0\0\0\x18ftypavif\0\0\0\0mif1avif",
        b"\0\0\0\x18ftypavis\0\0\0\0msf1avis",
    ],
    ids=["PNG", "JPEG", "WebP", "HEIC", "AVIF", "AVIF film"],
)
@pytest.mark.parametrize("rest", [b"", b"junk" * 99, bytes(99), b"\xff" * 99], ids=["nothing", "text", "zeros", "ones"])
def test_a_good_start_and_junk_after_it_is_broken(start, rest):
    with pytest.raises(BrokenPicture):
        decode(start + rest)


@each_kind
@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.8])
def test_half_a_file_is_broken(kind, share):
    with pytest.raises(BrokenPicture):
        decode(FILES[kind][: int(len(FILES[kind]) * share)])


@given(kind=st.sampled_from(KINDS), share=st.floats(0, 1, exclude_max=True))
def test_a_truncated_file_is_refused_unless_nothing_was_lost(kind, share):
    """A picture without its lower part is never returned."""
    try:
        read = decode(FILES[kind][: int(len(FILES[kind]) * share)])
    except BrokenPicture:
        return
    np.testing.assert_array_equal(read, WHOLE[kind])


@given(kind=st.sampled_from(KINDS), data=st.data())
def test_damaged_bytes_are_refused_or_read_but_never_crash(kind, data):
    damaged = bytearray(FILES[kind])
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(InkError):
        assert decode(bytes(damaged)).dtype == np.uint8


@given(st.sampled_from([b"", PNG_SIGNATURE, b"\xff\xd8\xff", b"RIFF", b"GIF89a"]), st.binary(max_size=300))
def test_random_bytes_are_refused(start, rest):
    with pytest.raises(InkError):
        decode(start + rest)


def test_a_png_with_a_wrong_checksum_is_broken():
    good = png(8, 8, lines(8, 8))
    with pytest.raises(BrokenPicture):
        decode(good[:29] + b"\0\0\0\0" + good[33:])


def test_lines_missing_from_a_png_are_black_and_never_other_memory():
    read = decode(png(64, 64, lines(64, 20)))
    assert (read[:20] == 255).all() and (read[20:] == 0).all()


def test_a_png_without_pixels_is_broken():
    with pytest.raises(BrokenPicture):
        decode(PNG_SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)) + chunk(b"IEND", b""))


@pytest.mark.parametrize("width, height", [(0, 0), (0, 8), (8, 0)])
def test_a_picture_of_no_size_is_broken(width, height):
    with pytest.raises(BrokenPicture):
        decode(png(width, height, lines(width, height)))


@pytest.mark.parametrize("width, height", [(1, 1), (1, 64), (64, 1), (1, 4096)])
def test_a_picture_of_one_pixel_a_side_is_refused_with_its_size(width, height):
    with pytest.raises(BrokenPicture, match=f"{width}x{height} px; at least 2 px"):
        decode(png(width, height, lines(width, height)))


@each_kind
def test_two_by_two_pixels_are_enough(kind):
    picture = Image.new("L", (2, 2), 255)
    assert decode(encode_heic(picture) if kind == "HEIC" else encode(picture, kind)).shape == (2, 2)


def test_a_20_000_by_20_000_png_of_50_kb_is_refused_from_its_header():
    data = png(20_000, 20_000, lines(20_000, 2_500))
    assert len(data) > 40_000
    with pytest.raises(PictureTooLarge):
        decode(data)
    assert peak_of(data) < 2e6


@pytest.mark.parametrize(
    "width, height",
    [(4097, 2), (2, 4097), (4097, 4097), (9_000, 9_000), (13_000, 13_000), (2**31 - 1, 2**31 - 1), (2**31 - 1, 1)],
)
def test_more_than_4096_px_a_side_are_too_large_whatever_the_content(width, height):
    data = png(width, height, b"\0")
    with pytest.raises(PictureTooLarge, match="4,096 px a side"):
        decode(data)
    assert peak_of(data) < 2e6


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF", "HEIC"])
@pytest.mark.parametrize("size", [(4097, 64), (64, 5000)], ids=["wide", "high"])
def test_the_limit_holds_for_every_format(kind, size):
    picture = Image.new("L", size)
    with pytest.raises(PictureTooLarge, match=f"{size[0]}x{size[1]} px; the limit is 4,096 px a side"):
        decode(encode_heic(picture) if kind == "HEIC" else encode(picture, kind))


def test_4096_px_a_side_are_taken():
    assert decode(encode(Image.new("L", (4096, 3)))).shape == (3, 4096)


def test_more_than_twelve_million_bytes_are_too_large_before_decoding():
    whole = png(8, 8, lines(8, 8))
    with pytest.raises(PictureTooLarge, match="12,000,001 bytes; the limit is 12,000,000"):
        decode(whole + bytes(MAX_BYTES + 1 - len(whole)))


def test_junk_of_more_than_twelve_million_bytes_is_too_large_and_not_broken():
    with pytest.raises(PictureTooLarge):
        decode(bytes(MAX_BYTES + 1))


def test_exactly_twelve_million_bytes_are_decoded():
    whole = png(8, 8, lines(8, 8))
    assert decode(whole + bytes(MAX_BYTES - len(whole))).shape == (8, 8)


BOMB = 50_000_000  # bytes that a chunk of 50 kB unpacks to
ANCILLARY = {
    "zTXt": lambda: chunk(b"zTXt", b"Comment\0\0" + zeros(BOMB)),
    "iTXt": lambda: chunk(b"iTXt", b"Comment\0\1\0\0\0" + zeros(BOMB)),
    "iCCP": lambda: chunk(b"iCCP", b"profile\0\0" + zeros(BOMB)),
}


@pytest.mark.parametrize("kind", ANCILLARY)
@pytest.mark.parametrize("place", ["before", "after"])
def test_a_bomb_in_a_chunk_beside_the_pixels_takes_no_memory(kind, place):
    bomb = ANCILLARY[kind]()
    data = png(8, 8, lines(8, 8), bomb) if place == "before" else png(8, 8, lines(8, 8), after=bomb)
    tracemalloc.start()
    with contextlib.suppress(BrokenPicture):
        assert decode(data).shape == (8, 8)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10e6


def test_many_text_chunks_take_no_memory():
    data = png(8, 8, lines(8, 8), *[chunk(b"zTXt", b"Comment\0\0" + zeros(900_000))] * 1500)
    assert len(data) < MAX_BYTES and peak_of(data) < 10e6


def test_more_pixels_than_declared_are_left_unread():
    assert decode(png(8, 8, bytes(50_000_000))).shape == (8, 8)


def test_an_error_reveals_nothing_of_the_content():
    secret = b"my secret diary"
    with pytest.raises(BrokenPicture) as raised:
        decode(PNG_SIGNATURE + secret)
    assert "diary" not in str(raised.value)


def test_corrupt_compressed_pixels_are_refused():
    data = PNG_SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0))
    with pytest.raises(BrokenPicture):
        decode(data + chunk(b"IDAT", zlib.compress(lines(8, 8))[:-9] + b"\xff" * 9) + chunk(b"IEND", b""))


@pytest.mark.parametrize("depth, colour", [(3, 0), (16, 3), (8, 1), (8, 5), (255, 255)])
def test_a_png_of_an_unknown_kind_is_broken(depth, colour):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, depth, colour, 0, 0, 0))
    with pytest.raises(BrokenPicture):
        decode(PNG_SIGNATURE + header + chunk(b"IDAT", zlib.compress(lines(8, 8))) + chunk(b"IEND", b""))


@pytest.mark.parametrize("given", ["docs/seven.png", Path("docs/seven.png"), None, [137, 80]], ids=repr)
def test_a_value_that_is_not_bytes_is_refused_by_its_type(given):
    with pytest.raises(BrokenPicture, match=f"the bytes of a file, not {type(given).__name__}"):
        decode(given)
