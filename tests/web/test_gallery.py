"""The shipped model answers each drawing of the gallery as its caption says."""

import re

import pytest

import recognizer
from digit_recognition.gallery import EXAMPLES

READ = {str(caption): strokes for caption, strokes in EXAMPLES}
DIGITS = [caption for caption in READ if re.match(r"A \d (?!or)", caption)]


@pytest.fixture(scope="module")
def answered():
    reader = recognizer.load()

    def answer(caption):
        strokes = [[[*map(float, point.split(","))] for point in stroke.split()] for stroke in READ[caption]]
        [answer] = reader.predict_strokes([strokes])
        return answer

    return answer


def test_all_but_two_are_digits():
    assert len(DIGITS) == len(EXAMPLES) - 2


@pytest.mark.parametrize("caption", DIGITS)
def test_an_example_is_read_as_its_caption_says(answered, caption):
    assert answered(caption).digit == int(caption.split()[1])


def test_the_example_1_or_7_is_unsure_between_both(answered):
    answer = answered("A 1 or a 7?")
    assert (answer.digit, answer.reason) == (None, "unsure")
    assert {*sorted(range(10), key=lambda digit: -answer.probabilities[digit])[:2]} == {1, 7}


def test_a_smiley_is_not_a_digit(answered):
    assert answered("A smiley").reason == "not a digit"
