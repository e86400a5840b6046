"""Makes networks such as others might have trained, as ONNX, Keras and torch.export files."""

import io
import json
import os
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from recognizer.importing.trying import own_digits

HIDDEN = 64
STEPS = 400
Array = npt.NDArray[np.float32]


@cache
def weights() -> tuple[Array, Array, Array, Array]:
    """Train a network 784 → 64 → 10 on generated digits, light ink on black, 0 to 1. It takes a second.

    Returns the first layer's weights and bias, then the second layer's.
    """
    import torch

    digits = own_digits(per_digit=150, seed=1)
    pictures, labels = torch.tensor(digits.pictures).flatten(1), torch.tensor(digits.labels)
    generator = torch.Generator().manual_seed(0)
    first = torch.randn(784, HIDDEN, generator=generator) * 0.05
    second = torch.randn(HIDDEN, 10, generator=generator) * 0.1
    parameters = [first, torch.zeros(HIDDEN), second, torch.zeros(10)]
    for parameter in parameters:
        parameter.requires_grad_()
    optimiser = torch.optim.Adam(parameters, 0.003)
    for _ in range(STEPS):
        chosen = torch.randint(len(labels), (128,), generator=generator)
        hidden = (pictures[chosen] @ parameters[0] + parameters[1]).relu()
        loss = torch.nn.functional.cross_entropy(hidden @ parameters[2] + parameters[3], labels[chosen])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    trained = [parameter.detach().numpy() for parameter in parameters]
    return trained[0], trained[1], trained[2], trained[3]


def logits(pictures: Array) -> Array:
    """Run the network with numpy: (N, 1, 28, 28) float32 in [0, 1], light ink on black → (N, 10)."""
    first, bias, second, last = weights()
    answers: Array = np.maximum(pictures.reshape(-1, 784) @ first + bias, 0) @ second + last
    return answers


def adapted(scale: float = 1.0, offset: float = 0.0, transposed: bool = False) -> tuple[Array, Array, Array, Array]:
    """Return weights that give the same answers for pictures × `scale` + `offset`, transposed or not."""
    first, bias, second, last = weights()
    if transposed:
        first = first.reshape(28, 28, -1).transpose(1, 0, 2).reshape(784, -1)
    return (first / scale).astype(np.float32), (bias - offset / scale * first.sum(0)).astype(np.float32), second, last


def onnx_network(
    shape: tuple[int | str, ...] = ("N", 1, 28, 28),
    ending: str | None = None,
    parameters: tuple[Array, ...] | None = None,
    opset: int = 18,
    kind: int = TensorProto.FLOAT,
) -> onnx.ModelProto:
    """Build the network as ONNX. ending: an operator after the logits, such as "Softmax"."""
    first, bias, second, last = parameters or weights()
    nodes = [
        *([helper.make_node("Cast", ["x"], ["cast"], to=TensorProto.FLOAT)] if kind != TensorProto.FLOAT else []),
        helper.make_node("Reshape", ["x" if kind == TensorProto.FLOAT else "cast", "sizes"], ["flat"]),
        helper.make_node("Gemm", ["flat", "first", "bias"], ["sum"]),
        helper.make_node("Relu", ["sum"], ["hidden"]),
        helper.make_node("Gemm", ["hidden", "second", "last"], ["logits"]),
    ]
    output = "logits"
    if ending == "Sigmoid":  # a network that was trained with one is less sure
        second, last = (second / 4).astype(np.float32), (last / 4 - 1).astype(np.float32)
    if ending:
        options: dict[str, Any] = {"axis": 1} if "Softmax" in ending else {}
        nodes.append(helper.make_node(ending, ["logits"], ["answer"], **options))
        output = "answer"
    values = {"first": first, "bias": bias, "second": second, "last": last}
    initializers = [numpy_helper.from_array(value, name) for name, value in values.items()]
    initializers.append(numpy_helper.from_array(np.array([-1, 784], np.int64), "sizes"))
    graph = helper.make_graph(
        nodes,
        "network",
        [helper.make_tensor_value_info("x", kind, shape)],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, [shape[0], second.shape[1]])],
        initializers,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)


def save(model: onnx.ModelProto, file: Path) -> Path:
    file.write_bytes(model.SerializeToString())
    return file


