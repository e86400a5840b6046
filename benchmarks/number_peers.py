"""Counts the whole numbers that this project, Tesseract and RapidOCR read: `python -m benchmarks.number_peers [N]`.

Prints the table of docs/numbers.md: N numbers of each kind, composed of digits that train nothing. The project does not
need the peers. Install them beside it, into an environment of their own, which then has all that the library needs:

    apt-get install tesseract-ocr libgl1
    python -m venv ../peers
    ../peers/bin/pip install rapidocr-onnxruntime==1.4.4
    ../peers/bin/python -m benchmarks.number_peers 100

RapidOCR reads by the networks of PP-OCRv4. Both peers get the line as a picture, dark on light and 64 px high. Their
settings were chosen on other numbers: 20 of each kind of picture, made with another seed.
"""

import argparse
import csv
import shutil
import subprocess
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from io import BytesIO
from typing import NamedTuple

import numpy as np
from PIL import Image

import recognizer
from recognizer.evaluation.numbers.composing import Number, Picture, draw_canvas
from recognizer.evaluation.numbers.kinds import KINDS, SEED, Kind, Written, numbers_of, unseen_digits
from recognizer.evaluation.numbers.measure import read
from recognizer.recognizer import Recognizer

CHARACTERS = {"digits": "0123456789", "number": "0123456789+-.,"}
HEIGHT_PX = 64  # of the peers' pictures; at 48 and 100 px they read no better
SURE = 0.9  # least score
LOOK_ALIKES = {
    "0": "OoDQ〇口回",
    "1": "IiLl|/!",
    "2": "Zz",
    "4": "A",
    "5": "Ss",
    "6": "bG",
    "7": "T了",
    "8": "B",
    "9": "gq",
    "-": "—–一",
    "+": "士",
    ",": "，",
    ".": "。",
}
READERS = ("this project", "Tesseract", "RapidOCR", "RapidOCR, letters as digits")


class Text(NamedTuple):
    """What a peer reads, without spaces. score: its own, in [0, 1]."""

    text: str
    score: float


class Count(NamedTuple):
    """How many numbers are right, how many the reader is sure of, and how many of these are right."""

    right: int
    sure: int
    surely_right: int


Peer = Callable[[Image.Image, str], Text]  # a line, dark on light, and the characters that may be in it


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("n", nargs="?", type=int, default=100)
    n = parser.parse_args().n
    tesseract, rapid_ocr = find_tesseract(), load_rapid_ocr()
    ours, digits = recognizer.load(), unseen_digits()
    print(*head(n), sep="\n", flush=True)
    counts = []
    for kind in KINDS:
        numbers = list(numbers_of(kind, digits, n))
        counts.append([count_ours(ours, kind, numbers), *count_peers(tesseract, rapid_ocr, kind, numbers)])
        print(row(kind.name, counts[-1]), flush=True)
    print(row("**all**", [Count(*map(sum, zip(*column, strict=True))) for column in zip(*counts, strict=True)]))


def find_tesseract() -> Peer:
    command = shutil.which("tesseract")
    if command is None:
        raise SystemExit("the command tesseract is missing: apt-get install tesseract-ocr")
    return partial(read_with_tesseract, command)


def read_with_tesseract(command: str, picture: Image.Image, characters: str) -> Text:
    file = BytesIO()
    picture.save(file, "PNG")
    whole = [command, "-", "-", "--psm", "7", "-c", f"tessedit_char_whitelist={characters}", "tsv"]
    return text_in(subprocess.run(whole, input=file.getvalue(), capture_output=True, check=True).stdout.decode())  # noqa: S603


def text_in(table: str) -> Text:
    """table: Tesseract's TSV. Return its words as one text, with the least of their scores."""
    lines = csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    words = [Text(line["text"].strip(), float(line["conf"]) / 100) for line in lines if (line["text"] or "").strip()]
    return Text("".join(word.text for word in words), min((word.score for word in words), default=0.0))


def load_rapid_ocr() -> Peer:
    """Return RapidOCR's recognition alone, as one would read lines.

    With its detection, as it comes, it read fewer of the other numbers: 39 of 140, not 80; and with paper added around
    them 27 of 56, not 32.
    """
    from rapidocr_onnxruntime import RapidOCR

    engine = RapidOCR()

    def read_line(picture: Image.Image, characters: str) -> Text:
        (line,), _ = engine(np.asarray(picture), use_det=False, use_cls=False)
        return Text("".join(line[0].split()), float(line[1]))

    return read_line


def count_ours(reader: Recognizer, kind: Kind, numbers: Sequence[Written]) -> Count:
    return count((result.is_right, result.is_answered) for result in read(reader, kind, numbers))


def count_peers(tesseract: Peer, rapid_ocr: Peer, kind: Kind, numbers: Sequence[Written]) -> list[Count]:
    """Count what Tesseract and RapidOCR read, and RapidOCR again with letters as digits."""
    characters = CHARACTERS[kind.allow]
    pictures = [picture_of(written, index) for index, written in enumerate(numbers)]
    texts = [rapid_ocr(picture, characters) for picture in pictures]
    peers = (
        [tesseract(picture, characters) for picture in pictures],
        texts,
        [text._replace(text=as_digits(text.text, characters)) for text in texts],
    )
    return [
        count((text.text == written.text, text.score >= SURE) for text, written in zip(peer, numbers, strict=True))
        for peer in peers
    ]


def picture_of(written: Written, index: int) -> Image.Image:
    """Return the line as peers like it: dark on light, 64 px high. Strokes are drawn on a canvas."""
    ink = written.ink
    if not isinstance(ink, np.ndarray):
        ink = draw_canvas(Number(written.text, list(ink)), np.random.default_rng([SEED, index]))
    picture = Image.fromarray(dark_on_light(ink))
    wide = max(1, round(picture.width * HEIGHT_PX / picture.height))
    return picture.resize((wide, HEIGHT_PX), Image.Resampling.LANCZOS)


def dark_on_light(picture: Picture) -> Picture:
    """picture: (H, W) uint8, most of it paper."""
    return 255 - picture if np.median(picture) < 128 else picture


def as_digits(text: str, characters: str) -> str:
    """Replace letters and signs by the digits and signs that they look like, and leave out the others."""
    meant = {letter: character for character, letters in LOOK_ALIKES.items() for letter in letters}
    return "".join(one for one in (meant.get(letter, letter) for letter in text) if one in characters)


def count(results: Iterable[tuple[bool, bool]]) -> Count:
    """results: for each number, whether it is right, and whether the reader is sure."""
    pairs = list(results)
    return Count(sum(right for right, _ in pairs), sum(sure for _, sure in pairs), sum(map(all, pairs)))


def head(n: int) -> list[str]:
    columns = [f"{name} | {'answered' if name == READERS[0] else 'sure'}" for name in READERS]
    return [f"| {n:,} of each | {' | '.join(columns)} |", f"|---{'|--:' * 2 * len(READERS)}|"]


def row(name: str, counts: Sequence[Count]) -> str:
    cells = [f"{one.right:,} | {one.surely_right:,} of {one.sure:,}" for one in counts]
    return f"| {name} | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
