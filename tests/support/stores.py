"""A small object store on loopback over a folder: the parts of S3 and of Google's JSON API that we use."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase, BytesIO
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, quote, unquote, urlsplit
from xml.sax.saxutils import escape

MODIFIED = "2026-01-01T00:00:00.000Z"


class Store(BaseHTTPRequestHandler):
    """Buckets are folders below `root`."""

    protocol_version = "HTTP/1.1"
    root: Path

    def do_GET(self) -> None:
        path, asked = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        if path.startswith(("/storage/v1/", "/download/storage/v1/")):
            self.google(unquote(path.partition("/v1/b/")[2]), asked)
        elif "list-type" in asked:
            self.listed(path.strip("/"), asked)
        else:
            self.send(self.content(unquote(path.strip("/"))))

    do_HEAD = do_GET  # noqa: N815 - as the server calls it

    def do_PUT(self) -> None:
        """Store an object. With Google's API, an earlier request announced it, and the session holds its name."""
        path, asked = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        name = asked["upload_id"][0] if "upload_id" in asked else unquote(path.strip("/"))
        file = self.root / name
        content = self.body()
        if not (self.root / file.relative_to(self.root).parts[0]).is_dir():
            self.send(None)
            return
        if path.endswith("/"):  # the S3 form of an empty folder
            file.mkdir(parents=True, exist_ok=True)
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        bucket, _, key = name.partition("/")
        self.send(json.dumps(self.described(bucket, key)).encode() if "upload_id" in asked else b"")

    def do_POST(self) -> None:
        self.body()
        path, asked = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        bucket = unquote(path.partition("/b/")[2].partition("/")[0])
        if not (self.root / bucket).is_dir():
            self.send_json({"error": {"code": 404, "message": "there is no such bucket"}}, 404)
            return
        self.send_response(200)
        session = quote(f"{bucket}/{asked['name'][0]}", safe="")
        self.send_header("Location", f"http://{self.headers['Host']}{path}?upload_id={session}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_DELETE(self) -> None:
        path = unquote(urlsplit(self.path).path)
        name = path.partition("/v1/b/")[2].replace("/o/", "/", 1) if path.startswith("/storage/v1/") else path
        (self.root / name.strip("/")).unlink(missing_ok=True)
        self.send(b"", 204)

    def body(self) -> bytes:
        """The body of a request, also in chunks: of HTTP, or of Amazon with a checksum at the end."""
        if self.headers.get("Transfer-Encoding") == "chunked":
            content = join_chunks(self.rfile)
        else:
            content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        return join_chunks(BytesIO(content)) if "aws-chunked" in self.headers.get("Content-Encoding", "") else content

    def google(self, path: str, asked: dict[str, list[str]]) -> None:
        bucket, lists, key = path.partition("/o")
        if not lists:
            self.send_json({"kind": "storage#bucket", "name": bucket}, 200 if (self.root / bucket).is_dir() else 404)
        elif not key:
            prefix = asked.get("prefix", [""])[0]
            keys, folders = self.keys(bucket, prefix, asked.get("delimiter", [""])[0])
            self.send_json({"items": [self.described(bucket, name) for name in keys], "prefixes": folders})
        elif asked.get("alt") == ["media"]:
            self.send(self.content(f"{bucket}{key}"))
        elif self.content(f"{bucket}{key}") is None:
            self.send_json({"error": {"code": 404, "message": "there is none"}}, 404)
        else:
            self.send_json(self.described(bucket, key.strip("/")))

    def described(self, bucket: str, key: str) -> dict[str, str]:
        size = str(len(self.content(f"{bucket}/{key}") or b""))
        common = {"kind": "storage#object", "bucket": bucket, "name": key, "generation": "1", "metageneration": "1"}
        return common | {"size": size, "updated": MODIFIED, "timeCreated": MODIFIED}

    def listed(self, bucket: str, asked: dict[str, list[str]]) -> None:
        prefix = asked.get("prefix", [""])[0]
        keys, folders = self.keys(bucket, prefix, asked.get("delimiter", [""])[0])
        contents = "".join(
            f"<Contents><Key>{escape(key)}</Key><Size>{len(self.content(f'{bucket}/{key}') or b'')}</Size>"
            f"<LastModified>{MODIFIED}</LastModified></Contents>"
            for key in keys
        )
        prefixes = "".join(f"<CommonPrefixes><Prefix>{escape(name)}</Prefix></CommonPrefixes>" for name in folders)
        head = f"<IsTruncated>false</IsTruncated><KeyCount>{len(keys) + len(folders)}</KeyCount>"
        self.send(f"<ListBucketResult>{head}{contents}{prefixes}</ListBucketResult>".encode())

    def keys(self, bucket: str, prefix: str, delimiter: str) -> tuple[list[str], list[str]]:
        """Keys of the objects, and of the folders if a delimiter separates them."""
        folder = self.root / bucket
        keys = [file.relative_to(folder).as_posix() for file in sorted(folder.rglob("*")) if file.is_file()]
        keys = [key for key in keys if key.startswith(prefix)]
        if not delimiter:
            return keys, []
        inside = [key for key in keys if delimiter in key[len(prefix) :]]
        folders = {prefix + key[len(prefix) :].partition(delimiter)[0] + delimiter for key in inside}
        return [key for key in keys if key not in inside], sorted(folders)

    def content(self, path: str) -> bytes | None:
        """Content of an object. A bucket exists but has no content."""
        file = self.root / path
        return file.read_bytes() if file.is_file() else b"" if "/" not in path and file.is_dir() else None

    def send_json(self, value: dict, status: int = 200) -> None:
        self.send(json.dumps(value).encode(), status)

    def send(self, content: bytes | None, status: int = 200) -> None:
        """Send the content, or only the requested range. None means not found."""
        self.send_response(404 if content is None else 206 if "Range" in self.headers and status == 200 else status)
        content = content or b""
        if "Range" in self.headers:
            start, _, end = self.headers["Range"].partition("=")[2].partition("-")
            content = content[int(start) : int(end) + 1 if end else None]
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *arguments: object) -> None:
        """Log nothing."""


def join_chunks(file: BufferedIOBase) -> bytes:
    """Read a chunked body: each chunk follows its length. A chunk of length 0 and an empty line end it."""
    content = b""
    while size := int(file.readline().partition(b";")[0], 16):
        content += file.read(size)
        file.readline()
    while file.readline().strip():
        pass
    return content


@contextmanager
def store(root: Path) -> Iterator[str]:
    """Run the store; yields its host and port."""
    handler = type("Here", (Store,), {"root": root})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
