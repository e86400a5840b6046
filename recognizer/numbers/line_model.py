"""Loads the line network from its folder: `lines.onnx`, and `lines.json`, which says how to weigh what it finds."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from recognizer.card import Epoch
from recognizer.doors.session import Session
from recognizer.errors import ModelError
from recognizer.files import read_regular, write_atomically
from recognizer.model import read_network
from recognizer.numbers.weighing import WeightsByAllow
from recognizer.structured import from_json, to_json

SHIPPED_LINES = Path(__file__).parent / "models/lines_v1"
NETWORK, CARD = "lines.onnx", "lines.json"
MOST_BYTES = 1_000_000  # of the card
LINES_AT_ONCE = 32


@dataclass(frozen=True)
class Share:
    """Held-out lines of one kind: how many were read rightly, answered, and right when answered."""

    lines: int
    right: int
    answered: int
    right_answers: int

    def __add__(self, other: "Share") -> "Share":
        return Share(*(getattr(self, name) + getattr(other, name) for name in vars(self)))

    def __str__(self) -> str:
        return f"{self.right} of {self.lines} right, {self.right_answers} of {self.answered} answers"


@dataclass(frozen=True, eq=False)
class LineCard:
    """The content of `lines.json`. strokes, ink: how to weigh texts of drawings and of pictures.

    held_out: by kind of line.
    """

    name: str
    sha256: str  # of lines.onnx
    strokes: WeightsByAllow
    ink: WeightsByAllow
    config: dict[str, Any] = field(default_factory=dict)
    seed: int | None = None
    epochs: tuple[Epoch, ...] = ()
    data: dict[str, str] = field(default_factory=dict)  # SHA-256 of each training file, by path
    held_out: dict[str, Share] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the card of a folder. Raises `ModelError` if the file cannot be read or is not a card."""
        file = folder / CARD
        try:
            return from_json(cls, json.loads(read_regular(file, MOST_BYTES).decode()))
        except OSError as error:
            raise ModelError(f"no line network in {folder}: {error.strerror}: {CARD}") from error
        except (ValueError, RecursionError) as error:
            raise ModelError(f"{file}: {error}") from error

    def write(self, folder: Path) -> None:
        file = folder / CARD
        with write_atomically(file, file.with_name(f"{CARD}.part")) as opened:
            opened.write((json.dumps(to_json(self), indent=1) + "\n").encode())


class LineModel:
    """The line network of one folder. Raises `ModelError` if the folder is incomplete or damaged."""

    def __init__(self, folder: Path = SHIPPED_LINES) -> None:
        self.card = LineCard.read(folder)
        file = folder / NETWORK
        content = read_network(file, self.card.sha256)
        self.session = Session(file, ["picture"], ["chances"], content=content)

    def __call__(self, pictures: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """(N, 32, W) → (N, W / 2, 16): the chance of each character at each place.

        The first of the 16 is the chance of none.
        """
        parts = [
            self.session.run(picture=pictures[start : start + LINES_AT_ONCE])[0]
            for start in range(0, len(pictures), LINES_AT_ONCE)
        ]
        return np.concatenate(parts)
