"""A trained model as it lies in its folder: model.onnx, model.json and the model card. Picture → answer, no doors."""

import hashlib
import json
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from recognizer.doors.session import Session
from recognizer.errors import ModelError
from recognizer.files import read_regular
from recognizer.prediction import Reason

MODELS = Path(__file__).parent / "models"
AT_ONCE = 64  # pictures in one run
MOST_NETWORK_BYTES = 256_000_000  # 400 times the shipped one's; they are held in memory
MOST_CARD_BYTES = 4_000_000  # 100 times the shipped one's
LIKELIER = 0.5  # a digit than none; every reader of a model has this number, the page's engine too


@dataclass(frozen=True)
class Rule:
    """When a model declines, from `model.json`.

    sure: where the best digit has less than this share of the ten digits' chances, two compete: the answer is declined
        as unsure, or as no digit where that is likelier.
    digit: what else is a digit by less than this chance is declined as no digit.
    """

    digit: float
    sure: float

    def reason(self, confidence: float, best_probability: float) -> Reason | None:
        digit = confidence / best_probability  # confidence is P(digit) · P(best | digit)
        if best_probability < self.sure:
            return "unsure" if digit >= LIKELIER else "not a digit"
        return "not a digit" if digit < self.digit else None


class Model:
    """The network of one model folder. Raises `ModelError` where the folder is incomplete or damaged."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.card = read_card(folder)
        self.name = str(self.card["name"])
        self.rule = _rule(self.card, folder)
        file = folder / "model.onnx"
        content = checked(file, str(self.card["sha256"]))
        self.session = Session(file, ["picture"], ["probabilities", "confidence"], content=content)
        self._check_answers(file)

    def __call__(self, pictures: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """(N, 1, 28, 28) float32 in [0, 1] → probabilities (N, 10), each row summing to 1, and confidence (N,)."""
        parts = [
            self.session.run(picture=pictures[start : start + AT_ONCE]) for start in range(0, len(pictures), AT_ONCE)
        ]
        if not parts:
            return np.empty((0, 10), np.float32), np.empty(0, np.float32)
        return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])

    def _check_answers(self, file: Path) -> None:
        """One gray picture and two are answered by what can be an answer; else the first visitor would find out."""
        gray = np.full((2, 1, 28, 28), 0.5, np.float32)
        try:
            self(gray[:1])
            probabilities, confidence = self(gray)
        except Exception as error:  # onnxruntime raises classes of its own that share no base but this
            wanted = "any number of pictures of 28 × 28: (N, 1, 28, 28) float32, N dynamic"
            raise ModelError(f"{file} does not take {wanted}: {type(error).__name__}") from error
        if probabilities.shape != (2, 10) or confidence.shape != (2,):
            shapes = f"probabilities {probabilities.shape} and confidence {confidence.shape}"
            raise ModelError(f"{file} answers two pictures by {shapes}; expected (2, 10) and (2,)")
        if not (np.abs(probabilities.sum(1) - 1) < 1e-3).all() or not ((confidence >= 0) & (confidence <= 1)).all():
            raise ModelError(f"{file}: its probabilities do not sum to 1, or its confidence is not in [0, 1]")


def read_card(folder: Path) -> dict[str, Any]:
    """`model.json` of a model folder, checked for the fields that answers depend on. Raises `ModelError`."""
    file = folder / "model.json"
    try:
        card = json.loads(read_regular(file, MOST_CARD_BYTES).decode())
    except OSError as error:
        raise ModelError(f"no model in {folder}: {error.strerror}: model.json") from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{file} is not valid JSON") from error
    missing = {"name", "version", "sha256", "labels", "rule"} - set(card if isinstance(card, dict) else ())
    if missing:
        raise ModelError(f"{file} lacks {', '.join(sorted(missing))}")
    if card["labels"] != [str(digit) for digit in range(10)]:
        raise ModelError(f"{file}: the labels are {card['labels']!r}; they must be 0 to 9, in this order")
    return card  # type: ignore[no-any-return]


def checked(file: Path, sha256: str) -> bytes:
    """The file's content. Raises `ModelError` unless it is there and is the one that its card describes."""
    try:
        content = read_regular(file, MOST_NETWORK_BYTES)
    except OSError as error:
        raise ModelError(f"{file}: {error.strerror}") from error
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise ModelError(f"{file} is damaged or changed: its SHA-256 starts {found[:12]}, its card says {sha256[:12]}")
    return content


def _rule(card: dict[str, Any], folder: Path) -> Rule:
    """Raises `ModelError` unless it has the rule's numbers, all of them between 0 and 1."""
    numbers = card["rule"]
    try:
        rule = Rule(**{field.name: float(numbers[field.name]) for field in fields(Rule)})
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        needed = " and ".join(field.name for field in fields(Rule))
        raise ModelError(f"{folder / 'model.json'}: rule needs the numbers {needed}") from error
    if not all(0 <= number <= 1 for number in astuple(rule)):
        raise ModelError(f"{folder / 'model.json'}: the rule's numbers lie between 0 and 1, not {rule}")
    return rule
