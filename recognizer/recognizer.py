"""Ink → digit: a door, a model, and the rule that says when to decline."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from recognizer.batching import batches
from recognizer.card import ModelCard
from recognizer.doors import PixelsDoor, StrokesDoor
from recognizer.doors.strokes import is_blank, normalised
from recognizer.errors import InkError
from recognizer.ink import Image, Pixels, Strokes, pixels_from, strokes_from
from recognizer.model import MODELS, Model
from recognizer.prediction import Box, Prediction

SHIPPED = "digits_v12"
ITEMS_AT_ONCE = 256  # drawings that are held at a time, …
BYTES_AT_ONCE = 1 << 24  # … fewer if they are large: one picture of 4,096 px a side
COLOUR_CHANNELS = (3, 4)  # RGB, RGBA: such an array is a picture, not a stack of pictures 3 px wide
Ink = TypeVar("Ink", Strokes, Pixels)


class Recognizer:
    """A model behind both doors. Safe to use from several threads; after a fork, load a new one."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._strokes_door = StrokesDoor()
        self._pixels_door = PixelsDoor()

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def card(self) -> ModelCard:
        """What the model's `model.json` says."""
        return self._model.card

    @property
    def network(self) -> bytes:
        """The model's `model.onnx`, as it was when it was loaded."""
        return self._model.session.content

    def predict_strokes(self, drawings: Iterable[Any], min_extent: float = 0.0) -> list[Prediction]:
        """Any number of drawings → one prediction each, in order.

        A drawing is a sequence of strokes, a stroke (n, 2 or more) numbers x, y[, …] as nested lists or an array, in
        any unit, y down. `min_extent`, in that unit: what is smaller in x and y is blank; without it only a dot is.
        Raises `InkError` with the index of the first drawing that is malformed, and where one drawing comes alone.
        """
        checked = _checked(drawings, "drawing", lambda drawing: strokes_from(drawing, min_extent))
        return [answer for part in batches(checked, ITEMS_AT_ONCE, BYTES_AT_ONCE) for answer in self._strokes(part)]

    def predict_pixels(self, images: Iterable[Image]) -> list[Prediction]:
        """Any number of (H, W) uint8 pictures, 2 to 4,096 px a side, of either polarity → a prediction each, in order.

        Raises `InkError` with the index of the first that is no such picture, and where one picture comes alone.
        `recognizer.pictures.decode` makes them of the bytes of PNG, JPEG and WebP files.
        """
        if isinstance(images, np.ndarray) and images.ndim == 3 and images.shape[2] in COLOUR_CHANNELS:
            raise InkError("this is one picture in colour; pass a list of gray (H, W) pictures")
        checked = _checked(images, "picture", pixels_from)
        return [answer for part in batches(checked, ITEMS_AT_ONCE, BYTES_AT_ONCE) for answer in self._pixels(part)]

    def predict(self, ink: Strokes | Pixels) -> Prediction:
        """One drawing or picture that was checked already."""
        return self.predict_checked([ink])[0]

    def predict_checked(self, inks: Sequence[Strokes | Pixels]) -> list[Prediction]:
        """Drawings and pictures that were checked already, in any order; the caller bounds the memory."""
        drawings = [ink for ink in inks if isinstance(ink, Strokes)]
        pictures = [ink for ink in inks if isinstance(ink, Pixels)]
        of_drawings = iter(self._strokes(drawings) if drawings else ())
        of_pictures = iter(self._pixels(pictures) if pictures else ())
        return [next(of_drawings if isinstance(ink, Strokes) else of_pictures) for ink in inks]

    def _strokes(self, drawings: list[Strokes]) -> list[Prediction]:
        inked = [index for index, drawing in enumerate(drawings) if not is_blank(drawing)]
        pictures = np.zeros((len(drawings), 1, 28, 28), np.float32)
        pictures[inked], places = self._strokes_door.placed([drawings[index] for index in inked])
        boxes: list[Box | None] = [None] * len(drawings)
        for index, place in zip(inked, places, strict=True):
            boxes[index] = _box_of_strokes(drawings[index], place)
        return self._answers(pictures, boxes)

    def _pixels(self, images: list[Pixels]) -> list[Prediction]:
        pictures, places = self._pixels_door.placed(images)
        return self._answers(pictures, _boxes_of_ink(pictures, places, [image.image.shape for image in images]))

    def _answers(self, pictures: npt.NDArray[np.float32], boxes: list[Box | None]) -> list[Prediction]:
        """(N, 1, 28, 28) → N predictions; the network is not asked about a picture without ink."""
        inked = pictures.reshape(len(pictures), -1).max(1) > 0
        answers = iter(zip(*self._model(pictures[inked]), strict=True))
        seen = np.rint(pictures[:, 0] * 255).astype(np.uint8)
        return [
            self._answer(picture, box, *next(answers)) if has_ink else self._blank(picture)
            for picture, box, has_ink in zip(seen, boxes, inked, strict=True)
        ]

    def _answer(
        self, seen: Image, box: Box | None, probabilities: npt.NDArray[np.float32], confidence: np.float32
    ) -> Prediction:
        best = int(probabilities.argmax())
        reason = self._model.rule.reason(float(confidence), float(probabilities[best]))
        digit = best if reason is None else None
        return Prediction(digit, float(confidence), tuple(probabilities.tolist()), reason, seen, self.name, box)

    def _blank(self, seen: Image) -> Prediction:
        return Prediction(None, 0.0, (0.1,) * 10, "blank", seen, self.name)


