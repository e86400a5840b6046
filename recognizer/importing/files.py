"""Finds the kind of a network's file from its content, not from its name. Refuses files that can hold code."""

import zipfile
from enum import StrEnum
from pathlib import Path

from recognizer.errors import UnusableFile
from recognizer.model import MOST_NETWORK_BYTES

HDF5 = b"\x89HDF\r\n\x1a\n"
ZIP = b"PK\x03\x04"
PICKLES = tuple(b"\x80" + bytes([protocol]) for protocol in range(2, 6))
MOST_BYTES = MOST_NETWORK_BYTES
MOST_UNPACKED_BYTES = 2 * MOST_BYTES
TAKEN = "Take a Keras file (.h5, .keras), an ONNX file (.onnx) or a torch.export file (.pt2)."
AS_PT2 = "Save the network with torch.export.save (a .pt2 file), or export it with torch.onnx.export."


class Kind(StrEnum):
    KERAS_H5 = "Keras (HDF5)"
    KERAS = "Keras"
    TORCH = "torch.export"
    ONNX = "ONNX"


def kind_of(file: Path) -> Kind:
    """Return the kind of a network's file. Raises `UnusableFile` for other files, and for files that are too large."""
    size = file.stat().st_size
    if size > MOST_BYTES:
        raise UnusableFile(f"{file.name} has {size / 1e6:,.0f} MB; the limit is {MOST_BYTES / 1e6:,.0f} MB.")
    with file.open("rb") as opened:
        start = opened.read(512)
    if not start:
        raise UnusableFile(f"{file.name} is empty. {TAKEN}")
    if start.startswith(HDF5):
        return Kind.KERAS_H5
    if start.startswith(PICKLES):
        raise UnusableFile(f"{file.name} is a pickle, which can run code when it is opened. {AS_PT2}")
    if start.startswith(ZIP):
        return _kind_of_archive(file)
    if file.suffix.lower() in (".h5", ".hdf5", ".keras"):
        raise UnusableFile(f"{file.name} is not a Keras file, despite its name, or it is damaged. {TAKEN}")
    if _looks_like_text(start):
        raise UnusableFile(f"{file.name} is a text file. {TAKEN}")
    return Kind.ONNX  # ONNX has no signature; `read_graph` refuses what it cannot parse


def _kind_of_archive(file: Path) -> Kind:
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise UnusableFile(f"{file.name} is damaged or cut off. Copy or save it again.") from None
    if sum(member.file_size for member in members) > MOST_UNPACKED_BYTES:
        raise UnusableFile(f"{file.name} unpacks to more than the limit of {MOST_UNPACKED_BYTES / 1e6:,.0f} MB.")
    names = [member.filename for member in members]
    if any(".." in name.split("/") or name.startswith("/") for name in names):
        raise UnusableFile(f"{file.name} holds file names that lead out of the archive. Save the network again.")
    if "config.json" in names and "model.weights.h5" in names:
        return Kind.KERAS
    inner = {name.partition("/")[2] for name in names}
    if "archive_format" in inner and any(name.startswith("models/") for name in inner):
        return Kind.TORCH
    if "data.pkl" in inner:
        raise UnusableFile(
            f"{file.name} comes from torch.save or TorchScript and holds a pickle, which can run code when it is "
            f"opened. {AS_PT2}"
        )
    raise UnusableFile(f"{file.name} is an archive without a network. {TAKEN}")


def _looks_like_text(start: bytes) -> bool:
    try:
        text = start.decode()
    except UnicodeDecodeError:
        return False
    return text.isprintable() or all(letter.isprintable() or letter in "\r\n\t" for letter in text)
