"""Muon and AdamW each update their share of the weights, in the network itself."""

from copy import deepcopy

import torch

from recognizer.training.network import Network
from recognizer.training.optimiser import Optimiser, is_kernel, matrix_of
from tests.support.training import TINY

STEPS = 100


def network() -> Network:
    torch.manual_seed(0)
    return Network(TINY).to(memory_format=torch.channels_last)  # type: ignore[call-overload]


def step(model: Network, optimiser: Optimiser) -> None:
    torch.manual_seed(1)
    model.zero_grad()
    model(torch.rand(4, 1, 28, 28)).square().sum().backward()
    optimiser.step()


def test_kernels_are_convolutions_from_several_channels_over_several_places():
    names = {name for name, weight in network().named_parameters() if is_kernel(weight)}
    assert "body.1.0.weight" in names
    assert not names & {"body.0.0.weight", "evidence.weight", "evidence.bias", "body.1.1.weight"}


def test_a_kernel_and_its_matrix_are_the_same_memory():
    kernel = next(weight for weight in network().parameters() if is_kernel(weight))
    assert matrix_of(kernel).data_ptr() == kernel.data_ptr()
    assert matrix_of(kernel).shape == (kernel.shape[0], kernel[0].numel())


def test_every_weight_moves():
    model = network()
    before = {name: weight.detach().clone() for name, weight in model.named_parameters()}
    optimiser = Optimiser(model, TINY, STEPS)
    for _ in range(3):
        step(model, optimiser)
    assert [name for name, weight in model.named_parameters() if torch.equal(weight, before[name])] == []


def test_the_optimiser_resumes_from_its_state_to_the_same_weights():
    whole, resumed = network(), network()
    first = Optimiser(whole, TINY, STEPS)
    step(whole, first)
    resumed.load_state_dict(whole.state_dict())
    second = Optimiser(resumed, TINY, STEPS)
    second.load_state_dict(deepcopy(first.state_dict()))
    step(whole, first)
    step(resumed, second)
    assert all(torch.equal(value, resumed.state_dict()[name]) for name, value in whole.state_dict().items())


def test_both_rates_rise_and_fall():
    optimiser = Optimiser(network(), TINY, STEPS)
    rates = []
    for _ in range(STEPS - 1):
        optimiser.step()
        rates.append([part.param_groups[0]["lr"] for part in optimiser.parts])
    assert all(muon == adam for muon, adam in rates)
    assert max(rates)[0] == TINY.learning_rate and rates[-1][0] < TINY.learning_rate / 1000
