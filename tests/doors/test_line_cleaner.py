"""The cleaner of lines takes no digit away, or the reader declines."""

import numpy as np
import pytest

import recognizer
from recognizer.evaluation.numbers.kinds import KINDS, Digits, numbers_of

PHOTOS = next(kind for kind in KINDS if kind.name == "numbers in photos")


@pytest.mark.parametrize("number", [124, 142, 334])
def test_digits_in_a_row_of_cells_are_no_dashes_of_a_frame(number):
    """An earlier cleaner took the first or the last digit away, and the rest was answered surely."""
    *_, photo = numbers_of(PHOTOS, Digits([], {}), number + 1, seed=7)
    (reading,) = recognizer.load().read_pixels([np.asarray(photo.ink)])
    assert reading.alternatives[0].text == photo.text


@pytest.mark.parametrize("number", [201, 297])
def test_a_number_whose_end_was_taken_away_with_a_box_is_not_answered(number):
    *_, photo = numbers_of(PHOTOS, Digits([], {}), number + 1, seed=7)
    (reading,) = recognizer.load().read_pixels([np.asarray(photo.ink)])
    assert (reading.text, reading.reason) == (None, "unsure")
    assert reading.confidence <= 0.5 and reading.alternatives[0].text in photo.text
