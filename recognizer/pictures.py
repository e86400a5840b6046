"""The only module that decodes pictures. Checks the limits, then decodes, converts to gray and turns upright."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image as PillowImage
from PIL import UnidentifiedImageError

from recognizer.errors import BrokenPicture, PictureTooLarge, UnsupportedPicture
from recognizer.gray import to_gray
from recognizer.ink import MAX_SIDE_PX, MIN_SIDE_PX, Image
from recognizer.picture_cost import check_cost
from recognizer.picture_parts import check_parts

MAX_BYTES = 4_000_000
FORMATS = ("PNG", "JPEG", "WEBP")
SCANNED_FORMATS = (*FORMATS, "TIFF", "BMP")
MOST_FRAMES = 10_000


def decode(data: bytes) -> Image:
    """The bytes of a PNG, JPEG or WebP file → (H, W) uint8, upright by its EXIF, 2 to 4,096 px a side.

    If a transparent picture has one colour and its alpha varies, alpha is the ink (0 clear, 255 ink). Other transparent
    pictures are put on white or black, whichever gives more contrast.

    Raises `UnsupportedPicture` for other formats, and `BrokenPicture` if the picture is cut off, damaged or smaller
    than 2 px. Raises `PictureTooLarge`, before decoding, for more than 4,000,000 bytes or 4,096 px a side, for too many
    parts (`picture_parts`), and if decoding would take more than some 0.6 s of a core or 200 MiB (`picture_cost`).
    """
    if not isinstance(data, bytes | bytearray | memoryview):
        raise BrokenPicture("a picture must be the bytes of a file, not {kind}", kind=type(data).__name__)
    if len(data) > MAX_BYTES:
        raise PictureTooLarge("the picture has {bytes} bytes; the limit is {most}", bytes=len(data), most=MAX_BYTES)
    data = bytes(data)
    return _read(_open(data, FORMATS), data)


def frames(data: bytes) -> Iterator[Image | BrokenPicture | PictureTooLarge | UnsupportedPicture]:
    """The bytes of a scan → each page of a TIFF, or the picture of a PNG, JPEG, WebP or BMP, as `decode` returns it.

    Pages are decoded one at a time. If a page of a TIFF cannot be read, its error is yielded in its place. After 10,000
    pages an error is yielded, and the rest is not read. The caller limits the bytes. Raises the errors of `decode` for
    any other file that cannot be read, and for a TIFF that cannot be opened.
    """
    picture = _open(data, SCANNED_FORMATS)
    if picture.format != "TIFF":
        yield _read(picture, data)
        return
    for number in range(MOST_FRAMES + 1):
        try:
            picture.seek(number)
        except EOFError:
            return
        except Exception:  # Pillow raises many kinds of errors for damaged files
            yield BrokenPicture("the picture is cut off or damaged")
            return
        if number == MOST_FRAMES:
            yield PictureTooLarge("only the first {most} pages are read", most=MOST_FRAMES)
            return
        try:
            yield _read(picture, data)
        except (BrokenPicture, PictureTooLarge, UnsupportedPicture) as error:
            yield error


def _open(data: bytes, formats: tuple[str, ...]) -> PillowImage.Image:
    """Read only the header."""
    check_parts(data, formats)
    try:
        return PillowImage.open(BytesIO(data), formats=formats)
    except (PillowImage.DecompressionBombError, PillowImage.DecompressionBombWarning):
        raise PictureTooLarge("the picture declares more than {most} px a side", most=MAX_SIDE_PX) from None
    except UnidentifiedImageError:
        raise _format_error(data, formats) from None
    except Exception as error:  # Pillow raises many kinds of errors for damaged files
        raise BrokenPicture("the picture's header is damaged") from error


def _read(picture: PillowImage.Image, data: bytes) -> Image:
    _check_size(picture)
    check_cost(picture, data)
    return _turn(_gray(_load(picture)), picture)


def _format_error(data: bytes, formats: tuple[str, ...]) -> BrokenPicture | UnsupportedPicture:
    name = next((name for start, name in STARTS.items() if re.match(start, data, re.DOTALL)), None)
    if name is None:
        return BrokenPicture("this is not a picture; send a PNG, JPEG or WebP")
    if name.upper() in formats:
        return BrokenPicture("the picture starts like a {format} but is damaged or cut off", format=name)
    return _unsupported(name)


def _unsupported(kind: str) -> UnsupportedPicture:
    return UnsupportedPicture("{format} pictures are not supported; send a PNG, JPEG or WebP", format=kind)


STARTS = {  # regular expressions
    rb"\x89PNG": "PNG",
    rb"\xff\xd8\xff": "JPEG",
    rb"RIFF....WEBP": "WebP",
    rb"GIF8": "GIF",
    rb"BM": "BMP",
    rb"II\*\0|MM\0\*": "TIFF",
    rb"\0\0\x01\0": "ICO",
    rb"....ftyp": "HEIC/AVIF",
    rb"%PDF": "PDF",
    rb"<svg|<\?xml": "SVG",
}


def _check_size(picture: PillowImage.Image) -> None:
    size = "{}x{}".format(*picture.size)
    if max(picture.size) > MAX_SIDE_PX:
        raise PictureTooLarge("the picture is {size} px; the limit is {most} px a side", size=size, most=MAX_SIDE_PX)
    if min(picture.size) < MIN_SIDE_PX:
        raise BrokenPicture(
            "the picture is {size} px; at least {least} px a side are needed", size=size, least=MIN_SIDE_PX
        )


def _load(picture: PillowImage.Image) -> PillowImage.Image:
    """Decode, without turning."""
    try:
        if picture.format == "WEBP" and hasattr(picture, "_decoder"):
            return _load_webp(picture)
        picture.load()
    except Exception as error:  # Pillow raises many kinds of errors for damaged files
        raise BrokenPicture("the picture is cut off or damaged") from error
    return picture


def _load_webp(picture: Any) -> PillowImage.Image:
    """Decode without Pillow's `load`: it copies the pixels while the decoder holds two canvases, 268 MB, not 201."""
    pixels, _ = picture._decoder.get_next()
    picture._decoder = None
    return PillowImage.frombuffer(picture.rawmode, picture.size, pixels, "raw", picture.rawmode, 0, 1)


def _gray(picture: PillowImage.Image) -> Image:
    if picture.mode in ("I", "F"):  # 32-bit integers and floats: which value is white is unknown
        raise _unsupported("32-bit")
    try:
        return to_gray(picture)
    except ValueError:  # for example CIELAB
        raise _unsupported(picture.mode) from None


def _turn(image: Image, picture: PillowImage.Image) -> Image:
    """Turn upright by the EXIF of `picture`. If the EXIF is damaged, the picture is still read, without turning."""
    try:
        turn = TURNS.get(picture.getexif().get(ORIENTATION, 1))
    except Exception:  # Pillow raises many kinds of errors for damaged files
        return image
    return image if turn is None else np.asarray(PillowImage.fromarray(image).transpose(turn))


TURNS = {
    2: PillowImage.Transpose.FLIP_LEFT_RIGHT,
    3: PillowImage.Transpose.ROTATE_180,
    4: PillowImage.Transpose.FLIP_TOP_BOTTOM,
    5: PillowImage.Transpose.TRANSPOSE,
    6: PillowImage.Transpose.ROTATE_270,
    7: PillowImage.Transpose.TRANSVERSE,
    8: PillowImage.Transpose.ROTATE_90,
}
ORIENTATION = 0x0112
