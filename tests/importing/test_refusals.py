"""Hostile, odd and damaged files are refused with a sentence that says what to do. Nothing is left behind."""

import re
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from recognizer.errors import UnusableFile
from recognizer.importing.importing import check_name, import_model, put_in_place
from tests.support import networks

pytestmark = pytest.mark.filterwarnings("ignore::Warning")  # Keras and torch warn while they write files


def move_weights(model, location):
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (("location", location), ("length", "200704")):
        tensor.external_data.add(key=key, value=value)


def add_sparse_weights(model):
    values = numpy_helper.from_array(np.ones(1, np.float32), "some")
    indices = numpy_helper.from_array(np.zeros(1, np.int64), "where")
    model.graph.sparse_initializer.append(helper.make_sparse_tensor(values, indices, [4]))


def add_huge_weights(model):
    tensor = TensorProto(name="huge", data_type=TensorProto.FLOAT, dims=[1 << 20, 1 << 20])
    model.graph.initializer.append(tensor)


def use_custom_operator(model):
    node = model.graph.node[-1]
    node.domain, node.op_type = "com.example", "Anything"
    model.opset_import.append(helper.make_opsetid("com.example", 1))


def add_endless_loop(model):
    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["on"])],
        "body",
        [
            helper.make_tensor_value_info("turn", TensorProto.INT64, []),
            helper.make_tensor_value_info("go", TensorProto.BOOL, []),
        ],
        [helper.make_tensor_value_info("on", TensorProto.BOOL, [])],
    )
    model.graph.initializer.append(numpy_helper.from_array(np.array(True), "yes"))
    model.graph.node.insert(0, helper.make_node("Loop", ["", "yes"], [], body=body))


