"""Distillation from released models."""

import hashlib
import json
import shutil
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch

from recognizer.card import Calibration
from recognizer.datasets.sets import NOT_A_DIGIT
from recognizer.errors import RecognizerError
from recognizer.model import MODELS, Model
from recognizer.recognizer import SHIPPED
from recognizer.training import teachers
from recognizer.training.config import PRESETS
from recognizer.training.fit import Fit
from recognizer.training.network import Network
from recognizer.training.quantised import quantise
from recognizer.training.serving import export
from recognizer.training.teachers import Teachers, distillation_loss, folder_of, overrule, teacher_logits
from tests.support.training import TINY

pytestmark = pytest.mark.slow

TAUGHT = replace(TINY, epochs=1, calm_epochs=0, teachers=("one", "other"), distillation=1.0)
CALIBRATION = Calibration(0.8, -1.3)


@pytest.fixture(scope="module")
def pictures() -> torch.Tensor:
    return torch.rand(40, 1, 28, 28, generator=torch.Generator().manual_seed(0))


@pytest.fixture(scope="module")
def networks(pictures) -> dict[str, Network]:
    """Two untrained networks, in the exported form."""
    made = {}
    for seed, name in enumerate(TAUGHT.teachers):
        torch.manual_seed(seed)
        made[name] = quantise(Network(TINY), [pictures])
    return made


@pytest.fixture(scope="module")
def archive(networks, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    for name, network in networks.items():
        (folder / name).mkdir()
        export(network, CALIBRATION, folder / name / "model.onnx")
        card = {
            "name": name,
            "version": 1,
            "sha256": hashlib.sha256((folder / name / "model.onnx").read_bytes()).hexdigest(),
            "labels": [str(digit) for digit in range(10)],
            "rule": {"digit": 0.5, "sure": 0.5},
            "calibration": asdict(CALIBRATION),
            "config": TINY.as_dict(),
        }
        (folder / name / "model.json").write_text(json.dumps(card))
    return folder


@pytest.fixture(autouse=True)
def archived(archive, monkeypatch):
    monkeypatch.setattr(teachers, "ARCHIVE", archive)


def test_teacher_logits_are_those_before_calibration(pictures, networks, archive):
    with torch.no_grad():
        wanted = torch.log_softmax(networks["one"](pictures), 1)
    assert torch.allclose(teacher_logits(Model(archive / "one"), pictures), wanted, atol=1e-4)


def test_a_certain_teacher_gives_finite_logits(pictures, archive):
    model = Model(archive / "one")
    ask = model.session.run

    class Sure:
        """A teacher that gives 1 a probability of one, as a trained network may."""

        def run(self, picture):
            probabilities, confidence = ask(picture=picture)
            probabilities[:], confidence[:] = 0, 1
            probabilities[:, 1] = 1
            return [probabilities, confidence]

    model.session = Sure()  # type: ignore[assignment]
    said = teacher_logits(model, pictures)
    assert said.isfinite().all() and (said.argmax(1) == 1).all()


def test_several_teachers_are_averaged(pictures):
    each = [Teachers(replace(TAUGHT, teachers=(name,)))(pictures) for name in TAUGHT.teachers]
    assert torch.allclose(Teachers(TAUGHT)(pictures), (each[0] + each[1]) / 2)
    assert Teachers(TINY)(pictures).shape == (40, 0)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"held_out_mnist": 51}, "1 pictures of MNIST"),
        ({"held_out_pen_writers": ("train28", "train2", "train1")}, "train1, train2"),
        ({"held_out_letter_writers": ("uji07", "uji08")}, "uji07"),
    ],
)
def test_a_model_that_saw_held_out_data_cannot_teach(changes, told):
    with pytest.raises(RecognizerError, match=f"one cannot teach: it learnt from data that is held out here: {told}$"):
        Teachers(replace(TAUGHT, **changes))


@pytest.mark.parametrize("lacking", ["calibration", "config"])
def test_a_model_with_an_incomplete_card_cannot_teach(lacking, archive, tmp_path, monkeypatch):
    monkeypatch.setattr(teachers, "ARCHIVE", tmp_path)
    shutil.copytree(archive / "one", tmp_path / "one")
    card = json.loads((archive / "one/model.json").read_text())
    del card[lacking]
    (tmp_path / "one/model.json").write_text(json.dumps(card))
    with pytest.raises(RecognizerError, match="one cannot teach: its card lacks calibration or config"):
        Teachers(replace(TAUGHT, teachers=("one",)))


def test_a_missing_teacher_is_reported_before_anything_is_made(digits_data, tmp_path):
    with pytest.raises(RecognizerError, match="teacher nobody not found: train in a clone"):
        Fit(replace(TAUGHT, teachers=("nobody",)), tmp_path / "checkpoint.pt")


def test_the_teachers_of_the_shipped_model_are_in_the_repository_and_may_teach_again(monkeypatch):
    monkeypatch.undo()
    assert Teachers(PRESETS["shipped"])(torch.zeros(1, 1, 28, 28)).shape == (1, 11)


def test_a_shipped_model_may_teach_too():
    assert folder_of(SHIPPED) == MODELS / SHIPPED


def test_the_distillation_loss_is_least_for_equal_logits():
    said = torch.randn(30, 11, generator=torch.Generator().manual_seed(0))
    logits = said.clone().requires_grad_()
    distillation_loss(logits, said, 2.0).backward()
    assert logits.grad is not None and logits.grad.abs().max() < 1e-6
    assert all(
        distillation_loss(said + torch.randn(30, 11), said, 2.0) > distillation_loss(said, said, 2.0) for _ in range(10)
    )


def test_a_temperature_softens_the_teacher_and_keeps_the_gradient_scale():
    said, logits = torch.tensor([[4.0, 0.0]]), torch.zeros(1, 2, requires_grad=True)
    at_1 = torch.autograd.grad(distillation_loss(logits, said / 2, 1.0), logits)[0]
    at_2 = torch.autograd.grad(distillation_loss(logits, said, 2.0), logits)[0]
    assert torch.allclose(at_2, 2 * at_1)  # the logits' own division by 2 takes one of the two factors back


def test_labels_do_not_matter_under_full_distillation(digits_data, tmp_path):
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


def test_the_label_overrules_teachers_only_where_they_are_known_to_be_wrong():
    fives = torch.full((3, 11), -9.0)
    fives[:, 5] = 0.0
    classes, misread = torch.tensor([NOT_A_DIGIT, NOT_A_DIGIT, 5]), torch.tensor([True, False, True])
    ruled = overrule(fives, classes, misread)
    assert ruled.argmax(1).tolist() == [NOT_A_DIGIT, 5, 5]
    assert torch.equal(ruled[1:], fives[1:])
    assert torch.softmax(ruled[0], 0)[NOT_A_DIGIT] > 0.999


def test_without_teachers_nothing_is_overruled():
    assert overrule(torch.empty(2, 0), torch.tensor([1, 2]), torch.tensor([True, True])).shape == (2, 0)
