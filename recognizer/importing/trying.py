"""Finds out how a network wants its pictures, by trying every way on known digits. Trains nothing."""

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
from recognizer.errors import ModelError, UnusableFile
from recognizer.importing.contract import CONFIDENCE, PICTURE, PROBABILITIES, RAW, Giving, Taking, fit_contract
from recognizer.importing.graphs import Network
from recognizer.ink import strokes_from
from recognizer.training.examples.styles import draw_digit

MEAN, DEVIATION = 0.1307, 0.3081  # of MNIST's training pictures, which examples of networks take off
TRIED = 1_000  # digits
PER_DIGIT = 100  # drawings of our own, where no data set is here
CALIBRATED_ON = 5_000
MOST_SHIFT_PX, NOISE = 1, 0.1
LITTLE_LOSS = 0.01  # a network that learnt its digits by heart has none
LEAST_ACCURACY = 0.5  # at chance it is 0.1
LEAST = 1e-12  # chance of the right digit, when its logarithm is taken
SURE = 0.6  # as the shipped model's rule
DECLINED_DIGITS = 0.006
LEAST_DIGIT, MOST_DIGIT = 0.5, 0.999
RANGES = (
    ("0 to 1", 1.0, 0.0),
    ("0 to 255", 255.0, 0.0),
    ("−1 to 1", 2.0, -1.0),
    ("MNIST's mean taken off, divided by its deviation", 1 / DEVIATION, -MEAN / DEVIATION),
)

Pictures = npt.NDArray[np.float32]  # (N, 1, 28, 28) in [0, 1], light ink on dark


@dataclass(frozen=True, eq=False)
class Digits:
    """Known digits as the doors make them. words: where they come from."""

    pictures: Pictures
    labels: npt.NDArray[np.int64]
    words: str


@dataclass(frozen=True)
class Found:
    """The way that a network wants its pictures, and how many of `n` digits it then reads right."""

    taking: Taking
    giving: Giving
    accuracy: float
    n: int
    words: str  # of the digits that were tried


def takings() -> Iterator[Taking]:
    for transposed in (False, True):
        turned = ", rows and columns exchanged" if transposed else ""
        for words, scale, offset in RANGES:
            yield Taking(f"light ink on black, {words}{turned}", scale, offset, transposed)
            if scale == 1 / DEVIATION:  # its own pictures' mean would be that of paper turned over
                yield Taking(f"dark ink on white, {words}{turned}", -scale, -offset, transposed)
            else:
                yield Taking(f"dark ink on white, {words}{turned}", -scale, scale + offset, transposed)


def find_way(network: Network, name: str) -> Found:
    """Return the way that loses least on clean and on spoiled digits. Raises `UnusableFile` if none reads half of them.

    Pictures that are too strong make a network surer, which pays on clean digits and costs on spoiled ones. Pictures
    that are too weak do the opposite. The product of both losses is least where the network was trained.
    """
    digits = mnist_digits() or own_digits()
    count = len(digits.labels)
    pictures = np.concatenate([digits.pictures, spoil(digits.pictures)])
    labels = np.tile(digits.labels, 2)
    best: Found | None = None
    least = np.inf
    for taking in takings():
        answers = run_raw(network, taking, pictures, name)
        giving = giving_of(answers)
        chances = chances_of(answers, giving)
        losses = -np.log(np.maximum(chances[np.arange(len(chances)), labels], LEAST))
        loss = (losses[:count].mean() + LITTLE_LOSS) * (losses[count:].mean() + LITTLE_LOSS)
        if loss < least:
            right = chances[:count, :10].argmax(1) == digits.labels
            least, best = loss, Found(taking, giving, float(right.mean()), count, digits.words)
    if best is None or best.accuracy < LEAST_ACCURACY:
        share = f"{best.accuracy:.0%}" if best else "0%"
        raise UnusableFile(
            f"{name} reads {share} of {digits.words} right at best, whatever range, polarity and order of axes was "
            "tried. It must be a network of handwritten digits with the classes 0 to 9 in this order."
        )
    return best


def spoil(pictures: Pictures) -> Pictures:
    """Shift each picture by up to two pixels, and add noise."""
    random = np.random.default_rng(0)
    shifts = random.integers(-MOST_SHIFT_PX, MOST_SHIFT_PX + 1, (len(pictures), 2))
    moved = np.stack([np.roll(picture, shift, (1, 2)) for picture, shift in zip(pictures, shifts, strict=True)])
    noise = random.normal(0, NOISE, moved.shape)
    return np.clip(moved + noise, 0, 1).astype(np.float32)


