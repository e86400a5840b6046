"""Reads the drawn situations: `python -m benchmarks.situations [N [WORD]] [--sheets FOLDER] [--model FOLDER]`.

Prints one line a situation whose name or group holds WORD: how many of N pictures (60) are right, declined and wrong.
With --sheets, writes a contact sheet of each: ten pictures, and below them what the network saw.
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

import recognizer
from recognizer.evaluation.situations import SITUATIONS, Case, Situation, draw
from recognizer.prediction import Prediction
from recognizer.recognizer import Recognizer

THUMB_PX = 140
COLUMNS, MOST_SHOWN = 10, 20
CAPTION_PX = 14


@dataclass(frozen=True)
class Result:
    """right: the digit was read, or declined where that is wanted; wrong: a digit that is not right was answered."""

    right: int
    declined: int
    wrong: int
    several: int  # declined as "several digits"


def main() -> None:
    given = arguments()
    reader = recognizer.load(given.model)
    chosen = [situation for situation in SITUATIONS.values() if given.word in f"{situation.group} {situation.name}"]
    print(f"{'group':8}{'situation':44}{'wanted':>9}{'n':>5}{'right':>6}{'decl.':>6}{'wrong':>6}")
    results = [(situation.wanted, measure(reader, situation, given.n, given.sheets)) for situation in chosen]
    print(*totals(results, given.n), sep="\n")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("n", nargs="?", type=int, default=60)
    parser.add_argument("word", nargs="?", default="")
    parser.add_argument("--sheets", type=Path)
    parser.add_argument("--model", type=Path)
    return parser.parse_args()


def measure(reader: Recognizer, situation: Situation, n: int, sheets: Path | None) -> Result:
    cases = [draw(situation.name, number) for number in range(n)]
    predictions = reader.predict_pixels([case.image for case in cases])
    result = count(cases, predictions)
    print(line(situation, n, result), flush=True)
    if sheets:
        sheets.mkdir(parents=True, exist_ok=True)
        name = f"{situation.group} {situation.name}".replace(" ", "_")
        contact_sheet(cases[:MOST_SHOWN], predictions).save(sheets / f"{name}.png")
    return result


def count(cases: Sequence[Case], predictions: Sequence[Prediction]) -> Result:
    reasons = Counter(prediction.reason for prediction in predictions)
    declined = sum(prediction.digit is None for prediction in predictions)
    matching = sum(
        prediction.digit == case.digit and case.wanted != "declined"
        for case, prediction in zip(cases, predictions, strict=True)
    )
    right = declined if cases[0].wanted == "declined" else matching
    return Result(right, declined, len(cases) - declined - matching, reasons["several digits"])  # type: ignore[index]


def line(situation: Situation, n: int, result: Result) -> str:
    mark = "" if result.right == n or (situation.wanted == "either" and not result.wrong) else " <"
    several = f"  several digits: {result.several}" if result.several else ""
    return (
        f"{situation.group:8}{situation.name:44}{situation.wanted:>9}{n:5}{result.right:6}{result.declined:6}"
        f"{result.wrong:6}{several}{mark}"
    )


def totals(results: Sequence[tuple[str, Result]], n: int) -> list[str]:
    lines = []
    for wanted in ("digit", "either", "declined"):
        found = [result for kind, result in results if kind == wanted]
        right, declined, wrong = (
            sum(getattr(result, name) for result in found) for name in ("right", "declined", "wrong")
        )
        lines.append(f"{'total':8}{'':44}{wanted:>9}{len(found) * n:5}{right:6}{declined:6}{wrong:6}")
    return lines


def contact_sheet(cases: Sequence[Case], predictions: Sequence[Prediction]) -> Image.Image:
    rows = -(-len(cases) // COLUMNS)
    step = 2 * THUMB_PX + CAPTION_PX
    sheet = Image.new("L", (COLUMNS * (THUMB_PX + 4), rows * step), 128)
    pen = ImageDraw.Draw(sheet)
    for index, (case, prediction) in enumerate(zip(cases, predictions, strict=False)):
        x, y = index % COLUMNS * (THUMB_PX + 4), index // COLUMNS * step
        sheet.paste(thumb(case.image), (x, y))
        sheet.paste(
            Image.fromarray(prediction.seen).resize((THUMB_PX, THUMB_PX), Image.Resampling.NEAREST), (x, y + THUMB_PX)
        )
        answer = prediction.reason if prediction.digit is None else prediction.digit
        wrong = prediction.digit not in (None, case.digit) or (
            case.wanted == "declined" and prediction.digit is not None
        )
        text = f"{case.digit}: {answer} {prediction.confidence:.2f}{' WRONG' if wrong else ''}"
        pen.text((x + 2, y + 2 * THUMB_PX + 1), text, 255 if wrong else 0)
    return sheet


def thumb(image: np.ndarray) -> Image.Image:
    picture = Image.fromarray(image)
    scale = THUMB_PX / max(picture.size)
    size = tuple(max(1, round(side * scale)) for side in picture.size)
    return picture.resize(size, Image.Resampling.NEAREST if scale > 1 else Image.Resampling.BOX)


if __name__ == "__main__":
    main()
