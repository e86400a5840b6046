"""Each door also returns where the picture that the network sees lies in the drawing."""

import numpy as np
import pytest

from recognizer.doors.session import DOORS, Session
from recognizer.doors.strokes import segments_of
from recognizer.ink import pixels_from, strokes_from
from tests.golden.drawings import DIGITS
from tests.golden.rendering import render

SEVEN = DIGITS["7 crossed"]
STRAY = [[180.0, 20.0], [181.0, 21.0]]


@pytest.fixture(scope="module")
def strokes_door():
    return Session(DOORS / "strokes.onnx", ["segments"], ["picture", "place"])


def ink_at(points, picture, place):
    """Ink of the picture at points of the drawing: (P, 2), (28, 28), (3,) → (P,)."""
    left, top, side = place
    columns, rows = np.floor((points - [left, top]) / side * 28).astype(int).T
    return picture[rows, columns]


@pytest.mark.parametrize("name", DIGITS)
def test_the_strokes_lie_on_the_pictures_ink(name, strokes_door):
    segments = segments_of(strokes_from(DIGITS[name]))
    pictures, places = strokes_door.run(segments=segments[None])
    assert ink_at(segments.reshape(-1, 2), pictures[0, 0], places[0]).min() > 0.5


def test_a_stray_mark_does_not_move_the_picture(strokes_door):
    segments = segments_of(strokes_from([*SEVEN, STRAY]))
    pictures, places = strokes_door.run(segments=segments[None])
    assert ink_at(segments[:-1].reshape(-1, 2), pictures[0, 0], places[0]).min() > 0.5


def test_each_drawing_in_a_batch_has_its_own_place(strokes_door):
    segments = np.stack([segments_of(strokes_from(SEVEN)), segments_of(strokes_from(SEVEN)) * 0.5 + 0.25])
    _, (first, second) = strokes_door.run(segments=segments)
    np.testing.assert_allclose(second, first * 0.5 + [0.25, 0.25, 0], atol=1e-5)


@pytest.mark.parametrize(("side", "size"), [(60, 30), (280, 60), (400, 350)])
def test_a_pictures_ink_lies_on_the_pictures_ink(side, size, pixels_door):
    image = render(SEVEN, side, size, size / 12)
    pictures, places = pixels_door.pictures_and_places([pixels_from(image)])
    rows, columns = np.nonzero(image < 55)
    assert np.mean(ink_at(np.stack([columns, rows], 1) + 0.5, pictures[0, 0], places[0]) > 0.2) > 0.97
    assert places[0][2] == pytest.approx(size * 28 / 20, rel=0.05)
