"""Converts Keras files to ONNX with Keras's own export. Checks layers and links before Keras opens the file."""

import json
import os
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

import numpy as np

from recognizer.errors import UnusableFile, first_line, how_to_install
from recognizer.importing.files import Kind

os.environ.setdefault("KERAS_BACKEND", "torch")
CODE = {"Lambda", "__lambda__", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer"}
MOST_CONFIG_BYTES = 10_000_000
REPLACE = "Replace it with layers of Keras, and save the network again."


def convert(file: Path, kind: Kind) -> bytes:
    """Return the network as the bytes of an ONNX file. Raises `UnusableFile`, also if Keras is not installed."""
    if find_spec("keras") is None:  # h5py comes with it
        raise UnusableFile(f"{file.name} needs Keras. {how_to_install('keras')}")
    config = _config_of_h5(file) if kind is Kind.KERAS_H5 else _config_of_archive(file)
    _check_config(config, file.name)
    if kind is Kind.KERAS and _remove_batch_shapes(config):
        file = _copy_with(config, file)
    return _export(_load(file), file.name)


def _load(file: Path) -> Any:
    """Return the file's Keras model. It has one input, of a known size, and one output."""
    import keras

    try:
        network = keras.saving.load_model(file, compile=False, safe_mode=True)
    except MemoryError:
        raise
    except Exception as error:  # Keras raises errors of every kind on odd files
        raise UnusableFile(f"Keras cannot open {file.name}: {first_line(error)}") from None
    if len(network.inputs) != 1 or len(network.outputs) != 1:
        raise UnusableFile(
            f"{file.name} has {len(network.inputs)} inputs and {len(network.outputs)} outputs. It must have one of "
            "each: the picture and the classes."
        )
    if None in network.inputs[0].shape[1:]:
        raise UnusableFile(f"{file.name} takes pictures of any size. Give it an input of 28 × 28, and save it again.")
    return network


def _export(network: Any, name: str) -> bytes:
    with TemporaryDirectory() as folder:
        target = Path(folder, "network.onnx")
        try:
            network(np.zeros((1, *network.inputs[0].shape[1:]), np.float32))  # the export needs a network that has run
            network.export(target, format="onnx", verbose=False)
        except MemoryError:
            raise
        except Exception as error:
            raise UnusableFile(f"Keras cannot export {name} to ONNX: {first_line(error)}") from None
        return target.read_bytes()


def _config_of_h5(file: Path) -> Any:
    import h5py

    try:
        with h5py.File(file, "r") as opened:
            _check_links(opened, file.name)
            config = opened.attrs.get("model_config")
    except (OSError, RuntimeError, KeyError, ValueError):
        raise UnusableFile(f"{file.name} is damaged or cut off. Copy or save it again.") from None
    if config is None:
        raise UnusableFile(
            f"{file.name} holds weights, but not the network that they belong to. Save the whole model: model.save()."
        )
    return _parse(config, file.name)


def _config_of_archive(file: Path) -> Any:
    import h5py

    try:
        with zipfile.ZipFile(file) as archive:
            if archive.getinfo("config.json").file_size > MOST_CONFIG_BYTES:
                raise UnusableFile(f"{file.name} has a configuration of more than {MOST_CONFIG_BYTES:,} bytes.")
            config = archive.read("config.json")
            with archive.open("model.weights.h5") as packed, h5py.File(packed, "r") as opened:
                _check_links(opened, file.name)
    except UnusableFile:
        raise
    except (OSError, RuntimeError, KeyError, ValueError, zipfile.BadZipFile, EOFError, NotImplementedError):
        raise UnusableFile(f"{file.name} is damaged or cut off. Copy or save it again.") from None
    except Exception as error:  # such as zlib.error
        raise UnusableFile(f"{file.name} is damaged or cut off. Copy or save it again: {first_line(error)}") from None
    return _parse(config, file.name)


def _parse(config: str | bytes, name: str) -> Any:
    try:
        return json.loads(config)
    except (ValueError, RecursionError):
        raise UnusableFile(f"{name} has a configuration that is not valid JSON. Save it again.") from None


def _check_links(group: Any, name: str) -> None:
    """Refuse links and external weights: HDF5 can point to any file on this machine."""
    import h5py

    for key in group:
        link = group.get(key, getlink=True)
        if not isinstance(link, h5py.HardLink):
            raise UnusableFile(f"{name} points to other files or places ({key}). Save the network again.")
        found = group[key]
        if isinstance(found, h5py.Group):
            _check_links(found, name)
        elif isinstance(found, h5py.Dataset) and (found.external or found.is_virtual):
            raise UnusableFile(f"{name} keeps weights in other files ({key}). Save the network again.")


def _check_config(config: Any, name: str) -> None:
    for part in _parts(config):
        kind = str(part["class_name"])
        module = part.get("module")
        if kind in CODE:
            raise UnusableFile(f"{name} has a {kind} layer, which can run any code. {REPLACE}")
        if module is not None and str(module).partition(".")[0] not in ("keras", "builtins"):
            raise UnusableFile(f"{name} needs code of its own: {module}.{kind}. {REPLACE}")
        if module == "builtins" and kind != "function":
            raise UnusableFile(f"{name} needs code of its own: {kind}. {REPLACE}")


def _remove_batch_shapes(config: Any) -> bool:
    """Remove `batch_input_shape`, which Keras 2 wrote and Keras 3 refuses. Return True if there was any."""
    found = False
    for part in _parts(config):
        options = part.get("config")
        if part["class_name"] != "InputLayer" and isinstance(options, dict) and "batch_input_shape" in options:
            del options["batch_input_shape"]
            found = True
    return found


def _copy_with(config: Any, file: Path) -> Path:
    """Return a copy of a .keras file with this configuration. It lies in the import's temporary folder."""
    copy = Path(mkdtemp(), file.name)
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(copy, "w") as target:
        for name in ("metadata.json", "config.json", "model.weights.h5"):
            target.writestr(name, json.dumps(config) if name == "config.json" else source.read(name))
    return copy


def _parts(config: Any) -> Iterator[dict[str, Any]]:
    """Yield every part of the configuration that names a class, at any depth."""
    waiting = [config]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if "class_name" in value:
                yield value
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
