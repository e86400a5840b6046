"""Wraps a network in the model contract: picture → probabilities and confidence, with every conversion in the graph."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import onnx
from onnx import helper
from onnx.compose import add_prefix

from recognizer.importing.graphs import STANDARD, Network, graphs

PICTURE, PROBABILITIES, CONFIDENCE, RAW = "picture", "probabilities", "confidence", "raw"
PREFIX = "network/"  # keeps the network's names apart from those of the added nodes
LEAST = 1e-12  # smaller probabilities are raised to this, so that their logarithm is finite
IR_VERSION = 8
# From these opsets on, the axes are an input of the operator, before that an attribute.
REDUCE_MAX_OPSET, REDUCE_SUM_OPSET = 18, 13


@dataclass(frozen=True)
class InputFormat:
    """How to turn a picture of light ink (1) on dark paper (0) into the network's own input.

    words: the same for people, such as "dark ink on white, 0 to 255".
    scale, offset: each pixel is multiplied by `scale`, then `offset` is added.
    transposed: rows and columns are exchanged first.
    """

    words: str
    scale: float
    offset: float
    transposed: bool = False


class OutputFormat(StrEnum):
    """The kind of numbers that a network answers with. LOGITS stands for log-probabilities, too."""

    LOGITS = "logits"
    SOFTMAX = "softmax"
    SIGMOID = "sigmoid"


def fit_contract(
    network: Network, input_format: InputFormat, output_format: OutputFormat, temperature: float = 1.0
) -> onnx.ModelProto:
    """Return a model that maps `picture` to `probabilities`, `confidence` and `raw`.

    picture: (N, 1, 28, 28) float32 in [0, 1], light ink on dark.
    probabilities: (N, 10) float32, of the ten digits, at temperature 1. Each row sums to 1.
    confidence: (N,) float32 in [0, 1], the best digit's probability among all classes, at `temperature`.
    raw: (N, classes) float32, the network's own answer.
    """
    graph = _Graph(network)
    graph.add_input(input_format)
    graph.add_network()
    graph.add_outputs(output_format, temperature)
    return graph.to_model()


class _Graph:
    """Collects the nodes and weights of the model, in the order in which they run."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def add_input(self, input_format: InputFormat) -> None:
        name = PICTURE
        if input_format.transposed:
            name = self.add("Transpose", [name], "turned", perm=[0, 1, 3, 2])
        name = self.add("Mul", [name, self.number("scale", input_format.scale)], "scaled")
        name = self.add("Add", [name, self.number("offset", input_format.offset)], "shifted")
        if self.network.type != onnx.TensorProto.FLOAT:
            name = self.add("Cast", [name], "cast", to=self.network.type)
        self.add("Reshape", [name, self.shape("sizes", [-1, *self.network.shape])], "taken")

    def add_network(self) -> None:
        """Add the network's nodes. If it takes one picture at a time, a Scan runs it for each picture."""
        copy = onnx.ModelProto()
        copy.CopyFrom(self.network.model)
        _strip(copy)
        inner = add_prefix(copy, PREFIX, inplace=True).graph
        source, answer = PREFIX + self.network.input, PREFIX + self.network.output
        if self.network.batch is None:
            self.nodes += [helper.make_node("Identity", ["taken"], [source]), *inner.node]
            self.weights += inner.initializer
        else:
            answer = self._add_scan(inner, source, answer)
        name = self.add("Cast", [answer], "float", to=onnx.TensorProto.FLOAT)
        self.add("Reshape", [name, self.shape("classes", [-1, self.network.classes])], RAW)

    def _add_scan(self, inner: onnx.GraphProto, source: str, answer: str) -> str:
        single = self.shape("one", [1, *self.network.shape])
        flat = self.shape("flat", [self.network.classes])
        nodes = [
            helper.make_node("Reshape", ["picture/one", single], [source]),
            *inner.node,
            helper.make_node("Reshape", [answer, flat], ["classes/one"]),
        ]
        kind = inner.output[0].type.tensor_type.elem_type
        body = helper.make_graph(
            nodes,
            "one",
            [helper.make_tensor_value_info("picture/one", self.network.type, self.network.shape)],
            [helper.make_tensor_value_info("classes/one", kind, [self.network.classes])],
            list(inner.initializer),
        )
        return self.add("Scan", ["taken"], "all", num_scan_inputs=1, body=body)

    def add_outputs(self, output_format: OutputFormat, temperature: float) -> None:
        match output_format:
            case OutputFormat.LOGITS:
                chances, evidence = self.add("Softmax", [RAW], "chances", axis=1), RAW
            case OutputFormat.SOFTMAX:
                chances, evidence = RAW, self._logarithms(RAW)
            case OutputFormat.SIGMOID:
                chances = self._normalized()
                evidence = self._logarithms(chances)
        if self.network.classes == 10:
            self.add("Identity", [chances], PROBABILITIES)
        else:
            self.add("Softmax", [self._first_ten(evidence, "of ten")], PROBABILITIES, axis=1)
        cooled = self.add("Div", [evidence, self.number("temperature", temperature)], "cooled")
        shares = self.add("Softmax", [cooled], "shares", axis=1)
        ten = shares if self.network.classes == 10 else self._first_ten(shares, "shares of ten")
        self._reduce("ReduceMax", ten, CONFIDENCE, keepdims=0, inputs_from=REDUCE_MAX_OPSET)

    def _logarithms(self, chances: str) -> str:
        above = self.add("Max", [chances, self.number("least", LEAST)], "above zero")
        return self.add("Log", [above], "logarithms")

    def _normalized(self) -> str:
        above = self.add("Max", [RAW, self.number("least", LEAST)], "positive")
        total = self._reduce("ReduceSum", above, "total", keepdims=1, inputs_from=REDUCE_SUM_OPSET)
        return self.add("Div", [above, total], "chances")

    def _first_ten(self, name: str, to: str) -> str:
        return self.add("Gather", [name, self.shape("ten", list(range(10)))], to, axis=1)

    def _reduce(self, operator: str, name: str, to: str, *, keepdims: int, inputs_from: int) -> str:
        if self.network.opset < inputs_from:
            return self.add(operator, [name], to, axes=[1], keepdims=keepdims)
        return self.add(operator, [name, self.shape("axis", [1])], to, keepdims=keepdims)

    def add(self, operator: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    def number(self, name: str, value: float) -> str:
        return self._weight(helper.make_tensor(name, onnx.TensorProto.FLOAT, [], [value]))

    def shape(self, name: str, values: list[int]) -> str:
        return self._weight(helper.make_tensor(name, onnx.TensorProto.INT64, [len(values)], values))

    def _weight(self, tensor: onnx.TensorProto) -> str:
        if tensor.name not in {weight.name for weight in self.weights}:
            self.weights.append(tensor)
        return str(tensor.name)

    def to_model(self) -> onnx.ModelProto:
        kind = onnx.TensorProto.FLOAT
        graph = helper.make_graph(
            self.nodes,
            "digits",
            [helper.make_tensor_value_info(PICTURE, kind, ["N", 1, 28, 28])],
            [
                helper.make_tensor_value_info(PROBABILITIES, kind, ["N", 10]),
                helper.make_tensor_value_info(CONFIDENCE, kind, ["N"]),
                helper.make_tensor_value_info(RAW, kind, ["N", self.network.classes]),
            ],
            self.weights,
        )
        opset = helper.make_opsetid("", self.network.opset)
        model = helper.make_model(graph, opset_imports=[opset], ir_version=IR_VERSION)
        model.producer_name = ""
        return model


def _strip(model: onnx.ModelProto) -> None:
    """Remove shapes with a fixed batch size, and texts that may name the machine that exported the network."""
    model.doc_string = ""
    del model.metadata_props[:]
    for entry in model.opset_import:
        if entry.domain in STANDARD:
            entry.domain = ""
    for graph in graphs(model.graph):
        graph.doc_string = ""
        del graph.value_info[:], graph.metadata_props[:]
        for part in [*graph.node, *graph.input, *graph.output, *graph.initializer]:
            part.doc_string = ""
            del part.metadata_props[:]
