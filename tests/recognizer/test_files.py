"""Files are written completely or not at all, and errors name the file."""

import errno
import os

import pytest

from recognizer.files import name_in_errors, read_regular, write_atomically


def full():
    """The error of a full disk."""
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_an_error_without_a_file_name_gets_one(tmp_path):
    with pytest.raises(OSError, match=r"No space left on device: '.*rows\.csv'"), name_in_errors(tmp_path / "rows.csv"):
        raise full()


def test_an_error_with_a_file_name_keeps_it(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"No such file or directory: '.*inner'"), name_in_errors("outer"):
        (tmp_path / "inner").read_bytes()


def test_an_error_without_a_number_keeps_its_message():
    with pytest.raises(OSError, match=r"^not seekable$"), name_in_errors("rows.csv"):
        raise OSError("not seekable")


def test_a_complete_write_replaces_the_file(tmp_path):
    file, beside = tmp_path / "file", tmp_path / "beside"
    file.write_bytes(b"before")
    with write_atomically(file, beside) as opened:
        opened.write(b"after")
        assert file.read_bytes() == b"before"
    assert file.read_bytes() == b"after" and not beside.exists()


@pytest.mark.parametrize("error", [full(), KeyboardInterrupt()], ids=["full disk", "Ctrl-C"])
def test_an_incomplete_write_leaves_the_old_file_and_no_other(error, tmp_path):
    file, beside = tmp_path / "file", tmp_path / "beside"
    file.write_bytes(b"before")
    with pytest.raises(type(error)), write_atomically(file, beside) as opened:
        opened.write(b"half")
        raise error
    assert file.read_bytes() == b"before" and not beside.exists()


@pytest.mark.parametrize(("size", "is_read"), [(9, True), (10, True), (11, False)])
def test_a_file_is_read_up_to_its_limit(size, is_read, tmp_path):
    (tmp_path / "file").write_bytes(bytes(size))
    if is_read:
        assert len(read_regular(tmp_path / "file", 10)) == size
    else:
        with pytest.raises(OSError, match=r"it has more than 10 bytes: '.*file'"):
            read_regular(tmp_path / "file", 10)
