"""Puts a network into our contract: picture → probabilities and confidence, with all that differs inside the graph."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import onnx
from onnx import helper
from onnx.compose import add_prefix

from recognizer.importing.graphs import LAYOUTS, STANDARD, Network, graphs

PICTURE, PROBABILITIES, CONFIDENCE, RAW = "picture", "probabilities", "confidence", "raw"
PREFIX = "network/"  # names of theirs must not meet names of ours
LEAST = 1e-12  # a probability whose logarithm is taken
IR_VERSION = 8
AXES_ARE_INPUTS = 18  # of ReduceMax, from this opset on; of ReduceSum from 13 on


@dataclass(frozen=True)
class Taking:
    """How a network takes pictures of light ink (1) on dark paper (0): times `scale`, plus `offset`, or turned over.

    words: the same for people.
    """

    words: str
    scale: float
    offset: float
    transposed: bool = False


class Giving(StrEnum):
    """What a network's outputs are."""

    LOGITS = "logits"
    SOFTMAX = "softmax"
    SIGMOID = "sigmoid"


def fit_contract(network: Network, taking: Taking, giving: Giving, temperature: float = 1.0) -> onnx.ModelProto:
    """(N, 1, 28, 28) float32 in [0, 1] → `probabilities` (N, 10), `confidence` (N,), and `raw` (N, classes).

    The probabilities are the network's own. The confidence is the best digit's chance at the temperature.
    """
    graph = _Graph(network)
    graph.take(taking)
    graph.run()
    graph.give(giving, temperature)
    return graph.model()


class _Graph:
    """Nodes, one after the other."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def take(self, taking: Taking) -> None:
        name = PICTURE
        if taking.transposed:
            name = self.add("Transpose", [name], "turned", perm=[0, 1, 3, 2])
        name = self.add("Mul", [name, self.number("scale", taking.scale)], "scaled")
        name = self.add("Add", [name, self.number("offset", taking.offset)], "shifted")
        if self.network.type != onnx.TensorProto.FLOAT:
            name = self.add("Cast", [name], "cast", to=self.network.type)
        self.add("Reshape", [name, self.shape("sizes", [-1, *self.network.shape])], "taken")

    def run(self) -> None:
        """The network, picture by picture if it takes no more than one."""
        ours = onnx.ModelProto()
        ours.CopyFrom(self.network.model)
        _strip(ours)
        inner = add_prefix(ours, PREFIX, inplace=True).graph
        taken, given = PREFIX + self.network.input, PREFIX + self.network.output
        if self.network.batch is None:
            self.nodes += [helper.make_node("Identity", ["taken"], [taken]), *inner.node]
            self.weights += inner.initializer
        else:
            given = self._one_by_one(inner, taken, given)
        name = self.add("Cast", [given], "float", to=onnx.TensorProto.FLOAT)
        self.add("Reshape", [name, self.shape("classes", [-1, self.network.classes])], RAW)

    def _one_by_one(self, inner: onnx.GraphProto, taken: str, given: str) -> str:
        one = self.shape("one", [1, *self.network.shape])
        flat = self.shape("flat", [self.network.classes])
        nodes = [
            helper.make_node("Reshape", ["picture/one", one], [taken]),
            *inner.node,
            helper.make_node("Reshape", [given, flat], ["classes/one"]),
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

    def give(self, giving: Giving, temperature: float) -> None:
        """probabilities: over the ten digits; confidence: the best digit's share of all classes, at the temperature."""
        match giving:
            case Giving.LOGITS:
                chances, evidence = self.add("Softmax", [RAW], "chances", axis=1), RAW
            case Giving.SOFTMAX:
                chances, evidence = RAW, self._logarithms(RAW)
            case Giving.SIGMOID:
                chances = self._of_sigmoid()
                evidence = self._logarithms(chances)
        if self.network.classes == 10:
            self.add("Identity", [chances], PROBABILITIES)
        else:
            self.add("Softmax", [self._first_ten(evidence, "of ten")], PROBABILITIES, axis=1)
        cooled = self.add("Div", [evidence, self.number("temperature", temperature)], "cooled")
        shares = self.add("Softmax", [cooled], "shares", axis=1)
        ten = shares if self.network.classes == 10 else self._first_ten(shares, "shares of ten")
        self._reduce("ReduceMax", ten, CONFIDENCE, keepdims=0, inputs_from=AXES_ARE_INPUTS)

    def _logarithms(self, chances: str) -> str:
        above = self.add("Max", [chances, self.number("least", LEAST)], "above zero")
        return self.add("Log", [above], "logarithms")

    def _of_sigmoid(self) -> str:
        above = self.add("Max", [RAW, self.number("least", LEAST)], "positive")
        total = self._reduce("ReduceSum", above, "total", keepdims=1, inputs_from=13)
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

    def model(self) -> onnx.ModelProto:
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


def layout_of(network: Network) -> str:
    return LAYOUTS[network.shape]


def _strip(model: onnx.ModelProto) -> None:
    """Shapes with a fixed batch, and texts that name the machine the network comes from."""
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
