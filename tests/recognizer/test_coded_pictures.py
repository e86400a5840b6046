"""HEIC, AVIF, GIF and JPEG 2000: read, halved, and limited by what their decoders would do."""

import contextlib
import re
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from recognizer import picture_boxes
from recognizer.errors import BrokenPicture, InkError, PictureTooLarge, UnsupportedPicture
from recognizer.jpeg_2000 import Codestream, codestream_of
from recognizer.picture_boxes import coded_pictures
from recognizer.picture_kinds import kind_of
from recognizer.picture_streams import MOST_FRAMES_IN_ITEM, Bits, av1_sizes, hevc_sizes
from recognizer.pictures import decode, frames
from tests.golden.drawings import DIGITS
from tests.golden.rendering import render
from tests.support.costly_coded import FAST, blocks
from tests.support.files import encode
from tests.support.heic import encode_heic

GRAY = render(DIGITS["4 open"], 96, 66, 6)[:80]
PICTURE = Image.fromarray(GRAY)
HEIC, AVIF = encode_heic(GRAY), encode(GRAY, "AVIF", quality=90)
FILES = {"HEIC": HEIC, "AVIF": AVIF}

each_kind = pytest.mark.parametrize("kind", FILES)


def ispe(width: int, height: int) -> bytes:
    """The box with the size of a picture."""
    return b"ispe" + bytes(4) + width.to_bytes(4) + height.to_bytes(4)


def alike(read, wanted=GRAY, least=0.98) -> bool:
    return read.shape == wanted.shape and np.corrcoef(read.ravel(), wanted.ravel())[0, 1] > least


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "LA"])
@each_kind
def test_each_mode_is_read(kind, mode):
    picture = PICTURE.convert(mode)
    assert alike(decode(encode_heic(picture) if kind == "HEIC" else encode(picture, kind, quality=90)))


@each_kind
def test_alpha_over_one_colour_is_the_ink(kind):
    picture = Image.merge("RGBA", [*[Image.new("L", PICTURE.size, 40)] * 3, Image.fromarray(255 - GRAY)])
    read = decode(encode_heic(picture, quality=95) if kind == "HEIC" else encode(picture, kind, quality=95))
    assert alike(read, 255 - GRAY)


def test_heic_in_tiles_is_read():
    picture = blocks("RGB", 1100, 900)
    whole, tiled = (decode(encode_heic(picture, tile_size=side, quality=90)) for side in (0, 512))
    assert alike(tiled, whole)


def test_the_first_picture_of_an_animated_avif_is_read():
    later = [Image.new("L", PICTURE.size, tone) for tone in (0, 255)]
    assert alike(decode(encode(PICTURE, "AVIF", save_all=True, append_images=later, quality=90)))


@pytest.mark.parametrize("brand", [b"mif1", b"heix", b"msf1"])
def test_heic_is_told_by_any_of_its_brands(brand):
    start = b"\0\0\0\x18ftyp" + brand + bytes(4) + b"mif1heic"
    assert (kind_of(start) or pytest.fail()).name == "HEIC"


def test_without_its_package_heic_names_the_extra_and_others_are_read(without_pillow_heif):
    with pytest.raises(UnsupportedPicture, match=r"pillow-heif.*make heif.*pip install '\.\[heif\]'"):
        decode(HEIC)
    (refused,) = refuse(HEIC)
    assert "pip install '.[heif]'" in str(refused)
    assert alike(decode(AVIF))


def refuse(data):
    try:
        return list(frames(data))
    except InkError as error:
        return [error]


def test_the_size_in_the_stream_counts_and_not_that_in_the_header():
    """Both headers say 64 px; the decoder would need the memory of 4,200 px."""
    for kind, file in {
        "AVIF": encode(Image.new("L", (4200, 4200)), "AVIF", speed=10),
        "HEIC": encode_heic(Image.new("L", (4200, 4200)), enc_params=FAST),
    }.items():
        assert ispe(4200, 4200) in file, kind
        with pytest.raises(InkError):
            decode(file.replace(ispe(4200, 4200), ispe(64, 64)))
        assert coded_pictures(file.replace(ispe(4200, 4200), ispe(64, 64))).pixels >= 4200**2


@each_kind
def test_a_size_in_the_header_is_refused_before_decoding(kind):
    file = FILES[kind].replace(ispe(96, 80), ispe(60_000, 60_000))
    assert file != FILES[kind]
    with pytest.raises(InkError):
        decode(file)


