"""The only module that decodes pictures. Checks the limits, then decodes, converts to gray and turns upright."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image as PillowImage
from PIL import UnidentifiedImageError

from recognizer.errors import BrokenPicture, PictureTooLarge, UnsupportedPicture
from recognizer.gray import Source, to_gray
from recognizer.heic import HeicPicture
from recognizer.ink import MAX_SIDE_PX, MIN_SIDE_PX, Image
from recognizer.jpeg_2000 import codestream_of
from recognizer.picture_boxes import coded_pictures
from recognizer.picture_cost import (
    ANSWERING,
    CODED,
    JPEG_PIXELS,
    SCANNING,
    Cost,
    Limits,
    check_cost,
    has_scans,
    scale_of,
)
from recognizer.picture_kinds import kind_of
from recognizer.picture_parts import MOST_PARTS, check_parts, cost_error, parts_error
from recognizer.rows_of_pixels import RowsOfPixels

MAX_BYTES = 12_000_000
FORMATS = ("PNG", "JPEG", "WEBP", "AVIF", "HEIF")  # Pillow's names; HEIF needs the extra `heif`
SCANNED_FORMATS = (*FORMATS, "TIFF", "BMP", "GIF", "JPEG2000")
OF_PAGES = ("TIFF", "GIF")
MOST_FRAMES = 10_000


def decode(data: bytes) -> Image:
    """The bytes of a PNG, JPEG, WebP, AVIF or HEIC file → (H, W) uint8, upright, 2 to 4,096 px a side.

    A JPEG of more than 4,096 px a side and up to 50 megapixels is decoded at a half, a quarter or an eighth of its
    size; a progressive one is refused. If a transparent picture has one colour and its alpha varies, alpha is the ink
    (0 clear, 255 ink). Other transparent pictures are put on white or black, whichever gives more contrast.

    Raises `UnsupportedPicture` for other formats, and for HEIC without pillow-heif. Raises `BrokenPicture` if the
    picture is cut off, damaged or smaller than 2 px. Raises `PictureTooLarge`, before decoding, for more than
    12,000,000 bytes, for too many pixels or parts (`picture_parts`), and if decoding would take more than 226 MB or
    some 0.6 s of a core, HEIC and AVIF 1.2 s (`picture_cost`).
    """
    return open_picture(data).decode()


@dataclass(frozen=True)
class OpenPicture:
    """A picture within the limits of `decode`, to decode once. memory_bytes: what that will take beside the file."""

    picture: Any
    data: bytes
    memory_bytes: int

    def decode(self) -> Image:
        return _decode(self.picture, self.data, ANSWERING)


def open_picture(data: bytes) -> OpenPicture:
    """Read only the header. Raises the errors of `decode`."""
    if not isinstance(data, bytes | bytearray | memoryview):
        raise BrokenPicture("a picture must be the bytes of a file, not {kind}", kind=type(data).__name__)
    if len(data) > MAX_BYTES:
        raise PictureTooLarge("the picture has {bytes} bytes; the limit is {most}", bytes=len(data), most=MAX_BYTES)
    data = bytes(data)
    picture = _open(data, FORMATS, ANSWERING)
    return OpenPicture(picture, data, _check(picture, data, ANSWERING).memory_bytes)


def frames(data: bytes) -> Iterator[Image | BrokenPicture | PictureTooLarge | UnsupportedPicture]:
    """The bytes of a scan → each page of a TIFF, each frame of a GIF, or the picture of another file.

    Reads the formats of `decode`, and TIFF, GIF, BMP and JPEG 2000: up to 40 million pixels in any shape, a JPEG 50
    million. Pages are
    decoded one at a time, each in the size that its file says. If a page cannot be read, its error is yielded in its
    place. After 10,000 pages an error is yielded, and the rest is not read. The caller limits the bytes. Raises the
    errors of `decode` for any other file that cannot be read, and for one of pages that cannot be opened.
    """
    picture = _open(data, SCANNED_FORMATS, SCANNING)
    if picture.format not in OF_PAGES:
        yield _read(picture, data, SCANNING)
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
            yield _read(picture, data, SCANNING)
        except (BrokenPicture, PictureTooLarge, UnsupportedPicture) as error:
            yield error


def _open(data: bytes, formats: tuple[str, ...], limits: Limits) -> Any:
    """Read only the header. Returns a Pillow picture, or a `HeicPicture`, which is like one."""
    kind = kind_of(data)
    if kind is None:
        raise BrokenPicture("this is not a picture; send a PNG, JPEG, WebP, AVIF or HEIC")
    if kind.pillow not in formats:
        raise _unsupported(kind.name)
    check_parts(data, formats)
    _check_codestream(data, kind.pillow, limits)
    try:
        return (
            HeicPicture(data)
            if kind.pillow == "HEIF"
            else PillowImage.open(BytesIO(_still(data)), formats=[kind.pillow])
        )
    except UnsupportedPicture:
        raise
    except (PillowImage.DecompressionBombError, PillowImage.DecompressionBombWarning):
        raise _declared_error(limits) from None
    except UnidentifiedImageError:
        raise BrokenPicture("the picture starts like a {format} but is damaged or cut off", format=kind.name) from None
    except Exception as error:  # Pillow raises many kinds of errors for damaged files
        raise BrokenPicture("the picture's header is damaged") from error


def _declared_error(limits: Limits) -> PictureTooLarge:
    if limits.side_px == MAX_SIDE_PX:
        return PictureTooLarge("the picture declares more than {most} px a side", most=MAX_SIDE_PX)
    return PictureTooLarge("the picture declares more than {most} pixels", most=limits.pixels)


def _check_codestream(data: bytes, kind: str, limits: Limits) -> None:
    """Raise `PictureTooLarge` if a JPEG 2000's codestream, which its decoder trusts, declares too much."""
    if kind == "JPEG2000":
        stream = codestream_of(data)
        if max(stream.tiles, stream.components) > MOST_PARTS:
            raise parts_error(MOST_PARTS)
        if stream.width * stream.height > limits.pixels:
            raise _pixels_error(stream.width, stream.height, limits.pixels)