def add_input(model):
    model.graph.input.append(helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", 1]))


def add_noise(model):
    model.graph.node[-1].output[0] = "before"
    model.graph.node.append(helper.make_node("RandomNormalLike", ["before"], ["noise"]))
    model.graph.node.append(helper.make_node("Add", ["before", "noise"], ["logits"]))


def ask_for_memory(model):
    """The graph needs 64 GB when it runs."""
    sizes = numpy_helper.from_array(np.array([1 << 17, 1 << 17], np.int64), "room")
    model.graph.initializer.append(sizes)
    model.graph.node.append(helper.make_node("ConstantOfShape", ["room"], ["zeros"]))
    model.graph.node.append(helper.make_node("ReduceSum", ["zeros"], ["nothing"], keepdims=0))
    model.graph.node[3].output[0] = "before"
    model.graph.node.append(helper.make_node("Add", ["before", "nothing"], ["logits"]))


def network_of(class_count):
    first, bias, second, last = networks.weights()
    wide = np.resize(second, (len(second), class_count)), np.resize(last, class_count)
    return networks.onnx_network(parameters=(first, bias, *wide))


GRAPHS = {
    "weights outside": (lambda model: move_weights(model, "../../etc/passwd"), "outside of its folder"),
    "absolute weights": (lambda model: move_weights(model, "/etc/passwd"), "outside of its folder"),
    "missing weights": (lambda model: move_weights(model, "weights.bin"), "beside it"),
    "sparse": (add_sparse_weights, "sparse"),
    "huge": (add_huge_weights, "The limit is"),
    "custom operator": (use_custom_operator, "custom operator com.example.Anything"),
    "endless": (add_endless_loop, "has a loop"),
    "two inputs": (add_input, "has 2 inputs"),
    "random": (add_noise, "random numbers"),
    "memory": (ask_for_memory, "memory|cannot be run"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", GRAPHS)
def test_a_graph_that_is_hostile_or_odd_is_refused(name, refuse, tmp_path):
    change, words = GRAPHS[name]
    model = networks.onnx_network()
    change(model)
    assert re.search(words, refuse(networks.save(model, tmp_path / "mine.onnx")))


@pytest.mark.slow
@pytest.mark.parametrize("count", [2, 26])
def test_a_network_with_another_number_of_classes_is_refused(count, refuse, tmp_path):
    assert "10 classes, 0 to 9, or 11" in refuse(networks.save(network_of(count), tmp_path / "letters.onnx"))


@pytest.mark.slow
def test_a_network_with_its_classes_in_another_order_is_refused(refuse, tmp_path):
    first, bias, second, last = networks.weights()
    other = second[:, ::-1].copy(), last[::-1].copy()
    model = networks.onnx_network(parameters=(first, bias, *other))
    assert "in this order" in refuse(networks.save(model, tmp_path / "mine.onnx"))


@pytest.mark.slow
@pytest.mark.parametrize("shape", [("N", 3, 28, 28), ("N", 32, 32), (7, 1, 28, 28)], ids=str)
def test_a_network_for_pictures_of_another_shape_is_refused(shape, refuse, tmp_path):
    words = refuse(networks.save(networks.onnx_network(shape), tmp_path / "mine.onnx"))
    assert "(N, 784)" in words or "exactly 7 pictures" in words


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mine.h5", "mine.keras", "mine.onnx", "mine.txt"])
def test_a_text_file_is_refused_under_every_name(name, refuse, tmp_path):
    file = tmp_path / name
    file.write_text("these are my weights\n")
    assert "Take a Keras file" in refuse(file)


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["h5", "keras", "onnx", "pt2"])
def test_a_file_that_is_cut_off_is_refused(ending, refuse, tmp_path):
    file = tmp_path / f"mine.{ending}"
    match ending:
        case "h5":
            networks.save_as_keras_2(file)
        case "keras":
            networks.keras_network().save(file)
        case "onnx":
            networks.save(networks.onnx_network(), file)
        case _:
            import torch

            torch.export.save(networks.torch_network(), file)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    assert "cut off" in refuse(file)


@pytest.mark.slow
def test_an_empty_file_a_missing_file_and_a_folder_are_refused(refuse, tmp_path):
    (tmp_path / "mine.onnx").write_bytes(b"")
    assert "is empty" in refuse(tmp_path / "mine.onnx")
    assert "does not exist" in refuse(tmp_path / "nowhere.onnx")
    assert "is not a file" in refuse(tmp_path)


@pytest.mark.parametrize(
    "name",
    ["../mine", "a/b", "", ".hidden", "a..b", "é", "x" * 101, "a b"],
    ids=["upwards", "slash", "empty", "hidden", "two dots", "accent", "long", "space"],
)
def test_a_name_that_is_no_good_folder_name_is_refused(name):
    with pytest.raises(UnusableFile, match="--name my_model"):
        check_name(name)


def test_a_name_that_is_taken_is_refused(tmp_path):
    (tmp_path / "mine").mkdir()
    with pytest.raises(UnusableFile, match="exists already"):
        import_model(networks.save(networks.onnx_network(), tmp_path / "m.onnx"), tmp_path / "mine", print)


def test_a_full_disk_leaves_nothing(tmp_path, monkeypatch):
    made = tmp_path / "made"
    made.mkdir()
    (made / "model.onnx").write_bytes(b"1" * 100)

    def full(source: Path, target: Path) -> None:
        target.write_bytes(b"1")  # half of it
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("recognizer.importing.importing.shutil.copyfile", full)
    with pytest.raises(UnusableFile, match="No space left on device"):
        put_in_place(made, tmp_path / "models" / "mine")
    assert list((tmp_path / "models").iterdir()) == []


def test_a_child_that_prints_many_warnings_does_not_stop_the_import(refuse, tmp_path, monkeypatch):
    child = tmp_path / "child"
    child.write_text('#!/bin/sh\nhead -c 1000000 /dev/zero >&2\necho \'{"refused": "it has ended"}\'\n')
    child.chmod(0o755)
    monkeypatch.setattr("recognizer.importing.importing.sys.executable", str(child))
    assert refuse(networks.save(networks.onnx_network(), tmp_path / "mine.onnx")) == "it has ended"


def test_the_network_that_the_tests_spoil_is_valid():
    onnx.checker.check_model(networks.onnx_network(), full_check=True)


@pytest.mark.slow
def test_exchanged_classes_are_refused_and_named(refuse, tmp_path):
    first, bias, second, last = networks.weights()
    order = [0, 7, 2, 3, 4, 5, 6, 1, 8, 9]
    model = networks.onnx_network(parameters=(first, bias, second[:, order].copy(), last[order].copy()))
    assert "1 as 7, 7 as 1" in refuse(networks.save(model, tmp_path / "mine.onnx"))


@pytest.mark.slow
def test_names_in_a_file_cannot_move_the_cursor_of_a_terminal(refuse, tmp_path):
    model = networks.onnx_network()
    model.graph.input.append(helper.make_tensor_value_info("\x1b]0;owned\x07", TensorProto.FLOAT, ["N", 1]))
    said = refuse(networks.save(model, tmp_path / "mine.onnx"))
    assert "has 2 inputs" in said and said.isprintable()
