"""Loads a trained model from its folder, and runs its network on pictures. Knows no doors and no rule."""

import hashlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from recognizer.card import ModelCard
from recognizer.doors.session import Session
from recognizer.errors import ModelError
from recognizer.files import read_regular

MODELS = Path(__file__).parent / "models"
PICTURES_AT_ONCE = 64  # pictures in one run
MOST_NETWORK_BYTES = 256_000_000  # 400 times the shipped model; the file is held in memory


class Model:
    """The network of one model folder. Raises `ModelError` if the folder is incomplete or damaged."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.card = ModelCard.read(folder)
        self.name = self.card.name
        self.rule = self.card.rule
        file = folder / "model.onnx"
        content = read_network(file, self.card.sha256)
        self.session = Session(file, ["picture"], ["probabilities", "confidence"], content=content)
        self._check_answers(file)

    def __call__(self, pictures: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """(N, 1, 28, 28) float32 in [0, 1] → probabilities (N, 10), each row summing to 1, and confidence (N,)."""
        parts = [
            self.session.run(picture=pictures[start : start + PICTURES_AT_ONCE])
            for start in range(0, len(pictures), PICTURES_AT_ONCE)
        ]
        if not parts:
            return np.empty((0, 10), np.float32), np.empty(0, np.float32)
        return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])

    def _check_answers(self, file: Path) -> None:
        """Run the network on one gray picture and on two: a wrong model must fail here, not on the first drawing."""
        gray = np.full((2, 1, 28, 28), 0.5, np.float32)
        try:
            self(gray[:1])
            probabilities, confidence = self(gray)
        except Exception as error:  # onnxruntime's own classes share no other base
            wanted = "any number of pictures of 28 × 28: (N, 1, 28, 28) float32, N dynamic"
            raise ModelError(f"{file} does not take {wanted}: {type(error).__name__}") from error
        if probabilities.shape != (2, 10) or confidence.shape != (2,):
            shapes = f"probabilities {probabilities.shape} and confidence {confidence.shape}"
            raise ModelError(f"{file} answers two pictures with {shapes}; expected (2, 10) and (2,)")
        if not (np.abs(probabilities.sum(1) - 1) < 1e-3).all() or not ((confidence >= 0) & (confidence <= 1)).all():
            raise ModelError(f"{file}: its probabilities do not sum to 1, or its confidence is not in [0, 1]")


def read_network(file: Path, sha256: str) -> bytes:
    """Return the content of model.onnx. Raises `ModelError` if it is missing or does not have this SHA-256."""
    try:
        content = read_regular(file, MOST_NETWORK_BYTES)
    except OSError as error:
        raise ModelError(f"{file}: {error.strerror}") from error
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise ModelError(f"{file} is damaged or changed: its SHA-256 starts {found[:12]}, its card says {sha256[:12]}")
    return content
