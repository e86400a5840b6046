"""Every hyperparameter of a training run, in one frozen dataclass. It is saved beside the weights."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from math import inf
from typing import Any, Protocol

from recognizer.datasets.sets import HELD_OUT_PEN_WRITERS
from recognizer.errors import RecognizerError

NOT_DIGITS = {  # each kind of not-digit that `made_up` draws, and its share
    "character": 0.31,
    "invented": 0.095,
    "composed": 0.11,
    "turned": 0.04,
    "row": 0.12,
    "column": 0.07,
    "piece": 0.045,
    "form": 0.045,
    "doodle": 0.055,
    "shape": 0.04,
    "scribble": 0.045,
    "lying": 0.025,
}


class RunConfig(Protocol):
    """What the training loop and the optimiser read of a configuration. `Config` says what each field means."""

    @property
    def seed(self) -> int: ...
    @property
    def epochs(self) -> int: ...
    @property
    def showings(self) -> int: ...
    @property
    def learning_rate(self) -> float: ...
    @property
    def warm_up(self) -> float: ...
    @property
    def weight_decay(self) -> float: ...
    @property
    def momentum(self) -> float: ...
    @property
    def average_decay(self) -> float: ...
    @property
    def half_precision(self) -> bool: ...
    def batches(self) -> int: ...
    def as_dict(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class Config:
    """The shipped configuration; `PRESETS` has the others. A share is a fraction from 0 to 1."""

    # the run
    name: str = "digits_v15"  # of the model and its folder
    seed: int = 2
    epochs: int = 10  # with more examples each than the 11 of digits_v12: about as many in all
    calm_epochs: int = 4  # how many epochs at the end use weaker distortions, closer to what people draw
    showings: int = 3  # times an epoch shows each example: making an example takes as long as learning from it
    batch_size: int = 128  # examples in each step, over all processes
    processes: int = 2  # that share each batch, one per core; fixed, because rounding depends on it; a GPU uses 1
    makers: int = 16  # processes that make examples for a GPU, one a core; not used without a GPU

    # examples in an epoch; each epoch makes new ones
    mnist_per_epoch: int = 57_000  # all MNIST pictures that are not held out
    pen_per_epoch: int = 32_000  # each pen digit nearly five times
    unfinished_per_epoch: int = 500  # pen digits without their last or their shortest stroke
    traced_mnist: int = 30_000  # MNIST pictures that are traced to strokes, once for each run
    traced_per_epoch: int = 5_000  # examples from those strokes
    styled_per_epoch: int = 5_000  # digits drawn by code, in rare ways of writing
    misread_per_epoch: int = 4_000  # digits drawn by code, as hands write them that earlier models misread
    not_digits_per_epoch: int = 38_000  # letters, symbols, doodles, groups of digits and other not-digits
    groups_per_epoch: int = 8_000  # not-digits, too: rows, columns and pages of MNIST pictures
    pieces_per_epoch: int = 2_500  # MNIST pictures with a little of the next digit at the picture's edge
    marks_per_epoch: int = 4_000  # MNIST pictures with marks beside the digit that are no writing: discs, bars
    hand_letters: int = 6  # times a handwritten letter is as frequent as a character of a font
    not_digits: Mapping[str, float] = field(default_factory=NOT_DIGITS.copy)  # share of each kind

    # held out of the training sets, to choose and calibrate the model
    held_out_mnist: int = 3_000  # pictures: the last of the 60,000
    held_out_pen_writers: tuple[str, ...] = HELD_OUT_PEN_WRITERS
    held_out_letter_writers: tuple[str, ...] = ("uji08",)
    held_out_not_digits: int = 1_500  # drawings

    # the network
    channels: tuple[int, int, int] = (24, 48, 96)  # at 28 × 28, 14 × 14 and 7 × 7 px
    residuals: tuple[int, int] = (1, 3)  # residual blocks at 14 × 14 and 7 × 7 px
    dropout: float = 0.1  # share of the last feature map's channels

    # distillation
    teachers: tuple[str, ...] = ("digits_v5", "digits_v12", "digits_v13")  # earlier models; their logits are averaged
    distillation: float = 0.5  # the teachers' share of the loss; the labels have the rest
    distillation_temperature: float = 2.0  # divides the logits of teachers and network

    # the optimiser
    learning_rate: float = 2e-3  # peak of the one-cycle schedule
    warm_up: float = 0.1  # share of the steps before the peak
    weight_decay: float = 0.05  # decoupled, of Muon and AdamW
    momentum: float = 0.9  # of Muon
    average_decay: float = 0.9995  # per step, of the weights' exponential moving average; the average ships
    half_precision: bool = True  # bfloat16 convolutions where the processor supports them

    # distortions of MNIST pictures; uniform between minus and plus the value, unless the comment says otherwise
    picture_plain: float = 0.2  # share of pictures that are only shifted, by whole pixels
    picture_rotation_deg: float = 10.0
    picture_shear: float = 0.2  # sideways shift per unit of height
    picture_scale: float = 0.12  # relative change of width and of height
    picture_shift_px: float = 1.5
    picture_elastic_px: float = 0.8  # standard deviation of the displacements on a 5 × 5 grid
    picture_pen: float = 0.6  # thinner to wider lines, in steps of 3 × 3 erosion or dilation; small changes dominate

    # canvases for the pixels door
    placed: float = 0.3  # share of MNIST pictures on a canvas: half as they are, half scaled and moved
    brushed: float = 0.22  # share of drawings on a 28 px canvas, by the hard brush of a paint program
    penned: float = 0.17  # share of drawings on a 48 px canvas, by a soft pen of any width
    worn: float = 0.8  # share of all these canvases that get noise, blur, stray lines and other wear
    faded: float = 0.04  # share of pictures that are pale towards one side, as by an uneven hand
    calm: float = 0.6  # factor in the calm epochs: of distortions, of `worn` and of 1 - `picture_plain`

    # distortions of strokes; lengths in units of the drawing's longer side
    stroke_blend: float = 0.6  # largest move towards or away from another writer's digit: share of the distance
    stroke_rotation_deg: float = 12.0  # largest, either way
    stroke_slant: float = 0.35  # largest sideways shift per unit of height, either way
    stroke_aspect: float = 0.3  # largest change of ln(width / height), either way
    stroke_elastic: float = 0.06  # standard deviation of the displacements on a 4 × 4 grid
    stroke_wobble: float = 0.012  # largest standard deviation of each point's shake, as by a shaky mouse
    stroke_missing: float = 0.7  # largest share of points left out
    stroke_cut: float = 0.08  # largest share of the points lost at each end
    stroke_gap: float = 0.12  # share of drawings whose line is broken in one place
    pen_range_px: tuple[float, float] = (1.7, 3.8)  # narrowest and widest pen, in px of the 28 × 28 picture

    # when the model declines
    calibrated_for: float = 0.005  # share of not-digits among the drawings that `confidence` is calibrated for
    sure: float = 0.6  # below this P(best digit | digit) two digits compete, and the model declines
    declined_digits: float = 0.006  # share of held-out digits to decline, for either reason; sets the least P(digit)
    digit_range: tuple[float, float] = (0.5, 0.999)  # bounds of the least P(digit)

    # test accuracy below which training fails: a share of the set's digits
    least_mnist_accuracy: float = 0.996
    least_pen_accuracy: float = 0.985

    # test accuracy above which training fails: it would mean training on test pictures
    suspicious_accuracy: float = 0.9995

    def __post_init__(self) -> None:
        """Raise `RecognizerError` for impossible values at once, not after minutes of preparation."""
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
            raise RecognizerError(f"not_digits must be shares of {', '.join(NOT_DIGITS)}; got {self.not_digits}")
        if self.traced_per_epoch and not self.traced_mnist:
            raise RecognizerError("traced_mnist is 0, so traced_per_epoch must be 0, too")
        if self.calm_epochs > self.epochs:
            raise RecognizerError(f"calm_epochs ({self.calm_epochs}) exceeds epochs ({self.epochs}); lower it, too")
        if self.brushed + self.penned > 1:
            raise RecognizerError(f"brushed ({self.brushed}) and penned ({self.penned}) add up to more than 1")

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def examples(self) -> int:
        """Number of examples made for an epoch."""
        pictures = self.mnist_per_epoch + self.groups_per_epoch + self.pieces_per_epoch + self.marks_per_epoch
        pens = self.pen_per_epoch + self.unfinished_per_epoch + self.traced_per_epoch
        return pictures + pens + self.styled_per_epoch + self.misread_per_epoch + self.not_digits_per_epoch

    def batches(self) -> int:
        """Number of batches in one showing, over all processes."""
        return -(-self.examples() // self.batch_size)

    def calm_config(self) -> "Config":
        """Return the configuration of the calm epochs."""
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
    "faded",
    "calm",
    "stroke_missing",
    "stroke_gap",
    "distillation",
    "calibrated_for",
    "sure",
    "declined_digits",
)
LENGTHS = {"channels": 3, "residuals": 2, "pen_range_px": 2, "digit_range": 2}
RANGES = ("pen_range_px", "digit_range")  # lowest, highest

DISTORTIONS = (  # multiplied by `calm` in the calm epochs
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
    # The whole pipeline in a minute or two, for tests and first tries. The model is poor.
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
        misread_per_epoch=40,
        not_digits_per_epoch=400,
        groups_per_epoch=60,
        pieces_per_epoch=20,
        marks_per_epoch=20,
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
