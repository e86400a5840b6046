"""Archives, stacks and tables that hold many pictures."""

import gzip
import io
import json
import struct
import tarfile
import zipfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.golden.drawings import DIGITS
from tests.support.bulk import FOUR, SEVEN
from tests.support.files import encode
from tests.support.rows import answers


def test_the_pictures_of_a_zip_are_read(rows, tmp_path):
    with zipfile.ZipFile(tmp_path / "scans.zip", "w") as archive:
        for name, data in (
            ("x/7.png", encode(SEVEN)),
            ("__MACOSX/x/._7.png", b"?"),
            ("read.me", b"?"),
            ("4.PNG", b"?"),
            ("scan", encode(FOUR)),
        ):
            archive.writestr(name, data)
    assert [str(row["error"])[:22] for row in rows(tmp_path / "scans.zip")[1:3]] == [
        "its name or its folder",
        "it is not a picture",
    ]
    seven, broken, four = rows(tmp_path / "scans.zip", skip_others=True)
    assert four["digit"] == 4 and (seven["file"], seven["digit"]) == (f"{tmp_path}/scans.zip/x/7.png", 7)
    assert broken["file"].endswith("4.PNG") and broken["error"].startswith("this is not a picture")


@pytest.mark.parametrize("packed", ["", "gz", "xz"])
def test_the_pictures_of_a_tar_are_read_from_start_to_end(packed, rows, tmp_path):
    name = tmp_path / f"scans.tar{'.' * bool(packed)}{packed}"
    with tarfile.open(name, f"w:{packed}") as archive:  # type: ignore[call-overload]
        for number, picture in enumerate((SEVEN, FOUR)):
            entry = tarfile.TarInfo(f"./{number}.png")
            entry.size = len(encode(picture))
            archive.addfile(entry, io.BytesIO(encode(picture)))
    assert [row["digit"] for row in rows(name)] == [7, 4]


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.npz", "a.npy", "a.idx", "a.parquet"])
@pytest.mark.parametrize("content", [b"", b"no such thing", bytes(2000)])
def test_a_broken_container_becomes_one_error_row(name, content, rows, tmp_path):
    (tmp_path / name).write_bytes(content)
    found = rows(tmp_path / name)
    assert all(row["error"] for row in found) and len(found) <= 1


def test_a_truncated_archive_keeps_the_pictures_before_the_cut(rows, tmp_path):
    with tarfile.open(tmp_path / "whole.tar", "w") as archive:
        for number in range(3):
            entry = tarfile.TarInfo(f"{number}.png")
            entry.size = len(encode(SEVEN))
            archive.addfile(entry, io.BytesIO(encode(SEVEN)))
    (tmp_path / "cut.tar").write_bytes((tmp_path / "whole.tar").read_bytes()[: 3 * 512 + 2 * len(encode(SEVEN)) + 99])
    *found, last = rows(tmp_path / "cut.tar")
    assert [row["digit"] for row in found] == [7, 7] and "cannot be read any further" in last["error"]


def test_a_small_archive_of_a_huge_file_does_not_fill_memory(rows, tmp_path, monkeypatch):
    monkeypatch.setattr("recognizer.bulk.inputs.archives.MOST_BYTES", 1000)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.png", bytes(1_000_000))
    assert rows(tmp_path / "bomb.zip")[0]["error"] == "it has more than 1,000 bytes"


@pytest.mark.parametrize("name", ["train.idx", "train-images-idx3-ubyte", "train-images-idx3-ubyte.gz"])
def test_each_picture_of_an_idx_file_is_a_row(name, rows, tmp_path):
    stack = np.stack([SEVEN, FOUR])
    data = b"\0\0\x08\x03" + struct.pack(">3I", *stack.shape) + stack.tobytes()
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    assert answers(rows(tmp_path / name)) == [(1, 7, None, None), (2, 4, None, None)]


def test_a_stack_shorter_than_its_header_says_ends_with_an_error(rows, tmp_path):
    (tmp_path / "a.idx").write_bytes(b"\0\0\x08\x03" + struct.pack(">3I", 9, *SEVEN.shape) + SEVEN.tobytes())
    first, last = rows(tmp_path / "a.idx")
    assert first["digit"] == 7 and last["error"] == "the stack is cut off here; its header says 9 pictures"