def run_raw(network: Network, taking: Taking, pictures: Pictures, name: str) -> npt.NDArray[np.float32]:
    """(N, classes) as the network itself gives them."""
    model = fit_contract(network, taking, Giving.LOGITS)
    try:
        session = Session(Path(name), [PICTURE], [RAW], content=model.SerializeToString())
        parts = [session.run(**{PICTURE: pictures[at : at + 100]})[0] for at in range(0, len(pictures), 100)]
    except MemoryError:
        raise UnusableFile(f"{name} needs more memory than an import may take.") from None
    except ModelError:
        raise UnusableFile(f"onnxruntime cannot open {name}: it has operators or shapes that do not fit.") from None
    except Exception as error:  # onnxruntime raises classes of its own that share no base but this
        reason = (str(error).splitlines() or [""])[0][:200]
        raise UnusableFile(f"{name} cannot be run: {reason}") from None
    return np.concatenate(parts)


def giving_of(answers: npt.NDArray[np.float32]) -> Giving:
    within = bool((answers > -1e-6).all() and (answers < 1 + 1e-6).all())
    if within and np.abs(answers.sum(1) - 1).max() < 1e-3:
        return Giving.SOFTMAX
    return Giving.SIGMOID if within else Giving.LOGITS


def chances_of(answers: npt.NDArray[np.float32], giving: Giving) -> npt.NDArray[np.float64]:
    """(N, classes), each row summing to 1."""
    values = answers.astype(np.float64)
    if giving is Giving.LOGITS:
        values = np.exp(values - values.max(1, keepdims=True))
    values = np.maximum(np.nan_to_num(values), LEAST)
    chances: npt.NDArray[np.float64] = values / values.sum(1, keepdims=True)
    return chances


def calibrate(network: Network, found: Found, name: str) -> tuple[float, Rule, str]:
    """Return the temperature (Guo et al., 2017), the rule, and what they were set on: digits that are new to most."""
    digits = pen_digits() or own_digits()
    chances = chances_of(run_raw(network, found.taking, digits.pictures, name), found.giving)
    logarithms, rows = np.log(chances), np.arange(len(chances))

    def loss(log_temperature: float) -> float:
        cooled = logarithms / np.exp(log_temperature)
        return float((np.logaddexp.reduce(cooled, 1) - cooled[rows, digits.labels]).mean())

    temperature = float(np.exp(minimize_scalar(loss, bounds=(-2.0, 3.0), method="bounded").x))
    if network.classes == 10:
        return temperature, Rule(digit=0.0, sure=SURE), digits.words
    shares = np.exp(logarithms / temperature)
    shares /= shares.sum(1, keepdims=True)
    digit = float(np.quantile(shares[:, :10].sum(1), DECLINED_DIGITS))
    return temperature, Rule(digit=round(min(max(digit, LEAST_DIGIT), MOST_DIGIT), 4), sure=SURE), digits.words


def check_answers(content: bytes, name: str) -> None:
    """Raise `UnusableFile` unless a drawing has the same answer alone, in a batch, and again."""
    session = Session(Path(name), [PICTURE], [PROBABILITIES, CONFIDENCE], content=content)
    pictures = own_digits(per_digit=2).pictures[:17]
    together = session.run(picture=pictures)
    again = session.run(picture=pictures)
    each = [session.run(picture=picture[None]) for picture in pictures]
    alone = [np.concatenate(parts) for parts in zip(*each, strict=True)]
    for first, second, third in zip(together, again, alone, strict=True):
        if not np.isfinite(first).all():
            raise UnusableFile(f"{name} answers with numbers that are not finite.")
        if not np.allclose(first, second, atol=1e-5):
            raise UnusableFile(f"{name} answers one picture in two ways. Export it for inference, not for training.")
        if not np.allclose(first, third, atol=1e-3):
            raise UnusableFile(
                f"{name} answers a picture alone and in a batch in two ways. Export it for inference, for one picture."
            )


def mnist_digits() -> Digits | None:
    """Of MNIST's training pictures; None where they are not here."""
    if not sets.SETS["mnist-train"].is_local():
        return None
    mnist = sets.mnist("train")
    pictures = (mnist.images[-TRIED:, None] / np.float32(255)).astype(np.float32)
    return Digits(pictures, mnist.labels[-TRIED:], f"{TRIED:,} digits of MNIST")


def pen_digits() -> Digits | None:
    if not sets.SETS["pendigits-train"].is_local():
        return None
    drawings = sets.pendigits("train")[:CALIBRATED_ON]
    labels = np.array([int(drawing.label) for drawing in drawings])
    pictures = StrokesDoor()([strokes_from(drawing.strokes) for drawing in drawings])
    return Digits(pictures, labels, f"{len(drawings):,} pen digits (UCI)")


def own_digits(per_digit: int = PER_DIGIT, seed: int = 0) -> Digits:
    """Drawings by code, in many ways of writing."""
    random = np.random.default_rng(seed)
    labels = np.tile(np.arange(10), per_digit)
    pictures = StrokesDoor()([strokes_from(draw_digit(int(label), random)) for label in labels])
    return Digits(pictures, labels, f"{len(labels):,} drawings of our own")
