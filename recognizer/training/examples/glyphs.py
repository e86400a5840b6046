"""Not-digits: letters and symbols of many scripts as strokes, traced from fonts."""

import hashlib
import unicodedata
from functools import cache
from pathlib import Path

import matplotlib
import numpy as np
import PIL
import scipy
import skimage
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from matplotlib.font_manager import findSystemFonts
from PIL import Image, ImageDraw, ImageFont

from recognizer.datasets.formats import DataError
from recognizer.training.examples import tracing
from recognizer.training.examples.glyph_cache import Glyphs, load_or_make
from recognizer.training.examples.tracing import Array, middle_lines

WITH_MATPLOTLIB = ("DejaVuSans.ttf", "STIXGeneralItalic.ttf")  # two different designs
# Scripts to add from system fonts, by Noto's names. Droid's font adds kana, bopomofo and jamo.
SCRIPTS = """
    Adlam Armenian Avestan Balinese BassaVah Batak Bengali Brahmi Buginese Buhid Carian CaucasianAlbanian Chakma Cham
    Cherokee Coptic Cypriot Deseret Devanagari Elbasan Ethiopic Georgian Glagolitic Gothic Grantha Gujarati Gurmukhi
    Hanunoo ImperialAramaic Javanese Kaithi Kannada KayahLi Kharoshthi Khmer Khudawadi Lao Lepcha Limbu LinearA LinearB
    Lisu Lycian Lydian Malayalam Mandaic MeeteiMayek Mongolian Mro Myanmar NKo NewTaiLue OlChiki OldHungarian OldItalic
    OldNorthArabian OldPermic OldPersian OldSouthArabian OldTurkic Oriya Osage Osmanya PauCinHau PhagsPa Phoenician
    Rejang Runic Samaritan Saurashtra Sharada Shavian Sinhala SoraSompeng Sundanese SylotiNagri Syriac Tagalog Tagbanwa
    TaiLe TaiViet Takri Tamil Telugu Thaana Thai Tifinagh Tirhuta Ugaritic Vai WarangCiti Yi
"""
OF_THE_SYSTEM = (*(f"NotoSans{script}-Regular.ttf" for script in SCRIPTS.split()), "DroidSansFallbackFull.ttf")
MOST_OF_A_SCRIPT = 240  # characters, chosen evenly: some scripts have a thousand similar syllables
IDEOGRAPHS = (range(0x2E80, 0x3040), range(0x3190, 0xA000), range(0xAC00, 0xD7B0))  # ideographs and Hangul syllables
SIZE_PX = 72
LARGEST_PX = 120  # wider or higher glyphs are rare, and are rules or borders
KINDS = ("L", "S", "P")  # Unicode's categories: letters, symbols, punctuation
LEAST_LINE = 40  # px of line in all; dots and dashes have less
WIDEST_LINE = 13  # px, mean; filled shapes are wider, and have no middle line
SKIPPED = ("DIGIT", "NUMBER", "NUMERAL", "BRAILLE", "BOX", "BLOCK", "LIGATURE", "HEXAGRAM", "DOMINO", "PLAYING", "DIE")
ROUND = ("CIRCLE", "OVAL", "ELLIPSE", "MODIFIER")

# Characters that a person could read as a digit. They are not used. Each line of the file starts with a digit.
LIKE_DIGITS_FILE = Path(__file__).with_name("like_digits.txt")
LIKE_DIGITS = frozenset(
    char for line in LIKE_DIGITS_FILE.read_text(encoding="utf-8").splitlines() for char in line.partition(" ")[2]
)
MISSING = (
    "font {} not found: `make training` installs it if there is apt-get; elsewhere install Noto Sans for all scripts "
    "and Droid Sans Fallback (Debian: fonts-noto-core, fonts-droid-fallback)"
)


@cache
def glyphs() -> Glyphs:
    """Return (character, strokes) of every letter and symbol that does not look like a digit, about 7,500.

    Raises `DataError` if a font is missing.
    """
    fonts = [file_of(name).read_bytes() for name in (*WITH_MATPLOTLIB, *OF_THE_SYSTEM)]
    code = [Path(file).read_bytes() for file in (__file__, tracing.__file__, LIKE_DIGITS_FILE)]
    versions = [f"{module.__name__} {module.__version__}".encode() for module in (np, PIL, scipy, skimage)]
    return load_or_make(trace_all, [*fonts, *code, *versions])


def trace_all() -> Glyphs:
    """Trace all characters; takes ten seconds."""
    drawings, known = [], set[str]()
    for font in map(font_of, WITH_MATPLOTLIB):
        drawings += [(char, strokes_of(char, font)) for char in characters(font)]
        known |= set(characters(font))
    for font in map(font_of, OF_THE_SYSTEM):
        new = [char for char in characters(font) if char not in known and not is_ideograph(char)]
        drawings += [(char, strokes_of(char, font)) for char in new[:: -(-len(new) // MOST_OF_A_SCRIPT) or 1]]
        known |= set(new)
    return tuple((char, strokes) for char, strokes in drawings if strokes)


def fingerprints() -> dict[str, str]:
    """Return the SHA-256 of each matplotlib font, and one of all system fonts together, for a model's card."""
    own = {f"fonts/{name}": hashlib.sha256(file_of(name).read_bytes()).hexdigest() for name in WITH_MATPLOTLIB}
    every = b"".join(file_of(name).read_bytes() for name in OF_THE_SYSTEM)
    return own | {"system fonts": hashlib.sha256(every).hexdigest()}


def file_of(name: str) -> Path:
    """Return a font's file. Raises `DataError` if it is missing."""
    if name in WITH_MATPLOTLIB:
        return Path(matplotlib.get_data_path(), "fonts", "ttf", name)
    if name not in system_fonts():
        raise DataError(MISSING.format(name))
    return system_fonts()[name]


@cache
def system_fonts() -> dict[str, Path]:
    """Return the system's fonts by file name."""
    return {file.name: file for file in map(Path, findSystemFonts())}


def font_of(name: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(file_of(name), SIZE_PX)


def characters(font: ImageFont.FreeTypeFont) -> list[str]:
    """Return the font's characters, without accented letters: they look like their base letters."""
    with TTFont(font.path, lazy=True) as tables:
        every = map(chr, sorted(tables["cmap"].getBestCmap()))
        return [char for char in every if is_plain(char)]


def is_plain(char: str) -> bool:
    return (
        unicodedata.category(char)[0] in KINDS
        and unicodedata.decomposition(char) == ""
        and char not in LIKE_DIGITS
        and not {*SKIPPED, *ROUND} & set(unicodedata.name(char, "").split())
    )


def is_ideograph(char: str) -> bool:
    return any(ord(char) in block for block in IDEOGRAPHS)


def strokes_of(char: str, font: ImageFont.FreeTypeFont) -> tuple[Array, ...]:
    left, top, right, bottom = map(round, font.getbbox(char))
    if not (0 < right - left <= LARGEST_PX and 0 < bottom - top <= LARGEST_PX):
        return ()
    picture = Image.new("L", (right - left + 4, bottom - top + 4))
    ImageDraw.Draw(picture).text((2 - left, 2 - top), char, font=font, fill=255)
    inked = np.asarray(picture) > 127
    strokes = tuple(middle_lines(inked))
    line = sum(map(len, strokes))
    return strokes if line >= max(LEAST_LINE, inked.sum() / WIDEST_LINE) else ()


if __name__ == "__main__":  # `make fonts` checks that all are installed
    try:
        fingerprints()
    except DataError as problem:
        raise SystemExit(str(problem)) from None
