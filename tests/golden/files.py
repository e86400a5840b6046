"""Writes golden files: JSON, one case a line."""

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tests.golden.rendering import Gray

FOLDER = Path(__file__).parent
DECIMALS = 6


def numbers(array: npt.NDArray[np.floating]) -> list[float]:
    """Rounded; whole numbers without a decimal point, which halves the files."""
    rounded = [round(float(value), DECIMALS) for value in array.ravel()]
    return [int(value) if value.is_integer() else value for value in rounded]


def as_base64(picture: Gray) -> dict[str, Any]:
    return {"size": [picture.shape[1], picture.shape[0]], "gray": base64.b64encode(picture.tobytes()).decode()}


def write(name: str, cases: list[dict[str, Any]]) -> None:
    """One case a line, so that a change shows which ones it touches."""
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    (FOLDER / name).write_text(f"[\n{lines}\n]\n", encoding="utf-8")
