"""A decoded picture as bytes, row by row. A Pillow picture of the same pixels would be a copy of them."""

from dataclasses import dataclass
from typing import Any

from PIL import Image as PillowImage


@dataclass(frozen=True)
class RowsOfPixels:
    """`crop` makes Pillow pictures of bands of rows, which is all that `gray.to_gray` needs.

    mode: Pillow's name for the pixels. data: the rows, from top to bottom. stride: bytes from one row to the next.
    """

    mode: str
    size: tuple[int, int]
    data: bytes | memoryview
    stride: int

    @property
    def width(self) -> int:
        return self.size[0]

    @property
    def height(self) -> int:
        return self.size[1]

    @property
    def has_transparency_data(self) -> bool:
        return self.mode.endswith(("A", "a"))

    def crop(self, box: tuple[int, int, int, int]) -> PillowImage.Image:
        """Return whole rows. box: left, top, right, bottom."""
        _, top, _, bottom = box
        rows: Any = self.data[top * self.stride : bottom * self.stride]
        return PillowImage.frombuffer(self.mode, (self.width, bottom - top), rows, "raw", self.mode, self.stride, 1)
