"""Reads ONNX graphs that others made, and checks them before they run."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from pathlib import Path

import onnx
import onnx.inliner
import onnx.version_converter
from google.protobuf.message import DecodeError
from onnx.external_data_helper import load_external_data_for_model, uses_external_data

from recognizer.errors import UnusableFile, first_line
from recognizer.importing.files import MOST_BYTES, TAKEN

LAYOUTS = {(28, 28): "(N, 28, 28)", (28, 28, 1): "(N, 28, 28, 1)", (1, 28, 28): "(N, 1, 28, 28)", (784,): "(N, 784)"}
TYPES = {
    onnx.TensorProto.FLOAT: "float32",
    onnx.TensorProto.DOUBLE: "float64",
    onnx.TensorProto.FLOAT16: "float16",
    onnx.TensorProto.UINT8: "uint8",
}
STANDARD = ("", "ai.onnx")
LOOPS = {"Loop", "Scan", "SequenceMap"}
CHANCE = {"RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Multinomial", "Bernoulli"}
CLASSES = (10, 11)
OLDEST_OPSET = 7
MOST_NODES = 20_000
SCAN_OPSET = 9  # the first with today's Scan operator; older graphs are converted to it


@dataclass(frozen=True, eq=False)
class Network:
    """A checked graph with one input and one output.

    shape: of one picture, one of `LAYOUTS`.
    batch: 1 if the network takes one picture at a time, None if it takes any number.
    type: of the input, one of `TYPES`.
    classes: 10, or 11 if the last class means "not a digit".
    """

    model: onnx.ModelProto
    input: str
    output: str
    shape: tuple[int, ...]
    batch: int | None
    type: int
    classes: int

    @property
    def opset(self) -> int:
        return _opset_of(self.model)


def read_graph(content: bytes, name: str, folder: Path | None = None) -> onnx.ModelProto:
    """Return the checked graph with local functions inlined, at opset 9 or newer. Raises `UnusableFile`.

    name: of the file, for messages. folder: where external weights may lie; without it, they are refused.
    """
    model = onnx.ModelProto()
    try:
        model.ParseFromString(content)
    except DecodeError:
        raise UnusableFile(f"{name} is not an ONNX file, or it is damaged or cut off. {TAKEN}") from None
    if not model.HasField("graph") or not model.graph.node:
        raise UnusableFile(f"{name} is not an ONNX file, or it is damaged or cut off. {TAKEN}")
    if (count := sum(len(graph.node) for graph in graphs(model.graph))) > MOST_NODES:
        raise UnusableFile(f"{name} has {count:,} operators. The limit is {MOST_NODES:,}.")
    _check_weights(model, name, folder)
    try:
        if folder:
            load_external_data_for_model(model, str(folder))
        model = onnx.inliner.inline_local_functions(model)
    except (RuntimeError, ValueError, onnx.checker.ValidationError) as error:
        raise UnusableFile(
            f"{name} has functions that do not fit its graph: {first_line(error)}. Export it again."
        ) from None
    _check_operators(model, name)
    try:
        if _opset_of(model) < SCAN_OPSET:
            model = onnx.version_converter.convert_version(model, SCAN_OPSET)
        onnx.checker.check_model(model, full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError, RuntimeError, ValueError) as error:
        raise UnusableFile(f"{name} is not a valid ONNX graph: {first_line(error)}") from None
    return model


def check_network(model: onnx.ModelProto, name: str) -> Network:
    """Return the graph as a network of digits. Raises `UnusableFile` if its input or output does not fit one."""
    weights = {tensor.name for tensor in model.graph.initializer}
    inputs = [value for value in model.graph.input if value.name not in weights]
    if len(inputs) != 1:
        names = ", ".join(value.name for value in inputs) or "none"
        raise UnusableFile(f"{name} has {len(inputs)} inputs ({names}). Export it with one: the picture.")
    if len(model.graph.output) != 1:
        names = ", ".join(value.name for value in model.graph.output)
        raise UnusableFile(f"{name} has {len(model.graph.output)} outputs ({names}). Export it with one: the classes.")
    [picture], [answer] = inputs, model.graph.output
    batch, shape = _check_input(picture, name)
    classes = _check_output(answer, name)
    return Network(model, picture.name, answer.name, shape, batch, picture.type.tensor_type.elem_type, classes)


def _check_input(value: onnx.ValueInfoProto, name: str) -> tuple[int | None, tuple[int, ...]]:
    tensor = value.type.tensor_type
    if tensor.elem_type not in TYPES:
        kind = onnx.TensorProto.DataType.Name(tensor.elem_type)
        raise UnusableFile(f"{name} takes {kind}. Export it with one of {', '.join(TYPES.values())}.")
    sizes = [size.dim_value if size.HasField("dim_value") else None for size in tensor.shape.dim]
    shape = tuple(size or 0 for size in sizes[1:])
    if not sizes or shape not in LAYOUTS:
        found, layouts = ", ".join(str(size or "N") for size in sizes), ", ".join(LAYOUTS.values())
        raise UnusableFile(f"{name} takes pictures of the shape ({found}). It must be one of: {layouts}.")
    if sizes[0] not in (None, 0, 1):
        raise UnusableFile(
            f"{name} takes exactly {sizes[0]} pictures at once. Export it again with a batch of 1, or of any size."
        )
    return (1 if sizes[0] == 1 else None), shape


def _check_output(value: onnx.ValueInfoProto, name: str) -> int:
    tensor = value.type.tensor_type
    if tensor.elem_type not in (onnx.TensorProto.FLOAT, onnx.TensorProto.DOUBLE, onnx.TensorProto.FLOAT16):
        raise UnusableFile(
            f"{name} does not answer with numbers for each class. Export the network itself, without the step that "
            "picks the best class."
        )
    sizes = [size.dim_value if size.HasField("dim_value") else 0 for size in tensor.shape.dim]
    known = [size for size in sizes[1:] if size != 1]
    if len(known) != 1 or known[0] not in CLASSES:
        found = ", ".join(str(size or "N") for size in sizes) or "unknown"
        raise UnusableFile(
            f"{name} has an output of the shape ({found}). A network of digits has 10 classes, 0 to 9, or 11: the last "
            "one for what is not a digit."
        )
    return known[0]


def _check_weights(model: onnx.ModelProto, name: str, folder: Path | None) -> None:
    total = 0
    for graph in graphs(model.graph):
        if graph.sparse_initializer:
            raise UnusableFile(f"{name} has sparse weights. Export it again with dense ones.")
    for tensor in _tensors(model):
        if uses_external_data(tensor):
            _check_external(tensor, name, folder)
        total += prod(tensor.dims) if all(size >= 0 for size in tensor.dims) else MOST_BYTES
    if total > MOST_BYTES:
        raise UnusableFile(f"{name} declares {total:,} weights. The limit is {MOST_BYTES:,}.")


def _check_external(tensor: onnx.TensorProto, name: str, folder: Path | None) -> None:
    entries = {entry.key: entry.value for entry in tensor.external_data}
    location = entries.get("location", "")
    if folder is None:
        raise UnusableFile(f"{name} keeps weights in another file. Save it with its weights inside.")
    file = folder / location
    inside = file.resolve().is_relative_to(folder.resolve()) and not Path(location).is_absolute()
    if not inside or file.is_symlink():
        raise UnusableFile(
            f"{name} asks for weights in {location}, outside of its folder. Save it with its weights inside."
        )
    if not file.is_file():
        raise UnusableFile(f"{name} needs its weights, {location}, beside it. Copy this file, too.")
    if file.stat().st_size > MOST_BYTES:
        raise UnusableFile(f"{location} is too large. The limit is {MOST_BYTES / 1e6:,.0f} MB.")


def _check_operators(model: onnx.ModelProto, name: str) -> None:
    for graph in graphs(model.graph):
        for node in graph.node:
            if node.domain not in STANDARD:
                raise UnusableFile(
                    f"{name} needs the custom operator {node.domain}.{node.op_type}. Export it with standard ONNX "
                    "operators."
                )
            if node.op_type in LOOPS:
                raise UnusableFile(
                    f"{name} has a loop (operator {node.op_type}), which might not end. Export it without loops."
                )
            if node.op_type in CHANCE:
                raise UnusableFile(
                    f"{name} draws random numbers (operator {node.op_type}). Export it for inference, not for training."
                )
    opsets = [entry.version for entry in model.opset_import if entry.domain in STANDARD]
    if not opsets or opsets[0] < OLDEST_OPSET:
        raise UnusableFile(f"{name} has an ONNX opset older than {OLDEST_OPSET}. Export it again with a newer one.")


def graphs(graph: onnx.GraphProto) -> Iterator[onnx.GraphProto]:
    """Yield the graph and all graphs in its nodes' attributes, such as the branches of If."""
    yield graph
    for node in graph.node:
        for part in node.attribute:
            for inner in [part.g] if part.HasField("g") else part.graphs:
                yield from graphs(inner)


def _tensors(model: onnx.ModelProto) -> Iterator[onnx.TensorProto]:
    for graph in graphs(model.graph):
        yield from graph.initializer
        for node in graph.node:
            for part in node.attribute:
                yield from [part.t] if part.HasField("t") else part.tensors


def _opset_of(model: onnx.ModelProto) -> int:
    return int(next(entry.version for entry in model.opset_import if entry.domain in STANDARD))
