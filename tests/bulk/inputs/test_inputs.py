"""Every kind of input with real files, whole and broken."""

import io
import os

import pytest
from PIL import Image

from recognizer.bulk import items
from recognizer.bulk.inputs import folders
from tests.support.bulk import BLANK, FOUR, SEVEN
from tests.support.files import encode, png
from tests.support.rows import answers


def test_a_folder_is_read_in_name_order_without_files_that_are_not_pictures(rows, scans):
    found = rows(scans, skip_others=True)
    assert [row["file"] for row in found] == [f"{scans}/{name}" for name in ("a.png", "b/1.jpg", "b/2.png", "c.webp")]
    assert [row["digit"] for row in found] == [7, 4, None, None]
    assert found[2]["error"] == "the picture is cut off or damaged"
    assert found[3]["reason"] == "blank"


def test_a_row_holds_every_field_of_a_prediction(rows, scans):
    (row,) = rows(scans / "a.png")
    assert row["model"] == "tiny" and row["page"] == 1 and row["error"] is None
    assert 0.5 < row["confidence"] <= 1 and sum(row["probabilities"]) == pytest.approx(1)
    assert row["box"] == pytest.approx([50, 50, 230, 230], abs=50) and row["milliseconds"] > 0


OTHERS = {
    ".hidden.png": "its name or its folder's begins with a dot",
    "b/notes.txt": "it is not a picture",
    "labels.csv": "CSV files in a folder are not read; name this one among the inputs",
}


def test_each_other_file_of_a_folder_is_a_row_with_its_reason(rows, scans):
    found = {row["file"]: row["error"] for row in rows(scans)}
    assert list(found) == [f"{scans}/{name}" for name in sorted([*OTHERS, "a.png", "b/1.jpg", "b/2.png", "c.webp"])]
    for name, reason in OTHERS.items():
        assert found[f"{scans}/{name}"].startswith(reason)


@pytest.mark.parametrize("name", ["scan", "scan.txt", "scan.dat", "scan.csv", "2026.11.29"])
def test_a_file_of_a_folder_is_read_if_it_is_a_picture_by_its_first_bytes(name, rows, tmp_path):
    (tmp_path / name).write_bytes(encode(SEVEN))
    for skips in (False, True):
        assert [row["digit"] for row in rows(tmp_path, skip_others=skips)] == [7]


@pytest.mark.parametrize(
    "content",
    [b"", b"text", b"PK\3\4", bytes(2000), b"\0\0\0\x18ftypmp42"],
    ids=["empty", "text", "ZIP", "zeros", "film"],
)
def test_a_file_of_a_folder_that_is_no_picture_is_a_row_unless_others_are_skipped(content, rows, tmp_path):
    (tmp_path / "film").write_bytes(content)
    (tmp_path / "scan.png").write_bytes(encode(SEVEN))
    assert [row["error"] for row in rows(tmp_path)] == ["it is not a picture", None]
    assert [row["error"] for row in rows(tmp_path, skip_others=True)] == [None]


def test_a_broken_picture_is_no_other_file(rows, tmp_path):
    (tmp_path / "a.png").write_bytes(b"text")
    (tmp_path / "b").write_bytes(encode(SEVEN)[:100])
    assert len(rows(tmp_path, skip_others=True)) == 2


def test_a_pipe_in_a_folder_is_a_row_and_is_not_opened(rows, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert [row["error"] for row in rows(tmp_path)] == ["it is a pipe or a device"]


def test_a_hidden_folder_is_one_row(rows, tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "a.png").write_bytes(encode(SEVEN))
    assert [row["file"] for row in rows(tmp_path)] == [f"{tmp_path}/.git"]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "AVIF", "BMP", "TIFF", "GIF", "JPEG2000"])
def test_each_format_is_read_whatever_its_name(kind, rows, tmp_path):
    file = tmp_path / "scan"
    file.write_bytes(encode(SEVEN, kind))
    assert answers(rows(file)) == [(1, 7, None, None)]


def test_each_page_of_a_tiff_is_a_row(rows, tmp_path):
    first, *others = map(Image.fromarray, (SEVEN, BLANK, FOUR))
    first.save(tmp_path / "pages.tif", save_all=True, append_images=others, compression="tiff_lzw")
    assert answers(rows(tmp_path / "pages.tif")) == [(1, 7, None, None), (2, None, "blank", None), (3, 4, None, None)]


