"""The data sets by name: their content, and whether they train or test. Knows no file formats and no torch."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from recognizer.datasets.download import read
from recognizer.datasets.formats import DataError, Drawing, idx_array, jsonl_drawings, unipen_drawings
from recognizer.datasets.sources import Source, available_form, find

Split = Literal["train", "test"]
Role = Literal["train", "public test"]

NOT_A_DIGIT = 10  # the class of not-digits, after the ten digits
DIGITS = frozenset("0123456789")
UJI_TEST_WRITERS = frozenset({"uji09", "uji10", "uji11"})  # their letters never train
HELD_OUT_PEN_WRITERS = ("train28", "train29", "train30")  # of the pen digits' training part; they choose models
MISLABELLED_PENS = (1469,)  # numbers of drawings in the training part: this one is a 2 that is labelled 3

MNIST_MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
UCI = "https://archive.ics.uci.edu/ml/machine-learning-databases/"


def _mnist(name: str, sha256: str) -> Source:
    return Source(f"mnist/{name}", sha256, tuple(f"{mirror}{name}.gz" for mirror in MNIST_MIRRORS))


MNIST = {
    "train": (
        _mnist("train-images-idx3-ubyte", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
        _mnist("train-labels-idx1-ubyte", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
    ),
    "test": (
        _mnist("t10k-images-idx3-ubyte", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
        _mnist("t10k-labels-idx1-ubyte", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
    ),
}
# Each split in two forms, JSON lines and UCI's own text: the same drawings in the same order.
PENDIGITS = {
    "train": (
        Source("pen/pendigits-train.jsonl", "048bc581e929ac779823c918d0cc9b0e954001ef7979f1bb9d25b51174f5a1c2"),
        Source(
            "pen/pendigits-orig.tra",
            "a66225d68d7d68591e62944df1ad33b3f5aa608e2df2505844b41f5568a80da4",
            (f"{UCI}pendigits/pendigits-orig.tra.Z",),
        ),
    ),
    "test": (
        Source("pen/pendigits-test.jsonl", "681c06c53fe08d19d42c0dc2d9a89bd78ade8326791ea701931383cd8e8407f3"),
        Source(
            "pen/pendigits-orig.tes",
            "ddb1c19e277a56c7ffe682cc024d6ab73696f9adcc1643ef9ed5aa753007e081",
            (f"{UCI}pendigits/pendigits-orig.tes.Z",),
        ),
    ),
}
UJIPENCHARS = Source("pen/ujipenchars.jsonl", "d9ebf8f1d4cf06f57ec2fd0852ffd4c1692f021ea44f7aec4be4cc64ab05d12b")
OMNIGLOT = Source("not-digits/omniglot-small.jsonl", "dbee29a9ac99f1cb3b220676351c18f9bf25c0a6f8bd1d65212145b00c0f708a")
CATS = Source("not-digits/cats1000.bin", "f0bf71131cbe74e2eb8bfbdb1839ce00fb71052f00714b4ce0ac536ec2993e8e")
HWD1000 = Source("drawn/hwd1000.npz", "5d9fb0342632f9bf9064aaf7a61e494fe9c58862e54ccbaf9698c7d707e09ff0")
MCHAVER = Source("drawn/mchaver.npz", "7a5ae0730ff2f398b23c721208fa2fe41e57d0f2ce4213f9a8b33de074a64a96")


@dataclass(frozen=True, eq=False)
class Pictures:
    """Pictures of a data set.

    images: (n, 28, 28) uint8, light ink on dark or dark on light; the set's loader documents which.
    labels: (n,) int64, 0 to 9 or NOT_A_DIGIT.
    """

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64]


@dataclass(frozen=True)
class DataSet:
    """A data set. digits: True if it shows digits; files: each in one or more forms."""

    name: str
    role: Role
    digits: bool
    load: Callable[[], Pictures | list[Drawing]]
    files: tuple[tuple[Source, ...], ...]

    def is_available(self) -> bool:
        """True if all files are on this machine or have a mirror."""
        return all(any(find(form) or form.mirrors for form in forms) for forms in self.files)

    def is_local(self) -> bool:
        """True if the set can be loaded without a download."""
        return all(any(map(find, forms)) for forms in self.files)


def fingerprints(*names: str) -> dict[str, str]:
    """Return the SHA-256 of each file of the named sets, decompressed, by path: for a model's card."""
    chosen = [available_form(*forms) for name in names for forms in SETS[name].files]
    return {source.path: source.sha256 for source in chosen}