@pytest.fixture
def streams(monkeypatch):
    """The arguments with which the streams of a file are read."""
    read: dict[str, tuple] = {}
    functions: dict[str, Callable] = {"av1_sizes": av1_sizes, "hevc_sizes": hevc_sizes}

    def record(name, *given):
        read[name] = given
        return functions[name](*given)

    for name in functions:
        monkeypatch.setattr(picture_boxes, name, partial(record, name))
    for file in FILES.values():
        coded_pictures(file)
    return read


def test_a_stream_of_many_pictures_is_refused(streams):
    (obus, most), (units, config, _) = streams["av1_sizes"], streams["hevc_sizes"]
    assert len(av1_sizes(obus * MOST_FRAMES_IN_ITEM, most)) == MOST_FRAMES_IN_ITEM
    hevc_sizes(units * MOST_FRAMES_IN_ITEM, config, most)
    for call in (lambda: av1_sizes(obus * 9, most), lambda: hevc_sizes(units * 9, config, most)):
        with pytest.raises(PictureTooLarge, match="more than 8 parts"):
            call()


def test_a_stream_of_many_units_is_refused(streams):
    padding, unit = b"\x7a\0", b"\0\0\0\2\x4e\1"  # of AV1, and a message of HEVC
    _, config, most = streams["hevc_sizes"]
    for call in (lambda: av1_sizes(padding * (most + 1), most), lambda: hevc_sizes(unit * (most + 9), config, most)):
        with pytest.raises(PictureTooLarge, match="more than 20,000 parts"):
            call()


def test_a_stream_of_many_headers_is_refused(streams):
    (obus, most), (_, config, _) = streams["av1_sizes"], streams["hevc_sizes"]
    header = obus[2 : 4 + obus[3]]  # of AV1, after a delimiter
    at = config.index(b"\x42\1")  # a parameter set of HEVC, after its length
    unit = bytes(config[21] & 3) + config[at - 1 : at + config[at - 1]]
    assert len(av1_sizes(header * MOST_FRAMES_IN_ITEM, most)) == MOST_FRAMES_IN_ITEM
    for call in (lambda: av1_sizes(header * 9, most), lambda: hevc_sizes(unit * 9, config, most)):
        with pytest.raises(PictureTooLarge, match="more than 8 parts"):
            call()


def test_a_number_of_many_zeros_is_refused_at_once():
    bits = Bits(bytes(1_000))
    with pytest.raises(ValueError, match="too many bits"):
        bits.exp_golomb()
    assert bits.at < 40


def share_content(file: bytes, times: int) -> bytes:
    """Let an AVIF file name its content so many times, each time up to its end: a length of 0 says so."""
    places, meta = file.index(b"iloc"), file.index(b"meta")
    more = 8 * (times - 1)
    extent = (int.from_bytes(file[places + 18 : places + 22]) + more).to_bytes(4) + bytes(4)
    shared = file[: places + 16] + times.to_bytes(2) + extent * times + file[places + 26 :]
    for box in (places, meta):
        length = int.from_bytes(file[box - 4 : box]) + more
        shared = shared[: box - 4] + length.to_bytes(4) + shared[box:]
    return shared


def test_content_that_reaches_to_the_end_is_counted_each_time():
    assert coded_pictures(share_content(AVIF, 1)) == coded_pictures(AVIF)
    with pytest.raises(BrokenPicture):
        coded_pictures(share_content(AVIF, 20))
    with pytest.raises(PictureTooLarge, match="more than 1,000 parts"):
        coded_pictures(share_content(AVIF, 1_001))


def test_a_picture_derived_in_another_way_than_by_a_grid_is_unsupported():
    file = encode_heic(blocks("RGB", 1100, 900), tile_size=512)
    assert b"grid" in file
    with pytest.raises((UnsupportedPicture, BrokenPicture)):
        coded_pictures(file.replace(b"grid", b"iovl"))


@each_kind
@given(data=st.data())
def test_damaged_boxes_are_refused_or_read_but_never_crash(kind, data):
    damaged = bytearray(FILES[kind])
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, min(700, len(damaged) - 1)))] = data.draw(st.integers(0, 255))
    for read in (decode, lambda file: list(frames(file)), coded_pictures):
        with contextlib.suppress(InkError):
            read(bytes(damaged))


