"""Every hyperparameter of a training run, in one frozen dataclass that is saved beside the weights."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from math import inf
from typing import Any

from recognizer.errors import RecognizerError

NOT_DIGITS = {  # the kinds that `made_up` draws, and the share of each
    "character": 0.40,
    "invented": 0.12,
    "composed": 0.14,
    "turned": 0.05,
    "digits": 0.08,
    "doodle": 0.07,
    "shape": 0.05,
    "scribble": 0.06,
    "lying": 0.03,
}


@dataclass(frozen=True)
class Config:
    """The shipped configuration; `PRESETS` has the others."""

    # the run
    name: str = "digits_v12"  # the model folder's name
    seed: int = 3  # of 1 to 3, the one of least held-out loss
    epochs: int = 11
    calm_epochs: int = 4  # of these, the last: they show what people draw, less what spoils it
    showings: int = 3  # of each example in its epoch: making one takes as long as learning from it
    batch_size: int = 128
    processes: int = 2  # that share each batch, one a core; fixed, because sums depend on it; on a GPU it is one …
    makers: int = 16  # … beside which as many make the examples, one a core

    # what an epoch holds, made anew each time
    mnist_per_epoch: int = 57_000  # all that is not held out
    pen_per_epoch: int = 32_000  # each pen digit nearly five times
    unfinished_per_epoch: int = 500  # pen digits that lack their last stroke or their shortest
    traced_mnist: int = 30_000  # of MNIST's pictures are made strokes
    traced_per_epoch: int = 5_000
    styled_per_epoch: int = 5_000  # digits by code, in seldom ways of writing
    not_digits_per_epoch: int = 36_000
    hand_letters: int = 6  # how often a letter written by hand comes for each of the fonts'
    not_digits: Mapping[str, float] = field(default_factory=NOT_DIGITS.copy)  # of each kind

    # what is held out of the training sets, to choose and to calibrate by
    held_out_mnist: int = 3_000  # the last of the 60,000
    held_out_pen_writers: tuple[str, ...] = ("train28", "train29", "train30")
    held_out_letter_writers: tuple[str, ...] = ("uji08",)
    held_out_not_digits: int = 1_500

    # the network
    channels: tuple[int, int, int] = (24, 48, 96)  # at 28, 14 and 7 px
    residuals: tuple[int, int] = (1, 3)  # at 14 and 7 px
    dropout: float = 0.1  # of the last feature map's channels

    # what it learns from besides the labels
    teachers: tuple[str, ...] = ("digits_v5", "digits_v6", "digits_v10")  # released models that are asked about each
    distillation: float = 0.5  # their share of the loss
    distillation_temperature: float = 2.0  # that their logits, and its own beside them, are divided by

    # the optimiser
    learning_rate: float = 2e-3  # peak of the one-cycle schedule
    warm_up: float = 0.1  # share of the steps until the peak
    weight_decay: float = 0.05
    momentum: float = 0.9  # of Muon
    average_decay: float = 0.9995  # of the exponential moving average of the weights, which is what ships
    half_precision: bool = True  # bfloat16 convolutions, where the processor has them

    # pictures (MNIST), each drawn evenly from minus to plus where nothing else is said
    picture_plain: float = 0.2  # share that is shifted by whole pixels and else left alone
    picture_rotation_deg: float = 10.0
    picture_shear: float = 0.2
    picture_scale: float = 0.12  # of each axis
    picture_shift_px: float = 1.5
    picture_elastic_px: float = 0.8  # deviation of the 5 × 5 grid of displacements
    picture_pen: float = 0.6  # lighter to wider pen, in steps of the 3 × 3 morphology; small changes are more frequent

    # what of both is sent through the pixels door, by shares
    placed: float = 0.3  # of the pictures: smaller or larger, anywhere on a canvas, or as they are
    brushed: float = 0.22  # of the drawings: on 28 px by a hard brush, as a Paint program draws
    penned: float = 0.17  # of the drawings: on a page's canvas by any pen
    worn: float = 0.8  # of all of these: they lie on worn paper
    calm: float = 0.6  # what the last epochs leave of the distortions, of the worn and of the moved pictures

    # strokes, in units of the drawing's longer side
    stroke_blend: float = 0.6  # of the way to a like digit by another writer, or away from it, at most
    stroke_rotation_deg: float = 12.0
    stroke_slant: float = 0.35
    stroke_aspect: float = 0.3  # of the logarithm of width over height
    stroke_elastic: float = 0.06  # deviation of the 4 × 4 grid of displacements
    stroke_wobble: float = 0.012  # deviation of each point at most, as a shaky mouse gives
    stroke_missing: float = 0.7  # share of points left out at most
    stroke_cut: float = 0.08  # share of the line lost at either end at most
    stroke_gap: float = 0.12  # share of the drawings whose line is broken in one place
    pen_range_px: tuple[float, float] = (1.7, 3.8)  # of the picture that the network sees

    # the rule for declining
    calibrated_for: float = 0.005  # share of not-digits that confidence is calibrated for
    sure: float = 0.6  # least share of the ten digits' chances that the best one has: else two compete
    declined_digits: float = 0.006  # share of held-out digits that are declined, for this or as no digit
    digit_range: tuple[float, float] = (0.5, 0.999)  # within which the least chance of being a digit stays

    # what must come out; training fails below it
    least_mnist_accuracy: float = 0.996
    least_pen_accuracy: float = 0.985

    # what is too good to be true, and means that test pictures were trained on
    suspicious_accuracy: float = 0.9995

    def __post_init__(self) -> None:
        """Raises `RecognizerError` for what no run could do, before it has read and made for minutes."""
        numbers = {name: value for name, value in vars(self).items() if isinstance(value, int | float)}
        wrong = [name for name, value in numbers.items() if not 0 <= value < inf]
        wrong += [name for name in ONE_OR_MORE if getattr(self, name) < 1]
        wrong += [name for name in SHARES if getattr(self, name) > 1]
        wrong += [name for name, length in LENGTHS.items() if len(getattr(self, name)) != length]
        wrong += [name for name in RANGES if not 0 <= getattr(self, name)[0] <= getattr(self, name)[-1] < inf]
        if wrong:
            raise RecognizerError("; ".join(f"{name} cannot be {getattr(self, name)}" for name in dict.fromkeys(wrong)))
        shares = self.not_digits.values()
        if set(self.not_digits) - set(NOT_DIGITS) or min(shares, default=0) < 0 or not 0 < sum(shares) < inf:
            raise RecognizerError(f"not_digits are shares of {', '.join(NOT_DIGITS)}, not {self.not_digits}")
        if self.traced_per_epoch and not self.traced_mnist:
            raise RecognizerError("traced_per_epoch takes what traced_mnist traces, and that is 0")
        if self.calm_epochs > self.epochs:
            raise RecognizerError(
                f"{self.calm_epochs} calm epochs are more than all {self.epochs}; set calm_epochs, too"
            )
        if self.brushed + self.penned > 1:
            raise RecognizerError(f"{self.brushed} brushed and {self.penned} penned are more than all drawings")

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def examples(self) -> int:
        """That are made for an epoch."""
        pens = self.pen_per_epoch + self.unfinished_per_epoch
        return self.mnist_per_epoch + pens + self.traced_per_epoch + self.styled_per_epoch + self.not_digits_per_epoch

    def batches(self) -> int:
        """In one showing of them, however many processes share each."""
        return -(-self.examples() // self.batch_size)

    def calmed(self) -> "Config":
        """What the last epochs are made by."""
        less = {name: self.calm * getattr(self, name) for name in DISTORTIONS}
        return replace(self, picture_plain=1 - self.calm * (1 - self.picture_plain), **less)


ONE_OR_MORE = ("epochs", "showings", "batch_size", "processes", "makers", "distillation_temperature")
SHARES = (
    "dropout",
    "warm_up",
    "momentum",
    "average_decay",
    "picture_plain",
    "placed",
    "brushed",
    "penned",
    "worn",
    "calm",
    "stroke_missing",
    "stroke_gap",
    "distillation",
    "calibrated_for",
    "sure",
    "declined_digits",
)
LENGTHS = {"channels": 3, "residuals": 2, "pen_range_px": 2, "digit_range": 2}
RANGES = ("pen_range_px", "digit_range")  # from the least to the most

DISTORTIONS = (
    "picture_rotation_deg",
    "picture_shear",
    "picture_scale",
    "picture_shift_px",
    "picture_elastic_px",
    "picture_pen",
    "worn",
    "stroke_blend",
    "stroke_rotation_deg",
    "stroke_slant",
    "stroke_aspect",
    "stroke_elastic",
    "stroke_wobble",
    "stroke_missing",
    "stroke_cut",
    "stroke_gap",
)


PRESETS = {
    "shipped": Config(),
    # The whole path in a minute or two, for tests and first tries; what it makes is not good.
    "smallest": Config(
        name="smallest",
        seed=1,
        teachers=(),
        epochs=2,
        calm_epochs=1,
        showings=1,
        batch_size=64,
        mnist_per_epoch=4_000,
        pen_per_epoch=900,
        unfinished_per_epoch=30,
        traced_mnist=200,
        traced_per_epoch=200,
        styled_per_epoch=100,
        not_digits_per_epoch=400,
        channels=(8, 16, 32),
        learning_rate=1e-2,
        average_decay=0.8,
        placed=0.02,
        brushed=0.01,
        penned=0.01,
        held_out_not_digits=200,
        least_mnist_accuracy=0.5,
        least_pen_accuracy=0.4,
    ),
}
