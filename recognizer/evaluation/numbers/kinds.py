"""The kinds of numbers to read, what is required of each, and the numbers themselves. Asks no reader."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from recognizer.datasets import sets
from recognizer.evaluation.numbers.composing import (
    Array,
    Hand,
    Picture,
    compose,
    compose_mnist,
    draw_canvas,
    draw_digits,
    draw_number,
    hands_of,
)
from recognizer.evaluation.numbers.photos import PHOTOS
from recognizer.numbers.reading import Allow

NUMBERS = 400  # of each kind
SEED = 2718
NATURAL, TIGHT, TOUCHING, MIXED = ("apart", "natural"), ("tight",), ("touching",), ("mixed",)


class Written(NamedTuple):
    """A number to read: its text, and its strokes or its picture."""

    text: str
    ink: Sequence[Array] | Picture


@dataclass(frozen=True, eq=False)
class Digits:
    """What numbers are composed of: the digits of writers, and MNIST's pictures by label."""

    hands: Sequence[Hand]
    pictures: dict[str, list[Picture]]


Make = Callable[[Digits, np.random.Generator, int], Written]


@dataclass(frozen=True)
class Kind:
    """name: of `NUMBER_KINDS`."""

    name: str
    allow: Allow
    make: Make


def unseen_digits() -> Digits:
    """Return digits that train nothing: of UCI's test writers, of the held-out writers, and MNIST's test pictures."""
    mnist = sets.mnist("test")
    pictures = {str(digit): list(mnist.images[mnist.labels == digit]) for digit in range(10)}
    return Digits(hands_of([*sets.pendigits("test"), *sets.held_out_pens()]), pictures)


def numbers_of(kind: Kind, digits: Digits, count: int = NUMBERS, seed: int = SEED) -> Iterator[Written]:
    """Yield the same numbers each time."""
    for number in range(count):
        yield kind.make(digits, np.random.default_rng([seed, number, *kind.name.encode()]), number)


def as_strokes(gaps: Sequence[str], draw_text: Callable[[np.random.Generator], str]) -> Make:
    def make(digits: Digits, random: np.random.Generator, number: int) -> Written:
        hand = digits.hands[number % len(digits.hands)]
        composed = compose(draw_text(random), hand, gaps[number % len(gaps)], random)
        return Written(composed.text, composed.strokes)

    return make


def on_canvas(gaps: Sequence[str], draw_text: Callable[[np.random.Generator], str]) -> Make:
    def make(digits: Digits, random: np.random.Generator, number: int) -> Written:
        hand = digits.hands[number % len(digits.hands)]
        composed = compose(draw_text(random), hand, gaps[number % len(gaps)], random)
        return Written(composed.text, draw_canvas(composed, random))

    return make


def of_mnist(digits: Digits, random: np.random.Generator, number: int) -> Written:
    text = draw_digits(random)
    return Written(text, compose_mnist(text, digits.pictures, ("natural", "tight")[number % 2], random))


def photo(digits: Digits, random: np.random.Generator, number: int) -> Written:
    text = draw_digits(random)
    return Written(text, PHOTOS[number % len(PHOTOS)](random, text))


KINDS = (
    Kind("numbers apart, strokes", "digits", as_strokes(NATURAL, draw_digits)),
    Kind("numbers apart, canvas", "digits", on_canvas(NATURAL, draw_digits)),
    Kind("numbers tight, strokes", "digits", as_strokes(TIGHT, draw_digits)),
    Kind("numbers touching, strokes", "digits", as_strokes(TOUCHING, draw_digits)),
    Kind("numbers tight, canvas", "digits", on_canvas(TIGHT, draw_digits)),
    Kind("numbers touching, canvas", "digits", on_canvas(TOUCHING, draw_digits)),
    Kind("numbers mixed, strokes", "digits", as_strokes(MIXED, draw_digits)),
    Kind("numbers mixed, canvas", "digits", on_canvas(MIXED, draw_digits)),
    Kind("signs and points, strokes", "number", as_strokes(MIXED, draw_number)),
    Kind("signs and points, canvas", "number", on_canvas(MIXED, draw_number)),
    Kind("numbers of MNIST digits", "digits", of_mnist),
    Kind("numbers in photos", "digits", photo),
)
