"""Letters and symbols of many scripts as strokes, traced from the fonts that come with matplotlib: not digits."""

import hashlib
import unicodedata
from functools import cache
from pathlib import Path

import matplotlib
import numpy as np
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from PIL import Image, ImageDraw, ImageFont

from recognizer.training.tracing import Array, middle_lines

FONTS = ("DejaVuSans.ttf", "STIXGeneralItalic.ttf")  # free to use, their licences lie beside them
SIZE_PX = 72
LARGEST_PX = 120  # rarely is a glyph wider, and then it is a rule or a border
KINDS = ("L", "S", "P")  # Unicode's categories: letters, symbols, punctuation
LEAST_LINE = 40  # px of line in all: what has less is a dot or a dash
WIDEST_LINE = 13  # px, mean: what is wider is a filled shape, which has no middle line
SKIPPED = ("DIGIT", "NUMBER", "NUMERAL", "BRAILLE", "BOX", "BLOCK", "LIGATURE", "HEXAGRAM", "DOMINO", "PLAYING", "DIE")
ROUND = ("CIRCLE", "OVAL", "ELLIPSE", "MODIFIER")

# Letters and symbols that a person could take for a digit train nothing.
LIKE_DIGITS = frozenset(
    "OoΟοОоՕօ○◯°˳◦⚪⚬ߋⵔᴏ𐌏❍ᴑᐤ๐∘⚆⚇⚈⚉☉⊙ʘ⨀ⵙ◉ѺѻØø⊘⌀∅⊖⊝ɵѳөΘθѲӨƟΦΦφ◊סه0ەة"  # 0
    "Il|ıɪΙІӏӀⵏǀ׀❘⎜⎟⎢⎥⎪⎮∣ןاוߊ𐌉ꓲꟾ⌠⌡⎧⎭⎫⎩⎰⎱˩˦⊥ꓕ┴᛫ǃ!¡iіⁱ/∕⁄\\∖⧵()❨❩⟮⟯⎛⎝⎞⎠❲❳[]⌈⌉⌊⌋⎡⎣⎤⎦ΛɅ⋀∧ʌᴧᐱᐲⴷꓥ^⎸⎹ℓʃſɩͺⅼᶅ{}❴❵"  # 1
    "ZzᴢꓜʐȤȥƵƶΖⱫƧƨϨϩꙄꙅշՇƻՁՉՋʅ⁊⥊ↄ᠌𐌆ℤ"  # 2
    "ЗзᴣƷʒȜȝɜɝᴈӠӡӞӟვუკჳჷЭэ℈ϿϽͽʓзꝪꞫɞ⋺∋϶"  # 3
    "ЧчҶҷӋӌӴӵկԿɥⴗႷϤϥЏЦᔦҸҹ⍦ʮʯႯ"  # 4
    "SsЅѕꜱꓢƼƽʂҕҔႽՏϚϛ⟆5ƾ"  # 5
    "bɓbБбƂƃƄƅЬьҍҌъᑲᑾᑿᕊᒀᖯ♭ϬϭხნճƀƁҔ𐌜ᒈ"  # 6
    "¬⅂ꓶᒣᒉך˥Ꞁ⌝⎤ⴺᒬ⁊⌐⋥רד"  # 7
    "BВΒβꓐẞßȣȢზ8წცᲬ&₰ვϐ⚯ჵ𐌁Ᏸɞ∂გ"  # 8
    "gɡqԛɋգցզʠϙϘɠᑫᑴᑵߟߡ𐌒ꟼوٯഗٴᕴᕵᖗʡ⚲⫯੧Ⴍ"  # 9
)


@cache
def glyphs() -> tuple[tuple[str, tuple[Array, ...]], ...]:
    """(character, strokes) of every letter and symbol that could not be taken for a digit, ~4,000; takes 10 seconds."""
    drawings = [(char, strokes_of(char, font)) for font in map(font_of, FONTS) for char in characters(font)]
    return tuple((char, strokes) for char, strokes in drawings if strokes)


def fingerprints() -> dict[str, str]:
    """The SHA-256 of each font's file, for a model's card."""
    return {f"fonts/{name}": hashlib.sha256(file_of(name).read_bytes()).hexdigest() for name in FONTS}


def file_of(name: str) -> Path:
    return Path(matplotlib.get_data_path(), "fonts", "ttf", name)


def font_of(name: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(file_of(name), SIZE_PX)


def characters(font: ImageFont.FreeTypeFont) -> list[str]:
    """The font's own, without accents: é is e, and e is enough."""
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
