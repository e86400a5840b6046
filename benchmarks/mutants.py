"""Makes nearly valid requests from random numbers. Sends nothing."""

import json
from base64 import b64encode
from functools import cache
from io import BytesIO
from random import Random
from typing import Any
from urllib.parse import quote

from PIL import Image, ImageDraw

SEVEN = [[[60, 60], [200, 60], [120, 240]], [[90, 150], [170, 150]]]
ODD_NUMBERS = (0, -1, 1e308, -1e308, 5e-324, 2**63, 10**400, 0.1, 1e22, 4096, 4097)
ODD_VALUES: tuple[Any, ...] = (
    None,
    True,
    "",
    "1",
    [],
    {},
    [[]],
    [[[]]],
    "\0",
    "\ud800",
    "x" * 1000,
    {"strokes": []},
)
ODD_WORDS = (b"", b"\0", b"\xff\xfe", b"%00", b"../", b"\r\n", b"'\"<script>", b"%s%n", b"{{7*7}}", b"A" * 5000)
ODD_HEADERS = (
    b"Content-Length: -1",
    b"Content-Length: 99999999999999999999999",
    b"Content-Length: 5",
    b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: identity, chunked",
    b"Content-Encoding: gzip",
    b"Content-Type: application/json; charset=utf-7",
    b"Content-Type: multipart/form-data; boundary=",
    b"Content-Type: text/plain",
    b"Host: evil.example",
    b"Host: 127.0.0.1:99999999",
    b"Origin: https://evil.example",
    b"Cookie: csrftoken=short",
    b"Cookie: " + b"a=b; " * 200,
    b"Accept: text/html",
    b"Accept: */*;q=nan, text/html;q=1e400",
    b"Accept-Language: " + b"ne;q=0.1," * 100,
    b"Accept-Language: ar",
    b"Accept-Encoding: br;q=0, gzip;q=2, *",
    b"Range: bytes=0-0,-1,5-2",
    b"If-None-Match: *",
    b"Expect: 100-continue",
    b"X-Forwarded-For: 127.0.0.1",
    b"Upgrade: h2c",
)
METHODS = (b"GET", b"POST", b"HEAD", b"PUT", b"DELETE", b"OPTIONS", b"TRACE", b"CONNECT", b"get", b"\0", b"PROPFIND")
PATHS = (
    "/",
    "/predict/",
    "/model/",
    "/token/",
    "/service-worker.js",
    "/manifest.webmanifest",
    "/parts/0/start.js",
    "/parts/0/model.onnx",
    "/parts/0/engine.wasm",
    "/parts/0/cleaner.onnx",
    "/languages/setlang/",
    "/admin/login/",
    "/static/digit_recognition/styles/base.css",
)
MODES = ("1", "L", "P", "LA", "RGB", "RGBA", "CMYK", "I;16")
KINDS = ("PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP")
BOUNDARY = b"dig-its"


def make_request(random: Random, token: str) -> tuple[str, bytes]:
    """Return a request's kind and its bytes."""
    kind, make = random.choice(list(MAKERS.items()))
    return kind, make(random, token)


def strokes(random: Random, token: str) -> bytes:
    """A drawing with odd values in odd places."""
    value: object = {"strokes": SEVEN, "size": [280, 280]}
    for _ in range(random.randint(0, 3)):
        value = with_odd_value(random, value)
    return post(token, json.dumps(value).encode(), b"application/json")


def strokes_as_bytes(random: Random, token: str) -> bytes:
    return post(token, damage(random, json.dumps({"strokes": SEVEN}).encode()), b"application/json")


def many_points(random: Random, token: str) -> bytes:
    points = [[random.uniform(0, 280), random.uniform(0, 280)] for _ in range(random.choice([2, 500, 9_990, 10_001]))]
    return post(token, json.dumps({"strokes": [points]}).encode(), b"application/json")


def data_url(random: Random, token: str) -> bytes:
    encoded = b64encode(damaged_picture(random))
    head = random.choice([b"data:image/png;base64,", b"data:image/jpeg;base64,", b"data:;base64,", b""])
    return post(token, b"image=" + quote(head + encoded).encode(), b"application/x-www-form-urlencoded")


def file(random: Random, token: str) -> bytes:
    return post(token, multipart(damaged_picture(random)), b"multipart/form-data; boundary=" + BOUNDARY)


def form(random: Random, token: str) -> bytes:
    """A damaged multipart form."""
    body = damage(random, multipart(picture("PNG", "L", False)))
    return post(token, body, b"multipart/form-data; boundary=" + BOUNDARY)


