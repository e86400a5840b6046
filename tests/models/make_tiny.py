"""Makes `tiny/`, a small model for quick tests that reads the golden digits: `python -m tests.models.make_tiny`.

It compares a blurred picture with those of the golden digits; nothing is trained.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from recognizer.doors import StrokesDoor
from recognizer.ink import strokes_from
from tests.golden.drawings import DIGITS, label

FOLDER = Path(__file__).parent / "tiny"
SHARPNESS = 30.0  # of the softmax over the ten likenesses
LEAST_LIKENESS = 0.6  # a likeness at which the confidence is one half
STEEPNESS = 20.0

Array = npt.NDArray[np.float32]


def graph() -> onnx.ModelProto:
    """Blur to 14 × 14, cosine with each example, the best of each digit, softmax; likeness makes the confidence."""
    pooled: dict[str, Any] = {"kernel_shape": [4, 4], "strides": [2, 2], "pads": [1, 1, 1, 1]}
    nodes = [
        helper.make_node("AveragePool", ["picture"], ["blurred"], count_include_pad=1, **pooled),
        helper.make_node("Flatten", ["blurred"], ["flat"]),
        helper.make_node("LpNormalization", ["flat"], ["unit"], axis=1, p=2),
        helper.make_node("Gemm", ["unit", "examples"], ["likenesses"], transB=1),  # (N, 10 · K)
        helper.make_node("Reshape", ["likenesses", "by_digit"], ["grouped"]),  # (N, 10, K)
        helper.make_node("ReduceMax", ["grouped", "last"], ["likeness"], keepdims=0),  # (N, 10)
        helper.make_node("Mul", ["likeness", "sharpness"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["probabilities"], axis=1),
        helper.make_node("ReduceMax", ["likeness", "last_of_two"], ["most_like"], keepdims=0),
        helper.make_node("Sub", ["most_like", "least"], ["above"]),
        helper.make_node("Mul", ["above", "steepness"], ["steep"]),
        helper.make_node("Sigmoid", ["steep"], ["is_digit"]),
        helper.make_node("ReduceMax", ["probabilities", "last_of_two"], ["best"], keepdims=0),
        helper.make_node("Mul", ["is_digit", "best"], ["confidence"]),
    ]
    known = examples()
    values = {
        "examples": known.reshape(-1, 14 * 14),
        "by_digit": np.array([-1, 10, known.shape[1]]),
        "last": np.array([2]),
        "last_of_two": np.array([1]),
        "sharpness": np.float32(SHARPNESS),
        "least": np.float32(LEAST_LIKENESS),
        "steepness": np.float32(STEEPNESS),
    }
    return whole(nodes, [numpy_helper.from_array(np.asarray(value), name) for name, value in values.items()])


def whole(nodes: list[onnx.NodeProto], initializers: list[onnx.TensorProto]) -> onnx.ModelProto:
    shapes: dict[str, list[Any]] = {"picture": ["N", 1, 28, 28], "probabilities": ["N", 10], "confidence": ["N"]}
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.items()]
    built = helper.make_graph(nodes, "tiny", ends[:1], ends[1:], initializers)
    model = helper.make_model(built, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(model, full_check=True)
    return model


def examples() -> Array:
    """(10, K, 196), each of length 1, rounded so that every machine writes the same; a digit with few repeats some."""
    pictures = StrokesDoor()([strokes_from(drawing) for drawing in DIGITS.values()])
    blurred = _blur(pictures[:, 0])
    found: list[list[Array]] = [[] for _ in range(10)]
    for name, example in zip(DIGITS, blurred, strict=True):
        found[label(name)].append(example)
    most = max(map(len, found))
    return np.array([(vectors * most)[:most] for vectors in found], np.float32)


def _blur(pictures: Array) -> Array:
    padded = np.pad(pictures, ((0, 0), (1, 1), (1, 1)))
    pooled = sum(padded[:, row : row + 28 : 2, column : column + 28 : 2] for row in range(4) for column in range(4))
    flat = np.asarray(pooled).reshape(len(pictures), -1)
    return np.round(flat / np.linalg.norm(flat, axis=1, keepdims=True), 3)


SCORES = {"set": "golden digits", "n": len(DIGITS), "declined": 0.0, "accuracy": 1.0, "interval": [0.9, 1.0]}


def card(sha256: str) -> dict[str, object]:
    return {
        "name": "tiny",
        "version": 1,
        "sha256": sha256,
        "labels": [str(digit) for digit in range(10)],
        "rule": {"digit": 0.5, "sure": 0.5},
        "scores": [SCORES],
        "config": {"sharpness": SHARPNESS, "least_likeness": LEAST_LIKENESS, "steepness": STEEPNESS},
        "seed": 0,
        "data": {"tests/golden/drawings.py": ""},
    }


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    content = graph().SerializeToString(deterministic=True)
    (FOLDER / "model.onnx").write_bytes(content)
    text = json.dumps(card(hashlib.sha256(content).hexdigest()), indent=2)
    (FOLDER / "model.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
