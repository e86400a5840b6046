"""The reader cuts a line, lets the digit network judge, and weighs. The line network is a stand-in here."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

import recognizer
from recognizer.ink import Strokes
from recognizer.numbers.cuts import Cut, InkLine, StrokesLine
from recognizer.numbers.line_pictures import FINER, LinePicture, draw_strokes
from recognizer.numbers.reader import PLACE_PX, Reader
from recognizer.numbers.reading import Allow, Reading
from recognizer.numbers.search import CHARACTERS
from recognizer.numbers.weighing import Weights, WeightsByAllow
from recognizer.predictions import predictions_of
from tests.golden.apart import beside, move
from tests.golden.drawings import DIGITS

WEIGHTS = Weights(
    digits=1.0,
    least=1e-3,
    cut_digits=1.0,
    cut_least=1e-3,
    symbol=-0.1,
    bias=0.0,
    lead=1.0,
    doubt=1.5,
    found=0.1,
    beside=0.5,
    sure=0.8,
)
RECOGNIZER = recognizer.load()
STEP = 120.0  # between the digits of `beside`
MIDDLE = 50.0  # of a digit, about


def line_of(drawing: Sequence) -> StrokesLine:
    strokes = tuple(np.array(stroke, float) for stroke in drawing)
    return StrokesLine(draw_strokes(strokes), strokes, tuple(range(len(strokes))))


def saying(line: StrokesLine | InkLine, *texts: tuple[float, dict[float, str]]) -> Callable:
    """Return a line network that says texts, each with its chance and its characters by their x in the drawing."""

    def chances(pictures: np.ndarray) -> np.ndarray:
        rows = np.zeros((1, pictures.shape[2] // PLACE_PX, 1 + len(CHARACTERS)), np.float32)
        _, corner, scale = line.picture
        for chance, characters in texts:
            for x, character in characters.items():
                place = int((x - corner[0]) * scale / PLACE_PX)
                rows[0, place, 1 + CHARACTERS.index(character)] += chance
        rows[0, :, 0] = 1 - rows[0, :, 1:].sum(1)
        return rows

    return chances


def read(line: StrokesLine | InkLine, *texts: tuple[float, dict[float, str]], allow: Allow = "digits") -> Reading:
    def draw(cuts: list[Cut]) -> np.ndarray:
        if isinstance(line, InkLine):
            return RECOGNIZER._pixels_door.place([cut.ink for cut in cuts if cut.ink is not None])[0]
        return RECOGNIZER._strokes_door([Strokes(tuple(piece.points for piece in cut.pieces)) for cut in cuts])

    def predict(pictures: np.ndarray) -> list:
        return predictions_of(RECOGNIZER._model, pictures, [None] * len(pictures))

    return Reader(saying(line, *texts), draw, predict, WeightsByAllow(WEIGHTS, WEIGHTS), "digits").read(line, allow)


def ink_line(line: LinePicture) -> InkLine:
    """Return what was drawn as a line of ink."""
    fine = (line.picture / 255).astype(np.float32)
    return InkLine(line, fine.repeat(FINER, 0).repeat(FINER, 1))


TWO_SEVEN_FOUR = beside("2 plain", "7 crossed", "4 open")
SAID = {MIDDLE: "2", MIDDLE + STEP: "7", MIDDLE + 2 * STEP: "4"}


@pytest.mark.parametrize("of_ink", [False, True])
def test_each_digit_is_found_and_judged_alone(of_ink):
    line = line_of(TWO_SEVEN_FOUR)
    reading = read(ink_line(line.picture) if of_ink else line, (1.0, SAID))
    assert (reading.text, reading.reason) == ("274", None)
    assert reading.confidence > 0.95
    assert [digit.prediction and digit.prediction.digit for digit in reading.digits] == [2, 7, 4]
    lefts = [digit.box[0] for digit in reading.digits]
    assert lefts == sorted(lefts)
    assert lefts[2] - lefts[0] == pytest.approx(2 * STEP, abs=30)


def test_strokes_are_named_by_their_index_also_when_drawn_late():
    late = [*TWO_SEVEN_FOUR[:2], *TWO_SEVEN_FOUR[3:], TWO_SEVEN_FOUR[2]]
    reading = read(line_of(late), (1.0, SAID))
    named = [digit.strokes for digit in reading.digits]
    assert sorted(index for strokes in named for index in strokes) == list(range(len(late)))
    assert len(late) - 1 in named[1]


def test_the_digit_network_corrects_the_line_network():
    wrong = SAID | {MIDDLE + STEP: "1"}
    reading = read(line_of(TWO_SEVEN_FOUR), (0.6, wrong), (0.4, SAID))
    assert reading.text == "274"
    assert reading.alternatives[0].text == "274"
    assert len({each.text for each in reading.alternatives}) == len(reading.alternatives)


def test_a_text_that_is_not_confirmed_is_declined_and_still_told():
    reading = read(line_of(TWO_SEVEN_FOUR), (1.0, {MIDDLE: "8", MIDDLE + STEP: "8", MIDDLE + 2 * STEP: "8"}))
    assert (reading.text, reading.reason) == (None, "unsure")
    assert reading.alternatives[0].text == "888"


def test_a_sign_is_no_digit_and_needs_a_number():
    drawing = [[[0.0, 80.0], [50.0, 80.0]], *move(DIGITS["7 crossed"], 90, 0)]
    said = (1.0, {25.0: "-", 140.0: "7"})
    reading = read(line_of(drawing), said, allow="number")
    assert reading.text == "-7"
    assert [digit.prediction is None for digit in reading.digits] == [True, False]
    assert read(line_of(drawing), said).reason == "not a number"


def test_digits_that_touch_are_cut_where_each_is_most_probable():
    """The cheapest cut goes through the 0."""
    step = 80.0
    line = ink_line(draw_strokes([np.array(stroke, float) for stroke in beside("0 round", "0 narrow", step=step)]))
    said = (1.0, {MIDDLE: "0", MIDDLE + step: "0"})
    assert chances_of(read(line, said)).min() > 0.9

    lattice = line.cut((np.array([MIDDLE, MIDDLE + step]) - line.picture.corner[0]) * line.picture.scale).lattice
    cheapest = [character[0][0].ink for character in lattice]
    pictures, _ = RECOGNIZER._pixels_door.place([ink for ink in cheapest if ink is not None])
    first, second = predictions_of(RECOGNIZER._model, pictures, [None] * 2)
    assert first.probabilities[0] * first.digit_probability < 0.5
    assert second.probabilities[0] * second.digit_probability < 0.5


def chances_of(reading: Reading) -> np.ndarray:
    """Return how probable each digit is, by the digit network."""
    found = [(digit.text, digit.prediction) for digit in reading.digits]
    return np.array([each.probabilities[int(text)] * each.digit_probability for text, each in found if each])


def test_other_writing_is_no_number():
    reading = read(line_of(TWO_SEVEN_FOUR), (1.0, SAID | {MIDDLE: "?"}))
    assert (reading.text, reading.reason) == (None, "not a number")


def test_nothing_found_is_no_number():
    assert read(line_of(TWO_SEVEN_FOUR)).reason == "not a number"
