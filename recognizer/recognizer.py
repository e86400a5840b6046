"""Predicts digits, and reads numbers: a door prepares the ink, a model answers, and its rule says when to decline."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, get_args

import numpy as np
import numpy.typing as npt

from recognizer.batching import batches
from recognizer.card import ModelCard
from recognizer.doors import PixelsDoor, StrokesDoor
from recognizer.doors.strokes import is_blank, normalise
from recognizer.errors import InkError, RecognizerError
from recognizer.ink import Image, Pixels, Strokes, pixels_from, strokes_from
from recognizer.model import MODELS, Model
from recognizer.numbers.line_model import LineModel
from recognizer.numbers.number_reader import NumberReader
from recognizer.numbers.reading import Allow, Reading
from recognizer.prediction import Box, Prediction
from recognizer.predictions import predictions_of
from recognizer.several import Part, PartReading, chance_of_several

SHIPPED = "digits_v15"
ITEMS_AT_ONCE = 256  # largest batch, in drawings
BYTES_AT_ONCE = 1 << 24  # largest batch, in bytes; one picture of 4,096 × 4,096 px fills it
COLOUR_CHANNELS = (3, 4)  # RGB, RGBA: such an array is one picture, not a stack of pictures 3 px wide
Ink = TypeVar("Ink", Strokes, Pixels)


class Recognizer:
    """A model and its two doors. Safe to use from several threads; after a fork, load a new one."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._strokes_door = StrokesDoor()
        self._pixels_door = PixelsDoor()

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def card(self) -> ModelCard:
        """The content of the model's `model.json`."""
        return self._model.card

    @property
    def network(self) -> bytes:
        """The content of the model's `model.onnx` when it was loaded."""
        return self._model.session.content

    def predict_strokes(self, drawings: Iterable[Any], min_extent: float = 0.0) -> list[Prediction]:
        """Any number of drawings → one prediction each, in order.

        A drawing is a sequence of strokes. A stroke is (n, 2 or more) numbers x, y[, …], as nested lists or an array,
        in any unit, y down. A drawing that is smaller than `min_extent`, in that unit, in both x and y is blank; by
        default only a dot is. Raises `InkError` with the index of the first malformed drawing, and if `drawings` is a
        single drawing instead of a list.
        """
        checked = _check_each(drawings, "drawing", lambda drawing: strokes_from(drawing, min_extent))
        parts = batches(checked, ITEMS_AT_ONCE, BYTES_AT_ONCE)
        return [prediction for part in parts for prediction in self._predict_drawings(part)]

    def predict_pixels(self, images: Iterable[Image]) -> list[Prediction]:
        """Any number of (H, W) uint8 pictures, 2 to 4,096 px a side, either polarity → one prediction each, in order.

        `recognizer.pictures.decode` reads such pictures from files. Raises `InkError` with the index of the first
        malformed picture, and if `images` is a single picture instead of a list.
        """
        parts = batches(_check_pictures(images), ITEMS_AT_ONCE, BYTES_AT_ONCE)
        return [prediction for part in parts for prediction in self._predict_pictures(part)]

    def predict(self, ink: Strokes | Pixels) -> Prediction:
        """A checked drawing or picture → its prediction."""
        return self.predict_checked([ink])[0]

    def predict_checked(self, inks: Sequence[Strokes | Pixels]) -> list[Prediction]:
        """Checked drawings and pictures → their predictions, in order. The caller limits the memory."""
        drawings = [ink for ink in inks if isinstance(ink, Strokes)]
        pictures = [ink for ink in inks if isinstance(ink, Pixels)]
        of_drawings = iter(self._predict_drawings(drawings) if drawings else ())
        of_pictures = iter(self._predict_pictures(pictures) if pictures else ())
        return [next(of_drawings if isinstance(ink, Strokes) else of_pictures) for ink in inks]

    def read_strokes(self, drawings: Iterable[Any], allow: Allow = "digits", min_extent: float = 0.0) -> list[Reading]:
        """Any number of drawings of one line each → one reading each, in order.

        allow: "digits", or "number" with an optional sign, and a point or comma. The rest is as for `predict_strokes`.
        Raises `RecognizerError` for another `allow`.
        """
        _check_allow(allow)
        checked = _check_each(drawings, "drawing", lambda drawing: strokes_from(drawing, min_extent))
        return [self._numbers.read_drawing(drawing, allow) for drawing in checked]

    def read_pixels(self, images: Iterable[Image], allow: Allow = "digits") -> list[Reading]:
        """Any number of pictures of one line each → one reading each, in order.

        allow: as for `read_strokes`; images: as for `predict_pixels`.
        """
        _check_allow(allow)
        return [self._numbers.read_picture(picture, allow) for picture in _check_pictures(images)]

    def read_lines(self, images: Iterable[Image], allow: Allow = "digits") -> list[list[Reading]]:
        """Any number of pictures → the lines of each, from top to bottom; none for a blank picture.

        allow: as for `read_strokes`; images: as for `predict_pixels`.
        """
        _check_allow(allow)
        return [self._numbers.read_lines(picture, allow) for picture in _check_pictures(images)]

    def read(self, ink: Strokes | Pixels, allow: Allow = "digits") -> Reading:
        """A checked drawing or picture of one line → its reading."""
        if isinstance(ink, Strokes):
            return self._numbers.read_drawing(ink, allow)
        return self._numbers.read_picture(ink, allow)

    @cached_property
    def _numbers(self) -> NumberReader:
        """Loaded by the first reading."""
        return NumberReader(self._model, self._strokes_door, self._pixels_door, LineModel(), self.predict)

    def _predict_drawings(self, drawings: list[Strokes]) -> list[Prediction]:
        inked = [index for index, drawing in enumerate(drawings) if not is_blank(drawing)]
        pictures = np.zeros((len(drawings), 1, 28, 28), np.float32)
        pictures[inked], places = self._strokes_door.pictures_and_places([drawings[index] for index in inked])
        boxes: list[Box | None] = [None] * len(drawings)
        for index, place in zip(inked, places, strict=True):
            boxes[index] = _box_of_strokes(drawings[index], place)
        return self._decline_several(predictions_of(self._model, pictures, boxes), self._strokes_door.parts(drawings))

    def _predict_pictures(self, images: list[Pixels]) -> list[Prediction]:
        inks = self._pixels_door.clean(images)
        pictures, places = self._pixels_door.place_in(images, inks)
        boxes = _boxes_of_ink(pictures, places, [image.image.shape for image in images])
        return self._decline_several(predictions_of(self._model, pictures, boxes), map(self._pixels_door.parts, inks))

    def _decline_several(self, predictions: list[Prediction], parts: Iterable[list[Part]]) -> list[Prediction]:
        """Read the parts that stand apart, where a drawing has some. parts: of each drawing."""
        every = list(parts)
        pictures = [part.picture for each in every for part in each]
        answers = iter(zip(*self._model(np.stack(pictures)), strict=True) if pictures else ())
        readings = [[_reading(part, *next(answers)) for part in each] for each in every]
        return [_several(whole, each) for whole, each in zip(predictions, readings, strict=True)]