def test_a_faxed_page_of_black_and_white_is_read(rows, tmp_path):
    Image.fromarray(SEVEN).convert("1").save(tmp_path / "fax.tif", compression="group4")
    assert answers(rows(tmp_path / "fax.tif")) == [(1, 7, None, None)]


def test_a_tiff_that_is_cut_off_keeps_its_first_page(rows, tmp_path):
    file = io.BytesIO()
    Image.fromarray(SEVEN).save(file, "TIFF", save_all=True, append_images=[Image.fromarray(FOUR)])
    (tmp_path / "cut.tif").write_bytes(file.getvalue()[:-2000])
    (first, *others) = answers(rows(tmp_path / "cut.tif"))
    assert first == (1, 7, None, None) and all(error for *_, error in others)


def test_each_page_of_a_pdf_is_a_row(rows, tmp_path):
    first, second = map(Image.fromarray, (SEVEN, FOUR))
    first.save(tmp_path / "form.pdf", save_all=True, append_images=[second])
    assert answers(rows(tmp_path / "form.pdf")) == [(1, 7, None, None), (2, 4, None, None)]


def test_only_the_first_pages_of_a_long_pdf_are_read(rows, tmp_path, monkeypatch):
    monkeypatch.setattr("recognizer.bulk.inputs.pdf.MOST_FRAMES", 1)
    first, second = map(Image.fromarray, (SEVEN, FOUR))
    first.save(tmp_path / "form.pdf", save_all=True, append_images=[second])
    (seven, rest) = rows(tmp_path / "form.pdf")
    assert seven["digit"] == 7 and rest["error"] == "only the first 1 pages are read"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"%PDF-1.7 and nothing", "the PDF is damaged, or needs a password; save it again without one"),
        (b"", "this is not a picture"),
        (b"GIF89a" + bytes(99), "the picture is cut off or damaged"),
        (b"\0\0\1\0" + bytes(99), "ICO pictures are not supported"),
        (encode(SEVEN, "BMP")[:30], "header is damaged"),
        (png(7000, 6000), "the picture is 7000x6000 px; the limit is 40,000,000 pixels in all"),
    ],
    ids=["PDF", "empty", "GIF", "ICO", "cut BMP", "too many pixels"],
)
def test_a_file_that_is_not_a_picture_becomes_an_error_row(content, error, rows, tmp_path):
    (tmp_path / "odd.png").write_bytes(content)
    (row,) = rows(tmp_path / "odd.png")
    assert error in row["error"] and row["digit"] is None and row["probabilities"] is None


def test_a_missing_file_or_folder_in_a_list_becomes_a_row(rows, tmp_path):
    (gone,) = rows("-", list_file=io.StringIO(f"{tmp_path}/gone.png\n"))
    assert gone["error"] == "it cannot be opened: No such file or directory"


def test_a_file_of_too_many_bytes_is_not_read(rows, scans, monkeypatch):
    monkeypatch.setattr("recognizer.bulk.inputs.pages.MOST_BYTES", 99)
    assert rows(scans / "a.png")[0]["error"] == "it has more than 99 bytes"
    assert items.MOST_BYTES == 64_000_000


def test_a_pattern_and_a_list_name_files(rows, scans):
    assert [row["digit"] for row in rows(f"{scans}/**/*.jpg")] == [4]
    listed = io.StringIO(f"{scans}/c.webp\n\n{scans}/a.png\r\n")
    assert [row["digit"] for row in rows("-", list_file=listed)] == [None, 7]


def test_names_too_many_for_memory_still_come_in_order(monkeypatch):
    monkeypatch.setattr(folders, "NAMES_AT_ONCE", 10)
    names = [f"{number * 7919 % 1000:03}ö\n.png" for number in range(95)]
    assert list(folders.sort_names(iter(names))) == sorted(names)


def test_a_link_to_a_parent_folder_does_not_loop(rows, scans):
    (scans / "b" / "up").symlink_to(scans, target_is_directory=True)
    found = {row["file"]: row["error"] for row in rows(scans)}
    assert found[f"{scans}/b/up"] == "it is a link to a folder; links are not followed" and len(found) == 8


def test_a_folder_that_cannot_be_listed_becomes_an_error_row(rows, scans, monkeypatch):
    real = os.scandir

    def scandir(folder):
        if str(folder).endswith("b"):
            raise PermissionError(13, "Permission denied")
        return real(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    found = rows(scans, skip_others=True)
    assert [row["file"] for row in found] == [f"{scans}/{name}" for name in ("a.png", "b", "c.webp")]
    assert found[1]["error"] == "it is a pipe or a device, or a folder that you may not list"
