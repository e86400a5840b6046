"""A `model.json` with everything that an evaluation writes. The figures are made up."""

from typing import Any

from recognizer.card import DIGITS, ModelCard
from recognizer.structured import from_json


def row(name: str, group: str, value: float, **others: Any) -> dict[str, Any]:
    known = {"unit": "share", "n": 1000, "interval": None, "bar": None, "aim": None, "better": "lower"}
    return {"row": name, "group": group, "value": value, **known, **others}


def confusion() -> list[list[int]]:
    counts = [[980 if true == best else 0 for best in range(10)] for true in range(10)]
    counts[4][9], counts[7][1] = 6, 2
    return counts


MEASURED: dict[str, Any] = {
    "measured": "2026-11-22",
    "table": [
        row(
            "mnist-test, as it is",
            "accuracy",
            0.99998,
            n=10000,
            interval=[0.9996, 0.99999],
            bar=0.9975,
            aim=0.9985,
            better="higher",
        ),
        row("hwd1000", "accuracy", 0.981, interval=[0.97, 0.988], bar=0.99, aim=0.995, better="higher"),
        row("canvas grid, its centre", "canvas", 0.9912, n=1540, better="higher"),
        row(
            "canvas grid, worst cell below the centre",
            "canvas",
            1.82,
            unit="points",
            bar=1.0,
            aim=0.3,
            where="30 px, pen 2 px, gray with a shadow",
        ),
        row("two doors, answers that differ, worst cell", "doors", 0.004, n=308, bar=0.01, aim=0.003),
        row("error under shot_noise", "corruption", 0.0123, n=10000, interval=[0.0103, 0.0146]),
        row("AUROC against not-digits, all", "declining", 0.9871, unit="area", n=6152, bar=0.985, better="higher"),
        row("digits declined", "declining", 0.0031, n=15566, interval=[0.0024, 0.0041], bar=0.01, aim=0.003),
        row("ECE, pendigits-test, strokes", "calibration", 0.0019, n=3498, bar=0.005, aim=0.002),
        row("size of model.onnx", "cost", 0.85, unit="MB", n=1, bar=1.5, aim=0.6),
        row("one prediction, strokes of 100 segments", "cost", 1.31, unit="ms", n=200, bar=2.0, aim=1.0),
    ],
    "grids": [
        {
            "name": "canvas grid",
            "rows": ["30 px", "120 px"],
            "columns": ["2 px", "1/20", "1/10", "1/6", "1/4", "1/3"],
            "values": [[0.95, None, 0.985, 0.991, 0.98, 0.921], [0.99, 0.991, 0.992, 0.99, 0.981, 0.94]],
            "paper": "light",
        },
        {
            "name": "two doors, answers that differ",
            "rows": ["60 px", "120 px"],
            "columns": ["1/40", "1/20", "1/10"],
            "values": [[None, 0.012, 0.0], [0.03, 0.004, 0.0]],
            "paper": "light",
        },
    ],
    "reliability": {
        "mnist-test": [[0.12, 0.2, 5], [0.5, 0.42, 12], [0.9, 0.93, 60], [0.999, 0.9991, 9900]],
        "pendigits-test": [[0.4, 0.5, 4], [0.8, 0.75, 20], [0.998, 0.997, 3400]],
    },
    "confusion": {"mnist-test": confusion(), "hwd1000": confusion()},
    "spread": {
        "seeds": [1, 2, 3],
        "rows": {
            "hwd1000": [0.981, 0.979, 0.985],
            "canvas grid, worst cell below the centre": [1.82, 0.97, 1.3],
            "AUROC against not-digits, all": [0.9871, 0.9859, 0.9882],
        },
    },
    "calibrated_for": 0.05,
    "sources": [
        {"name": "Digits on paper", "use": "by 250 people", "licence": "CC BY 4.0", "link": "https://example.org/d"},
        {"name": "made up by code", "use": "lines and scribbles", "licence": "ours", "link": ""},
    ],
}

KNOWN = {"name": "stand-in", "version": 1, "sha256": "0" * 64, "labels": DIGITS, "rule": {"digit": 0.5, "sure": 0.5}}
CARD = from_json(ModelCard, KNOWN | MEASURED)