def load(folder: str | Path | None = None) -> Recognizer:
    """Load the shipped model, or the model in `folder`: its `model.onnx` and `model.json`.

    Raises `ModelError` if the folder is incomplete or damaged.
    """
    return Recognizer(Model(MODELS / SHIPPED if folder is None else Path(folder)))


def _reading(part: Part, probabilities: npt.NDArray[np.float32], confidence: np.float32) -> PartReading:
    return PartReading(part.box, int(probabilities.argmax()), float(confidence))


def _several(whole: Prediction, readings: Sequence[PartReading]) -> Prediction:
    """Decline several digits. The chance that they are not several is left for the best single digit."""
    chance = chance_of_several(whole.digit, readings)
    if chance is None or whole.reason == "blank":
        return whole
    return replace(whole, digit=None, reason="several digits", confidence=whole.confidence * (1 - chance))


def _box_of_strokes(drawing: Strokes, place: npt.NDArray[np.float32]) -> Box:
    """Return the box of the points in the door's picture, which leaves stray marks out. place: (3,), the door's."""
    strokes = [stroke for stroke in drawing.strokes if len(stroke)]
    points = np.concatenate(strokes)
    left, top, side = place.tolist()
    # Part of the drawing, which spans 0 to 1, lies outside the picture.
    if max(left, top) > 0 or min(left, top) + side < 1:
        at = np.concatenate(normalise(strokes)) - place[:2]
        inside = ((at >= 0) & (at <= place[2])).all(1)
        points = points[inside] if inside.any() else points  # where thinning leaves only dots in one place
    return (*points.min(0).tolist(), *points.max(0).tolist())


def _boxes_of_ink(
    pictures: npt.NDArray[np.float32], places: npt.NDArray[np.float32], shapes: Sequence[tuple[int, ...]]
) -> list[Box | None]:
    """Return the box of each picture's ink, exact to half of the network's pixels.

    pictures (N, 1, 28, 28) and places (N, 3), left, top, side: from the door; shapes: (H, W) of the N given pictures.
    """
    inked = pictures[:, 0] > 0.5  # (N, 28, 28)
    columns, rows = inked.max(1), inked.max(2)  # (N, 28)
    edges = [columns.argmax(1), rows.argmax(1), 28 - columns[:, ::-1].argmax(1), 28 - rows[:, ::-1].argmax(1)]
    corners = np.tile(places[:, :2], 2) + np.stack(edges, 1) * places[:, 2:] / 28  # (N, 4)
    # Thin lines become wider for the network, and may then reach beyond the picture's edge.
    most = np.tile(np.array(shapes).reshape(-1, 2)[:, ::-1], 2)
    return [tuple(corner) for corner in corners.astype(float).clip(0, most).round(1).tolist()]


def _check_allow(allow: str) -> None:
    if allow not in get_args(Allow):
        raise RecognizerError(f'allow must be "digits" or "number", not {allow!r}')


def _check_pictures(images: Iterable[Image]) -> Iterator[Pixels]:
    if isinstance(images, np.ndarray) and images.ndim == 3 and images.shape[2] in COLOUR_CHANNELS:
        raise InkError("this is one picture in colour; pass a list of gray (H, W) pictures")
    return _check_each(images, "picture", pixels_from)


def _check_each(items: Iterable[Any], noun: str, check: Callable[[Any], Ink]) -> Iterator[Ink]:
    if isinstance(items, str | bytes | Mapping) or not isinstance(items, Iterable):
        raise InkError("pass a list of {noun}s, not {kind}", noun=noun, kind=type(items).__name__)
    for index, item in enumerate(items):
        try:
            yield check(item)
        except InkError as error:
            if index == 0 and _is_valid(items, check):
                raise InkError("this is one {noun}; pass a list of {noun}s: [{noun}]", noun=noun) from None
            raise type(error)(error.text, index, **error.values) from None


def _is_valid(value: Any, check: Callable[[Any], Ink]) -> bool:
    try:
        check(value)
    except InkError:
        return False
    return True