def head(random: Random, token: str) -> bytes:
    """Unusual headers and methods, and damaged heads."""
    body = random.choice([b"", json.dumps({"strokes": SEVEN}).encode(), b"5\r\nhello\r\n0\r\n\r\n", b"ffffffff\r\n"])
    more = [random.choice(ODD_HEADERS) for _ in range(random.randint(1, 4))]
    made = post(token, body, b"application/json", *more, path=random.choice(PATHS), method=random.choice(METHODS))
    return damage(random, made) if random.random() < 0.3 else made


def address(random: Random, token: str) -> bytes:
    path = random.choice(PATHS).encode()
    for _ in range(random.randint(0, 2)):
        at = random.randint(1, len(path))
        path = path[:at] + random.choice(ODD_WORDS) + path[at:]
    return b"GET " + path + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


def other_forms(random: Random, token: str) -> bytes:
    fields = ["language", "next", "username", "password", "csrfmiddlewaretoken", "image", "seen"]
    words = [random.choice(["ne", "//evil.example", "/", "admin", token, "on", "\0", "é" * 500]) for _ in fields]
    body = "&".join(f"{name}={quote(word)}" for name, word in zip(fields, words, strict=True)).encode()
    path = random.choice(["/languages/setlang/", "/admin/login/", "/predict/"])
    return post(token, damage(random, body), b"application/x-www-form-urlencoded", path=path)


MAKERS = {
    "strokes": strokes,
    "JSON bytes": strokes_as_bytes,
    "many points": many_points,
    "data URL": data_url,
    "file": file,
    "multipart": form,
    "head": head,
    "address": address,
    "other forms": other_forms,
}


def post(token: str, body: bytes, kind: bytes, *more: bytes, path: str = "/predict/", method: bytes = b"POST") -> bytes:
    """`more` stands first: of a repeated header, the first counts."""
    lines = [
        method + b" " + path.encode() + b" HTTP/1.1",
        *more,
        b"Host: 127.0.0.1",
        b"Connection: close",
        b"Cookie: csrftoken=" + token.encode(),
        b"X-CSRFToken: " + token.encode(),
        b"Content-Type: " + kind,
        b"Content-Length: %d" % len(body),
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def with_odd_value(random: Random, value: object) -> object:
    """Return `value` with one odd value somewhere inside."""
    if isinstance(value, dict) and value and random.random() < 0.9:
        key = random.choice(list(value))
        return value | {key: with_odd_value(random, value[key])}
    if isinstance(value, list) and value and random.random() < 0.8:
        at = random.randrange(len(value))
        return [*value[:at], with_odd_value(random, value[at]), *value[at + 1 :]]
    return random.choice(ODD_NUMBERS + ODD_VALUES)


def damage(random: Random, data: bytes) -> bytes:
    for _ in range(random.choice([1, 1, 2, 8])):
        start = random.randrange(len(data) + 1)
        end = min(len(data), start + random.choice([1, 4, 64, 4096]))
        data = random.choice(
            [
                data[:start] + bytes([random.randrange(256)]) + data[start + 1 :],
                data[:start] + random.choice(ODD_WORDS) + data[start:],
                data[:start] + data[end:],
                data[:end] + data[start:],
                data[:start] + random.randbytes(4) + data[start + 4 :],
                data[: max(start, 1)],
            ]
        )
    return data


def damaged_picture(random: Random) -> bytes:
    whole = picture(random.choice(KINDS), random.choice(MODES), random.random() < 0.5)
    return whole if random.random() < 0.1 else damage(random, whole)


def multipart(content: bytes) -> bytes:
    head = b'Content-Disposition: form-data; name="image"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
    return b"--" + BOUNDARY + b"\r\n" + head + content + b"\r\n--" + BOUNDARY + b"--\r\n"


@cache
def picture(kind: str, mode: str, progressive: bool) -> bytes:
    """A seven, 64 px a side, in the format's nearest mode."""
    sheet = Image.new("L", (64, 64), 255)
    ImageDraw.Draw(sheet).line([(15, 15), (50, 15), (30, 58)], 0, 5)
    if mode != "L":
        sheet = sheet.convert(mode) if mode != "I;16" else sheet.convert("I").convert("I;16")
    buffer = BytesIO()
    try:
        sheet.save(buffer, kind, progressive=progressive, optimize=progressive)
    except (OSError, ValueError):  # not in this mode
        sheet = sheet.convert("I").convert("L") if mode == "I;16" else sheet.convert("RGB")
        sheet.save(buffer, kind, progressive=progressive)
    return buffer.getvalue()
