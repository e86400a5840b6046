"""All situations by name, each with what is right for it."""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Literal

import numpy as np

from recognizer.evaluation.situations import (
    cells,
    desks,
    empty,
    forms,
    inks,
    lights,
    lined,
    marks,
    panels,
    plain,
    scans,
    several,
)
from recognizer.evaluation.situations.cameras import Picture

Wanted = Literal["digit", "declined", "either"]
Draw = Callable[[np.random.Generator, int], Picture]

GROUPS: dict[str, ModuleType] = {
    module.__name__.rpartition(".")[2]: module
    for module in (plain, forms, cells, lined, inks, marks, desks, panels, lights, scans, several, empty)
}
WANTED: tuple[tuple[str, Wanted], ...] = (("READ", "digit"), ("EITHER", "either"), ("DECLINE", "declined"))


@dataclass(frozen=True)
class Situation:
    """wanted: "either" means that the digit is right and declining is no fault, but another digit is wrong."""

    name: str
    group: str
    wanted: Wanted
    draw: Draw
    digits: tuple[int, ...] = tuple(range(10))


@dataclass(frozen=True)
class Case:
    """image: (H, W) uint8; digit: the one that is written, or that declining is compared with."""

    image: Picture
    digit: int
    wanted: Wanted


def draw(name: str, number: int) -> Case:
    """Return the picture of this number: the same each time, whatever other situations there are."""
    situation = SITUATIONS[name]
    digit = situation.digits[number % len(situation.digits)]
    image = situation.draw(np.random.default_rng([zlib.crc32(name.encode()), number]), digit)
    return Case(image, digit, situation.wanted)


def _situations() -> Iterator[Situation]:
    for group, module in GROUPS.items():
        for place, wanted in WANTED:
            for function in getattr(module, place, ()):
                name = function.__name__.replace("_", " ")
                yield Situation(name, group, wanted, function, getattr(module, "DIGITS", {}).get(function, range(10)))


SITUATIONS: dict[str, Situation] = {situation.name: situation for situation in _situations()}
