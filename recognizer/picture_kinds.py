"""Tells a picture's format by its first bytes, never by a name or a declared type. Decodes nothing."""

import re
from dataclasses import dataclass

from recognizer.picture_boxes import brands_of

START_BYTES = 1024  # enough to tell every format


@dataclass(frozen=True)
class Kind:
    """A format: its name for people, and Pillow's name for it."""

    name: str
    pillow: str


def kind_of(data: bytes) -> Kind | None:
    """Return the format of a file; None if it is none of `STARTS`, and no ISO media file (AVIF, HEIC, MP4).

    data: the file, or its first `START_BYTES`.
    """
    if data[4:8] == b"ftyp" and len(data) >= 12:
        return _kind_by_brand(brands_of(data))
    return next((kind for start, kind in STARTS.items() if re.match(start, data, re.DOTALL)), None)


def _kind_by_brand(brands: set[bytes]) -> Kind:
    if brands & AVIF_BRANDS:
        return Kind("AVIF", "AVIF")
    return Kind("HEIC", "HEIF") if brands & HEIC_BRANDS else Kind("MP4", "MP4")


AVIF_BRANDS = {b"avif", b"avis"}
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
STARTS = {  # regular expressions
    rb"\x89PNG": Kind("PNG", "PNG"),
    rb"\xff\xd8\xff": Kind("JPEG", "JPEG"),
    rb"RIFF....WEBP": Kind("WebP", "WEBP"),
    rb"GIF8": Kind("GIF", "GIF"),
    rb"BM": Kind("BMP", "BMP"),
    rb"II(\*\0|\+\0|\0\*)|MM(\0\*|\0\+|\*\0)": Kind("TIFF", "TIFF"),
    rb"\0\0\0\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51": Kind("JPEG 2000", "JPEG2000"),
    rb"\0\0\x01\0": Kind("ICO", "ICO"),
    rb"%PDF": Kind("PDF", "PDF"),
    rb"<svg|<\?xml": Kind("SVG", "SVG"),
}
