"""The network in whole numbers, as it is served. Trains nothing.

Weights have seven bits and maps have eight. The steps of both are powers of two (after Jacob et al., 2018, arXiv
1712.05877), so every sum is a whole number below 2²⁴ times a power of two. Integers and float32 then give the same maps
to the last bit, in any order of adding, and the file answers as torch does on every machine. onnxruntime needs 40 % of
float32's time, and half of it in a browser: docs/experiments.md.
"""

from collections.abc import Iterable
from copy import deepcopy
from typing import Any, TypeVar

import torch
import torch.ao.quantization.fx._decomposed  # defines the operators below: the public ones (torch 2.13) do not export
from torch import Tensor, nn
from torch.nn.functional import conv2d
from torch.nn.utils.fusion import fuse_conv_bn_eval

from recognizer.errors import RecognizerError
from recognizer.training.network import Residual

_quantize = torch.ops.quantized_decomposed.quantize_per_tensor.default
_dequantize = torch.ops.quantized_decomposed.dequantize_per_tensor.default
_dequantize_channels = torch.ops.quantized_decomposed.dequantize_per_channel.default

Kind = TypeVar("Kind", bound=nn.Module)  # a network with a `body` of convolutions and residuals, and `evidence` on it

LARGEST_BYTE = 255
LARGEST_WEIGHT = 63  # two products with bytes add up within 16 bits, for processors without VNNI
LARGEST_SUM = 2**24 - 1  # float32 represents every whole number up to this
LARGEST_BIAS = 2**20


class Levels(nn.Module):
    """Rounds maps to bytes times `step`, a power of two, and clips values that the bytes cannot represent.

    Without a step it returns maps unchanged, and notes the largest absolute value.
    signed: the bytes stand for -128 to 127, else for 0 to 255. The step is not in the state_dict.
    """

    def __init__(self, signed: bool = False) -> None:
        super().__init__()
        self.zero = 128 if signed else 0
        self.largest = 0.0
        self.step = 0.0

    def set_step(self) -> None:
        """Set the smallest step with which the bytes cover the maps seen so far."""
        self.step = float(power_of_two(torch.tensor(self.largest / (LARGEST_BYTE - self.zero))))

    def forward(self, maps: Tensor) -> Tensor:
        if not self.step:
            self.largest = max(self.largest, float(maps.abs().max()))
            return maps
        levels = self.step, self.zero, 0, LARGEST_BYTE, torch.uint8
        return _dequantize(_quantize(maps, *levels), *levels)  # type: ignore[no-any-return]


class Grays(Levels):
    """Turns pixels in [0, 1] into whole numbers from 0 to 255."""

    def set_step(self) -> None:
        self.step = 1.0

    def forward(self, picture: Tensor) -> Tensor:
        return super().forward(picture * LARGEST_BYTE)


class WholeConvolution(nn.Module):
    """A convolution of maps with the step `step_in`: weights int8, biases int32, one step for each output channel.

    Raises `RecognizerError` if a sum could be too large for float32 to be exact.
    """

    weight: Tensor
    bias: Tensor
    step: Tensor
    sum_step: Tensor

    def __init__(self, convolution: nn.Conv2d, step_in: float) -> None:
        super().__init__()
        assert convolution.bias is not None  # noqa: S101
        weight, bias = convolution.weight.detach(), convolution.bias.detach()
        largest_weight = weight.flatten(1).abs().amax(1) / LARGEST_WEIGHT
        step = power_of_two(torch.maximum(largest_weight, bias.abs() / (LARGEST_BIAS * step_in)))
        self.register_buffer("step", step)
        self.register_buffer("sum_step", step * step_in)
        self.register_buffer("weight", (weight / step[:, None, None, None]).round().to(torch.int8))
        self.register_buffer("bias", (bias / self.sum_step).round().to(torch.int32))
        self.stride, self.padding = convolution.stride, convolution.padding
        if (largest := self.largest_sum()) > LARGEST_SUM:
            raise RecognizerError(f"a convolution of {tuple(weight.shape)} weights adds up to {largest:,}: too wide")

    def largest_sum(self) -> int:
        """Return the largest absolute sum for any maps, in steps of the sums."""
        return int((self.weight.flatten(1).int().abs().sum(1) * LARGEST_BYTE + self.bias.abs()).max())

    def forward(self, maps: Tensor) -> Tensor:
        weight = _dequantize_channels(self.weight, self.step, None, 0, -LARGEST_WEIGHT, LARGEST_WEIGHT, torch.int8)
        bias = _dequantize_channels(self.bias, self.sum_step, None, 0, -LARGEST_SUM, LARGEST_SUM, torch.int32)
        return conv2d(maps, weight, bias, self.stride, self.padding)


def quantise(network: Kind, pictures: Iterable[Tensor]) -> Kind:
    """Return a copy on the CPU that computes in whole numbers, to serve, not to train.

    pictures: batches, each (n, 1, H, W) float32 in [0, 1]; the range of the maps they produce sets the maps' steps.
    Raises `RecognizerError` if the network is too wide for exact sums.
    """
    copy: Any = deepcopy(network).cpu().eval()
    parts = [add_levels(part) for part in copy.body]
    parts[0][0].weight.data /= LARGEST_BYTE
    grays = Grays()
    copy.body = nn.Sequential(grays, *parts)
    set_steps(copy, pictures)
    step = grays.step
    for part in parts:
        match part[0]:
            case Residual() as block:
                round_convolution(block.second, round_convolution(block.first, step))
                step = part[-1].step
            case _:
                step = round_convolution(part, step)
    copy.evidence = WholeConvolution(copy.evidence, step)
    return copy  # type: ignore[no-any-return]


def add_levels(part: Any) -> Any:
    """Add levels to a part of the body and fold its normalisations into the convolutions."""
    if isinstance(part, Residual):
        part.first = add_levels(part.first)
        part.second = nn.Sequential(*fold_normalisation(part.second), Levels(signed=True))
        return nn.Sequential(part, Levels())
    return nn.Sequential(*fold_normalisation(part), Levels())


def fold_normalisation(layers: Any) -> list[nn.Module]:
    convolution, normalisation, *rest = layers
    return [fuse_conv_bn_eval(convolution, normalisation), *rest]


def round_convolution(layers: Any, step_in: float) -> float:
    """Replace the layers' first convolution by whole numbers, in place; return the step of the layers' output."""
    layers[0] = WholeConvolution(layers[0], step_in)
    return float(layers[-1].step)


def set_steps(network: nn.Module, pictures: Iterable[Tensor]) -> None:
    """Run the network on the pictures to set the steps of all levels; from then on they round."""
    with torch.no_grad():
        for part in pictures:
            network(part)
    for module in network.modules():
        if isinstance(module, Levels):
            module.set_step()


def power_of_two(least: Tensor) -> Tensor:
    """Return the smallest power of two that is at least `least`; 1 for 0."""
    mantissa, exponent = torch.frexp(least)  # 0.5 ≤ mantissa < 1
    return torch.ldexp(torch.ones_like(least), exponent - (mantissa == 0.5).int())
