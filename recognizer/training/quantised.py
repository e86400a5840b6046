"""The network in whole numbers, as it is served. Trains nothing.

Weights have seven bits and maps have eight, and the steps of both are powers of two (after Jacob et al., 2018, arXiv
1712.05877), so that every sum is a whole number below 2²⁴ times a power of two. Integers and float32 then give the
same to the last bit, in any order, on every processor and in every browser, and the file answers as torch does.
onnxruntime takes a third of the time that it takes with float32, and in a browser half of it: docs/experiments.md.
"""

from copy import deepcopy
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import torch
import torch.ao.quantization.fx._decomposed  # which defines the two operators
from onnx import numpy_helper
from onnx.helper import make_node
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from recognizer.training.network import Network, Residual

quantize = torch.ops.quantized_decomposed.quantize_per_tensor.default
dequantize = torch.ops.quantized_decomposed.dequantize_per_tensor.default

LARGEST = 255  # of a byte
LARGEST_WEIGHT = 63  # two products with bytes fit into 16 bits, where processors without VNNI add them
SMALLEST_STEP = 2.0**-30


class Levels(nn.Module):
    """Maps are rounded to bytes times a step that lets them reach what they reached while it was watching.

    signed: the bytes stand for -128 to 127, else for 0 to 255.
    """

    def __init__(self, signed: bool = False) -> None:
        super().__init__()
        self.zero = 128 if signed else 0
        self.reached = 0.0
        self.watching = True

    def forward(self, maps: Tensor) -> Tensor:
        if self.watching:
            self.reached = max(self.reached, float(maps.abs().max()))
            return maps
        levels = self.step, self.zero, 0, LARGEST, torch.uint8
        return dequantize(quantize(maps, *levels), *levels)  # type: ignore[no-any-return]

    @property
    def step(self) -> float:
        return float(power_of_two(torch.tensor(self.reached / (LARGEST - self.zero))))


class Grays(Levels):
    """A picture's pixels, from 0 to 1, become whole numbers from 0 to 255."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = float(LARGEST)

    def forward(self, maps: Tensor) -> Tensor:
        return super().forward(maps * LARGEST)


def quantised(network: Network, pictures: Tensor) -> Network:
    """A copy that computes in whole numbers; what it makes of the pictures, (n, 1, 28, 28), chooses the maps' steps."""
    copy = deepcopy(network).eval()
    parts = [folded(part) for part in copy.body]
    parts[0][0].weight.data /= LARGEST
    copy.body = nn.Sequential(Grays(), *(layer for part in parts for layer in (part, Levels())))
    watch(copy, pictures)
    for part in copy.modules():  # in the order in which they compute
        if isinstance(part, Levels):
            step = part.step
        elif isinstance(part, nn.Conv2d):
            round_weights(part, step)
    return copy


def folded(part: Any) -> Any:
    """A part of a body, its normalisations within its convolutions; a residual block with levels for its inner maps."""
    if isinstance(part, Residual):
        part.first = nn.Sequential(*folded(part.first), Levels())
        part.second = nn.Sequential(*folded(part.second), Levels(signed=True))
        return part
    convolution, normalisation, *rest = part
    return nn.Sequential(fuse_conv_bn_eval(convolution, normalisation), *rest)


def watch(network: nn.Module, pictures: Tensor) -> None:
    """Lets its levels see the pictures, and then round."""
    with torch.no_grad():
        for some in pictures.split(500):
            network(some)
    for part in network.modules():
        if isinstance(part, Levels):
            part.watching = False


def round_weights(convolution: Any, step_in: float) -> None:
    """In place: weights to multiples of their steps, biases of those of the sums, where the maps have that one."""
    steps = steps_of(convolution.weight.data)
    columns = steps[:, None, None, None]
    convolution.weight.data = (convolution.weight.data / columns).round() * columns
    convolution.bias.data = (convolution.bias.data / (steps * step_in)).round() * (steps * step_in)


def steps_of(weights: Tensor) -> Tensor:
    """(O, …) → (O,): the least powers of two of which each output's weights are 63 at most. Rounding keeps them."""
    return power_of_two(weights.flatten(1).abs().amax(1) / LARGEST_WEIGHT)


def power_of_two(least: Tensor) -> Tensor:
    """The least one that is no less."""
    return torch.exp2(torch.ceil(torch.log2(least.clamp(min=SMALLEST_STEP))))


def packed(model: onnx.ModelProto) -> onnx.ModelProto:
    """The graph of a quantised network, its weights as int8 and its biases as int32, as runtimes look for them."""
    graph = model.graph
    arrays = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    step_of = {node.output[0]: node.input[1] for node in graph.node if node.op_type == "DequantizeLinear"}
    whole: dict[str, npt.NDArray[Any]] = {}
    nodes = []
    for maps, weights, bias in [node.input for node in graph.node if node.op_type == "Conv"]:
        steps = steps_of(torch.tensor(arrays[weights])).numpy()
        for name, step, kind in ((weights, steps, np.int8), (bias, steps * arrays[step_of[maps]], np.int32)):
            array = arrays.pop(name)
            column = step.reshape(-1, *[1] * (array.ndim - 1))
            parts = {"whole": (array / column).astype(kind), "step": step, "zero": np.zeros(len(step), kind)}
            whole |= {f"{name}.{part}": content for part, content in parts.items()}
            nodes.append(make_node("DequantizeLinear", [f"{name}.{part}" for part in parts], [name], axis=0))
    nodes.extend(graph.node)
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend(numpy_helper.from_array(array, name) for name, array in (arrays | whole).items())
    onnx.checker.check_model(model, full_check=True)
    return model
