"""Convolutions as Winograd's products."""

import pytest
import torch
from torch import nn

from recognizer.training.config import PRESETS
from recognizer.training.network import Network
from recognizer.training.serving import Calibration, Serving, in_rows, rounded
from recognizer.training.winograd import RowConvolution, transforms


@pytest.mark.parametrize("side", [4, 7, 14, 1])
def test_rows_are_the_convolution(side):
    torch.manual_seed(side)
    convolution = nn.Conv2d(5, 3, 3, padding=1)
    maps = torch.randn(2, 5, side, side)
    torch.testing.assert_close(RowConvolution(convolution, side)(maps), convolution(maps), atol=1e-5, rtol=1e-5)


def test_a_row_takes_six_products_for_four_outputs():
    spread, gathered = transforms(8)
    assert spread.shape == (12, 8) and gathered.shape == (8, 12)


def test_a_network_in_rows_answers_as_it_did():
    torch.manual_seed(0)
    serving = rounded(Serving(Network(PRESETS["smallest"]).eval(), Calibration(0.8, -0.3)).eval())
    pictures = torch.rand(3, 1, 28, 28)
    for found, wanted in zip(in_rows(serving)(pictures), serving(pictures), strict=True):
        torch.testing.assert_close(found, wanted, atol=1e-5, rtol=1e-5)
