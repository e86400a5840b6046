"""Compares accuracy with a peer, the usual first design, on the same drawings.

The peer shrinks the canvas to 28×28 for a Keras network trained on MNIST, with the colours unchanged (literal) or
inverted. It needs TensorFlow in its own environment and answers over HTTP:

    MODEL=peer.keras PEER_MODE=inverted peer/bin/gunicorn -b 127.0.0.1:8100 django_keras:application
    python benchmarks/peer.py http://127.0.0.1:8100 --count 500

Draws the first digits of pendigits-test on canvases of 280 px, dark on light: large in the middle, small in a corner.
For ours, the best digit counts, declined or not, because the peer never declines.
"""

import argparse
import base64
import http.cookiejar
import json
import urllib.parse
import urllib.request
from collections.abc import Callable
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw

import recognizer
from recognizer.datasets import sets
from recognizer.datasets.formats import Drawing

CANVAS_PX = 280
PLACES = {"large, in the middle": (200, 40, 40), "small, in a corner": (70, 195, 195)}  # size, left, top
PEN = 0.07  # of the size


def main() -> None:
    parser = argparse.ArgumentParser(description="Accuracy beside a peer's, on the same drawings.")
    parser.add_argument("peer", help="the address of the peer's site")
    parser.add_argument("--count", type=int, default=500, help="number of drawings")
    arguments = parser.parse_args()
    ask, ours = connect(arguments.peer), recognizer.load()
    drawings = sets.pendigits("test")[: arguments.count]
    labels = [int(drawing.label) for drawing in drawings]
    print(f"{'share right':24}{'peer':>8}{'ours':>8}{'peer errors / ours':>20}   n = {len(drawings)}")
    for name, place in PLACES.items():
        canvases = [draw(drawing, *place) for drawing in drawings]
        peer = np.mean([ask(canvas) == label for canvas, label in zip(canvases, labels, strict=True)])
        best = [int(np.argmax(answer.probabilities)) for answer in ours.predict_pixels(canvases)]
        right = np.mean([digit == label for digit, label in zip(best, labels, strict=True)])
        ratio = f"{(1 - peer) / (1 - right):.0f}" if right < 1 else "no error of ours"
        print(f"{name:24}{peer:8.1%}{right:8.1%}{ratio:>20}")


def draw(drawing: Drawing, size: int, left: int, top: int) -> np.ndarray:
    """Return (280, 280) uint8, dark on light, the drawing's longer side `size` px, pen included."""
    points = np.concatenate(drawing.strokes)
    low, pen = points.min(0), max(2, round(PEN * size))
    scale = (size - pen) / max((points.max(0) - low).max(), 1e-9)
    sheet = Image.new("L", (CANVAS_PX, CANVAS_PX), 255)
    for stroke in drawing.strokes:
        line = [tuple(xy) for xy in (stroke - low) * scale + pen / 2 + [left, top]]
        ImageDraw.Draw(sheet).line(line, fill=0, width=pen, joint="curve")
    return np.asarray(sheet)


def connect(address: str) -> Callable[[np.ndarray], int]:
    """Return a function that posts a canvas as the form field `image`, with the CSRF cookie, and returns the digit."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    opener.open(f"{address}/").read()
    token = next((cookie.value for cookie in jar if cookie.name == "csrftoken"), None) or ""
    headers = {"X-CSRFToken": token, "Referer": f"{address}/"}

    def ask(image: np.ndarray) -> int:
        file = BytesIO()
        Image.fromarray(image).save(file, "PNG")
        url = "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
        body = urllib.parse.urlencode({"image": url}).encode()
        request = urllib.request.Request(f"{address}/predict/", body, headers)  # noqa: S310 — the user's own address
        with opener.open(request) as answer:
            return int(json.load(answer)["digit"])

    return ask


if __name__ == "__main__":
    main()
