"""Learning from what released models say."""

from dataclasses import replace

import pytest
import torch

from recognizer.errors import RecognizerError
from recognizer.model import MODELS, Model
from recognizer.training.fit import Fit
from recognizer.training.network import Network
from recognizer.training.quantised import quantised
from recognizer.training.serving import Calibration, export
from recognizer.training.teachers import Teachers, distillation_loss, teacher_logits
from tests.training.tiny import TINY

TAUGHT = replace(TINY, epochs=1, calm_epochs=0, teachers=("digits_v5", "digits_v9"), distillation=1.0)


@pytest.fixture(scope="module")
def pictures() -> torch.Tensor:
    return torch.rand(40, 1, 28, 28, generator=torch.Generator().manual_seed(0))


def test_what_a_model_says_is_what_it_said_before_calibration(pictures, tmp_path):
    torch.manual_seed(0)
    network = quantised(Network(TINY), pictures)
    calibration = Calibration(0.8, -1.3)
    export(network, calibration, tmp_path / "model.onnx")
    model = Model(MODELS / "digits_v9")
    model.session = type(model.session)(tmp_path / "model.onnx", ["picture"], ["probabilities", "confidence"])
    model.card = model.card | {"calibration": {"temperature": calibration.temperature, "bias": calibration.bias}}
    with torch.no_grad():
        wanted = torch.log_softmax(network(pictures), 1)
    assert torch.allclose(teacher_logits(model, pictures), wanted, atol=1e-4)


def test_who_is_sure_says_finite_numbers(pictures):
    model = Model(MODELS / "digits_v9")
    one = torch.zeros(1, 1, 28, 28)
    one[:, :, 4:24, 13:16] = 1
    said = teacher_logits(model, torch.cat([one, 0 * one]))
    assert said.isfinite().all() and said[0].argmax() == 1


def test_several_say_what_they_say_in_the_mean(pictures):
    each = [Teachers(replace(TAUGHT, teachers=(name,)))(pictures) for name in TAUGHT.teachers]
    assert torch.allclose(Teachers(TAUGHT)(pictures), (each[0] + each[1]) / 2)
    assert Teachers(TINY)(pictures).shape == (40, 0)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"held_out_mnist": 3001}, "1 pictures of MNIST"),
        ({"held_out_pen_writers": ("train28", "train2", "train1")}, "train1, train2"),
        ({"held_out_letter_writers": ("uji07", "uji08")}, "uji07"),
    ],
)
def test_who_learnt_from_what_is_held_out_does_not_teach(changes, told):
    with pytest.raises(RecognizerError, match=f"digits_v5 cannot teach: what is held out here it learnt from: {told}$"):
        Teachers(replace(TAUGHT, **changes))


def test_whose_card_does_not_say_what_is_needed_does_not_teach():
    with pytest.raises(RecognizerError, match="digits_v1 cannot teach: its card lacks calibration or config"):
        Teachers(replace(TAUGHT, teachers=("digits_v1",)))


def test_a_teacher_that_is_not_here_is_told_before_anything_is_made(digits_data, tmp_path):
    with pytest.raises(RecognizerError, match="digits_v999"):
        Fit(replace(TAUGHT, teachers=("digits_v999",)), tmp_path / "checkpoint.pt")


def test_nobody_is_nearer_to_what_was_said_than_who_says_the_same():
    said = torch.randn(30, 11, generator=torch.Generator().manual_seed(0))
    logits = said.clone().requires_grad_()
    distillation_loss(logits, said, 2.0).backward()
    assert logits.grad is not None and logits.grad.abs().max() < 1e-6
    assert all(
        distillation_loss(said + torch.randn(30, 11), said, 2.0) > distillation_loss(said, said, 2.0) for _ in range(10)
    )


def test_a_temperature_softens_what_was_said_and_keeps_the_loss_as_steep():
    said, logits = torch.tensor([[4.0, 0.0]]), torch.zeros(1, 2, requires_grad=True)
    at_1 = torch.autograd.grad(distillation_loss(logits, said / 2, 1.0), logits)[0]
    at_2 = torch.autograd.grad(distillation_loss(logits, said, 2.0), logits)[0]
    assert torch.allclose(at_2, 2 * at_1)  # the logits' own division by 2 takes one of the two factors back


def test_labels_do_not_count_where_all_is_distilled(digits_data, tmp_path):
    fit = Fit(TAUGHT, tmp_path / "checkpoint.pt")
    batch = next(fit.training_set.batches(1))
    assert batch.teacher_logits.shape == (len(batch.classes), 11)
    logits = torch.randn(len(batch.classes), 11)
    other = batch._replace(classes=(batch.classes + 1) % 11)
    assert fit.loss(logits, batch) == fit.loss(logits, other)
    half = Fit(replace(TAUGHT, distillation=0.5), tmp_path / "half.pt")
    assert half.loss(logits, batch) != half.loss(logits, other)
    fit.run(lambda event: None)
    assert [epoch.number for epoch in fit.epochs] == [1]
