"""Finds the input and output format of a network by trying every format on known digits. Trains nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

from recognizer.card import Rule
from recognizer.datasets import sets
from recognizer.doors import StrokesDoor
from recognizer.doors.session import Session
from recognizer.errors import ModelError, UnusableFile, first_line
from recognizer.importing.contract import (
    CONFIDENCE,
    PICTURE,
    PROBABILITIES,
    RAW,
    InputFormat,
    OutputFormat,
    fit_contract,
)
from recognizer.importing.graphs import Network
from recognizer.ink import strokes_from
from recognizer.training.examples.styles import draw_digit

MEAN, DEVIATION = 0.1307, 0.3081  # of MNIST's training pictures; PyTorch's lessons normalise with them
TRIED = 1_000  # digits of MNIST
PER_DIGIT = 100  # generated drawings of each digit, if no data set is on this machine
CALIBRATED_ON = 5_000  # pen digits, at most
MOST_SHIFT_PX, NOISE = 1, 0.1
LITTLE_LOSS = 0.01  # added to each loss: on digits that a network has memorised, the loss is 0
LEAST_ACCURACY = 0.5  # guessing reaches 0.1
LEAST = 1e-12  # smaller probabilities are raised to this, so that their logarithm is finite
SURE = 0.6  # as in the shipped model's rule
LEAST_SURE, MOST_SURE = 0.101, 0.95
DECLINED_DIGITS = 0.006  # share of true digits that a network of 11 classes may decline
LEAST_DIGIT, MOST_DIGIT = 0.5, 0.999  # limits of the rule's `digit`
IN_ORDER = "It must be a network of handwritten digits with the classes 0 to 9 in this order."
RANGES = (  # words, scale, offset
    ("0 to 1", 1.0, 0.0),
    ("0 to 255", 255.0, 0.0),
    ("−1 to 1", 2.0, -1.0),
    ("MNIST's mean taken off, divided by its deviation", 1 / DEVIATION, -MEAN / DEVIATION),
)

Pictures = npt.NDArray[np.float32]  # (N, 1, 28, 28) in [0, 1], light ink on dark


@dataclass(frozen=True, eq=False)
class Digits:
    """Labelled digits. words: how many, and where they come from."""

    pictures: Pictures
    labels: npt.NDArray[np.int64]  # (N,)
    words: str


@dataclass(frozen=True)
class Format:
    """The format that a network uses, and its accuracy in that format on `n` digits."""

    input: InputFormat
    output: OutputFormat
    accuracy: float
    n: int
    words: str  # describe the digits


def input_formats() -> Iterator[InputFormat]:
    """Yield every input format: each range, in both polarities and both orders of axes."""
    for transposed in (False, True):
        turned = ", rows and columns exchanged" if transposed else ""
        for words, scale, offset in RANGES:
            yield InputFormat(f"light ink on black, {words}{turned}", scale, offset, transposed)
            if scale == 1 / DEVIATION:  # normalised with the mean of MNIST as it is, then inverted
                yield InputFormat(f"dark ink on white, {words}{turned}", -scale, -offset, transposed)
            else:
                yield InputFormat(f"dark ink on white, {words}{turned}", -scale, scale + offset, transposed)


def find_format(network: Network, name: str) -> Format:
    """Return the format with the least loss on clean and on spoiled digits.

    With too much contrast, a network is surer: the loss falls on clean digits and rises on spoiled ones. Too little
    contrast does the opposite. The product of both losses is least in the format that the network was trained with.
    Raises `UnusableFile` if it reads less than half of the clean digits, or if it cannot be run. name: for messages.
    """
    digits = mnist_digits() or own_digits()
    pictures = np.concatenate([digits.pictures, spoil(digits.pictures)])
    tried = [_try(network, input_format, digits, pictures, name) for input_format in input_formats()]
    _, best = min(tried, key=lambda result: result[0])
    if best.accuracy < LEAST_ACCURACY:
        raise UnusableFile(
            f"{name} reads {best.accuracy:.0%} of {digits.words} correctly at best, with every range, polarity and "
            f"order of axes tried. {IN_ORDER}"
        )
    _check_order(network, best, digits, name)
    return best


def _check_order(network: Network, found: Format, digits: Digits, name: str) -> None:
    """Raise `UnusableFile` if classes are exchanged: if the answer to most 1s is 7, and to most 7s is 1."""
    answers = probabilities_of(run_raw(network, found.input, digits.pictures, name), found.output)[:, :10].argmax(1)
    usual = [int(np.bincount(answers[digits.labels == digit], minlength=10).argmax()) for digit in range(10)]
    if sorted(usual) == list(range(10)) and usual != list(range(10)):
        exchanged = ", ".join(f"{digit} as {usual[digit]}" for digit in range(10) if usual[digit] != digit)
        raise UnusableFile(f"{name} reads most digits of one kind as another: {exchanged}. {IN_ORDER}")


def _try(
    network: Network, input_format: InputFormat, digits: Digits, pictures: Pictures, name: str
) -> tuple[float, Format]:
    """Return the product of the losses on clean and on spoiled digits, and the format. pictures: of both, (2N, …)."""
    answers = run_raw(network, input_format, pictures, name)
    output_format = output_format_of(answers)
    chances = probabilities_of(answers, output_format)
    right = chances[np.arange(len(chances)), np.tile(digits.labels, 2)]
    losses = -np.log(np.maximum(right, LEAST))
    clean, spoiled = losses.reshape(2, -1).mean(1) + LITTLE_LOSS
    count = len(digits.labels)
    accuracy = float((chances[:count, :10].argmax(1) == digits.labels).mean())
    return float(clean * spoiled), Format(input_format, output_format, accuracy, count, digits.words)


def spoil(pictures: Pictures) -> Pictures:
    """Shift each picture by up to one pixel in each direction, and add noise."""
    random = np.random.default_rng(0)
    shifts = random.integers(-MOST_SHIFT_PX, MOST_SHIFT_PX + 1, (len(pictures), 2))
    moved = np.stack([np.roll(picture, shift, (1, 2)) for picture, shift in zip(pictures, shifts, strict=True)])
    noise = random.normal(0, NOISE, moved.shape)
    return np.clip(moved + noise, 0, 1).astype(np.float32)


def run_raw(network: Network, input_format: InputFormat, pictures: Pictures, name: str) -> npt.NDArray[np.float32]:
    """Return the network's own answers: (N, 1, 28, 28) → (N, classes) float32. Raises `UnusableFile` if it fails."""
    model = fit_contract(network, input_format, OutputFormat.LOGITS)
    try:
        session = Session(Path(name), [PICTURE], [RAW], content=model.SerializeToString())
        parts = [session.run(**{PICTURE: pictures[at : at + 100]})[0] for at in range(0, len(pictures), 100)]
    except MemoryError:
        raise UnusableFile(f"{name} needs more memory than an import may use.") from None
    except ModelError:
        raise UnusableFile(f"onnxruntime cannot open {name}: its operators or shapes do not fit together.") from None
    except Exception as error:  # onnxruntime's own classes share no other base
        raise UnusableFile(f"{name} cannot be run: {first_line(error)}") from None
    return np.concatenate(parts)


