"""The data sets by name: what each holds, and which may train and which only test. Knows no files' formats, no torch."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from recognizer.training import sources
from recognizer.training.formats import DataError, Drawing, idx_array, jsonl_drawings
from recognizer.training.sources import Source

Split = Literal["train", "test"]

MNIST = {
    "train": (
        Source("mnist/train-images-idx3-ubyte", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
        Source("mnist/train-labels-idx1-ubyte", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
    ),
    "test": (
        Source("mnist/t10k-images-idx3-ubyte", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
        Source("mnist/t10k-labels-idx1-ubyte", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
    ),
}
PENDIGITS = {
    "train": Source("pen/pendigits-train.jsonl", "048bc581e929ac779823c918d0cc9b0e954001ef7979f1bb9d25b51174f5a1c2"),
    "test": Source("pen/pendigits-test.jsonl", "681c06c53fe08d19d42c0dc2d9a89bd78ade8326791ea701931383cd8e8407f3"),
}
UJIPENCHARS = Source("pen/ujipenchars.jsonl", "d9ebf8f1d4cf06f57ec2fd0852ffd4c1692f021ea44f7aec4be4cc64ab05d12b")


@dataclass(frozen=True, eq=False)
class Pictures:
    """Pictures of a data set.

    images: (n, 28, 28) uint8, light ink on dark or dark on light as the set has them.
    labels: (n,) int64, 0 to 9.
    """

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64]


def mnist(split: Split) -> Pictures:
    """MNIST's 60,000 training or 10,000 test digits, light ink on dark. Raises `DataError`."""
    images, labels = (idx_array(sources.read(source), source.path) for source in MNIST[split])
    if images.shape != (len(labels), 28, 28):
        raise DataError(f"mnist {split}: {images.shape} pictures and {labels.shape} labels do not belong together")
    return Pictures(images, labels.astype(np.int64))


def pendigits(split: Split) -> list[Drawing]:
    """UCI pen digits, 7,494 by 30 writers to train, 3,498 by 14 others to test; y down, 0 to 500. Raises `DataError`."""
    return jsonl_drawings(sources.read(PENDIGITS[split]), PENDIGITS[split].path)


def ujipenchars() -> list[Drawing]:
    """UJIpenchars: 220 digits and 1,144 letters by the writers uji01 to uji11. Raises `DataError`."""
    return jsonl_drawings(sources.read(UJIPENCHARS), UJIPENCHARS.path)
