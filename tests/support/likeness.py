"""The likeness of the pictures that the two doors make of the same drawing."""

import numpy as np
from PIL import Image, ImageFilter

from recognizer.doors import PixelsDoor, StrokesDoor
from recognizer.ink import pixels_from, strokes_from
from tests.golden.drawings import DIGITS

DOOR, STROKES = PixelsDoor(), StrokesDoor()
# A sample of digits: a loop, a crossing, an open shape, two strokes, a bar.
SOME = ["0 round", "1 bar", "2 plain", "4 open", "5 with a hat", "7 crossed", "8 in one stroke", "9 curved"]
ALIKE = 0.8  # correlation of the blurred pictures


def door_picture(image):
    return DOOR([pixels_from(image)])[0, 0]


def likeness(picture, name):
    """Correlation with the picture that the strokes door makes of the same drawing; 0 for a blank."""
    expected = STROKES([strokes_from(DIGITS[name])])[0, 0]
    found, wanted = (blur(image).ravel() for image in (picture, expected))
    return np.corrcoef(found, wanted)[0, 1] if found.std() > 0 else 0.0


def blur(picture):
    eight_bit = Image.fromarray((picture * 255).astype(np.uint8))
    return np.asarray(eight_bit.filter(ImageFilter.GaussianBlur(1.5)), dtype=float)


def assert_alike(image, name, least=ALIKE):
    assert likeness(door_picture(image), name) > least


def add_frame(image, width, edges):
    image = image.copy()
    for edge in edges:
        image[
            {"top": np.s_[:width], "bottom": np.s_[-width:], "left": np.s_[:, :width], "right": np.s_[:, -width:]}[edge]
        ] = 0
    return image