def mnist(split: Split) -> Pictures:
    """Load MNIST's 60,000 training or 10,000 test digits, light ink on dark. Raises `DataError`."""
    images, labels = (idx_array(read(source), source.path) for source in MNIST[split])
    return _pair(images, labels, f"mnist {split}")


def pendigits(split: Split) -> list[Drawing]:
    """Load UCI pen digits: 7,494 by 30 writers to train, 3,498 by 14 others to test. Coordinates are 0 to 500.

    Raises `DataError`.
    """
    source = available_form(*PENDIGITS[split])
    if source.path.endswith(".jsonl"):
        return jsonl_drawings(read(source), source.path)
    return unipen_drawings(read(source), split, source.path)


def held_out_pens() -> list[Drawing]:
    """Load the drawings of the held-out writers, without mislabelled ones: numbers composed of them would be wrong."""
    return [
        pen
        for number, pen in enumerate(pendigits("train"))
        if pen.writer in HELD_OUT_PEN_WRITERS and number not in MISLABELLED_PENS
    ]


def ujipenchars() -> list[Drawing]:
    """Load UJIpenchars, 220 digits and 1,144 letters by the writers uji01 to uji11. Raises `DataError`."""
    return jsonl_drawings(read(UJIPENCHARS), UJIPENCHARS.path)


def uji_digits() -> list[Drawing]:
    """Load the 220 digits of all 11 writers, for tests only. Raises `DataError`."""
    return [drawing for drawing in ujipenchars() if drawing.label in DIGITS]


def uji_letters(split: Split) -> list[Drawing]:
    """Load letters, 832 of uji01 to uji08 to train, 312 of uji09 to uji11 to test. Raises `DataError`."""
    letters = [drawing for drawing in ujipenchars() if drawing.label not in DIGITS]
    return [drawing for drawing in letters if (drawing.writer in UJI_TEST_WRITERS) == (split == "test")]


def omniglot() -> list[Drawing]:
    """Load 4,840 characters of many alphabets, drawn with a mouse by 20 people; some look like digits."""
    return jsonl_drawings(read(OMNIGLOT), OMNIGLOT.path)


def cats() -> Pictures:
    """Load 1,000 Quick Draw cats, light ink on dark, labelled NOT_A_DIGIT. Raises `DataError`."""
    images = np.frombuffer(read(CATS), np.uint8).reshape(-1, 28, 28)
    return Pictures(images, np.full(len(images), NOT_A_DIGIT, dtype=np.int64))


def hwd1000() -> Pictures:
    """Load 1,000 digits by one person with several pen widths, dark ink on light. Raises `DataError`."""
    return _load_npz(HWD1000)


def mchaver() -> Pictures:
    """Load 848 digits by one person with a line of 1 px, off-centre, dark ink on light. Raises `DataError`."""
    return _load_npz(MCHAVER)


def _load_npz(source: Source) -> Pictures:
    with np.load(io.BytesIO(read(source)), allow_pickle=False) as arrays:
        return _pair(arrays["x"], arrays["y"], source.path)


def _pair(images: npt.NDArray[np.uint8], labels: npt.NDArray[np.uint8], name: str) -> Pictures:
    if images.shape != (len(labels), 28, 28):
        raise DataError(f"{name}: pictures {images.shape} and labels {labels.shape} do not match")
    return Pictures(images, labels.astype(np.int64))


SETS = {
    data_set.name: data_set
    for data_set in (
        DataSet("mnist-train", "train", True, lambda: mnist("train"), tuple((file,) for file in MNIST["train"])),
        DataSet("pendigits-train", "train", True, lambda: pendigits("train"), (PENDIGITS["train"],)),
        DataSet("uji-letters-train", "train", False, lambda: uji_letters("train"), ((UJIPENCHARS,),)),
        DataSet("mnist-test", "public test", True, lambda: mnist("test"), tuple((file,) for file in MNIST["test"])),
        DataSet("pendigits-test", "public test", True, lambda: pendigits("test"), (PENDIGITS["test"],)),
        DataSet("uji-digits", "public test", True, uji_digits, ((UJIPENCHARS,),)),
        DataSet("hwd1000", "public test", True, hwd1000, ((HWD1000,),)),
        DataSet("mchaver", "public test", True, mchaver, ((MCHAVER,),)),
        DataSet("uji-letters", "public test", False, lambda: uji_letters("test"), ((UJIPENCHARS,),)),
        DataSet("omniglot", "public test", False, omniglot, ((OMNIGLOT,),)),
        DataSet("cats", "public test", False, cats, ((CATS,),)),
    )
}
