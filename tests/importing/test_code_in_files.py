"""Files that could run code, or read other files, when they are opened: each is refused, and nothing of it runs."""

import json
import os
import pickle
import re
import zipfile
from pathlib import Path

import pytest

from tests.support import networks

pytestmark = pytest.mark.filterwarnings("ignore::Warning")  # Keras and torch warn while they write files


class Evil:
    """Makes the folder `mark` when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple:
        return os.mkdir, (str(self.mark),)


@pytest.mark.slow
def test_a_pickle_is_refused_and_not_opened(refuse, tmp_path):
    file, mark = tmp_path / "mine.pt", tmp_path / "mark"
    file.write_bytes(pickle.dumps(Evil(mark)))
    assert "is a pickle" in refuse(file) and not mark.exists()


@pytest.mark.slow
@pytest.mark.parametrize("how", ["torch.save", "TorchScript", "weights"])
def test_pickles_of_torch_are_refused(how, refuse, tmp_path):
    import torch

    network, file = torch.nn.Linear(784, 10), tmp_path / "mine.pt"
    match how:
        case "torch.save":
            torch.save(network, file)
        case "weights":
            torch.save(network.state_dict(), file)
        case _:
            torch.jit.trace(network, torch.rand(1, 784)).save(str(file))
    assert "torch.export.save" in refuse(file)


@pytest.mark.slow
@pytest.mark.parametrize("where", ["weights", "example inputs"])
def test_a_pickle_inside_a_torch_export_is_not_opened(where, refuse, tmp_path):
    import torch

    whole, file, mark = tmp_path / "whole.pt2", tmp_path / "mine.pt2", tmp_path / "mark"
    torch.export.save(networks.torch_network(), whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(file, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if where == "weights" and name.endswith("weights/model_weights_config.json"):
                config = json.loads(content)
                next(iter(config["config"].values()))["use_pickle"] = True
                content = json.dumps(config).encode()
            if where == "weights" and name.endswith("/weight_0"):
                content = pickle.dumps(Evil(mark))
            if where == "example inputs" and "sample_inputs" in name:
                content = pickle.dumps(Evil(mark))
            target.writestr(name, content)
    words = refuse(file)
    assert not mark.exists() and ("pickle" in words or "torch cannot open" in words)


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["h5", "keras"])
def test_a_lambda_layer_is_refused(ending, refuse, tmp_path):
    networks.keras_network()
    import keras

    network = keras.Sequential(
        [
            keras.layers.Input((28, 28)),
            keras.layers.Flatten(),
            keras.layers.Lambda(lambda values: values * 2),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    file = tmp_path / f"mine.{ending}"
    network.save(file)
    assert "Lambda layer, which can run any code" in refuse(file)


@pytest.mark.slow
@pytest.mark.parametrize("module", ["os", "builtins", "subprocess"])
def test_code_that_a_keras_file_names_is_refused(module, refuse, tmp_path):
    whole, file = tmp_path / "whole.keras", tmp_path / "mine.keras"
    networks.keras_network().save(whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(file, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "config.json":
                config = json.loads(content)
                config["config"]["layers"][1] |= {"module": module, "class_name": "system"}
                content = json.dumps(config).encode()
            target.writestr(name, content)
    assert "needs code of its own" in refuse(file)


@pytest.mark.slow
def test_links_of_hdf5_to_other_files_are_refused(refuse, tmp_path):
    import h5py

    file = networks.save_as_keras_2(tmp_path / "mine.h5")
    with h5py.File(file, "a") as opened:
        opened["elsewhere"] = h5py.ExternalLink("/etc/passwd", "/")
    assert "points to other files" in refuse(file)


def rewrite(whole, file, change):
    """Copy a zip archive; `change` gets each name and content, and gives those to write."""
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(file, "w") as target:
        for name in source.namelist():
            for written, content in change(name, source.read(name)):
                target.writestr(written, content)


@pytest.fixture
def whole(tmp_path):
    import torch

    torch.export.save(networks.torch_network(), tmp_path / "whole.pt2")
    return tmp_path / "whole.pt2"


@pytest.mark.slow
def test_an_expression_that_is_code_is_not_evaluated(whole, refuse, tmp_path):
    mark = tmp_path / "mark"
    code = f"[Symbol('s31', positive=True, integer=True), __import__('os').mkdir('{mark}')][0]"

    def change(name, content):
        if name.endswith("models/model.json"):
            content = re.sub(rb'"expr_str": "[^"]*"', f'"expr_str": "{code}"'.encode(), content)
        yield name, content

    rewrite(whole, tmp_path / "mine.pt2", change)
    assert "expression that could run code" in refuse(tmp_path / "mine.pt2") and not mark.exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    "extra", ["data/aotinductor/x/x.wrapper.so", "data/constants/custom_obj_0", "models/other.json", "code/a.py"]
)
def test_an_archive_with_parts_that_are_no_network_is_refused(whole, refuse, tmp_path, extra):
    def change(name, content):
        yield name, content
        if name.endswith("models/model.json"):
            yield f"{name.partition('/')[0]}/{extra}", b"\x7fELF"

    rewrite(whole, tmp_path / "mine.pt2", change)
    assert "can run code when it is opened" in refuse(tmp_path / "mine.pt2")


@pytest.mark.slow
def test_an_operator_that_is_not_torchs_own_is_refused(whole, refuse, tmp_path):
    def change(name, content):
        yield name, content.replace(b"torch.ops.aten.relu.default", b"torch.os.system")

    rewrite(whole, tmp_path / "mine.pt2", change)
    assert "operator torch.os.system" in refuse(tmp_path / "mine.pt2")


@pytest.mark.slow
def test_a_file_that_is_an_archive_and_hdf5_at_once_is_refused(refuse, tmp_path):
    networks.save_as_keras_2(tmp_path / "a.h5")
    networks.save_as_keras_2(tmp_path / "b.keras")
    (tmp_path / "mine.keras").write_bytes((tmp_path / "a.h5").read_bytes() + (tmp_path / "b.keras").read_bytes())
    assert "holds another file" in refuse(tmp_path / "mine.keras")


@pytest.mark.slow
def test_modules_in_the_working_folder_are_not_imported(refuse, tmp_path, monkeypatch):
    (tmp_path / "onnx.py").write_text(f"import os; os.mkdir({str(tmp_path / 'mark')!r})")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.onnx").write_bytes(b"not a network")
    refuse(tmp_path / "mine.onnx")
    assert not (tmp_path / "mark").exists()
