"""Calibration, and the exported file."""

from dataclasses import replace

import numpy as np
import onnx
import pytest
import torch

from recognizer.card import Calibration
from recognizer.datasets.sets import NOT_A_DIGIT
from recognizer.doors.session import DOORS
from recognizer.model import MODELS
from recognizer.recognizer import SHIPPED
from recognizer.training.config import PRESETS, Config
from recognizer.training.network import Network
from recognizer.training.serving import Serving, fit_calibration, rule_of


def known_logits(count: int, share: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits that are logarithms of true probabilities, and classes drawn by them; `share` are non-digits."""
    generator = torch.Generator().manual_seed(0)
    logits = 2.5 * torch.randn(count, 11, generator=generator)
    logits[:, NOT_A_DIGIT] = logits[:, :NOT_A_DIGIT].logsumexp(1) + np.log(share / (1 - share))
    return logits, torch.multinomial(logits.softmax(1), 1, generator=generator)[:, 0]


def test_calibration_undoes_a_temperature():
    logits, classes = known_logits(20_000, 0.5)
    found = fit_calibration(3 * logits, classes, 0.5)
    assert found.temperature == pytest.approx(3, rel=0.03) and found.bias == pytest.approx(0, abs=0.05)


def test_confidence_is_calibrated_for_the_requested_share_of_non_digits():
    logits, classes = known_logits(20_000, 0.5)
    seldom = fit_calibration(logits, classes, 0.05)
    assert seldom.bias == pytest.approx(np.log(0.05 / 0.95), abs=0.1)


@pytest.mark.parametrize(("declined", "sure"), [(0.3, 0.0), (0.3, 0.3), (0.5, 0.4)])
def test_the_threshold_declines_the_chosen_share_of_digits(declined, sure):
    logits, classes = known_logits(20_000, 0.05)
    logits[:, NOT_A_DIGIT] += torch.randn(20_000, generator=torch.Generator().manual_seed(1))
    config = replace(PRESETS["smallest"], declined_digits=declined, sure=sure, digit_range=(0.0, 1.0))
    rule = rule_of(logits, classes, Calibration(1, 0), config)
    chances = logits.softmax(1)[classes != NOT_A_DIGIT, :NOT_A_DIGIT]
    confidence, best = chances.amax(1), (chances / chances.sum(1, keepdim=True)).amax(1)
    reasons = [rule.reason(*pair) for pair in zip(confidence.tolist(), best.tolist(), strict=True)]
    assert np.mean([reason is not None for reason in reasons]) == pytest.approx(declined, abs=0.02)
    assert "not a digit" in reasons and ("unsure" in reasons) == (sure > 0)


@pytest.mark.parametrize("file", [DOORS / "strokes.onnx", MODELS / SHIPPED / "model.onnx"])
def test_networks_for_the_browser_never_cast(file):
    """onnxruntime's cast is half a megabyte of machine code, which browsers compile for a second once it is hot."""
    assert "Cast" not in [node.op_type for node in onnx.load(file).graph.node]


def test_the_threshold_stays_within_its_bounds():
    classes = torch.arange(100) % 10
    sure = 50 * torch.nn.functional.one_hot(classes, 11).float()
    low, high = Config().digit_range
    assert rule_of(sure, classes, Calibration(1, 0), Config()).digit == high
    assert rule_of(torch.zeros(100, 11), classes, Calibration(1, 0), Config()).digit == low


def test_probabilities_sum_to_1_and_confidence_is_no_more_than_the_best():
    torch.manual_seed(0)
    serving = Serving(Network(Config()).eval(), Calibration(0.7, 0))
    probabilities, confidence, evidence, features = serving(torch.rand(5, 1, 28, 28))
    assert torch.allclose(probabilities.sum(1), torch.ones(5), atol=1e-6)
    assert (confidence <= probabilities.amax(1)).all()
    assert evidence.shape == (5, 10, 7, 7) and features.shape == (5, 96)
