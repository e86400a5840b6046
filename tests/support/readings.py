"""A line of three digits, and made-up answers to lines, for the bulk commands."""

from dataclasses import replace

from recognizer.bulk.engines.reader import Reading
from recognizer.numbers.reading import Alternative, Digit
from recognizer.numbers.reading import Reading as Answer
from tests.golden.apart import beside
from tests.support.stand_in import prediction

LINE = beside("2 plain", "7 crossed", "4 open")
SETTINGS = Reading(numbers="number")
MINUS_FIVE = Answer(
    text="-5,5",
    confidence=0.75,
    digits=(
        Digit("-", None, (0.0, 8.0, 5.0, 9.0)),
        Digit("5", prediction(5, best=5), (6.0, 0.0, 12.0, 16.0)),
        Digit(",", None, (13.0, 14.0, 15.0, 18.0)),
        Digit("5", prediction(7, best=7, second=5), (16.0, 0.0, 22.0, 16.0)),
    ),
    alternatives=(Alternative("-5,5", 0.75), Alternative("5,5", 0.125)),
    reason=None,
    model="stand-in",
    box=(0.0, 0.0, 22.0, 18.0),
)
DECLINED = replace(MINUS_FIVE, text=None, reason="unsure")
NOTHING = Answer(None, 0.0, (), (), "blank", "stand-in")
ANSWERS = (MINUS_FIVE, DECLINED, NOTHING)