def load(folder: str | Path | None = None) -> Recognizer:
    """The shipped model, or the one in a folder of `model.onnx` and `model.json`. Raises `ModelError`."""
    return Recognizer(Model(MODELS / SHIPPED if folder is None else Path(folder)))


def _box_of_strokes(drawing: Strokes, place: npt.NDArray[np.float32]) -> Box:
    """Of the points that lie in the picture: the door leaves stray marks out. place: (3,), as the door tells it."""
    strokes = [stroke for stroke in drawing.strokes if len(stroke)]
    points = np.concatenate(strokes)
    left, top, side = place.tolist()
    if max(left, top) > 0 or min(left, top) + side < 1:  # not all of it, which reaches from 0 to 1
        at = np.concatenate(normalised(strokes)) - place[:2]
        points = points[((at >= 0) & (at <= place[2])).all(1)]
    return (*points.min(0).tolist(), *points.max(0).tolist())


def _boxes_of_ink(
    pictures: npt.NDArray[np.float32], places: npt.NDArray[np.float32], shapes: Sequence[tuple[int, ...]]
) -> list[Box | None]:
    """(N, 1, 28, 28), where they lie, (N, 3) left, top, side, and the shapes of what was given, (H, W) each.

    → the box of each one's ink, to half of the network's pixels.
    """
    inked = pictures[:, 0] > 0.5  # (N, 28, 28)
    columns, rows = inked.max(1), inked.max(2)  # (N, 28)
    edges = [columns.argmax(1), rows.argmax(1), 28 - columns[:, ::-1].argmax(1), 28 - rows[:, ::-1].argmax(1)]
    corners = np.tile(places[:, :2], 2) + np.stack(edges, 1) * places[:, 2:] / 28  # (N, 4)
    most = np.tile(np.array(shapes).reshape(-1, 2)[:, ::-1], 2)  # pens of one width are wider than thin lines
    return [tuple(corner) for corner in corners.astype(float).clip(0, most).round(1).tolist()]


def _checked(items: Iterable[Any], noun: str, check: Callable[[Any], Ink]) -> Iterator[Ink]:
    if isinstance(items, str | bytes | Mapping) or not isinstance(items, Iterable):
        raise InkError("pass a list of {noun}s, not {kind}", noun=noun, kind=type(items).__name__)
    for index, item in enumerate(items):
        try:
            yield check(item)
        except InkError as error:
            if index == 0 and _passes(items, check):
                raise InkError("this is one {noun}; pass a list of {noun}s: [{noun}]", noun=noun) from None
            raise type(error)(error.text, index, **error.values) from None


def _passes(value: Any, check: Callable[[Any], Ink]) -> bool:
    try:
        check(value)
    except InkError:
        return False
    return True
