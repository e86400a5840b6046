"""Makes the pictures of docs/numbers.md: `python -m docs.numbers`, some seconds.

numbers_read.png: drawn photos of numbers and what is read today. Nothing is picked: of each kind the first four.
numbers_steps.png: one number on its way through the reader.
"""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

import recognizer
from recognizer.doors.strokes import normalise
from recognizer.evaluation.numbers.composing import draw_digits
from recognizer.evaluation.numbers.photos import PHOTOS, Picture
from recognizer.numbers.line_pictures import draw_strokes
from recognizer.numbers.reading import Reading
from tests.golden.apart import beside
from tests.golden.rendering import render

FOLDER = Path(__file__).parent / "drawn"
OF_EACH, COLUMNS = 4, 4
WIDE_PX, HIGH_PX, GAP_PX, LINE_PX, FONT_PX = 220, 110, 14, 16, 13
TONES = 32  # fewer tones make smaller files
WHITE, BLACK, GRAY = 255, 0, 110
SEED = 28
STEPS = beside("2 plain", "0 round", "7 crossed", "5 with a hat", step=105)
STEP_PX = 112  # height of a step


def main() -> None:
    reader = recognizer.load()
    save(sheet_of_photos(reader), "numbers_read")
    save(sheet_of_steps(reader), "numbers_steps")


def save(sheet: Image.Image, name: str) -> None:
    sheet.quantize(TONES).save(FOLDER / f"{name}.png", optimize=True)


def sheet_of_photos(reader: recognizer.Recognizer) -> Image.Image:
    """Return four pictures a row, and below each what is written and what is read."""
    random = np.random.default_rng(SEED)
    texts = [draw_digits(random) for _ in range(OF_EACH * len(PHOTOS))]
    pictures = [PHOTOS[index // OF_EACH](random, text) for index, text in enumerate(texts)]
    wide, high = WIDE_PX + GAP_PX, HIGH_PX + 2 * LINE_PX + GAP_PX
    sheet = Image.new("L", (COLUMNS * wide, -(-len(texts) // COLUMNS) * high), WHITE)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(FONT_PX)
    for index, (text, picture, reading) in enumerate(zip(texts, pictures, reader.read_pixels(pictures), strict=True)):
        x, y = index % COLUMNS * wide + GAP_PX // 2, index // COLUMNS * high + GAP_PX // 2
        sheet.paste(small := thumb(picture), (x, y + HIGH_PX - small.height))
        pen.text((x, y + HIGH_PX + 1), answer_to(text, reading), BLACK, font)
        pen.text((x, y + HIGH_PX + LINE_PX + 1), PHOTOS[index // OF_EACH].__name__.replace("_", " "), GRAY, font)
    return sheet


def thumb(picture: Picture) -> Image.Image:
    image = Image.fromarray(picture)
    image.thumbnail((WIDE_PX, HIGH_PX), Image.Resampling.BOX)
    return image


def answer_to(text: str, reading: Reading) -> str:
    if reading.text is None:
        best = reading.alternatives[0].text if reading.alternatives else reading.reason
        return f"{text}: declined ({best}?)"
    return f"{text}: {'' if reading.text == text else 'WRONG '}{reading.text}, {reading.confidence:.1%}"


def sheet_of_steps(reader: recognizer.Recognizer) -> Image.Image:
    """Return the drawing with the box of each digit, the line's picture, and what the digit network sees."""
    (reading,) = reader.read_strokes([STEPS])
    drawn = Image.fromarray(render(STEPS, 560, 500, 9))
    line = Image.fromarray(draw_strokes(normalise([np.array(stroke) for stroke in STEPS])).picture)
    seen = [Image.fromarray(digit.prediction.seen) for digit in reading.digits if digit.prediction]
    sheet = Image.new("L", (560, 3 * (STEP_PX + GAP_PX)), WHITE)
    middle = drawn.height // 2
    sheet.paste(drawn.crop((0, middle - 90, 560, middle + 90)).resize((350, STEP_PX)), (0, 0))
    size = line.width * STEP_PX // line.height, STEP_PX
    sheet.paste(line.resize(size, Image.Resampling.NEAREST), (0, STEP_PX + GAP_PX))
    for index, picture in enumerate(seen):
        x, y = index * (STEP_PX + GAP_PX), 2 * (STEP_PX + GAP_PX)
        sheet.paste(picture.resize((STEP_PX, STEP_PX), Image.Resampling.NEAREST), (x, y))
    return sheet


if __name__ == "__main__":
    main()
