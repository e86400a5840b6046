"""Converts torch.export files to ONNX. Opens no pickles, declared or hidden."""

import json
import logging
import pickle
import re
import warnings
import zipfile
import zlib
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import sympy
import torch

from recognizer.errors import UnusableFile, first_line
from recognizer.importing.files import AS_PT2

MODEL = "models/model.json"
WEIGHTS = "data/weights/model_weights_config.json"
CONSTANTS = "data/constants/model_constants_config.json"
PART = re.compile(
    rf"{MODEL}|{WEIGHTS}|{CONSTANTS}|data/weights/weight_\d+|data/constants/tensor_\d+|data/sample_inputs/model\.pt"
    r"|archive_format|archive_version|byteorder|version|\.data/(version|serialization_id|alignment)"
    r"|\.(format_version|storage_alignment)"
)
OPERATOR = re.compile(r"torch\.ops\.aten\.\w+(\.\w+)?|_operator\.(mul|add|sub|floordiv|eq|ge|gt|le|lt)")
WORDS = "Symbol|Integer|Mul|Add|Pow|Mod|FloorDiv|Max|Min|positive|nonnegative|integer|True|False"
EXPRESSION = re.compile(rf"(?:\b(?:{WORDS}|[su]\d+|\d+)\b|'[su]\d+'|[(),=+*/\- ])*")


def convert(file: Path) -> bytes:
    """Return the network as the bytes of an ONNX file. Raises `UnusableFile`."""
    copy = _copy_checked(file)
    _forbid_code()
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            program = torch.export.load(copy)
            exported = torch.onnx.export(program, dynamo=True, verbose=False)
    except MemoryError:
        raise
    except Exception as error:  # torch raises errors of every kind on odd files
        raise UnusableFile(f"torch cannot open {file.name}: {first_line(error)}") from None
    assert exported is not None  # noqa: S101 - it is None only if a file name is given
    return bytes(exported.model_proto.SerializeToString())


def _copy_checked(file: Path) -> Path:
    """Return a copy in the import's temporary folder that holds the parts of one network alone, each checked.

    torch opens whatever an archive holds: pickles, and compiled libraries. It evaluates expressions as Python.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            parts = {name.partition("/")[2]: archive.read(name) for name in names}
        configs = {name: json.loads(parts[name]) for name in (MODEL, WEIGHTS, CONSTANTS) if name in parts}
    except (OSError, ValueError, RecursionError, zipfile.BadZipFile, EOFError, NotImplementedError, zlib.error):
        raise UnusableFile(f"{file.name} is damaged or cut off. Copy or save it again.") from None
    if len(configs) < 3:
        raise UnusableFile(
            f"{file.name} comes from an older torch and may hold pickles. Save it again with torch 2.9 or newer."
        )
    if len(parts) < len(names):
        raise UnusableFile(f"{file.name} holds two parts of one name. {AS_PT2}")
    if unknown := [name for name in parts if not PART.fullmatch(name)]:
        raise UnusableFile(f"{file.name} holds {unknown[0]}, which can run code when it is opened. {AS_PT2}")
    for config in configs.values():
        _check_values(config, file.name)
    copy = Path(mkdtemp(), "network.pt2")
    with zipfile.ZipFile(copy, "w") as target:
        for name, content in parts.items():
            target.writestr(f"network/{name}", content)
    return copy


def _check_values(config: Any, name: str) -> None:
    """Refuse payloads that are pickles, operators that are not torch's own, and expressions that are not plain."""
    waiting = [config]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += value.values()
            if value.get("use_pickle"):
                raise UnusableFile(f"{name} holds a pickle, which can run code when it is opened. {AS_PT2}")
            if "target" in value and "inputs" in value and not OPERATOR.fullmatch(str(value["target"])):
                raise UnusableFile(f"{name} needs the operator {str(value['target'])[:80]}, which is not torch's own.")
            if not is_plain(value.get("expr_str", "")):
                raise UnusableFile(f"{name} holds an expression that could run code: {str(value['expr_str'])[:80]}")


def is_plain(expression: object) -> bool:
    """True if an expression has numbers, names of sizes and a few of SymPy's functions, and nothing else."""
    return isinstance(expression, str) and len(expression) < 1_000 and bool(EXPRESSION.fullmatch(expression))


def _forbid_code() -> None:
    """Block pickles, compiled libraries and expressions that are code, in this process and for good.

    torch then reads example inputs, which are not needed, as tensors.
    """
    load = torch.load

    def load_tensors(*arguments: Any, **options: Any) -> Any:
        return load(*arguments, **options | {"weights_only": True})

    def refuse(*arguments: Any, **options: Any) -> Any:
        raise pickle.UnpicklingError("pickles are not opened here")

    def parse_plain(expression: Any, *arguments: Any, **options: Any) -> Any:
        if isinstance(expression, str) and not is_plain(expression):
            raise ValueError("this expression could run code")
        return parse(expression, *arguments, **options)

    parse = sympy.sympify
    sympy.sympify = parse_plain
    torch.load = load_tensors
    pickle.load = pickle.loads = refuse
    torch._C._pickle_load_obj = refuse
    torch._C._aoti.AOTIModelPackageLoader = refuse  # type: ignore[assignment,misc]
