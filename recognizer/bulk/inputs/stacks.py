"""Pictures in stacks, IDX, NPY and NPZ, one at a time: (N, H, W) uint8."""

import gzip
import math
import struct
import zipfile
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import IO

import numpy as np

from recognizer.bulk.inputs.gzipped import opened
from recognizer.bulk.items import Item
from recognizer.errors import BrokenPicture
from recognizer.ink import MAX_SIDE_PX, MIN_SIDE_PX

IDX_UINT8 = b"\0\0\x08"
Readable = IO[bytes] | gzip.GzipFile | BufferedReader


def in_idx(stack: Path) -> Iterator[Item]:
    """MNIST's own format, gzipped or not."""
    with opened(stack) as file:
        yield from _pictures(str(stack), file, _idx_shape(file))


def in_npy(stack: Path) -> Iterator[Item]:
    with stack.open("rb") as file:
        yield from _pictures(str(stack), file, _npy_shape(file))


def in_npz(archive: Path) -> Iterator[Item]:
    """Each array of pictures in it; arrays of fewer axes, labels say, are left aside."""
    with zipfile.ZipFile(archive) as arrays:
        stacks = [name for name in arrays.namelist() if _is_stack(arrays, name)]
        if not stacks:
            raise BrokenPicture("it holds no (N, H, W) array of uint8; pictures are gray, 0 to 255")
        for name in stacks:
            label = str(archive) if len(stacks) == 1 else f"{archive}/{name.removesuffix('.npy')}"
            with arrays.open(name) as file:
                yield from _pictures(label, file, _npy_shape(file))


def count_idx(stack: Path) -> int:
    """How many pictures it says it has, as `count_npy` and `count_npz`; raises whatever its parser does."""
    with opened(stack) as file:
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
        raise BrokenPicture("it is no IDX file of bytes")
    return struct.unpack(f">{start[3]}I", file.read(4 * start[3]))


def _npy_shape(file: Readable) -> tuple[int, ...]:
    version = np.lib.format.read_magic(file)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, fortran, dtype = read(file)
    if fortran and len(shape) > 1:
        raise BrokenPicture("it is in Fortran's order; save numpy.ascontiguousarray of it")
    if dtype != np.uint8:
        raise BrokenPicture("it holds {kind}; pictures are uint8, gray, 0 to 255", kind=str(dtype))
    return shape


def _is_stack(archive: zipfile.ZipFile, name: str) -> bool:
    try:
        return len(_shape_in(archive, name)) == 3
    except BrokenPicture:
        return False


def _pictures(name: str, file: Readable, shape: tuple[int, ...]) -> Iterator[Item]:
    """One (H, W) picture after the other; a stack that ends too soon ends with an error."""
    if len(shape) != 3 or not all(MIN_SIDE_PX <= side <= MAX_SIDE_PX for side in shape[1:]):
        raise BrokenPicture("its shape is {shape}; a stack of pictures is (N, H, W)", shape=str(shape))
    size = math.prod(shape[1:])
    for page in range(1, shape[0] + 1):
        data = file.read(size)
        if len(data) < size:
            yield Item(name, BrokenPicture("the stack ends here; its head promises {count}", count=shape[0]), page)
            return
        yield Item(name, np.frombuffer(data, np.uint8).reshape(shape[1:]), page)


def _shape_in(archive: zipfile.ZipFile, name: str) -> tuple[int, ...]:
    with archive.open(name) as file:
        return _npy_shape(file)
