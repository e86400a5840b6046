"""Reads whole numbers from drawings and pictures: finds their lines, and reads each with both networks."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from recognizer.doors import PixelsDoor, StrokesDoor
from recognizer.doors.pixels import shrink, shrink_factor
from recognizer.doors.strokes import is_blank, normalise, thin
from recognizer.ink import Image, Pixels, Stroke, Strokes
from recognizer.model import Model
from recognizer.numbers.cuts import Cut, InkLine, Line, StrokesLine
from recognizer.numbers.furniture import writing_of
from recognizer.numbers.line_model import LineModel
from recognizer.numbers.line_pictures import draw_strokes, fine_ink, shrink_ink
from recognizer.numbers.lost_ink import has_lost_ink
from recognizer.numbers.reader import Reader
from recognizer.numbers.reading import MOST_ALTERNATIVES, Allow, Alternative, Digit, Reading, ReadingReason
from recognizer.numbers.rows import rows_of
from recognizer.parts import parts_of_strokes
from recognizer.prediction import Box, Prediction, Reason
from recognizer.predictions import predictions_of

# The cleaner takes ink that touches the picture's edge for a piece of something else, so paper or desk is added.
MARGIN = 0.15  # of the shorter side
REASONS: dict[Reason | None, ReadingReason | None] = {  # of one digit
    None: None,
    "not a digit": "not a number",
    "several digits": "unsure",
    "unsure": "unsure",
}
STRETCHES = 8  # of each edge: each goes on in its own tone
MOST_STROKES = 512  # of more, some are read: each takes its time
MOST_POINTS = 1024  # of more, some tell the lines: a scribble passes many cells
WIDEST_DIGIT = 1.75  # of its height
MOST_ROWS = 8  # of a digit in dashes: a column of numbers may look like a 1


class NumberReader:
    """Reads lines of writing. Safe to use from several threads."""

    def __init__(
        self,
        model: Model,
        strokes_door: StrokesDoor,
        pixels_door: PixelsDoor,
        lines: LineModel,
        predict: Callable[[Strokes | Pixels], Prediction],
    ) -> None:
        self.model = model
        self.predict = predict
        self.strokes_door = strokes_door
        self.pixels_door = pixels_door
        self.of_strokes = Reader(lines, self._draw_strokes, self._predict, lines.card.strokes, model.name)
        self.of_ink = Reader(lines, self._place_ink, self._predict, lines.card.ink, model.name)

    def read_drawing(self, drawing: Strokes, allow: Allow) -> Reading:
        """Read a drawing of one line."""
        if is_blank(drawing):
            return self._declined("blank")
        inked = strokes_to_read(drawing.strokes)
        given = [drawing.strokes[index] for index in inked]
        strokes = normalise(given)
        box = box_of(given)
        if (rows := count_rows(strokes)) > 1:
            several = replace(self._declined("several lines"), box=box)
            return several if rows > MOST_ROWS else self._unless_one_digit(several, drawing, tuple(inked))
        left, top, right, bottom = (edge / 2 for edge in box)
        unit = left, top, max(right - left, bottom - top)
        line = StrokesLine(draw_strokes(strokes), tuple(strokes), tuple(inked), unit)
        return self._read_line(self.of_strokes, line, box, allow, drawing, tuple(inked))

    def read_picture(self, picture: Pixels, allow: Allow) -> Reading:
        """Read a picture of one line."""
        lines = self._lines_of(picture.image)
        box = around([box for _, box in lines]) if lines else None
        if len(lines) == 1:
            return self._read_line(self.of_ink, *lines[0], allow, picture, ())
        declined = replace(self._declined("several lines" if lines else "blank"), box=box)
        return declined if len(lines) > MOST_ROWS else self._unless_one_digit(declined, picture, ())

    def read_lines(self, picture: Pixels, allow: Allow) -> list[Reading]:
        """Read each line of a picture, from top to bottom."""
        return [replace(self.of_ink.read(line, allow), box=box) for line, box in self._lines_of(picture.image)]

    def _read_line(
        self, reader: Reader, line: Line, box: Box, allow: Allow, ink: Strokes | Pixels, strokes: tuple[int, ...]
    ) -> Reading:
        """Read the only line of all ink; as one digit, with more care, if it is one."""
        proposed = reader.propose(line)
        prediction = None if proposed.first_digit is None else self.predict(ink)
        if prediction and (proposed.is_one_digit or prediction.digit == proposed.first_digit):
            return digit_reading(prediction, strokes)
        reading = replace(reader.read_proposed(line, proposed, allow), box=box)
        # The digit model takes a sign for a stray mark, so a digit and a sign that is not allowed are not left to it.
        if len(reading.digits) == 1 and reading.reason != "not a number":
            return digit_reading(prediction or self.predict(ink), strokes)
        if not line.has_lost_ink and may_be_one_digit(reading, box):
            prediction = prediction or self.predict(ink)
            if prediction.digit is not None and prediction.confidence > reading.confidence:
                return digit_reading(prediction, strokes)
        return reading if proposed.texts else self._unless_one_digit(reading, ink, strokes)

    def _unless_one_digit(self, reading: Reading, ink: Strokes | Pixels, strokes: tuple[int, ...]) -> Reading:
        """Read all ink as one digit where no number is found."""
        prediction = self.predict(ink)
        # Any other shape is shown as the digit that it resembles most.
        is_shape = reading.reason == "not a number" and prediction.reason in ("not a digit", "unsure")
        return digit_reading(prediction, strokes) if is_shape or prediction.digit is not None else reading

    def _lines_of(self, image: Image) -> list[tuple[InkLine, Box]]:
        """Return the lines of a picture, and the box of each in the picture's px."""
        factor = shrink_factor(image.shape)
        small = shrink(image)
        margin = round(MARGIN * min(small.shape))
        wide = widened(small, margin)
        clean = self.pixels_door.clean_line(wide)
        ink, boxes = writing_of(clean)
        lines = []
        for row in rows_of(boxes) if boxes else []:
            box = around([boxes[index] for index in row])
            picture = shrink_ink(ink, box)
            line = InkLine(picture, fine_ink(ink, picture), margin, factor, has_lost_ink(wide, clean, box))
            left, top, right, bottom = ((edge - margin) * factor for edge in box)
            lines.append((line, (left, top, right, bottom)))
        return lines

    def _declined(self, reason: ReadingReason) -> Reading:
        return Reading(None, 0.0, (), (), reason, self.model.name)

    def _draw_strokes(self, cuts: list[Cut]) -> npt.NDArray[np.float32]:
        return self.strokes_door.in_few_runs([Strokes(tuple(piece.points for piece in cut.pieces)) for cut in cuts])

    def _place_ink(self, cuts: list[Cut]) -> npt.NDArray[np.float32]:
        return self.pixels_door.place([cut.ink for cut in cuts if cut.ink is not None])[0]

    def _predict(self, pictures: npt.NDArray[np.float32]) -> list[Prediction]:
        return predictions_of(self.model, pictures, [None] * len(pictures))


