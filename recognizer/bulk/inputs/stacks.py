"""Reads stacks of pictures, (N, H, W) uint8, from IDX, NPY and NPZ files, one picture at a time."""

import gzip
import math
import struct
import zipfile
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import IO

import numpy as np

from recognizer.bulk.inputs.gzipped import open_decompressed
from recognizer.bulk.items import Item
from recognizer.errors import BrokenPicture
from recognizer.ink import MIN_SIDE_PX
from recognizer.picture_cost import SCANNING

IDX_UINT8 = b"\0\0\x08"
Readable = IO[bytes] | gzip.GzipFile | BufferedReader


def read_idx(stack: Path) -> Iterator[Item]:
    """The pictures of an IDX file, MNIST's format, gzipped or not."""
    with open_decompressed(stack) as file:
        yield from _pictures(str(stack), file, _idx_shape(file))


def read_npy(stack: Path) -> Iterator[Item]:
    with stack.open("rb") as file:
        yield from _pictures(str(stack), file, _npy_shape(file))


def read_npz(archive: Path) -> Iterator[Item]:
    """The pictures of every stack in an archive. Arrays of another shape, such as labels, are skipped."""
    with zipfile.ZipFile(archive) as arrays:
        stacks = [name for name in arrays.namelist() if _is_stack(arrays, name)]
        if not stacks:
            raise BrokenPicture("it holds no (N, H, W) array of uint8, gray from 0 to 255")
        for name in stacks:
            stack_name = str(archive) if len(stacks) == 1 else f"{archive}/{name.removesuffix('.npy')}"
            with arrays.open(name) as file:
                yield from _pictures(stack_name, file, _npy_shape(file))


def count_idx(stack: Path) -> int:
    """The number of pictures in the header. Raises the parser's own errors, as `count_npy` and `count_npz` do."""
    with open_decompressed(stack) as file:
        return _idx_shape(file)[0]


def count_npy(stack: Path) -> int:
    with stack.open("rb") as file:
        return _npy_shape(file)[0]


def count_npz(archive: Path) -> int:
    with zipfile.ZipFile(archive) as arrays:
        return sum(_shape_in(arrays, name)[0] for name in arrays.namelist() if _is_stack(arrays, name))


def _idx_shape(file: Readable) -> tuple[int, ...]:
    start = file.read(4)
    if not start.startswith(IDX_UINT8) or len(start) < 4:
        raise BrokenPicture("it is not an IDX file of unsigned bytes")
    return struct.unpack(f">{start[3]}I", file.read(4 * start[3]))


def _npy_shape(file: Readable) -> tuple[int, ...]:
    version = np.lib.format.read_magic(file)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, fortran, dtype = read(file)
    if fortran and len(shape) > 1:
        raise BrokenPicture("it is in Fortran order; save numpy.ascontiguousarray(array) instead")
    if dtype != np.uint8:
        raise BrokenPicture("it holds {kind}; pictures must be uint8, gray from 0 to 255", kind=str(dtype))
    return shape


def _is_stack(archive: zipfile.ZipFile, name: str) -> bool:
    try:
        return len(_shape_in(archive, name)) == 3
    except BrokenPicture:
        return False


def _pictures(name: str, file: Readable, shape: tuple[int, ...]) -> Iterator[Item]:
    """One (H, W) picture after the other. A stack that is cut off ends with an error."""
    if len(shape) != 3:
        raise BrokenPicture("its shape is {shape}; a stack of pictures must be (N, H, W)", shape=str(shape))
    size = math.prod(shape[1:])
    if min(shape[1:]) < MIN_SIDE_PX or size > SCANNING.pixels:
        raise BrokenPicture(
            "its pictures are {height}x{width} px; they must have {least} px a side, and at most {most} pixels",
            height=shape[1],
            width=shape[2],
            least=MIN_SIDE_PX,
            most=SCANNING.pixels,
        )
    for page in range(1, shape[0] + 1):
        data = file.read(size)
        if len(data) < size:
            yield Item(
                name, BrokenPicture("the stack is cut off here; its header says {count} pictures", count=shape[0]), page
            )
            return
        yield Item(name, np.frombuffer(data, np.uint8).reshape(shape[1:]), page)


def _shape_in(archive: zipfile.ZipFile, name: str) -> tuple[int, ...]:
    with archive.open(name) as file:
        return _npy_shape(file)
