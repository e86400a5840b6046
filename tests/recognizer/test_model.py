"""Complete model folders load. Every broken one raises one error with a helpful message."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

import recognizer
from recognizer.card import Rule
from recognizer.doors import session
from recognizer.errors import ModelError, RecognizerError
from tests.golden.drawings import DIGITS
from tests.support.library import TINY

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path):
    """A copy of the tiny model."""
    return shutil.copytree(TINY, tmp_path / "copy")


def with_card(folder, **changes):
    card = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps(card | changes))


def with_network(folder, content):
    """Replace model.onnx, and set its SHA-256 in the card."""
    (folder / "model.onnx").write_bytes(content)
    with_card(folder, sha256=hashlib.sha256(content).hexdigest())


def network(
    shape=("N", 1, 28, 28), digits=10, outputs=("probabilities", "confidence"), entry="picture", kind=TensorProto.FLOAT
):
    """Answers 1 / digits for each digit and 0.5, whatever it is shown."""
    size = int(np.prod(shape[1:]))
    weights = np.zeros((size, digits), np.float32)
    nodes = [
        helper.make_node("Cast", [entry], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("Flatten", ["numbers"], ["flat"]),
        helper.make_node("MatMul", ["flat", "weights"], ["logits"]),
        helper.make_node("Softmax", ["logits"], [outputs[0]], axis=1),
        helper.make_node("ReduceMax", ["logits", "last"], ["zero"], keepdims=0),
        helper.make_node("Sigmoid", ["zero"], [outputs[1]]),
    ]
    values = [numpy_helper.from_array(weights, "weights"), numpy_helper.from_array(np.array([1]), "last")]
    ends = [(outputs[0], ["N", digits]), (outputs[1], ["N"])]
    graph = helper.make_graph(
        nodes,
        "test",
        [helper.make_tensor_value_info(entry, kind, shape)],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, of) for name, of in ends],
        values,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9).SerializeToString()


def test_a_whole_folder_is_loaded_by_path_or_text(folder):
    assert recognizer.load(folder).name == recognizer.load(str(folder)).name == "tiny"


def test_the_card_is_there_to_read(tiny):
    assert tiny.card.as_dict() == json.loads((TINY / "model.json").read_text())


def test_a_missing_folder_is_named():
    with pytest.raises(ModelError, match=r"no model in nowhere: No such file or directory: model\.json"):
        recognizer.load("nowhere")


@pytest.mark.parametrize("name", ["", "model.onnx", "model.json"])
def test_a_path_that_is_not_a_model_folder_is_refused(folder, name):
    empty = folder.parent / "empty"
    empty.mkdir()
    with pytest.raises(ModelError, match="no model in"):
        recognizer.load(folder / name if name else empty)


@pytest.mark.parametrize("name", ["model.onnx", "model.json"])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(ModelError, match=re.escape(name)):
        recognizer.load(folder)


@pytest.mark.parametrize("name", ["model.onnx", "model.json"])
def test_a_folder_in_place_of_a_file_is_refused(folder, name):
    (folder / name).unlink()
    (folder / name).mkdir()
    with pytest.raises(ModelError, match=re.escape(name)):
        recognizer.load(folder)


@pytest.mark.parametrize("name", ["model.onnx", "model.json"])
@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_a_pipe_or_device_in_place_of_a_file_is_refused_without_waiting(folder, name, kind):
    (folder / name).unlink()
    if kind == "pipe":
        os.mkfifo(folder / name)
    else:
        (folder / name).symlink_to("/dev/zero")
    program = f"import recognizer; recognizer.load({str(folder)!r})"
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert re.search(r"ModelError: .*it is not a regular file.*\n", ran.stderr), ran.stderr


@pytest.mark.parametrize(
    ("name", "limit"),
    [("model.onnx", "recognizer.model.MOST_NETWORK_BYTES"), ("model.json", "recognizer.card.MOST_BYTES")],
)
def test_a_file_over_the_memory_limit_is_refused(folder, name, limit, monkeypatch):
    size = (folder / name).stat().st_size
    monkeypatch.setattr(limit, size)
    recognizer.load(folder)
    monkeypatch.setattr(limit, size - 1)
    with pytest.raises(ModelError, match=rf"it has more than {size - 1:,} bytes"):
        recognizer.load(folder)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"junk", b"\xff\xfe\0", b'{"name": "tiny"', b"[" * 100_000],
    ids=["empty", "a brace", "text", "no UTF-8", "cut off", "100,000 brackets"],
)
def test_a_broken_card_is_refused(folder, content):
    (folder / "model.json").write_bytes(content)
    with pytest.raises(ModelError, match="not valid JSON"):
        recognizer.load(folder)


@pytest.mark.parametrize("content", ["[]", "null", "7", '"name"', "{}"])
def test_a_card_with_other_content_is_refused(folder, content):
    (folder / "model.json").write_text(content)
    with pytest.raises(ModelError, match=r"lacks labels, name, rule, sha256, version|expected an object"):
        recognizer.load(folder)


@pytest.mark.parametrize("field", ["name", "version", "sha256", "labels", "rule"])
def test_a_card_without_a_required_field_is_refused_by_its_name(folder, field):
    card = json.loads((folder / "model.json").read_text())
    del card[field]
    (folder / "model.json").write_text(json.dumps(card))
    with pytest.raises(ModelError, match=f"lacks {field}"):
        recognizer.load(folder)


@pytest.mark.parametrize(
    "rule",
    [
        None,
        7,
        [],
        {},
        "0.5",
        {"accept": 0.5, "not_a_digit": 0.5},
        {"digit": 0.5},
        {"digit": "much", "sure": 0.5},
        {"digit": None, "sure": 0.5},
        {"digit": 0.5, "sure": []},
        {"digit": float("nan"), "sure": 0.5},
        {"digit": 1.5, "sure": 0.5},
        {"digit": 0.5, "sure": -1},
    ],
    ids=repr,
)
def test_an_invalid_rule_is_refused(folder, rule):
    with_card(folder, rule=rule)
    with pytest.raises(ModelError, match="rule"):
        recognizer.load(folder)


def test_one_changed_byte_of_the_network_is_noticed(folder):
    content = bytearray((folder / "model.onnx").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "model.onnx").write_bytes(content)
    with pytest.raises(ModelError, match=r"damaged or (was )?changed: its SHA-256 starts [0-9a-f]{12}, its card says"):
        recognizer.load(folder)


def test_a_truncated_network_is_noticed(folder):
    content = (folder / "model.onnx").read_bytes()
    (folder / "model.onnx").write_bytes(content[: len(content) // 2])
    with pytest.raises(ModelError, match="damaged"):
        recognizer.load(folder)


@pytest.mark.parametrize("sha256", ["", "0" * 64, None, 7, []], ids=["empty", "another", "None", "number", "list"])
def test_a_card_with_another_sha256_is_refused(folder, sha256):
    with_card(folder, sha256=sha256)
    with pytest.raises(ModelError, match=r"SHA-256|sha256"):
        recognizer.load(folder)


@pytest.mark.parametrize("content", [b"", b"junk", b"\x89PNG", bytes(99)], ids=["empty", "text", "PNG", "zeros"])
def test_a_file_that_is_not_a_network_is_refused_even_if_its_card_agrees(folder, content):
    with_network(folder, content)
    with pytest.raises(ModelError, match=r"not an ONNX model|takes"):
        recognizer.load(folder)


def test_another_network_of_the_same_form_is_accepted(folder):
    with_network(folder, network())
    (answer,) = recognizer.load(folder).predict_strokes([DIGITS["1 bar"]])
    assert answer.probabilities == pytest.approx([0.1] * 10) and answer.confidence == 0.5


@pytest.mark.parametrize("outputs", [("probability", "confidence"), ("probabilities", "chance"), ("a", "b")])
def test_a_network_without_the_outputs_is_refused_by_their_names(folder, outputs):
    with_network(folder, network(outputs=outputs))
    missing = sorted({"probabilities", "confidence"} - set(outputs))
    with pytest.raises(ModelError, match=re.escape(f"lacks the outputs {missing}")):
        recognizer.load(folder)


def test_a_network_with_another_input_is_refused_by_its_name(folder):
    with_network(folder, network(entry="image"))
    with pytest.raises(ModelError, match=re.escape("takes ['image']")):
        recognizer.load(folder)


@pytest.mark.parametrize("shape", [("N", 1, 32, 32), ("N", 3, 28, 28), ("N", 784)], ids=str)
def test_a_network_for_other_pictures_is_refused(folder, shape):
    with_network(folder, network(shape))
    with pytest.raises(ModelError, match="does not take any number of pictures of 28 × 28"):
        recognizer.load(folder)


@pytest.mark.parametrize("count", [1, 2])
def test_a_network_for_one_number_of_pictures_is_refused(folder, count):
    with_network(folder, network((count, 1, 28, 28)))
    with pytest.raises(ModelError, match="does not take any number of pictures"):
        recognizer.load(folder)


def test_a_network_for_whole_numbers_is_refused(folder):
    with_network(folder, network(kind=TensorProto.UINT8))
    with pytest.raises(ModelError, match="does not take any number of pictures"):
        recognizer.load(folder)


@pytest.mark.parametrize("digits", [1, 9, 11, 26])
def test_a_network_for_another_number_of_classes_is_refused(folder, digits):
    with_network(folder, network(digits=digits))
    with pytest.raises(ModelError, match=re.escape(f"probabilities (2, {digits})")):
        recognizer.load(folder)


def test_a_network_with_swapped_outputs_is_refused(folder):
    with_network(folder, network(outputs=("confidence", "probabilities")))
    with pytest.raises(ModelError, match=r"expected \(2, 10\) and \(2,\)"):
        recognizer.load(folder)


def test_the_outputs_may_come_in_any_order_and_with_others(folder):
    model = onnx.load(folder / "model.onnx")
    ends = list(model.graph.output)
    del model.graph.output[:]
    model.graph.output.extend(
        [helper.make_tensor_value_info("likeness", TensorProto.FLOAT, ["N", 10]), *reversed(ends)]
    )
    with_network(folder, model.SerializeToString())
    (answer,) = recognizer.load(folder).predict_strokes([DIGITS["7 plain"]])
    assert answer.digit == 7


def test_a_door_that_is_missing_is_a_model_error(tmp_path):
    with pytest.raises(ModelError, match=r"gone\.onnx is missing"):
        session.Session(tmp_path / "gone.onnx", ["ink"], ["picture"])


def test_a_model_error_is_a_library_error_but_not_a_value_error():
    assert issubclass(ModelError, RecognizerError) and not issubclass(ModelError, ValueError)


def test_the_rule_comes_from_the_card(folder):
    with_card(folder, rule={"digit": 0.25, "sure": 0.75})
    assert recognizer.load(folder)._model.rule == Rule(0.25, 0.75)


def test_loading_a_model_needs_no_torch():
    program = f"import sys, recognizer; recognizer.load({str(TINY)!r}); print(sorted(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert "'torch'" not in ran.stdout and "'django'" not in ran.stdout and "'onnx'" not in ran.stdout
