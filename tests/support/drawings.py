"""Our own drawings and pictures, in the forms in which requests carry them."""

import base64
import io
from collections.abc import Callable
from typing import Any

from PIL import Image, ImageDraw

SEVEN = [[[80, 70], [140, 70], [200, 70], [165, 145], [130, 220]]]
SIZE = [280, 280]


def picture(
    draw: Callable[[ImageDraw.ImageDraw], None] | None = None, size: tuple[int, int] = (280, 280)
) -> Image.Image:
    """White paper, with a 7 on it unless `draw` draws something else."""
    image = Image.new("L", size, 255)
    (draw or _draw_seven)(ImageDraw.Draw(image))
    return image


def encode(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def data_url(data: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def nothing(_: ImageDraw.ImageDraw) -> None:
    """Draw nothing on the paper."""


def _draw_seven(pen: ImageDraw.ImageDraw) -> None:
    pen.line([(80, 70), (200, 70), (130, 220)], fill=0, width=16, joint="curve")


PNG = encode(picture())