def digit_reading(prediction: Prediction, strokes: tuple[int, ...]) -> Reading:
    """Return a prediction as a number of one digit."""
    if prediction.reason == "blank" or prediction.box is None:
        return Reading(None, 0.0, (), (), "blank", prediction.model)
    ordered = sorted(range(10), key=lambda digit: -prediction.probabilities[digit])[:MOST_ALTERNATIVES]
    is_digit = prediction.digit_probability
    alternatives = tuple(Alternative(str(digit), prediction.probabilities[digit] * is_digit) for digit in ordered)
    best = str(ordered[0])
    return Reading(
        text=None if prediction.digit is None else best,
        confidence=prediction.confidence,
        digits=(Digit(best, prediction, prediction.box, strokes),),
        alternatives=alternatives,
        reason=REASONS[prediction.reason],
        model=prediction.model,
        box=prediction.box,
    )


def may_be_one_digit(reading: Reading, box: Box) -> bool:
    """Return True if several digits are unsure, and all ink is about as narrow as one digit."""
    is_unsure = reading.reason == "unsure" and all(digit.prediction for digit in reading.digits)
    return is_unsure and box[2] - box[0] <= WIDEST_DIGIT * (box[3] - box[1])


def strokes_to_read(strokes: Sequence[Stroke]) -> list[int]:
    """Return the indexes of the strokes that have points.

    Of more than 512, these are evenly chosen ones, and those that reach the edges of the drawing's box.
    """
    inked = [index for index, stroke in enumerate(strokes) if len(stroke)]
    if len(inked) <= MOST_STROKES:
        return inked
    low = np.array([strokes[index].min(0) for index in inked])
    high = np.array([strokes[index].max(0) for index in inked])
    evenly = [place * len(inked) // MOST_STROKES for place in range(MOST_STROKES)]
    return [inked[place] for place in sorted({*evenly, *low.argmin(0).tolist(), *high.argmax(0).tolist()})]


def count_rows(strokes: Sequence[Stroke]) -> int:
    """Return on how many lines the strokes are; those that touch count as one. strokes: normalised."""
    if len(rows_of([box_of([stroke]) for stroke in strokes])) == 1:
        return 1
    if sum(map(len, strokes)) > MOST_POINTS:
        strokes = thin(strokes)
    return len(rows_of([part.box for part in parts_of_strokes(strokes)]))


def around(boxes: Sequence[Box]) -> Box:
    """Return the box around boxes."""
    left, top = np.min([box[:2] for box in boxes], 0).tolist()
    right, bottom = np.max([box[2:] for box in boxes], 0).tolist()
    return left, top, right, bottom


def box_of(strokes: Sequence[Stroke]) -> Box:
    points = np.concatenate(strokes)
    return (*points.min(0).tolist(), *points.max(0).tolist())


def widened(image: Image, margin: int) -> Image:
    """Let the picture go on beyond its edges: each stretch of an edge in its median tone, which leaves ink out."""
    before, after = (stretched(image[:, column])[:, None].repeat(margin, 1) for column in (0, -1))
    wide = np.concatenate([before, image, after], 1)
    above, below = (stretched(wide[row])[None].repeat(margin, 0) for row in (0, -1))
    return np.concatenate([above, wide, below])


def stretched(edge: Image) -> Image:
    """Return the median of the stretch that each pixel belongs to: (n,) → (n,)."""
    parts = np.array_split(edge, min(STRETCHES, len(edge)))
    return np.concatenate([np.full(len(part), np.sort(part)[len(part) // 2]) for part in parts])
