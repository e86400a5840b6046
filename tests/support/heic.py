"""HEIC files, written by pillow-heif."""

import io
import sys

import numpy as np
import numpy.typing as npt
import pillow_heif
import pytest
from PIL import Image


def encode_heic(picture: npt.NDArray[np.uint8] | Image.Image, exif: Image.Exif | None = None, **options) -> bytes:
    """An array or Pillow image as a HEIC file. options: those of `pillow_heif.HeifFile.save`."""
    whole = Image.fromarray(picture) if isinstance(picture, np.ndarray) else picture
    file = io.BytesIO()
    heic = pillow_heif.from_pillow(whole)
    heic[0].info |= {"exif": exif.tobytes()} if exif else {}  # the file then says in its own words, too, how to turn it
    heic.save(file, **({"quality": 90} | options))
    return file.getvalue()


@pytest.fixture
def without_pillow_heif(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behave as if the package were not installed."""
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
