"""The cost of a picture is estimated from its header, holds, and is limited before decoding."""

import os
import struct
from dataclasses import replace

import pytest
from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from recognizer import picture_cost
from recognizer.errors import BrokenPicture, InkError, PictureTooLarge
from recognizer.ink import MAX_SIDE_PX
from recognizer.picture_cost import ANSWERING, SCANNING, TIMES_AS_SLOW, Cost, cost_of
from recognizer.pictures import MAX_BYTES, decode, frames
from tests.support import costly_coded, costly_jpegs, costly_pngs, costly_scans
from tests.support.costly_jpegs import BASELINE, PROGRESSIVE, jpeg, scan
from tests.support.files import encode
from tests.support.heic import encode_heic
from tests.support.spent import SCAN, SCANS, spent_on

READ = {**costly_pngs.READ, **costly_jpegs.READ, **costly_scans.READ, **costly_coded.READ}
TOO_MANY_PARTS = {**costly_pngs.TOO_MANY_PARTS, **costly_jpegs.TOO_MANY_PARTS, **costly_scans.TOO_MANY_PARTS}
TOO_COSTLY = {**costly_jpegs.TOO_COSTLY, **costly_scans.TOO_COSTLY}
# Beyond the estimate: the buffers of the readers, and their threads.
BUFFERS_BYTES = 24 << 20
COPIES = 3  # of the file: the caller's, and Pillow's


@pytest.fixture
def cost_at_hand(monkeypatch):
    """Estimates the cost of decoding the first picture of a file, without decoding it."""

    def stop(picture, data, limits):
        raise Told(cost_of(picture, data))

    def told(file: bytes) -> Cost:
        with pytest.raises(Told) as raised:
            list(frames(file))
        return raised.value.cost

    monkeypatch.setattr("recognizer.pictures.check_cost", stop)
    return told


class Told(Exception):
    def __init__(self, cost: Cost) -> None:
        super().__init__(cost)
        self.cost = cost


def read_all(data: bytes) -> None:
    for page in frames(data) if data.startswith(SCANS) else [decode(data)]:
        if isinstance(page, InkError):
            raise page


@pytest.mark.parametrize("name", TOO_MANY_PARTS)
def test_a_file_of_too_many_parts_is_refused_before_pillow_opens_it(name, monkeypatch):
    monkeypatch.setattr("PIL.Image.open", lambda *_, **__: pytest.fail("opened"))
    with pytest.raises(PictureTooLarge, match="save it again as a plain PNG or JPEG"):
        read_all(TOO_MANY_PARTS[name]())


@pytest.mark.parametrize("name", costly_jpegs.NO_HEADER)
def test_a_file_with_much_besides_its_header_is_refused_before_pillow_opens_it(name, monkeypatch):
    monkeypatch.setattr("PIL.Image.open", lambda *_, **__: pytest.fail("opened"))
    with pytest.raises(BrokenPicture, match="header is damaged"):
        decode(costly_jpegs.NO_HEADER[name]())


@pytest.mark.parametrize("name", TOO_COSTLY)
def test_a_picture_that_costs_too_much_is_refused_before_it_is_decoded(name, monkeypatch):
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda _: pytest.fail("decoded"))
    with pytest.raises(PictureTooLarge, match="save it again as a plain PNG or JPEG"):
        read_all(TOO_COSTLY[name]())


@pytest.mark.parametrize("name", costly_jpegs.DAMAGED)
def test_a_costly_picture_that_is_damaged_is_refused(name):
    with pytest.raises(BrokenPicture):
        decode(costly_jpegs.DAMAGED[name]())


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows does not tell a process its peak memory")
def test_the_costliest_pictures_take_no_more_memory_than_their_headers_tell(tmp_path, cost_at_hand):
    spent = spent_on(READ, tmp_path)
    assert {name for name, of_one in spent.items() if of_one.answer != "read"} == set()
    files = {name: (tmp_path / str(number)).read_bytes() for number, name in enumerate(READ)}
    costs = {name: cost_at_hand(file) for name, file in files.items()}
    allowed = {name: costs[name].memory_bytes + COPIES * len(files[name]) + BUFFERS_BYTES for name in READ}
    assert {name: of_one for name, of_one in spent.items() if of_one.mebibytes * 2**20 > allowed[name]} == {}
    of_scans = costly_scans.READ.keys() - costly_scans.OF_WEBP.keys()
    limits = {name: SCANNING if name in of_scans else ANSWERING for name in READ}
    assert {name for name, cost in costs.items() if cost.memory_bytes > limits[name].memory_bytes} == set()
    assert {name for name, cost in costs.items() if cost.seconds > TIMES_AS_SLOW * limits[name].seconds} == set()
    assert {name for name, file in files.items() if len(file) > MAX_BYTES} == set()


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows does not tell a process its peak memory")
def test_pages_at_600_dpi_and_long_strips_are_read_in_every_format_within_the_memory(tmp_path):
    spent = spent_on(costly_coded.SCANS, tmp_path, SCAN)
    assert {name: of_one.answer for name, of_one in spent.items() if of_one.answer != "read"} == {}
    most = (SCANNING.memory_bytes + BUFFERS_BYTES) / 2**20
    assert {name: of_one for name, of_one in spent.items() if of_one.mebibytes > most} == {}


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows does not tell a process its peak memory")
def test_the_tables_of_a_lossless_webp_have_a_bound(tmp_path):
    """Their bound is higher than the others: they are known only while they are built."""
    spent = spent_on(costly_scans.OF_MANY_TABLES, tmp_path)
    assert {of_one.answer for of_one in spent.values()} == {"read"}
    assert max(of_one.mebibytes for of_one in spent.values()) < 600


