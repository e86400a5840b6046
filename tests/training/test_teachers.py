"""Learning from what released models say."""

from dataclasses import replace

import pytest
import torch

from recognizer.errors import RecognizerError
from recognizer.model import MODELS, Model
from recognizer.training.fit import Fit
from recognizer.training.serving import Calibration
from recognizer.training.teachers import Teachers, distance, logits_of
from tests.training.tiny import TINY

TAUGHT = replace(TINY, epochs=1, calm_epochs=0, teachers=("digits_v5", "digits_v9"), taught=1.0)


@pytest.fixture(scope="module")
def pictures() -> torch.Tensor:
    return torch.rand(40, 1, 28, 28, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("name", TAUGHT.teachers)
def test_what_a_model_says_is_what_its_calibration_makes_its_answer_of(pictures, name):
    model = Model(MODELS / name)
    chances = torch.softmax(Calibration(**model.card["calibration"])(logits_of(model, pictures)), 1)
    probabilities, confidence = map(torch.from_numpy, model(pictures.numpy()))
    assert torch.allclose(chances[:, :10].amax(1), confidence, atol=1e-5)
    assert torch.allclose(chances[:, :10] / chances[:, :10].sum(1, keepdim=True), probabilities, atol=1e-5)


def test_several_say_what_they_say_in_the_mean(pictures):
    each = [Teachers(replace(TAUGHT, teachers=(name,)))(pictures) for name in TAUGHT.teachers]
    assert torch.allclose(Teachers(TAUGHT)(pictures), (each[0] + each[1]) / 2)
    assert Teachers(TINY)(pictures).shape == (40, 0)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("held_out_mnist", 3001),
        ("held_out_pen_writers", ("train28", "train1")),
        ("held_out_letter_writers", ("uji07",)),
    ],
)
def test_who_learnt_from_what_is_held_out_does_not_teach(name, value):
    with pytest.raises(RecognizerError, match=f"digits_v5 cannot teach: it learnt from some of {name}$"):
        Teachers(replace(TAUGHT, **{name: value}))


def test_a_teacher_that_is_not_here_is_told_before_anything_is_made(digits_data, tmp_path):
    with pytest.raises(RecognizerError, match="digits_v999"):
        Fit(replace(TAUGHT, teachers=("digits_v999",)), tmp_path / "checkpoint.pt")


def test_nobody_is_nearer_to_what_was_told_than_who_says_the_same():
    told = torch.randn(30, 11, generator=torch.Generator().manual_seed(0))
    logits = told.clone().requires_grad_()
    distance(logits, told, 2.0).backward()
    assert logits.grad is not None and logits.grad.abs().max() < 1e-6
    assert all(distance(told + torch.randn(30, 11), told, 2.0) > distance(told, told, 2.0) for _ in range(10))


def test_labels_do_not_count_where_all_is_told(digits_data, tmp_path):
    fit = Fit(TAUGHT, tmp_path / "checkpoint.pt")
    batch = next(fit.training_set.batches(1))
    assert batch.told.shape == (len(batch.classes), 11)
    logits = torch.randn(len(batch.classes), 11)
    other = batch._replace(classes=(batch.classes + 1) % 11)
    assert fit.loss(logits, batch) == fit.loss(logits, other)
    half = Fit(replace(TAUGHT, taught=0.5), tmp_path / "half.pt")
    assert half.loss(logits, batch) != half.loss(logits, other)
    fit.run(lambda event: None)
