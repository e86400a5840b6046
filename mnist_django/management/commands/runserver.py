"""Django's development server, made to read bodies that come in chunks as production servers do.

By itself it takes such a body for an empty one, and its bytes for the next request.
"""

from io import BytesIO
from typing import Any, BinaryIO

from django.contrib.staticfiles.management.commands import runserver
from django.core.servers.basehttp import WSGIRequestHandler, WSGIServer

MOST_BYTES = 8_000_000  # above every limit of the site, which then refuses by the Content-Length set here


class ChunkReader(WSGIRequestHandler):
    """Puts the chunks together before the site sees the request, which then has a length like any other."""

    def parse_request(self) -> bool:
        if not super().parse_request():
            return False
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            body, whole = join_chunks(self.rfile)
            del self.headers["Transfer-Encoding"]
            # A length that is not reached tells the site that the body was cut off.
            self.headers["Content-Length"] = str(len(body) + (not whole))
            self.rfile = BytesIO(body)
            self.close_connection = True
        return True


class DevelopmentServer(WSGIServer):
    def __init__(self, address: Any, handler: Any, **options: Any) -> None:
        super().__init__(address, ChunkReader, **options)


class Command(runserver.Command):
    server_cls = DevelopmentServer


def join_chunks(stream: BinaryIO, most: int = MOST_BYTES) -> tuple[bytes, bool]:
    """The body, of at most `most` bytes, and whether it ended, or passed `most`, as it should."""
    body = bytearray()
    while len(body) < most:
        size = _chunk_size(stream.readline(1024))
        if size is None:
            return bytes(body), False
        if size == 0:
            return bytes(body), True
        piece = stream.read(min(size, most - len(body)))
        body += piece
        if len(piece) < size and len(body) < most:
            return bytes(body), False
        stream.readline(3)
    return bytes(body), True


def _chunk_size(line: bytes) -> int | None:
    try:
        size = int(line.split(b";")[0].strip().decode("ascii"), 16)
    except ValueError:
        return None
    return size if size >= 0 else None
