"""Converts torch.export files to ONNX. Opens no pickles, declared or hidden."""

import json
import logging
import pickle
import warnings
import zipfile
from pathlib import Path
from typing import Any

import torch

from recognizer.errors import UnusableFile, first_line
from recognizer.importing.files import AS_PT2

CONFIGS = ("data/weights/model_weights_config.json", "data/constants/model_constants_config.json")
OBJECTS = ("custom_obj", "opaque_obj")


def convert(file: Path) -> bytes:
    """Return the network as the bytes of an ONNX file. Raises `UnusableFile`.

    Afterwards, this process can open no pickles.
    """
    _check_payloads(file)
    _forbid_pickles()
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            program = torch.export.load(file)
            exported = torch.onnx.export(program, dynamo=True, verbose=False)
    except MemoryError:
        raise
    except Exception as error:  # torch raises errors of every kind on odd files
        raise UnusableFile(f"torch cannot open {file.name}: {first_line(error)}") from None
    assert exported is not None  # noqa: S101 - it is None only if a file name is given
    return bytes(exported.model_proto.SerializeToString())


def _check_payloads(file: Path) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            root = names[0].partition("/")[0]
            configs = [
                json.loads(archive.read(f"{root}/{config}")) for config in CONFIGS if f"{root}/{config}" in names
            ]
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, EOFError, NotImplementedError):
        raise UnusableFile(f"{file.name} is damaged or cut off. Copy or save it again.") from None
    if len(configs) < len(CONFIGS):
        raise UnusableFile(
            f"{file.name} comes from an older torch and may hold pickles. Save it again with torch 2.9 or newer."
        )
    for config in configs:
        for name, payload in dict(config.get("config", {})).items():
            path = str(payload.get("path_name", ""))
            if payload.get("use_pickle") or path.startswith(OBJECTS):
                raise UnusableFile(
                    f"{file.name} holds a pickle ({name}), which can run code when it is opened. {AS_PT2}"
                )


def _forbid_pickles() -> None:
    """Block pickles in this process, for good. torch then reads example inputs, which are not needed, as tensors."""
    load = torch.load

    def load_tensors(*arguments: Any, **options: Any) -> Any:
        return load(*arguments, **options | {"weights_only": True})

    def refuse(*arguments: Any, **options: Any) -> Any:
        raise pickle.UnpicklingError("pickles are not opened here")

    torch.load = load_tensors
    pickle.load = pickle.loads = refuse