# GIF


def test_each_frame_of_a_gif_is_a_page():
    pages = [Image.fromarray(np.roll(GRAY, 9 * shift, 1)) for shift in range(3)]
    read = frames(encode(pages[0], "GIF", save_all=True, append_images=pages[1:]))
    for page, wanted in zip(read, pages, strict=True):
        assert isinstance(page, np.ndarray) and np.abs(page.astype(int) - np.asarray(wanted)).max() < 3


def test_a_gif_of_too_many_frames_says_so(monkeypatch):
    monkeypatch.setattr("recognizer.pictures.MOST_FRAMES", 2)
    pages = [Image.new("L", (9, 9), tone) for tone in (1, 80, 160, 240)]
    *read, rest = frames(encode(pages[0], "GIF", save_all=True, append_images=pages[1:]))
    assert len(read) == 2 and "only the first 2 pages" in str(rest)


@pytest.mark.parametrize("junk", [bytes(99), b"\xff" * 99], ids=["zeros", "ones"])
def test_junk_between_the_blocks_of_a_gif_is_refused(junk):
    file = encode(GRAY, "GIF")
    with pytest.raises(BrokenPicture):
        list(frames(file[:-1] + junk + b";"))


@pytest.mark.parametrize("frame", [0, 1], ids=["first", "second"])
def test_a_frame_that_makes_the_canvas_of_a_gif_huge_is_refused_before_it_is_opened(frame, monkeypatch):
    """Pillow makes the canvas larger while it looks for the next frame, before a frame can be refused."""
    monkeypatch.setattr("PIL.Image.open", lambda *_, **__: pytest.fail("opened"))
    file = bytearray(encode(PICTURE, "GIF", save_all=True, append_images=[Image.fromarray(255 - GRAY)]))
    places = [match.start() for match in re.finditer(b",\0\0\0\0\x60\0\x50\0", bytes(file))]
    file[places[frame] + 1 : places[frame] + 5] = b"\xff" * 4
    with pytest.raises(PictureTooLarge, match="more than 40,000,000 pixels"):
        list(frames(bytes(file)))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_half_a_gif_is_broken(share):
    file = encode(GRAY, "GIF")
    assert all(isinstance(page, InkError) for page in refuse(file[: int(len(file) * share)]))


# JPEG 2000


@pytest.mark.parametrize("options", [{}, {"no_jp2": True}, {"tile_size": (32, 32)}], ids=["JP2", "codestream", "tiles"])
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_jpeg_2000_is_read(mode, options):
    (read,) = frames(encode(PICTURE.convert(mode), "JPEG2000", **options))
    assert isinstance(read, np.ndarray) and alike(read)


def test_the_codestream_tells_its_size_tiles_and_levels():
    file = encode(PICTURE.convert("RGB"), "JPEG2000", tile_size=(32, 32), num_resolutions=3)
    assert codestream_of(file) == Codestream(96, 80, 3, 9, 2)


def test_a_large_jpeg_2000_is_decoded_at_half_its_size_and_returned_whole(monkeypatch):
    monkeypatch.setattr("recognizer.picture_cost.JPEG_2000_PIXELS", 1000)
    (read,) = frames(encode(Image.fromarray(GRAY[:, :95]), "JPEG2000"))
    assert isinstance(read, np.ndarray) and alike(read, GRAY[:, :95], 0.9)


@pytest.mark.parametrize("side", [50_000, 2**31])
def test_a_codestream_that_declares_more_pixels_is_refused_before_it_is_opened(side, monkeypatch):
    monkeypatch.setattr("PIL.Image.open", lambda *_, **__: pytest.fail("opened"))
    file = encode(PICTURE, "JPEG2000", no_jp2=True)
    size = (96).to_bytes(4) + (80).to_bytes(4)
    assert size in file
    with pytest.raises((PictureTooLarge, BrokenPicture)):
        list(frames(file.replace(size, side.to_bytes(4) * 2)))


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "BMP", "GIF"])
@pytest.mark.parametrize("size", [(4961, 701), (300, 9_000)])
def test_scans_have_no_limit_of_sides(kind, size):
    assert [np.shape(page) for page in frames(encode(blocks("L", *size), kind))] == [size[::-1]]  # type: ignore
