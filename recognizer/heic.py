"""Opens HEIC pictures. The only module that uses pillow-heif, which is in the extra `heif`."""

from typing import Any

from recognizer.errors import UnsupportedPicture
from recognizer.rows_of_pixels import RowsOfPixels


class HeicPicture:
    """The main picture of a file, upright. `format`, `size`, `mode` and `info` are like those of a Pillow picture."""

    format = "HEIF"

    def __init__(self, data: bytes) -> None:
        """Read only the header. Raises `UnsupportedPicture` without pillow-heif, and its errors for damaged files."""
        try:
            import pillow_heif
        except ImportError:
            raise UnsupportedPicture(
                "HEIC pictures need the package pillow-heif. In a clone of the repository type `make heif`, or in your "
                "own environment: pip install '.[heif]'"
            ) from None
        file = pillow_heif.open_heif(data, convert_hdr_to_8bit=True, remove_stride=False)
        self._picture: Any = file[file.primary_index]
        self.size: tuple[int, int] = self._picture.size
        self.width, self.height = self.size
        self.mode: str = self._picture.mode
        self.info: dict[str, Any] = {}

    def rows(self) -> RowsOfPixels:
        """Decode. The picture is turned as the file says; its EXIF repeats that, and must not turn it again."""
        picture = self._picture
        return RowsOfPixels(picture.mode, picture.size, picture.data, picture.stride)
