"""Networks of every range, polarity, order of axes, shape and output are imported, and answer as before."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto

import recognizer
from recognizer.doors.session import Session
from recognizer.importing.contract import OutputFormat, fit_contract
from recognizer.importing.graphs import check_network, read_graph
from recognizer.importing.importing import import_model
from recognizer.importing.trying import RANGES, calibrate, find_format, input_formats, own_digits
from recognizer.model import Model
from tests.support import networks

pytestmark = pytest.mark.filterwarnings("ignore::Warning")  # Keras and torch warn while they write files


@pytest.fixture(autouse=True)
def without_data_sets(monkeypatch, tmp_path):
    monkeypatch.delenv("DIGITS_DATA", raising=False)
    monkeypatch.setattr("recognizer.datasets.sources.cache_folder", lambda: tmp_path)


def read(model, name="n.onnx"):
    return check_network(read_graph(model.SerializeToString(), name), name)


def answers(network, found, temperature=1.0):
    content = fit_contract(network, found.input, found.output, temperature).SerializeToString()
    session = Session(Path("n.onnx"), ["picture"], ["probabilities", "confidence"], content=content)
    return session.run(picture=own_digits(per_digit=5).pictures)


def softmax(values):
    chances = np.exp(values - values.max(1, keepdims=True))
    return chances / chances.sum(1, keepdims=True)


def expected_probabilities():
    return softmax(networks.logits(own_digits(per_digit=5).pictures))


FORMATS = list(input_formats())
SHAPES = [("N", 28, 28), ("N", 28, 28, 1), ("N", 1, 28, 28), ("N", 784), (1, 28, 28), (1, 1, 28, 28), (1, 784)]


@pytest.mark.parametrize("input_format", FORMATS, ids=[input_format.words for input_format in FORMATS])
def test_each_input_format_is_found(input_format):
    parameters = networks.adapted(input_format.scale, input_format.offset, input_format.transposed)
    network = read(networks.onnx_network(parameters=parameters))
    found = find_format(network, "n.onnx")
    assert found.input == input_format
    assert found.accuracy > 0.9
    assert np.abs(answers(network, found)[0] - expected_probabilities()).max() < 1e-4


@pytest.mark.parametrize(
    ("shape", "ending"),
    list(itertools.product(SHAPES, [None, "Softmax", "LogSoftmax"])),
    ids=str,
)
def test_each_shape_and_output_answers_as_the_network_does(shape, ending):
    network = read(networks.onnx_network(shape, ending))
    found = find_format(network, "n.onnx")
    probabilities, confidence = answers(network, found)
    assert np.abs(probabilities - expected_probabilities()).max() < 1e-4
    assert np.abs(confidence - expected_probabilities().max(1)).max() < 1e-4


def test_a_sigmoid_is_told_from_a_softmax():
    network = read(networks.onnx_network(ending="Sigmoid"))
    found = find_format(network, "n.onnx")
    assert found.output is OutputFormat.SIGMOID
    assert (answers(network, found)[0].argmax(1) == expected_probabilities().argmax(1)).all()


@pytest.mark.parametrize("opset", [8, 11, 12, 13, 17, 18, 21])
@pytest.mark.parametrize("ending", [None, "Softmax", "Sigmoid"])
def test_each_opset_since_2018_is_imported(opset, ending):
    network = read(networks.onnx_network((1, 1, 28, 28), ending, opset=opset))
    assert find_format(network, "n.onnx").accuracy > 0.9


@pytest.mark.parametrize("kind", [TensorProto.DOUBLE, TensorProto.FLOAT16, TensorProto.UINT8])
def test_each_type_of_number_is_imported(kind):
    scale = 255.0 if kind == TensorProto.UINT8 else 1.0
    model = networks.onnx_network(kind=kind, parameters=networks.adapted(scale))
    network = read(model)
    found = find_format(network, "n.onnx")
    assert found.input.scale == scale and found.accuracy > 0.9


def test_the_eleventh_class_of_a_network_means_not_a_digit():
    first, bias, second, last = networks.weights()
    parameters = (first, bias, np.pad(second, ((0, 0), (0, 1))), np.append(last, np.float32(3.0)))
    network = read(networks.onnx_network(parameters=parameters))
    found = find_format(network, "n.onnx")
    _, rule, _ = calibrate(network, found, "n.onnx")
    probabilities, confidence = answers(network, found)
    assert np.abs(probabilities - expected_probabilities()).max() < 1e-4 and rule.digit >= 0.5
    assert (confidence < probabilities.max(1)).all()


def test_a_network_of_ten_classes_never_says_that_a_drawing_is_no_digit():
    network = read(networks.onnx_network())
    temperature, rule, _ = calibrate(network, find_format(network, "n.onnx"), "n.onnx")
    assert rule.digit == 0 and 0.1 < temperature < 20
    reasons = {rule.reason(confidence, best) for confidence in (0.0, 0.3, 0.9) for best in (0.2, 0.59, 0.99)}
    assert reasons == {None, "unsure"}


def test_the_ranges_are_those_of_common_lessons():
    assert [words for words, _, _ in RANGES][:3] == ["0 to 1", "0 to 255", "−1 to 1"]


@pytest.mark.slow
def test_an_imported_folder_is_a_model_like_the_shipped_one(tmp_path):
    said: list[str] = []
    parameters = networks.adapted(-255.0, 255.0)
    file = networks.save(networks.onnx_network((1, 1, 28, 28), parameters=parameters), tmp_path / "mine.onnx")
    card = import_model(file, tmp_path / "models" / "mine", said.append)
    assert "It expects dark ink on white, 0 to 255 " in " ".join(said)
    assert card.origin and card.origin.file == "mine.onnx" and "cannot tell letters or scribbles" in card.note
    assert sorted(path.name for path in (tmp_path / "models" / "mine").iterdir()) == [
        "README.md",
        "model.json",
        "model.onnx",
    ]
    probabilities, _ = Model(tmp_path / "models" / "mine")(own_digits(per_digit=5).pictures)
    assert np.abs(probabilities - expected_probabilities()).max() < 1e-4
    [answer] = recognizer.load(tmp_path / "models" / "mine").predict_strokes([[[[0, 0], [0, 50]]]])
    assert answer.model == "mine" and answer.digit == 1


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["h5", "keras", "Keras 2 h5", "Keras 2 keras", "pt2", "pt2 of one"])
def test_keras_and_torch_files_answer_as_the_network_does(tmp_path, kind):
    *_, ending = kind.removesuffix(" of one").split()
    file = tmp_path / f"mine.{ending}"
    match kind:
        case "Keras 2 h5" | "Keras 2 keras":
            networks.save_as_keras_2(file)
        case "pt2" | "pt2 of one":
            import torch

            torch.export.save(networks.torch_network(1 if kind == "pt2 of one" else None), file)
        case _:
            networks.keras_network().save(file)
    import_model(file, tmp_path / "models" / "mine", lambda line: None)
    probabilities, _ = Model(tmp_path / "models" / "mine")(own_digits(per_digit=5).pictures)
    assert np.abs(probabilities - expected_probabilities()).max() < 1e-4


@pytest.mark.slow
def test_layers_of_keras_that_only_train_are_left_out(tmp_path):
    network = networks.keras_network(augmented=True)
    for ending in ("keras", "h5"):
        network.save(tmp_path / f"mine.{ending}")
        import_model(tmp_path / f"mine.{ending}", tmp_path / ending / "mine", lambda line: None)
        probabilities, _ = Model(tmp_path / ending / "mine")(own_digits(per_digit=5).pictures)
        assert np.abs(probabilities - expected_probabilities()).max() < 1e-4


def test_a_network_that_is_never_sure_by_itself_is_accepted_where_its_calibrated_confidence_is_high():
    first, bias, second, last = networks.weights()
    network = read(networks.onnx_network(parameters=(first, bias, second * 1e-3, last * 1e-3)))
    found = find_format(network, "n.onnx")
    temperature, rule, _ = calibrate(network, found, "n.onnx")
    probabilities, confidence = answers(network, found, temperature)
    reasons = [rule.reason(*pair) for pair in zip(confidence.tolist(), probabilities.max(1).tolist(), strict=True)]
    assert reasons.count(None) > 0.8 * len(reasons)
