"""Limits on the parts of a picture file. Files from cameras and programs stay far below."""

import contextlib
import zlib

import numpy as np
import pytest
from PIL import Image

from recognizer import picture_parts
from recognizer.errors import BrokenPicture, PictureTooLarge, UnsupportedPicture
from recognizer.picture_parts import (
    MOST_EXIF_SEGMENTS,
    MOST_GROWTH,
    MOST_PARTS,
    MOST_SCANS,
    MOST_TAGS,
    MOST_VALUES,
    scans_of,
)
from recognizer.pictures import decode, frames
from tests.golden.drawings import DIGITS
from tests.golden.rendering import render
from tests.support import costly_jpegs, costly_pngs, costly_scans
from tests.support.costly_jpegs import ac_scan, dc_scan, jpeg, scan, segment
from tests.support.costly_pngs import GROWS_TO_1_MB
from tests.support.costly_scans import (
    BIG_TIFF,
    DIRECTORY_AT,
    LONG,
    RATIONAL,
    SHORT,
    TIFF,
    TIFF_OF_MOTOROLA,
    directory,
    page,
    tiff,
)
from tests.support.files import chunk, encode

GRAY = render(DIGITS["4 open"], 64, 44, 4)
PHOTO = encode(Image.fromarray(GRAY).convert("RGB"), "JPEG", quality=95)
SMALL = 8  # px a side


def with_segments(*segments: bytes, picture: bytes = PHOTO) -> bytes:
    return picture[:2] + b"".join(segments) + picture[2:]


@pytest.mark.parametrize("components", [1, 3])
def test_scans_up_to_the_limit_are_read_and_one_more_is_refused(components):
    rest = [ac_scan(SMALL, 1 + number % components) for number in range(MOST_SCANS)]
    most = jpeg(SMALL, dc_scan(SMALL, components), b"\0", *rest[1:], components=components)
    assert scans_of(most).count == MOST_SCANS and decode(most).shape == (SMALL, SMALL)
    with pytest.raises(PictureTooLarge, match="more than 100 parts; save it again"):
        decode(jpeg(SMALL, dc_scan(SMALL, components), b"\0", *rest, components=components))


@pytest.mark.parametrize("frame", [0xC0, 0xC1, 0xC2, 0xC9, 0xCA], ids="SOF{:X}".format)
def test_scans_are_counted_however_the_jpeg_is_coded(frame):
    with pytest.raises(PictureTooLarge):
        decode(jpeg(SMALL, scan(last=63) * (MOST_SCANS + 1), frame=frame))


def test_the_components_of_all_scans_are_counted():
    scans = scans_of(jpeg(SMALL, dc_scan(64, 3), ac_scan(64, 1), ac_scan(64, 3), components=3))
    assert (scans.count, scans.components) == (3, 5)


@pytest.mark.parametrize("mode, scans", [("L", 6), ("RGB", 10), ("CMYK", 18)])
def test_the_scans_that_pillow_writes_are_counted_one_by_one(mode, scans):
    assert scans_of(encode(Image.fromarray(GRAY).convert(mode), "JPEG", progressive=True)).count == scans


@pytest.mark.parametrize("between", [b"\xff\0" * 9, b"\xff\xd0\xff\xd7", b"\xff\x01", b"\xff\xff\0"], ids=bytes.hex)
def test_markers_within_the_bits_of_a_scan_are_not_segments(between):
    """Or the next two bytes would be read as a length, and the scans after them skipped."""
    assert scans_of(jpeg(SMALL, scan(), between, scan(), between, scan())).count == 3


def test_scans_of_another_picture_are_not_counted():
    thumbnail = jpeg(SMALL, scan() * 500)
    behind = with_segments(segment(0xE1, b"Exif\0\0" + thumbnail)) + thumbnail * 9
    assert scans_of(behind).count == 1 and decode(behind).shape == GRAY.shape


@pytest.mark.parametrize("part", [segment(0xFE), b"\xff\xd0"], ids=["comment", "marker without content"])
def test_a_jpeg_header_of_too_many_parts_is_refused(part):
    assert decode(with_segments(segment(0xFE), part * (MOST_PARTS - 99))).shape == GRAY.shape
    for data in (with_segments(part * (MOST_PARTS + 1)), b"\xff\xd8" + part * (MOST_PARTS + 1)):
        with pytest.raises(PictureTooLarge, match="more than 20,000 parts"):
            decode(data)


