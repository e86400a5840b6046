"""The network quantised to whole numbers."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn.functional import conv2d

from recognizer.card import Calibration
from recognizer.errors import RecognizerError
from recognizer.model import MODELS
from recognizer.recognizer import SHIPPED
from recognizer.training.config import PRESETS, Config
from recognizer.training.export import to_onnx
from recognizer.training.network import Network
from recognizer.training.quantised import (
    LARGEST_SUM,
    LARGEST_WEIGHT,
    Levels,
    WholeConvolution,
    power_of_two,
    quantise,
)
from recognizer.training.serving import Serving, export

SMALLEST = PRESETS["smallest"]


def network_of(config: Config) -> Network:
    """A network whose normalisations have an effect."""
    torch.manual_seed(0)
    network = Network(config).train()
    with torch.no_grad():
        for _ in range(5):
            network(torch.rand(16, 1, 28, 28))
    return network.eval()


@pytest.fixture(scope="module")
def pictures() -> Tensor:
    return torch.rand(60, 1, 28, 28, generator=torch.Generator().manual_seed(1))


@pytest.fixture(scope="module")
def network() -> Network:
    return network_of(SMALLEST)


@pytest.fixture(scope="module")
def whole(network, pictures) -> Network:
    return quantise(network, [pictures])


@pytest.fixture(scope="module")
def file(whole, tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("model") / "model.onnx"
    export(whole, Calibration(0.8, -0.3), file)
    return file


def test_a_quantised_network_answers_almost_as_before(network, whole, pictures):
    with torch.no_grad():
        wanted, found = network(pictures), whole(pictures)
    assert (found - wanted).abs().max() < 0.1 * wanted.std()


def test_quantising_does_not_change_the_network(network, pictures):
    before = deepcopy(network.state_dict())
    quantise(network, [pictures])
    assert all(torch.equal(a, b) for a, b in zip(before.values(), network.state_dict().values(), strict=True))
    assert not any(isinstance(part, Levels | WholeConvolution) for part in network.modules())


@pytest.mark.parametrize("config", [SMALLEST, Config()], ids=["smallest", "shipped"])
def test_every_sum_is_of_whole_numbers_that_float32_holds_in_any_order(config, pictures):
    whole = quantise(network_of(config), [pictures])
    for convolution, maps in convolved(whole, pictures):
        step_in = convolution.sum_step[0] / convolution.step[0]
        maps = maps / step_in
        assert torch.equal(maps, maps.round()) and 1 < maps.max() <= 255
        weight, bias = convolution.weight.float(), convolution.bias.float()
        assert weight.abs().max() <= LARGEST_WEIGHT
        sums = conv2d(maps.abs(), weight.abs(), bias.abs(), convolution.stride, convolution.padding)
        assert sums.max() <= convolution.largest_sum() <= LARGEST_SUM


def convolved(whole: nn.Module, pictures: Tensor) -> Iterator[tuple[WholeConvolution, Tensor]]:
    """Each convolution with its input."""
    given = []
    hooks = [
        part.register_forward_hook(lambda part, maps, sums: given.append((part, maps[0])))
        for part in whole.modules()
        if isinstance(part, WholeConvolution)
    ]
    with torch.no_grad():
        whole(pictures)
    for hook in hooks:
        hook.remove()
    yield from given


def test_steps_are_powers_of_two(whole):
    steps = [torch.tensor([part.step]) for part in whole.modules() if isinstance(part, Levels)]
    steps += [part.step for part in whole.modules() if isinstance(part, WholeConvolution)]
    assert (torch.frexp(torch.cat(steps)).mantissa == 0.5).all()


def test_a_step_is_the_least_power_of_two_that_fits():
    given = torch.tensor([1.0, 1.0001, 0.5, 0.3, 3.0, 2.0**-40, 0.0])
    assert power_of_two(given).tolist() == [1.0, 2.0, 0.5, 0.5, 4.0, 2.0**-40, 1.0]


def test_values_beyond_the_byte_range_are_clipped():
    for signed, expected in ((False, [0.0, 0.5, 255.0]), (True, [-64.0, 0.5, 63.5])):
        levels = Levels(signed)
        levels(torch.tensor([250.0 if not signed else 60.0]))
        levels.set_step()
        assert levels(torch.tensor([-1000.0, 0.5, 1000.0])).tolist() == pytest.approx(expected, abs=0.5)


def test_pixels_are_bytes_however_dark_the_pictures_were(network, pictures):
    grays = quantise(network, [pictures / 4]).body[0]
    assert torch.equal(grays(pictures), (255 * pictures).round())


@pytest.mark.slow
def test_a_channel_of_zeros_does_not_break_the_file(network, pictures, tmp_path):
    silent = deepcopy(network)
    silent.evidence.weight.data[3] = 0
    silent.body[0][1].weight.data[2] = 1e-12  # a normalisation that passes only its bias
    export(quantise(silent, [pictures]), Calibration(0.8, -0.3), tmp_path / "model.onnx")  # compares with torch
    session = onnxruntime.InferenceSession(tmp_path / "model.onnx", providers=["CPUExecutionProvider"])
    (evidence,) = session.run(["evidence"], {"picture": pictures.numpy()})
    wanted = silent.evidence.bias[3].item() / 0.8
    np.testing.assert_allclose(evidence[:, 3], wanted, rtol=1e-5)


def test_a_network_too_wide_for_exact_sums_is_refused(pictures):
    wide = network_of(replace(SMALLEST, channels=(8, 16, 256)))
    widest: Any = wide.body[-1]
    with torch.no_grad():
        widest.first[0].weight.fill_(0.01)  # each more than half of its channel's largest
    with pytest.raises(RecognizerError, match=r"\(256, 256, 3, 3\) weights adds up to .*: too wide"):
        quantise(wide, [pictures])


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 2, 9])
def test_the_file_has_the_evidence_of_torch_to_the_last_bit(whole, pictures, file, count):
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    (found,) = session.run(["evidence"], {"picture": pictures[:count].numpy()})
    with torch.no_grad():
        _, _, wanted, _ = Serving(whole, Calibration(0.8, -0.3))(pictures[:count])
    np.testing.assert_array_equal(found, wanted.numpy())


def test_a_runtime_in_float32_has_the_evidence_of_the_shipped_model_to_the_last_bit(pictures):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    shipped = MODELS / SHIPPED / "model.onnx"
    plain = onnxruntime.InferenceSession(shipped, options, providers=["CPUExecutionProvider"])
    quick = onnxruntime.InferenceSession(shipped, providers=["CPUExecutionProvider"])
    found, wanted = (session.run(["evidence"], {"picture": pictures.numpy()})[0] for session in (plain, quick))
    np.testing.assert_array_equal(found, wanted)


def test_the_file_holds_its_weights_as_bytes_and_the_runtime_multiplies_bytes(file, tmp_path):
    arrays = [numpy_helper.to_array(tensor) for tensor in onnx.load(file).graph.initializer]
    assert {array.dtype for array in arrays if array.ndim == 4} == {np.dtype(np.int8)}
    assert file.stat().st_size < 1.5 * sum(array.size for array in arrays)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(tmp_path / "optimised.onnx")
    onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    kinds = [node.op_type for node in onnx.load(tmp_path / "optimised.onnx").graph.node]
    blocks = sum(SMALLEST.residuals)
    assert kinds.count("QLinearConv") == 3 + 2 * blocks and kinds.count("QLinearAdd") == blocks
    assert kinds.count("Conv") == 1  # the evidence


@pytest.mark.slow
def test_a_file_that_disagrees_with_torch_is_not_written(whole, tmp_path, monkeypatch):
    def spoiled(*given) -> onnx.ModelProto:
        model = to_onnx(*given)
        bias = next(tensor for tensor in model.graph.initializer if tensor.name.endswith("evidence.bias"))
        bias.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(bias) + 1, bias.name))
        return model

    monkeypatch.setattr("recognizer.training.serving.to_onnx", spoiled)
    with pytest.raises(RecognizerError, match="would not answer as torch does: evidence by"):
        export(whole, Calibration(0.8, -0.3), tmp_path / "model.onnx")
    assert not (tmp_path / "model.onnx").exists()
