"""Bodies as servers pass them on: with a length, in chunks, truncated. Too large ones are refused before reading."""

from io import BytesIO
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest

from digit_recognition.predict import body
from digit_recognition.predict.refusals import Refusal


class Stream:
    def readline(self, size=-1):
        raise AssertionError("bodies have no lines")


class Untouchable(Stream):
    def read(self, size=-1):
        raise AssertionError("nothing may be read")


class Endless(Stream):
    """A body without end that counts the bytes read."""

    taken = 0

    def read(self, size):
        self.taken += size
        return b"x" * size


class Breaking(Stream):
    def read(self, size):
        raise EOFError("a server's own error")


def request(stream, **environ):
    return WSGIRequest(
        {"REQUEST_METHOD": "POST", "PATH_INFO": "/predict/", "CONTENT_TYPE": body.JSON, "wsgi.input": stream, **environ}
    )


def chunked(stream, **environ):
    return request(stream, HTTP_TRANSFER_ENCODING="chunked", **{"wsgi.input_terminated": True}, **environ)


def status_of(refused_request):
    with pytest.raises(Refusal) as caught:
        body.read(refused_request)
    return caught.value.status


def test_a_declared_length_over_the_limit_is_refused_before_anything_is_read():
    assert status_of(request(Untouchable(), CONTENT_LENGTH=str(body.MAX_JSON_BYTES + 1))) == 413


@pytest.mark.parametrize("kind", [body.MULTIPART, body.URLENCODED])
def test_forms_may_be_longer_by_the_overhead_of_base64(kind):
    assert body.MAX_FORM_BYTES > 12_000_000 * 4 / 3
    assert status_of(request(Untouchable(), CONTENT_TYPE=kind, CONTENT_LENGTH=str(body.MAX_FORM_BYTES + 1))) == 413


def test_an_endless_chunked_body_is_refused_at_the_limit():
    stream = Endless()
    assert status_of(chunked(stream)) == 413
    assert stream.taken == body.MAX_JSON_BYTES + 1


def test_a_chunked_body_within_the_limit_is_read():
    assert body.read(chunked(BytesIO(b"{}"))) == b"{}"


def test_a_chunked_body_on_a_server_without_chunk_support_is_refused():
    assert status_of(request(Untouchable(), HTTP_TRANSFER_ENCODING="chunked")) == 411


def test_a_truncated_body_is_refused():
    assert status_of(request(BytesIO(b'{"strokes"'), CONTENT_LENGTH="100")) == 400


def test_a_body_whose_chunks_break_is_refused():
    assert status_of(chunked(Breaking())) == 400


def test_a_broken_connection_is_refused():
    class Reset(Stream):
        def read(self, size):
            raise ConnectionResetError

    assert status_of(request(Reset(), CONTENT_LENGTH="100")) == 400


@pytest.mark.parametrize("length", ["-1", "seven", "1e3", "٣", "9" * 5_000])
def test_an_invalid_length_is_refused(length):
    assert status_of(request(Untouchable(), CONTENT_LENGTH=length)) == 400


def test_a_request_without_a_body_is_read_as_empty():
    assert body.read(request(BytesIO(b""))) == b""


@pytest.mark.parametrize("charset", ["base64", "hex"])
def test_an_unknown_charset_is_refused(charset):
    data = b'--x\r\nContent-Disposition: form-data; name="image"\r\n\r\nbytes\r\n--x--\r\n'
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    with pytest.raises(Refusal) as refused:
        body.parse_form(request(BytesIO(data), CONTENT_TYPE=kind), data)
    assert refused.value.status == 400


def test_no_upload_lands_on_the_disk(settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    data = b'--x\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\nbytes\r\n--x--\r\n'
    form = body.parse_form(request(BytesIO(data), CONTENT_TYPE="multipart/form-data; boundary=x"), data)
    file: Any = form.files["image"]
    assert not hasattr(file, "temporary_file_path")
    assert file.read() == b"bytes"
