"""Converts Keras files to ONNX with Keras's own export. Checks layers and links before Keras opens the file."""

import json
import os
import re
import shutil
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
AUGMENTATION = re.compile(r"Random[A-Z]\w*|AutoContrast|MixUp|CutMix|RandAugment|AugMix")
MOST_CONFIG_BYTES = 10_000_000
REPLACE = "Replace it with layers of Keras, and save the network again."


def convert(file: Path, kind: Kind) -> bytes:
    """Return the network as the bytes of an ONNX file. Raises `UnusableFile`, also if Keras is not installed."""
    if find_spec("keras") is None:  # h5py comes with it
        raise UnusableFile(f"{file.name} needs Keras. {how_to_install('keras')}")
    config = _config_of_h5(file) if kind is Kind.KERAS_H5 else _config_of_archive(file)
    _check_config(config, file.name)
    _simplify(config)
    copy = _copy_h5(config, file) if kind is Kind.KERAS_H5 else _copy_archive(config, file)
    return _export(_load(copy, file.name), file.name)


def _load(file: Path, name: str) -> Any:
    """Return the copy's Keras model. name: of the original. It has one input, of a known size, and one output."""
    import keras

    try:
        network = keras.saving.load_model(file, compile=False, safe_mode=True)
    except MemoryError:
        raise
    except Exception as error:  # Keras raises errors of every kind on odd files
        raise UnusableFile(f"Keras cannot open {name}: {first_line(error)}") from None
    if len(network.inputs) != 1 or len(network.outputs) != 1:
        raise UnusableFile(
            f"{name} has {len(network.inputs)} inputs and {len(network.outputs)} outputs. It must have one of "
            "each: the picture and the classes."
        )
    if None in network.inputs[0].shape[1:]:
        raise UnusableFile(f"{name} takes pictures of any size. Give it an input of 28 × 28, and save it again.")
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
            if opened.userblock_size or zipfile.is_zipfile(file):
                raise UnusableFile(f"{file.name} holds another file beside its HDF5 content. Save the network again.")
            _check_links(opened, file.name)
            config = opened.attrs.get("model_config")
    except UnusableFile:
        raise
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


def _check_links(group: Any, name: str, seen: set[Any] | None = None) -> None:
    """Refuse links and external weights: HDF5 can point to any file on this machine."""
    import h5py

    seen = set() if seen is None else seen
    if group.id in seen:  # a group can stand in many places, and in itself
        return
    seen.add(group.id)
    for key in group:
        link = group.get(key, getlink=True)
        if not isinstance(link, h5py.HardLink):
            raise UnusableFile(f"{name} points to other files or places ({key}). Save the network again.")
        found = group[key]
        if isinstance(found, h5py.Group):
            _check_links(found, name, seen)
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


def _simplify(config: Any) -> None:
    """Remove what Keras cannot read or export: `batch_input_shape` of Keras 2, and layers that only train.

    Augmentation, such as RandomRotation, leaves pictures as they are outside of training.
    """
    for part in _parts(config):
        options = part.get("config")
        if not isinstance(options, dict):
            continue
        if part["class_name"] != "InputLayer":
            shape = options.pop("batch_input_shape", None)
            if AUGMENTATION.fullmatch(str(part["class_name"])):
                identity = {"name": options.get("name"), "activation": "linear"}
                first = {} if "module" in part else {"batch_input_shape": shape}  # an .h5 may have no input layer
                part["class_name"], part["config"] = "Activation", identity | {k: v for k, v in first.items() if v}
            elif shape is not None and "module" not in part:
                options["batch_input_shape"] = shape


def _copy_archive(config: Any, file: Path) -> Path:
    """Return a copy in the import's temporary folder: Keras opens what was checked, under a name of ours."""
    copy = Path(mkdtemp(), "network.keras")
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(copy, "w") as target:
        for name in ("metadata.json", "config.json", "model.weights.h5"):
            target.writestr(name, json.dumps(config) if name == "config.json" else source.read(name))
    return copy


def _copy_h5(config: Any, file: Path) -> Path:
    """The same for an .h5 file."""
    import h5py

    copy = Path(mkdtemp(), "network.h5")
    shutil.copyfile(file, copy)
    with h5py.File(copy, "r+") as opened:
        opened.attrs["model_config"] = json.dumps(config)
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