def keras_network(augmented: bool = False) -> Any:
    """Build the common lesson's network: input 28 × 28, one hidden layer, softmax."""
    os.environ["KERAS_BACKEND"] = "torch"
    import keras

    first, bias, second, last = weights()
    network = keras.Sequential(
        [
            keras.layers.Input((28, 28)),
            *(augmentation() if augmented else []),
            keras.layers.Flatten(),
            keras.layers.Dense(HIDDEN, activation="relu"),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    network.set_weights([first, bias, second, last])
    return network


def augmentation() -> list[Any]:
    import keras

    return [
        keras.layers.Reshape((28, 28, 1)),
        keras.layers.RandomRotation(0.1),
        keras.layers.RandomTranslation(0.1, 0.1),
        keras.layers.RandomZoom(0.1),
    ]


def save_as_keras_2(file: Path) -> Path:
    """Write the .h5 or .keras file that Keras 2.15 would write."""
    import h5py

    first, bias, second, last = weights()
    held = {"dense": {"kernel:0": first, "bias:0": bias}, "dense_1": {"kernel:0": second, "bias:0": last}}
    if file.suffix == ".keras":
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("metadata.json", json.dumps({"keras_version": "2.15.0"}))
            archive.writestr("config.json", json.dumps(keras_2_config(with_modules=True)))
            content = io.BytesIO()
            with h5py.File(content, "w") as opened:
                for layer, values in held.items():
                    for number, value in enumerate(values.values()):
                        opened[f"_layer_checkpoint_dependencies/{layer}/vars/{number}"] = value
                opened.create_group("_layer_checkpoint_dependencies/flatten/vars")
            archive.writestr("model.weights.h5", content.getvalue())
        return file
    with h5py.File(file, "w") as opened:
        opened.attrs["keras_version"], opened.attrs["backend"] = "2.15.0", "tensorflow"
        opened.attrs["model_config"] = json.dumps(keras_2_config(with_modules=False))
        group = opened.create_group("model_weights")
        group.attrs["keras_version"], group.attrs["backend"] = "2.15.0", "tensorflow"
        group.attrs["layer_names"] = np.array([b"flatten", b"dense", b"dense_1"])
        group.create_group("flatten").attrs["weight_names"] = np.array([], "S1")
        for layer, values in held.items():
            part = group.create_group(layer)
            part.attrs["weight_names"] = np.array([f"{layer}/{name}".encode() for name in values])
            for name, value in values.items():
                part.create_dataset(f"{layer}/{name}", data=value)
    return file


def keras_2_config(with_modules: bool) -> dict[str, Any]:
    def part(kind: str, module: str, config: dict[str, Any]) -> dict[str, Any]:
        named = {"module": module, "registered_name": None} if with_modules else {}
        return {"class_name": kind, "config": config, **named}

    def dense(name: str, units: int, activation: str) -> dict[str, Any]:
        config = {
            "name": name,
            "trainable": True,
            "dtype": "float32",
            "units": units,
            "activation": activation,
            "use_bias": True,
            "kernel_initializer": part("GlorotUniform", "keras.initializers", {"seed": None}),
            "bias_initializer": part("Zeros", "keras.initializers", {}),
            **dict.fromkeys(["kernel_regularizer", "bias_regularizer", "activity_regularizer"]),
            **dict.fromkeys(["kernel_constraint", "bias_constraint"]),
        }
        return part("Dense", "keras.layers", config)

    shape = {"batch_input_shape": [None, 28, 28], "dtype": "float32"}
    layers = [
        part("InputLayer", "keras.layers", {**shape, "sparse": False, "ragged": False, "name": "flatten_input"}),
        part(
            "Flatten", "keras.layers", {**shape, "name": "flatten", "trainable": True, "data_format": "channels_last"}
        ),
        dense("dense", HIDDEN, "relu"),
        dense("dense_1", 10, "softmax"),
    ]
    return part("Sequential", "keras", {"name": "sequential", "layers": layers})


def torch_network(batch: int | None = None) -> Any:
    """Return the network as `torch.export` gives it: (N, 1, 28, 28) → logits. batch: fixes N."""
    import torch
    from torch import nn

    first, bias, second, last = weights()
    network = nn.Sequential(nn.Flatten(), nn.Linear(784, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 10)).eval()
    values = [first.T, bias, second.T, last]
    with torch.no_grad():
        for parameter, value in zip(network.parameters(), values, strict=True):
            parameter.copy_(torch.tensor(np.ascontiguousarray(value)))
    example = (torch.rand(batch or 2, 1, 28, 28),)
    return torch.export.export(network, example, dynamic_shapes=None if batch else ({0: torch.export.Dim("N")},))