def output_format_of(answers: npt.NDArray[np.float32]) -> OutputFormat:
    """Return the kind of the network's answers, (N, classes): tell it from their range and their sums."""
    within = bool((answers > -1e-6).all() and (answers < 1 + 1e-6).all())
    if within and np.abs(answers.sum(1) - 1).max() < 1e-3:
        return OutputFormat.SOFTMAX
    return OutputFormat.SIGMOID if within else OutputFormat.LOGITS


def probabilities_of(answers: npt.NDArray[np.float32], output_format: OutputFormat) -> npt.NDArray[np.float64]:
    """Return probabilities: (N, classes), each row summing to 1, none below about `LEAST`."""
    values = answers.astype(np.float64)
    if output_format is OutputFormat.LOGITS:
        values = np.exp(values - values.max(1, keepdims=True))
    values = np.maximum(np.nan_to_num(values), LEAST)
    chances: npt.NDArray[np.float64] = values / values.sum(1, keepdims=True)
    return chances


def calibrate(network: Network, found: Format, name: str) -> tuple[float, Rule, str]:
    """Return the temperature, the rule, and the words for the digits that both were set on.

    The temperature has the least log-loss (Guo et al., 2017, "On Calibration of Modern Neural Networks"). The digits
    are pen digits if they are on this machine: few networks were trained on them.
    """
    digits = pen_digits() or own_digits()
    logarithms = np.log(probabilities_of(run_raw(network, found.input, digits.pictures, name), found.output))
    temperature = _best_temperature(logarithms, digits.labels)
    return temperature, _rule(logarithms, temperature), digits.words


