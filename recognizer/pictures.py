"""Bytes → (H, W) uint8 gray. The only place that decodes pictures: limits first, then format, turn, alpha, gray."""

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

    Transparent pictures: where alpha varies over one colour, alpha is the ink (0 clear, 255 ink); others lie on white
    or black, whichever contrasts more. Raises `UnsupportedPicture` for other formats, `BrokenPicture` for what is cut
    off, damaged or smaller than 2 px, and, before anything is decoded, `PictureTooLarge`: for more than 4,000,000 bytes
    or 4,096 px a side, and for files of so many parts or scans that they would take a core more than some 0.6 s or
    200 MiB of memory (`picture_parts`, `picture_cost`).
    """
    if not isinstance(data, bytes | bytearray | memoryview):
        raise BrokenPicture("a picture must be the bytes of a file, not {kind}", kind=type(data).__name__)
    if len(data) > MAX_BYTES:
        raise PictureTooLarge("the picture has {bytes} bytes; the limit is {most}", bytes=len(data), most=MAX_BYTES)
    data = bytes(data)
    return _read(_opened(data, FORMATS), data)


def frames(data: bytes) -> Iterator[Image | BrokenPicture | PictureTooLarge | UnsupportedPicture]:
    """The bytes of a scan, of TIFF and BMP too → each page of a TIFF, or the one picture, as `decode` makes it.

    A page that cannot be read comes as its error, in its place, and so does what follows the 10,000th. Each page is
    decoded when it is asked for. The caller bounds the bytes. Raises what `decode` does where no page can be read at
    all.
    """
    picture = _opened(data, SCANNED_FORMATS)
    if picture.format != "TIFF":
        yield _read(picture, data)
        return
    for number in range(MOST_FRAMES + 1):
        try:
            picture.seek(number)
        except EOFError:
            return
        except Exception:  # Pillow's readers raise many kinds on damaged files
            yield BrokenPicture("the picture is cut off or damaged")
            return
        if number == MOST_FRAMES:
            yield PictureTooLarge("only the first {most} pages are read", most=MOST_FRAMES)
            return
        try:
            yield _read(picture, data)
        except (BrokenPicture, PictureTooLarge, UnsupportedPicture) as error:
            yield error


def _opened(data: bytes, formats: tuple[str, ...]) -> PillowImage.Image:
    """Reads the header alone."""
    check_parts(data, formats)
    try:
        return PillowImage.open(BytesIO(data), formats=formats)
    except (PillowImage.DecompressionBombError, PillowImage.DecompressionBombWarning):
        raise PictureTooLarge("the picture declares more than {most} px a side", most=MAX_SIDE_PX) from None
    except UnidentifiedImageError:
        raise _unidentified(data, formats) from None
    except Exception as error:  # Pillow's readers raise many kinds on damaged files
        raise BrokenPicture("the picture's header is damaged") from error


def _read(picture: PillowImage.Image, data: bytes) -> Image:
    _check_size(picture)
    check_cost(picture, data)
    return _upright(_gray(_whole(picture)), picture)


def _unidentified(data: bytes, formats: tuple[str, ...]) -> BrokenPicture | UnsupportedPicture:
    name = next((name for start, name in STARTS.items() if re.match(start, data, re.DOTALL)), None)
    if name is None:
        return BrokenPicture("this is not a picture; send a PNG, JPEG or WebP")
    if name.upper() in formats:
        return BrokenPicture("the picture starts like a {format} but is damaged or cut off", format=name)
    return _not_taken(name)


def _not_taken(kind: str) -> UnsupportedPicture:
    return UnsupportedPicture("{format} pictures are not supported; send a PNG, JPEG or WebP", format=kind)


STARTS = {  # patterns
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


def _whole(picture: PillowImage.Image) -> PillowImage.Image:
    """Decoded, as it lies."""
    try:
        if picture.format == "WEBP" and hasattr(picture, "_decoder"):
            return _whole_webp(picture)
        picture.load()
    except Exception as error:  # Pillow's readers raise many kinds on damaged files
        raise BrokenPicture("the picture is cut off or damaged") from error
    return picture


def _whole_webp(picture: Any) -> PillowImage.Image:
    """Not by Pillow's `load`, which copies the pixels while the decoder holds two canvases of them: 268 MB, not 201."""
    pixels, _ = picture._decoder.get_next()
    picture._decoder = None
    return PillowImage.frombuffer(picture.rawmode, picture.size, pixels, "raw", picture.rawmode, 0, 1)


def _gray(picture: PillowImage.Image) -> Image:
    if picture.mode in ("I", "F"):  # whole numbers or fractions of 32 bits, of which none is known to be white
        raise _not_taken("32-bit")
    try:
        return to_gray(picture)
    except ValueError:  # Pillow knows no way from CIELAB, say
        raise _not_taken(picture.mode) from None


def _upright(image: Image, picture: PillowImage.Image) -> Image:
    """As the EXIF of `picture` says. Damaged EXIF must not cost the picture; it is read as it lies."""
    try:
        turn = TURNS.get(picture.getexif().get(ORIENTATION, 1))
    except Exception:  # Pillow's readers raise many kinds on damaged files
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