@pytest.mark.parametrize("junk", [b"\xff", b"\0"], ids=["fill bytes", "zeros"])
def test_a_jpeg_header_with_much_between_its_segments_is_broken(junk):
    comment = segment(0xFE)  # Pillow looks for a marker right after the start
    assert decode(with_segments(comment, junk * (MOST_PARTS - 99))).shape == GRAY.shape
    for data in (with_segments(comment, junk * (MOST_PARTS + 1)), b"\xff\xd8\xff\xfe\0\2" + junk * (MOST_PARTS + 1)):
        with pytest.raises(BrokenPicture, match="header is damaged"):
            decode(data)


def test_too_many_segments_between_the_scans_are_refused():
    with pytest.raises(PictureTooLarge, match="more than 20,000 parts"):
        decode(costly_jpegs.small(between=segment(0xFE) * MOST_PARTS))


def test_too_many_segments_of_exif_are_refused():
    exif = segment(0xE1, b"Exif\0\0" + costly_pngs.exif(orientation=1))
    assert decode(with_segments(exif * MOST_EXIF_SEGMENTS)).shape == GRAY.shape
    with pytest.raises(PictureTooLarge, match="more than 64 parts"):
        decode(with_segments(exif * (MOST_EXIF_SEGMENTS + 1)))


XMP = [segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>")]
XMP += [segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + bytes(65_000))] * 9
PROFILE = [segment(0xE2, b"ICC_PROFILE\0" + bytes([part, 9]) + bytes(65_000)) for part in range(1, 10)]
PROVENANCE = [segment(0xEB, b"JP\0\1" + bytes(65_000))] * 20
GAIN_MAP = [segment(0xE1, b'http://ns.adobe.com/xap/1.0/\0<x hdrgm:Version="1.0"/>')]
THUMBNAIL = [segment(0xE1, b"Exif\0\0" + costly_pngs.exif(orientation=1) + encode(GRAY, "JPEG"))]
PADDING = [segment(0xFE), b"\xff" * 4096]


@pytest.mark.parametrize(
    "segments, behind",
    [
        (THUMBNAIL, b""),
        (XMP, b""),
        (PROFILE, b""),
        (PROVENANCE, b""),
        (GAIN_MAP, PHOTO),
        (PADDING, b""),
        (THUMBNAIL + XMP + PROFILE + PROVENANCE, b"video" * 9999),
    ],
    ids=["thumbnail", "long XMP", "profile in parts", "provenance", "gain map", "fill bytes", "all of it and a video"],
)
@pytest.mark.parametrize("progressive", [False, True], ids=["baseline", "progressive"])
def test_metadata_from_cameras_is_read(segments, behind, progressive):
    photo = encode(Image.fromarray(GRAY).convert("RGB"), "JPEG", quality=95, progressive=progressive)
    read = decode(with_segments(*segments, picture=photo) + behind)
    np.testing.assert_array_equal(read, decode(photo))


@pytest.mark.parametrize("part_bytes", [1000, 8192], ids=["in parts of 1 kB", "in parts of 8 kB"])
def test_a_png_of_nearly_four_megabytes_in_small_parts_is_read(part_bytes):
    data = costly_pngs.in_parts(1980, part_bytes)
    assert len(data) > 3_900_000 and decode(data).shape == (1980, 1980)


@pytest.mark.parametrize("kind", [b"tEXt", b"abCd", b"IDAT"], ids=["texts", "unknown", "pixels"])
def test_a_png_of_too_many_chunks_is_refused_wherever_they_stand(kind):
    part, pixels = chunk(kind, b""), chunk(b"IDAT", zlib.compress(bytes(9 * 8)))
    assert decode(costly_pngs.small(pixels=pixels + part * (MOST_PARTS - 3))).shape == (8, 8)
    for data in (costly_pngs.small(part * MOST_PARTS), costly_pngs.small(pixels=pixels + part * MOST_PARTS)):
        with pytest.raises(PictureTooLarge, match="more than 20,000 parts"):
            decode(data)


def test_bytes_after_the_end_of_a_png_are_not_counted():
    assert decode(costly_pngs.small() + chunk(b"tEXt", b"a\0") * MOST_PARTS).shape == (8, 8)


