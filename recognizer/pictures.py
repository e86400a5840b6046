"""Bytes → (H, W) uint8 gray. The only place that decodes pictures: limits first, then format, turn, alpha, gray."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image as PillowImage
from PIL import ImageOps, UnidentifiedImageError

from recognizer.errors import BrokenPicture, PictureTooLarge, UnsupportedPicture
from recognizer.ink import MAX_SIDE_PX, MIN_SIDE_PX, Image

MAX_BYTES = 4_000_000
FORMATS = ("PNG", "JPEG", "WEBP")
SCANNED_FORMATS = (*FORMATS, "TIFF", "BMP")
MOST_FRAMES = 10_000
LEAST_ALPHA_RANGE = 16  # of 255: where alpha varies by this much over one colour, alpha is the ink
CLEAR_BELOW = 32  # of 255: the colour of fainter pixels is mostly rounding
ONE_COLOUR = 8  # of 255: colours that differ by less than this are one


def decode(data: bytes) -> Image:
    """The bytes of a PNG, JPEG or WebP file → (H, W) uint8, upright by its EXIF, 2 to 4,096 px a side.

    Transparent pictures: where alpha varies over one colour, alpha is the ink (0 clear, 255 ink); others lie on white
    or black, whichever contrasts more. Raises `PictureTooLarge` before anything is decoded, `UnsupportedPicture` for
    other formats, `BrokenPicture` for what is cut off, damaged or smaller than 2 px.
    """
    if not isinstance(data, bytes | bytearray | memoryview):
        raise BrokenPicture("a picture comes as the bytes of a file, not as {kind}", kind=type(data).__name__)
    if len(data) > MAX_BYTES:
        raise PictureTooLarge(
            "the picture has {bytes} bytes; at most {most} are taken", bytes=len(data), most=MAX_BYTES
        )
    return _read(_opened(data, FORMATS))


def frames(data: bytes) -> Iterator[Image | BrokenPicture | PictureTooLarge | UnsupportedPicture]:
    """The bytes of a scan, of TIFF and BMP too → each page of a TIFF, or the one picture, as `decode` makes it.

    A page that cannot be read comes as its error, in its place, and so does what follows the 10,000th. The caller
    bounds the bytes. Raises what `decode` does where no page can be read at all.
    """
    picture = _opened(data, SCANNED_FORMATS)
    if picture.format != "TIFF":
        yield _read(picture)
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
            yield _read(picture)
        except (BrokenPicture, PictureTooLarge, UnsupportedPicture) as error:
            yield error


def _opened(data: bytes, formats: tuple[str, ...]) -> PillowImage.Image:
    """Reads the header alone."""
    try:
        return PillowImage.open(BytesIO(data), formats=formats)
    except (PillowImage.DecompressionBombError, PillowImage.DecompressionBombWarning):
        raise PictureTooLarge("the picture declares more than {most} px a side", most=MAX_SIDE_PX) from None
    except UnidentifiedImageError:
        raise _unidentified(data, formats) from None
    except Exception as error:  # Pillow's readers raise many kinds on damaged files
        raise BrokenPicture("the picture's header is damaged") from error


def _read(picture: PillowImage.Image) -> Image:
    _check_size(picture)
    return _gray(_whole(picture))


def _unidentified(data: bytes, formats: tuple[str, ...]) -> BrokenPicture | UnsupportedPicture:
    name = next((name for start, name in STARTS.items() if re.match(start, data, re.DOTALL)), None)
    if name is None:
        return BrokenPicture("this is not a picture; send a PNG, JPEG or WebP")
    if name.upper() in formats:
        return BrokenPicture("the picture starts like a {format} but is damaged or cut off", format=name)
    return _not_taken(name)


def _not_taken(kind: str) -> UnsupportedPicture:
    return UnsupportedPicture("{format} pictures are not taken; send a PNG, JPEG or WebP", format=kind)


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
        raise PictureTooLarge(
            "the picture is {size} px; at most {most} px a side are taken", size=size, most=MAX_SIDE_PX
        )
    if min(picture.size) < MIN_SIDE_PX:
        raise BrokenPicture(
            "the picture is {size} px; at least {least} px a side are needed", size=size, least=MIN_SIDE_PX
        )


def _whole(picture: PillowImage.Image) -> PillowImage.Image:
    """Decoded and turned upright."""
    try:
        picture.load()
    except Exception as error:  # Pillow's readers raise many kinds on damaged files
        raise BrokenPicture("the picture is cut off or damaged") from error
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # damaged EXIF must not cost the picture; it is read as it lies
        return picture


def _gray(picture: PillowImage.Image) -> Image:
    if picture.mode in ("I", "F"):  # whole numbers or fractions of 32 bits, of which none is known to be white
        raise _not_taken("32-bit")
    if picture.mode.startswith("I"):
        return _from_sixteen_bits(np.asarray(picture))
    try:
        if not picture.has_transparency_data:
            return np.asarray(picture.convert("L"))
        return np.asarray(_without_alpha(picture.convert("RGBA")))
    except ValueError:  # Pillow knows no way from CIELAB, say
        raise _not_taken(picture.mode) from None


def _from_sixteen_bits(tones: npt.NDArray[np.integer[Any]]) -> Image:
    return (tones >> 8).astype(np.uint8)


# Transparent pictures stay with Pillow, in bytes: numpy's floats would take half a gigabyte for the largest.


def _without_alpha(picture: PillowImage.Image) -> PillowImage.Image:
    alpha = picture.getchannel("A")
    levels = np.flatnonzero(alpha.histogram())
    faintest, strongest = int(levels[0]), int(levels[-1])
    if strongest == 0:
        return alpha
    if strongest - faintest >= LEAST_ALPHA_RANGE and _is_one_colour(picture, min(CLEAR_BELOW, strongest)):
        return alpha
    return _on_contrasting_paper(picture.convert("L"), alpha)


def _is_one_colour(picture: PillowImage.Image, least_alpha: int) -> bool:
    """Whether the pixels of at least this alpha are of one colour."""
    visible = picture.getchannel("A").point([255 * (alpha >= least_alpha) for alpha in range(256)])
    tones = np.array(picture.histogram(visible)).reshape(4, 256)[:3]
    return all(np.ptp(np.flatnonzero(of_channel)) < ONE_COLOUR for of_channel in tones)


def _on_contrasting_paper(gray: PillowImage.Image, alpha: PillowImage.Image) -> PillowImage.Image:
    papers = [PillowImage.new("L", gray.size, tone) for tone in (0, 255)]
    return max((PillowImage.composite(gray, paper, alpha) for paper in papers), key=_contrast)


def _contrast(gray: PillowImage.Image) -> float:
    """Variance of the tones."""
    counts, tones = np.array(gray.histogram()), np.arange(256)
    mean = counts @ tones / counts.sum()
    return float(counts @ (tones - mean) ** 2 / counts.sum())
