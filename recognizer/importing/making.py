"""Makes a model folder from a network's file: converts, tries, calibrates, measures. Runs in the child process."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx

import recognizer
from recognizer.card import DIGITS, Calibration, ModelCard, Origin
from recognizer.datasets import sets
from recognizer.doors.session import door_digests
from recognizer.errors import ModelError, UnusableFile
from recognizer.evaluation.measure import evaluate, write
from recognizer.evaluation.readme import write_card
from recognizer.evaluation.scores import answers_from, available_sets, digit_scores
from recognizer.importing import keras_files, sandbox
from recognizer.importing.contract import fit_contract
from recognizer.importing.files import Kind, kind_of
from recognizer.importing.graphs import LAYOUTS, Network, check_network, read_graph
from recognizer.importing.importing import digest_of
from recognizer.importing.limits import MEASURE_S
from recognizer.importing.trying import Format, calibrate, check_answers, find_format, own_digits

Report = Callable[[str], None]
INPUT = "picture (N, 1, 28, 28) float32 in [0, 1], light ink on dark, as the doors make it"
TEN_CLASSES = (
    "It has no class for drawings that are not digits: it cannot tell letters or scribbles from digits, and answers "
    "with a digit. It declines only if two digits compete."
)


def make(file: Path, folder: Path, name: str, report: Report) -> None:
    """Write `model.onnx`, `model.json` and README.md into the existing folder. Raises `RecognizerError`.

    name: of the model. report: is called with lines for people.
    """
    kind = kind_of(file)
    report(f"{file.name}: {kind}")
    network = _read(file, kind)
    found = find_format(network, file.name)
    report(f"It expects {found.input.words} ({_accuracy(found)}).")
    temperature, rule, calibrated_on = calibrate(network, found, file.name)
    content = _fit(network, found, temperature)
    check_answers(content, file.name)
    (folder / "model.onnx").write_bytes(content)
    card = ModelCard(
        name=name,
        version=1,
        sha256=hashlib.sha256(content).hexdigest(),
        labels=DIGITS,
        rule=rule,
        input=INPUT,
        calibration=Calibration(temperature, 0.0),
        origin=Origin(file.name, kind, digest_of(file)),
        note=_note(file, kind, network, found, calibrated_on),
    )
    card.write(folder)
    _check_loads(folder, file.name)
    sandbox.limit_time(MEASURE_S)
    report("Converted. Now it is measured.")
    _measure(folder, card, report)


def _check_loads(folder: Path, name: str) -> None:
    """Load the folder as its users will. Raises `UnusableFile`, without the name of a temporary folder."""
    try:
        recognizer.load(folder)
    except ModelError as error:
        raise UnusableFile(f"{name} makes no usable model: {str(error).rpartition(': ')[2]}.") from None


def _read(file: Path, kind: Kind) -> Network:
    if kind is Kind.ONNX:
        return check_network(read_graph(file.read_bytes(), file.name, file.parent), file.name)
    if kind is Kind.TORCH:
        from recognizer.importing import torch_files

        content = torch_files.convert(file)
    else:
        content = keras_files.convert(file, kind)
    return check_network(read_graph(content, file.name), file.name)


def _fit(network: Network, found: Format, temperature: float) -> bytes:
    """Return `model.onnx`, with the outputs `probabilities` and `confidence`. The same network gives the same bytes."""
    model = fit_contract(network, found.input, found.output, temperature)
    del model.graph.output[2:]  # raw
    onnx.checker.check_model(model, full_check=True)
    return bytes(model.SerializeToString(deterministic=True))


def _measure(folder: Path, card: ModelCard, report: Report) -> None:
    """Measure on the test sets on this machine, or on generated drawings if there are none."""
    here = [name for name in available_sets() if name not in sets.SETS or sets.SETS[name].is_local()]
    if "mnist-test" not in here:
        here = [name for name in here if name in sets.SETS]
    if here:
        write(folder, evaluate(folder, report, here))
        return
    digits = own_digits()
    model = recognizer.load(folder)
    answers = answers_from(digits.words, digits.labels, model.predict_pixels(list(_as_images(digits.pictures))))
    write_card(folder, replace(card, scores=(digit_scores(answers),), doors=door_digests()))


def _as_images(pictures: np.ndarray) -> np.ndarray:
    """(N, 1, 28, 28) float32 in [0, 1] → (N, 28, 28) uint8."""
    images: np.ndarray = np.rint(pictures[:, 0] * 255).astype(np.uint8)
    return images


def _note(file: Path, kind: Kind, network: Network, found: Format, calibrated_on: str) -> str:
    parts = [
        f"Imported from {file.name} ({kind}).",
        f"It takes {LAYOUTS[network.shape]} and expects {found.input.words}. Its output is {found.output}.",
        f"The import found this by trying every format: {_accuracy(found)}.",
        f"The confidence is calibrated on {calibrated_on}.",
    ]
    return " ".join(parts + ([TEN_CLASSES] if network.classes == 10 else []))


def _accuracy(found: Format) -> str:
    return f"{found.accuracy:.1%} of {found.words} read correctly"
