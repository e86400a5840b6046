"""Contact sheets: pictures in rows, and below each what the network saw and what was answered."""

from collections.abc import Sequence

from PIL import Image, ImageDraw

from recognizer.evaluation.situations.cameras import Picture
from recognizer.evaluation.situations.results import is_wrong
from recognizer.evaluation.situations.situation import Case
from recognizer.prediction import Prediction

THUMB_PX, GAP_PX, CAPTION_PX = 140, 4, 14
COLUMNS = 10
GRAY, BLACK, WHITE = 128, 0, 255


def contact_sheet(cases: Sequence[Case], predictions: Sequence[Prediction]) -> Image.Image:
    """Return ten pictures a row. The caption is the digit, the answer or reason, and the confidence."""
    step = 2 * THUMB_PX + CAPTION_PX
    sheet = Image.new("L", (COLUMNS * (THUMB_PX + GAP_PX), -(-len(cases) // COLUMNS) * step), GRAY)
    pen = ImageDraw.Draw(sheet)
    for index, (case, prediction) in enumerate(zip(cases, predictions, strict=True)):
        x, y = index % COLUMNS * (THUMB_PX + GAP_PX), index // COLUMNS * step
        sheet.paste(thumb(case.image, THUMB_PX), (x, y))
        sheet.paste(thumb(prediction.seen, THUMB_PX), (x, y + THUMB_PX))
        pen.text((x + 2, y + 2 * THUMB_PX), *_caption(case, prediction))
    return sheet


def thumb(picture: Picture, side_px: int) -> Image.Image:
    """Scale a picture so that its longer side has this length."""
    image = Image.fromarray(picture)
    scale = side_px / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.NEAREST if scale > 1 else Image.Resampling.BOX)


def _caption(case: Case, prediction: Prediction) -> tuple[str, int]:
    answer = prediction.reason if prediction.digit is None else prediction.digit
    wrong = is_wrong(case, prediction)
    return f"{case.digit}: {answer} {prediction.confidence:.2f}{' WRONG' if wrong else ''}", WHITE if wrong else BLACK