def test_labels_in_place_of_pictures_are_refused(rows, tmp_path):
    (tmp_path / "labels.idx").write_bytes(b"\0\0\x08\x01" + struct.pack(">I", 3) + b"\1\2\3")
    assert "its shape is (3,)" in rows(tmp_path / "labels.idx")[0]["error"]


def test_the_stacks_of_an_npz_are_read_and_its_labels_skipped(rows, tmp_path):
    np.savez_compressed(tmp_path / "one.npz", x=np.stack([SEVEN]), y=np.array([7]))
    np.savez(tmp_path / "two.npz", train=np.stack([SEVEN]), test=np.stack([FOUR]))
    np.save(tmp_path / "three.npy", np.stack([FOUR]))
    assert [
        (row["file"], row["digit"]) for row in rows(*(tmp_path / name for name in ("one.npz", "two.npz", "three.npy")))
    ] == [
        (f"{tmp_path}/one.npz", 7),
        (f"{tmp_path}/two.npz/train", 7),
        (f"{tmp_path}/two.npz/test", 4),
        (f"{tmp_path}/three.npy", 4),
    ]


def test_a_stack_of_other_numbers_is_refused(rows, tmp_path):
    np.save(tmp_path / "a.npy", np.zeros((2, 28, 28)))
    assert rows(tmp_path / "a.npy")[0]["error"].startswith("it holds float64")
    np.save(tmp_path / "b.npy", np.array([{}]), allow_pickle=True)
    assert rows(tmp_path / "b.npy")[0]["error"].startswith("it holds object")


def test_each_line_of_strokes_is_a_row(rows, tmp_path):
    seven = DIGITS["7 crossed"]
    lines = [json.dumps({"strokes": seven, "label": 7}), "", json.dumps(seven), "{", '{"a": 1}', '{"strokes": [[1]]}']
    lines.append('{"strokes": [[[1, 1], [4, 4]]], "size": [280, 280]}')
    (tmp_path / "drawn.jsonl").write_text("\n".join(lines))
    found = rows(tmp_path / "drawn.jsonl")
    assert [row["page"] for row in found] == [1, 3, 4, 5, 6, 7]
    assert [row["digit"] for row in found[:2]] == [7, 7] and found[0]["label"] == "7"
    assert all(row["error"] for row in found[2:5]) and found[5]["reason"] == "blank"


def test_a_csv_names_files_beside_it(rows, scans):
    (scans / "list.csv").write_text("id,image,label\n1,a.png,7\n2,b/1.jpg,4\n3,gone.png,1\n4,,\n")
    found = rows(scans / "list.csv", label_column="label")
    assert [(row["file"], row["digit"], row["label"]) for row in found[:2]] == [("a.png", 7, "7"), ("b/1.jpg", 4, "4")]
    assert found[2]["error"].startswith("it cannot be opened") and "neither a path" in found[3]["error"]


def test_a_csv_without_the_column_lists_its_columns(rows, tmp_path):
    (tmp_path / "list.csv").write_text("id,scan\n1,a.png\n")
    assert "Columns: id, scan. Choose one with --column" in rows(tmp_path / "list.csv")[0]["error"]
    assert "no column pixels" in rows(tmp_path / "list.csv", column="pixels")[0]["error"]


def test_a_parquet_may_hold_paths_bytes_or_both(rows, scans):
    seven = encode(SEVEN)
    both = [{"bytes": seven, "path": "x.png"}, {"bytes": None, "path": "a.png"}]
    for name, column in {"bytes": [seven, None], "path": ["a.png", "b/1.jpg"], "image": both}.items():
        pq.write_table(pa.table({name: column}), scans / f"{name}.parquet")
    assert [row["digit"] for row in rows(scans / "bytes.parquet")] == [7, None]
    assert [row["digit"] for row in rows(scans / "path.parquet")] == [7, 4]
    assert [(row["page"], row["digit"]) for row in rows(scans / "image.parquet")] == [(1, 7), (1, 7)]