@pytest.mark.parametrize("head", [b"zTXt", b"iTXt", b"iCCP"], ids=["text", "foreign text", "colour profile"])
def test_the_unpacked_size_of_png_chunks_is_bounded_before_unpacking(head, monkeypatch):
    grown = {b"zTXt": b"\0\0", b"iTXt": b"\0\1\0\0\0", b"iCCP": b"\0\0"}[head] + GROWS_TO_1_MB
    monkeypatch.setattr("PIL.PngImagePlugin._safe_zlib_decompress", lambda _: pytest.fail("unpacked"))
    with pytest.raises(PictureTooLarge, match="too much time or memory"):
        decode(costly_pngs.small(chunk(head, grown) * (MOST_GROWTH // 10**6)))


def test_texts_and_a_profile_of_usual_size_are_read():
    profile = chunk(b"iCCP", b"sRGB\0\0" + zlib.compress(bytes(500_000)))
    texts = [chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"about this " * 99)) for _ in range(99)]
    assert decode(costly_pngs.small(profile, *texts)).shape == (8, 8)


@pytest.mark.parametrize("layout", [TIFF, TIFF_OF_MOTOROLA, BIG_TIFF], ids=["TIFF", "big-endian TIFF", "BigTIFF"])
def test_a_tiff_of_too_many_tags_is_refused(layout):
    usual = page()
    more = [(tag, LONG, 1, tag) for tag in range(1000, 1000 + MOST_TAGS - len(usual))]
    (read,) = frames(tiff(directory(usual + more, layout=layout), layout=layout))
    assert isinstance(read, np.ndarray)
    with pytest.raises(PictureTooLarge, match="more than 1,000 parts"):
        list(frames(tiff(directory([*usual, *more, (60_000, LONG, 1, 0)], layout=layout), layout=layout)))


@pytest.mark.parametrize("tag, kind", [(273, LONG), (258, SHORT), (282, RATIONAL)])
def test_a_tag_of_too_many_values_is_refused(tag, kind):
    with pytest.raises(PictureTooLarge, match="more than 70,000 parts"):
        list(frames(costly_scans.tiff_with_values(tag, kind, MOST_VALUES + 1)))


def test_a_tag_of_many_bytes_is_read():
    """For example a profile, or private data of a program."""
    (read,) = frames(costly_scans.tiff_with_values(34675, 7, 2_000_000))
    assert isinstance(read, np.ndarray)


def test_a_tag_with_more_values_than_the_file_has_bytes_is_skipped():
    (read,) = frames(tiff(directory(page((60_000, LONG, 2**31, 8)))))
    assert isinstance(read, np.ndarray)


def test_the_directory_of_exif_is_counted_too():
    with pytest.raises(PictureTooLarge):
        list(frames(costly_scans.tiff_with_exif()))


def test_pages_are_counted_despite_damaged_exif():
    exif = (34665, LONG, 1, 2**31)
    following = DIRECTORY_AT + len(directory(page(exif)))
    many_tags = directory((tag, LONG, 1, tag) for tag in range(1000, 1001 + MOST_TAGS))
    with pytest.raises(PictureTooLarge):
        list(frames(tiff(directory(page(exif), following), many_tags)))


def test_all_tags_of_a_scan_are_bounded(monkeypatch):
    monkeypatch.setattr(picture_parts, "MOST_TAGS_IN_ALL", 3 * len(page()))
    assert len(list(frames(costly_scans.tiff_of_pages(3)))) == 3
    with pytest.raises(PictureTooLarge):
        list(frames(costly_scans.tiff_of_pages(4)))


def test_pages_that_are_not_read_are_not_counted(monkeypatch):
    monkeypatch.setattr(picture_parts, "MOST_PAGES", 3)
    monkeypatch.setattr(picture_parts, "MOST_TAGS_IN_ALL", 3 * len(page()))
    assert len(list(frames(costly_scans.tiff_of_pages(4)))) == 4


def test_pages_in_a_circle_are_read_once_each():
    assert [isinstance(read, np.ndarray) for read in frames(costly_scans.tiff_of_pages(3, loops=True))] == [True] * 3


@pytest.mark.parametrize("cut", range(4, 190, 7))
@pytest.mark.parametrize("layout", [TIFF, BIG_TIFF], ids=["TIFF", "BigTIFF"])
def test_a_truncated_tiff_is_not_refused_for_too_many_parts(cut, layout):
    with contextlib.suppress(BrokenPicture):
        list(frames(tiff(directory(page(), layout=layout), layout=layout)[:cut]))


@pytest.mark.parametrize("place", [8, DIRECTORY_AT], ids=["of the first directory", "of tags"])
def test_a_tiff_with_a_damaged_number_is_not_refused_for_too_many_parts(place):
    data = bytearray(tiff(directory(page(), layout=BIG_TIFF), layout=BIG_TIFF))
    data[place : place + 8] = b"\xff" * 8
    with contextlib.suppress(BrokenPicture):
        list(frames(bytes(data)))


def test_a_tiff_of_many_tags_is_unsupported_where_no_tiff_is_accepted():
    with pytest.raises(UnsupportedPicture):
        decode(costly_scans.TOO_MANY_PARTS["TIFF, 44,000 tags"]())
