"""Makes the pictures of docs/pictures.md: `python -m docs.situations`, half a minute.

One sheet for each group of drawn situations, with what the shipped model answers today. Nothing is picked: the first
situation shows its picture number 0, the second its number 1, and so on.
"""

from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap

from PIL import Image, ImageDraw, ImageFont

import recognizer
from benchmarks.contact_sheets import thumb
from recognizer.evaluation.situations import GROUPS, SITUATIONS, Case, draw
from recognizer.evaluation.situations.results import is_wrong
from recognizer.prediction import Prediction

FOLDER = Path(__file__).parent / "drawn"
COLUMNS, THUMB_PX, GAP_PX = 6, 112, 14
NAME_ROWS, LETTERS, FONT_PX, ROW_PX = 2, 20, 11, 13
TONES = 32  # fewer tones make smaller files
WHITE, BLACK, GRAY = 255, 0, 110


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    reader = recognizer.load()
    for group in GROUPS:
        names = [situation.name for situation in SITUATIONS.values() if situation.group == group]
        cases = [draw(name, number) for number, name in enumerate(names)]
        sheet = sheet_of(names, cases, reader.predict_pixels([case.image for case in cases]))
        sheet.quantize(TONES).save(FOLDER / f"{group}.png", optimize=True)


def sheet_of(names: Sequence[str], cases: Sequence[Case], predictions: Sequence[Prediction]) -> Image.Image:
    """Return six pictures a row, each with its situation and the answer below it."""
    wide, high = THUMB_PX + GAP_PX, THUMB_PX + (NAME_ROWS + 1) * ROW_PX + GAP_PX
    sheet = Image.new("L", (COLUMNS * wide, -(-len(names) // COLUMNS) * high), WHITE)
    for index, (name, case, prediction) in enumerate(zip(names, cases, predictions, strict=True)):
        x, y = index % COLUMNS * wide + GAP_PX // 2, index // COLUMNS * high + GAP_PX // 2
        picture = thumb(case.image, THUMB_PX)
        sheet.paste(picture, (x, y + (THUMB_PX - picture.height) // 2))
        write_below(ImageDraw.Draw(sheet), x, y + THUMB_PX + 2, name, answer_to(case, prediction))
    return sheet


def write_below(pen: ImageDraw.ImageDraw, x: int, y: int, name: str, answer: str) -> None:
    font = ImageFont.load_default(FONT_PX)
    pen.text((x, y), answer, BLACK, font)
    for row, text in enumerate(wrap(name, LETTERS)[:NAME_ROWS], 1):
        pen.text((x, y + row * ROW_PX), text, GRAY, font)


def answer_to(case: Case, prediction: Prediction) -> str:
    if prediction.digit is None:
        return f"declined: {prediction.reason}"
    return f"{'WRONG: ' if is_wrong(case, prediction) else ''}{prediction.digit}"


if __name__ == "__main__":
    main()