def _best_temperature(logarithms: npt.NDArray[np.float64], labels: npt.NDArray[np.int64]) -> float:
    rows = np.arange(len(labels))

    def loss(log_temperature: float) -> float:
        cooled = logarithms / np.exp(log_temperature)
        return float((np.logaddexp.reduce(cooled, 1) - cooled[rows, labels]).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-9.0, 5.0), method="bounded").x))


def _rule(logarithms: npt.NDArray[np.float64], temperature: float) -> Rule:
    """Return the rule, from log-probabilities (N, classes) of digits. With 10 classes, nothing is "not a digit".

    `sure` is the network's own best probability at which the calibrated one reaches `SURE`: the rule compares the own.
    """
    own = _normalise(logarithms[:, :10])
    shares = _normalise(logarithms / temperature)
    best, confidence = own.max(1), shares[:, :10].max(1)
    accepted = best[confidence >= SURE]
    sure = float(np.clip(accepted.min() if len(accepted) else SURE, LEAST_SURE, MOST_SURE))
    if logarithms.shape[1] == 10:
        return Rule(digit=0.0, sure=round(sure, 4))
    digit = float(np.quantile(shares[:, :10].sum(1), DECLINED_DIGITS))
    return Rule(digit=round(min(max(digit, LEAST_DIGIT), MOST_DIGIT), 4), sure=round(sure, 4))


def _normalise(logarithms: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return (N, classes) probabilities, each row summing to 1."""
    shares: npt.NDArray[np.float64] = np.exp(logarithms - logarithms.max(1, keepdims=True))
    return shares / shares.sum(1, keepdims=True)  # type: ignore[no-any-return]


def check_answers(content: bytes, name: str) -> None:
    """Raise `UnusableFile` unless each picture gets one finite answer: alone, in a batch, and the second time."""
    session = Session(Path(name), [PICTURE], [PROBABILITIES, CONFIDENCE], content=content)
    pictures = own_digits(per_digit=2).pictures[:17]
    together = session.run(picture=pictures)
    again = session.run(picture=pictures)
    each = [session.run(picture=picture[None]) for picture in pictures]
    alone = [np.concatenate(parts) for parts in zip(*each, strict=True)]
    for first, second, third in zip(together, again, alone, strict=True):
        if not np.isfinite(first).all():
            raise UnusableFile(f"{name} answers with infinite numbers or NaN. Train it again, or export it as float32.")
        if not np.allclose(first, second, atol=1e-5):
            raise UnusableFile(f"{name} gives one picture two answers. Export it for inference, not for training.")
        if not np.allclose(first, third, atol=1e-3):
            raise UnusableFile(
                f"{name} gives a picture another answer in a batch than alone. Export it for inference, with a batch "
                "of 1."
            )


def mnist_digits() -> Digits | None:
    """Return the last 1,000 of MNIST's training pictures, or None if MNIST is not on this machine."""
    if not sets.SETS["mnist-train"].is_local():
        return None
    mnist = sets.mnist("train")
    pictures = (mnist.images[-TRIED:, None] / np.float32(255)).astype(np.float32)
    return Digits(pictures, mnist.labels[-TRIED:], f"{TRIED:,} digits of MNIST")


def pen_digits() -> Digits | None:
    """Return drawings of pendigits' training set, or None if it is not on this machine."""
    if not sets.SETS["pendigits-train"].is_local():
        return None
    drawings = sets.pendigits("train")[:CALIBRATED_ON]
    labels = np.array([int(drawing.label) for drawing in drawings])
    pictures = StrokesDoor()([strokes_from(drawing.strokes) for drawing in drawings])
    return Digits(pictures, labels, f"{len(drawings):,} pen digits (UCI)")


def own_digits(per_digit: int = PER_DIGIT, seed: int = 0) -> Digits:
    """Return `per_digit` generated drawings of each digit, in many styles. The same seed gives the same drawings."""
    random = np.random.default_rng(seed)
    labels = np.tile(np.arange(10), per_digit)
    pictures = StrokesDoor()([strokes_from(draw_digit(int(label), random)) for label in labels])
    return Digits(pictures, labels, f"{len(labels):,} generated digits")