def _still(data: bytes) -> bytes:
    """Return an animated AVIF as a still one: libavif then decodes its main picture, not its film."""
    return data[:8] + b"avif" + data[12:] if data[4:12] == b"ftypavis" else data


def _check(picture: Any, data: bytes, limits: Limits) -> Cost:
    _check_size(picture, data, limits)
    return check_cost(picture, data, limits)


def _read(picture: Any, data: bytes, limits: Limits) -> Image:
    _check(picture, data, limits)
    return _decode(picture, data, limits)


def _decode(picture: Any, data: bytes, limits: Limits) -> Image:
    (width, height), scale = picture.size, scale_of(picture, data)
    image = _gray(_load(picture, data))
    if scale > 1 and limits.keeps_size:
        image = image.repeat(scale, 0)[:height].repeat(scale, 1)[:, :width]
    return _turn(image, picture)


def _unsupported(kind: str) -> UnsupportedPicture:
    return UnsupportedPicture("{format} pictures are not supported; send a PNG, JPEG, WebP, AVIF or HEIC", format=kind)


def _check_size(picture: Any, data: bytes, limits: Limits) -> None:
    width, height = picture.size
    size = f"{width}x{height}"
    if min(width, height) < MIN_SIDE_PX:
        raise BrokenPicture(
            "the picture is {size} px; at least {least} px a side are needed", size=size, least=MIN_SIDE_PX
        )
    scale = scale_of(picture, data)
    if scale > 1 and picture.format in JPEGS:
        _check_large_jpeg(picture, data, limits)
    if -(-max(width, height) // scale) > limits.side_px:
        raise PictureTooLarge("the picture is {size} px; the limit is {most} px a side", size=size, most=limits.side_px)
    if width * height > (JPEG_PIXELS if picture.format in JPEGS else limits.pixels):
        raise _pixels_error(width, height, limits.pixels)
    if picture.format in CODED and coded_pictures(data).most_pixels > limits.pixels:
        raise cost_error()


def _check_large_jpeg(picture: Any, data: bytes, limits: Limits) -> None:
    size = "{}x{}".format(*picture.size)
    if picture.width * picture.height > JPEG_PIXELS:
        raise PictureTooLarge("the picture is {size} px; a JPEG may have 50 megapixels", size=size)
    if max(picture.size) > limits.progressive_side_px and has_scans(picture, data):
        raise PictureTooLarge(
            "the picture is {size} px; a progressive JPEG may have {most} px a side. Save it as a baseline JPEG",
            size=size,
            most=limits.progressive_side_px,
        )


def _pixels_error(width: int, height: int, most: int) -> PictureTooLarge:
    return PictureTooLarge(
        "the picture is {size} px; the limit is {most} pixels in all", size=f"{width}x{height}", most=most
    )


JPEGS = ("JPEG", "MPO")


def _load(picture: Any, data: bytes) -> Source:
    """Decode, without turning."""
    try:
        match picture.format:
            case "HEIF":
                rows: RowsOfPixels = picture.rows()
                return rows
            case "AVIF":
                return _load_avif(picture)
            case "WEBP" if hasattr(picture, "_decoder"):
                return _load_webp(picture)
            case "JPEG" | "MPO" if (scale := scale_of(picture, data)) > 1:
                picture.draft(None, tuple(max(1, side // scale) for side in picture.size))
            case "JPEG2000" if scale_of(picture, data) > 1:
                picture.reduce = 1  # halvings
        picture.load()
    except Exception as error:  # Pillow raises many kinds of errors for damaged files
        raise BrokenPicture("the picture is cut off or damaged") from error
    loaded: PillowImage.Image = picture
    return loaded


def _load_avif(picture: Any) -> RowsOfPixels:
    """Decode without Pillow's `load`, which would copy the pixels while the decoder holds its own."""
    pixels, *_ = picture._decoder.get_frame(0)
    return RowsOfPixels(picture.mode, picture.size, pixels, len(pixels) // picture.height)


def _load_webp(picture: Any) -> PillowImage.Image:
    """Decode without Pillow's `load`: it copies the pixels while the decoder holds two canvases, 268 MB, not 201."""
    pixels, _ = picture._decoder.get_next()
    picture._decoder = None
    return PillowImage.frombuffer(picture.rawmode, picture.size, pixels, "raw", picture.rawmode, 0, 1)


def _gray(picture: Source) -> Image:
    if picture.mode in ("I", "F"):  # 32-bit integers and floats: which value is white is unknown
        raise _unsupported("32-bit")
    try:
        return to_gray(picture)
    except ValueError:  # for example CIELAB
        raise _unsupported(picture.mode) from None


def _turn(image: Image, picture: Any) -> Image:
    """Turn upright by the EXIF of `picture`. If the EXIF is damaged, the picture is still read, without turning."""
    if picture.format == "HEIF":  # libheif has turned it
        return image
    try:
        turn = TURNS.get(picture.getexif().get(ORIENTATION, 1))
    except Exception:  # Pillow raises many kinds of errors for damaged files
        return image
    return image if turn is None else np.ascontiguousarray(turn(image))


TURNS: dict[int, Callable[[Image], Image]] = {
    2: np.fliplr,
    3: lambda image: np.rot90(image, 2),
    4: np.flipud,
    5: np.transpose,
    6: lambda image: np.rot90(image, -1),
    7: lambda image: np.rot90(image, 2).T,
    8: np.rot90,
}
ORIENTATION = 0x0112
