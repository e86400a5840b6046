"""The network in whole numbers."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import numpy_helper
from torch import nn

from recognizer.training.config import PRESETS
from recognizer.training.network import Network
from recognizer.training.quantised import LARGEST_WEIGHT, Grays, Levels, quantised, steps_of
from recognizer.training.serving import OUTPUTS, Calibration, Serving, export


@pytest.fixture(scope="module")
def network() -> Network:
    """With normalisations that do something, and evidence for each class somewhere."""
    torch.manual_seed(0)
    network = Network(PRESETS["smallest"]).train()
    for _ in range(20):
        network(torch.rand(16, 1, 28, 28))
    return network.eval()


@pytest.fixture(scope="module")
def pictures() -> torch.Tensor:
    return torch.rand(60, 1, 28, 28, generator=torch.Generator().manual_seed(1))


@pytest.fixture(scope="module")
def file(network, pictures, tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("model") / "model.onnx"
    export(quantised(network, pictures), Calibration(0.8, -0.3), file)
    return file


def test_it_answers_nearly_as_it_did(network, pictures):
    with torch.no_grad():
        wanted, found = network(pictures), quantised(network, pictures)(pictures)
    assert (found - wanted).abs().max() < 0.1 * wanted.std()


def test_the_network_itself_stays_as_it_was(network, pictures):
    before = [value.clone() for value in network.state_dict().values()]
    quantised(network, pictures)
    assert all(torch.equal(a, b) for a, b in zip(before, network.state_dict().values(), strict=True))


def test_all_that_is_multiplied_and_added_is_whole_numbers_of_known_steps(network, pictures):
    """Of at most seven bits, eight and 24: then float32 rounds none of the sums, in whatever order."""
    whole = quantised(network, pictures)
    maps = {}
    for part in whole.modules():
        if isinstance(part, Levels):
            part.register_forward_hook(lambda part, _, output: maps.update({part: output}))
        elif isinstance(part, nn.Conv2d):
            part.register_forward_hook(lambda part, given, sums: maps.update({part: (given[0], sums)}))
    with torch.no_grad():
        whole(pictures)
    step = 1.0
    for part in whole.modules():
        if isinstance(part, Levels):
            step = part.step
            levels = maps[part] / step + part.zero
            assert torch.equal(levels, levels.round().clamp(0, 255))
        elif isinstance(part, nn.Conv2d):
            steps = steps_of(part.weight)[:, None, None, None]
            weights, sums = part.weight / steps, maps[part][1] / (step * steps[:, 0])
            assert torch.equal(weights, weights.round()) and weights.abs().max() <= LARGEST_WEIGHT
            assert torch.equal(sums, sums.round()) and sums.abs().max() < 2**24


def test_pixels_are_bytes_however_dark_the_pictures_were(network, pictures):
    whole = quantised(network, pictures / 4)
    grays = next(part for part in whole.modules() if isinstance(part, Grays))
    assert torch.equal(grays(pictures), (255 * pictures).round())


def test_a_channel_that_says_nothing_has_weights_of_zero(network, pictures):
    silent = Network(PRESETS["smallest"]).eval()
    silent.load_state_dict(network.state_dict())
    silent.evidence.weight.data[3] = 0
    assert not quantised(silent, pictures).evidence.weight[3].any()


@pytest.mark.parametrize("count", [1, 2, 9])
def test_the_file_answers_as_torch_does_alone_and_in_batches(network, pictures, file, count):
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    found = session.run(OUTPUTS, {"picture": pictures[:count].numpy()})
    with torch.no_grad():
        wanted = Serving(quantised(network, pictures), Calibration(0.8, -0.3))(pictures[:count])
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_allclose(one, other.numpy(), atol=1e-6)


def test_a_runtime_that_computes_in_float32_has_the_same_evidence_to_the_last_bit(pictures, file):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    plain = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    quick = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    found, wanted = (one.run(["evidence"], {"picture": pictures.numpy()})[0] for one in (plain, quick))
    assert (found == wanted).all()


def test_the_file_holds_its_weights_as_bytes_and_the_runtime_multiplies_bytes(file, tmp_path):
    model = onnx.load(file)
    arrays = [numpy_helper.to_array(one) for one in model.graph.initializer]
    assert {array.dtype for array in arrays if array.ndim == 4} == {np.dtype(np.int8)}
    assert file.stat().st_size < 1.5 * sum(array.size for array in arrays)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(tmp_path / "optimised.onnx")
    onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    kinds = [node.op_type for node in onnx.load(tmp_path / "optimised.onnx").graph.node]
    blocks = sum(PRESETS["smallest"].residuals)
    assert kinds.count("QLinearConv") == 3 + 2 * blocks and kinds.count("QLinearAdd") == blocks
    assert kinds.count("Conv") == 1  # the evidence