@pytest.mark.parametrize(
    "side_px, components, scans, is_read",
    [
        (MAX_SIDE_PX, 1, 43, True),
        (MAX_SIDE_PX, 1, 45, False),
        (MAX_SIDE_PX, 3, 14, True),
        (MAX_SIDE_PX, 3, 15, False),
        (2000, 3, 100, True),
        (3000, 3, 30, True),
        (3000, 3, 50, False),
    ],
)
def test_a_larger_jpeg_may_have_fewer_scans(side_px, components, scans, is_read, cost_at_hand):
    cost = cost_at_hand(jpeg(side_px, scan(components) * scans, components=components))
    assert (cost.seconds <= ANSWERING.seconds) == is_read


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_the_scans_that_pillow_writes_are_read_at_any_size(mode, cost_at_hand):
    progressive = costly_jpegs.photo(mode, 10, progressive=True)
    assert cost_at_hand(progressive).seconds < ANSWERING.seconds * 0.9


@pytest.mark.parametrize(
    "frame, scans, bytes_per_pixel",
    [(BASELINE, 1, 6), (BASELINE, 2, 10), (PROGRESSIVE, 1, 10), (PROGRESSIVE, 2, 10)],
)
def test_a_jpeg_of_several_scans_costs_memory_for_its_coefficients(frame, scans, bytes_per_pixel, cost_at_hand):
    file = jpeg(800, scan(3, last=63) * scans, frame=frame, components=3)
    copies = picture_cost.COPIES * len(file) if bytes_per_pixel == 10 else 0
    assert cost_at_hand(file).memory_bytes == 800 * 800 * bytes_per_pixel + copies


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "AVIF", "HEIC", "TIFF", "BMP", "GIF", "JPEG2000"])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_picture_of_usual_size_costs_far_less_than_the_limits(kind, mode, cost_at_hand):
    picture = Image.new(mode, (1000, 800))
    cost = cost_at_hand(encode_heic(picture) if kind == "HEIC" else encode(picture, kind))
    assert cost.seconds < ANSWERING.seconds / 8 and cost.memory_bytes < ANSWERING.memory_bytes / 6


def test_a_bmp_with_bit_fields_is_not_taken_for_a_run_length_encoded_one(cost_at_hand):
    info = struct.pack("<LllHHLLllLL3L", 40, 2000, 2000, 1, 32, 3, 0, 0, 0, 0, 0, 0xFF0000, 0xFF00, 0xFF)
    data = b"BM" + struct.pack("<LLL", 0, 0, 66) + info + bytes(2000 * 2000 * 4)
    assert cost_at_hand(data).seconds < ANSWERING.seconds / 4


def test_each_page_of_a_scan_is_decoded_once_and_when_it_is_asked_for(monkeypatch):
    decoded: list[int] = []
    end = TiffImageFile.load_end

    def load_end(page: TiffImageFile) -> None:
        decoded.append(page.tell())
        end(page)

    monkeypatch.setattr(TiffImageFile, "load_end", load_end)
    pages = frames(costly_scans.tiff_of_pages(1000))
    next(pages)
    next(pages)
    assert decoded == [0, 1]


def test_a_page_that_costs_too_much_is_refused_in_its_place(monkeypatch):
    monkeypatch.setattr("recognizer.pictures.SCANNING", replace(SCANNING, memory_bytes=100_000))
    pages = [Image.new("L", (9, 9)), Image.new("L", (200, 200)), Image.new("L", (9, 9))]
    read = list(frames(encode(pages[0], "TIFF", save_all=True, append_images=pages[1:])))
    assert [isinstance(page, PictureTooLarge) for page in read] == [False, True, False]
