"""The examples of an epoch: pictures and strokes, without held-out data, distorted and put through the doors."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import torch
from torch import Generator, Tensor

from recognizer.datasets import sets
from recognizer.datasets.formats import Drawing
from recognizer.doors import PixelsDoor
from recognizer.training.config import Config
from recognizer.training.doors.strokes import SERVING_PEN_PX, picture_of, segments_to_keep
from recognizer.training.examples.canvases import (
    draw_with_brush,
    draw_with_pen,
    place_pictures,
)
from recognizer.training.examples.degradation import degrade
from recognizer.training.examples.distortion import (
    distort_pictures,
    distort_strokes,
    uniform,
)
from recognizer.training.examples.glyphs import LIKE_DIGITS, glyphs
from recognizer.training.examples.hands import Hands
from recognizer.training.examples.made_up import MadeUp, Strokes
from recognizer.training.examples.points import Points, concatenate_points, line_length, points_of
from recognizer.training.examples.tracing import trace
from recognizer.training.teachers import Teachers
from recognizer.training.team import ALONE, Team

CHUNK = 2_560  # examples made together: the doors are slow on few pictures
RENDERED_AT_ONCE = 16  # drawings; few, so that the door's working set fits the processor's cache
DRAWN_AT_ONCE = 4  # canvases; few, for the same reason
READ_AT_ONCE = 32  # canvases in one call of the pixels door
UNFINISHED = frozenset("57")  # digits still readable without a stroke; a 4 without its stem is an L
BENT = 1.15  # line length over the box's diagonal, above which a drawing is more than a plain line
HELD_OUT_GLYPHS = 10  # every 10th character of the fonts is held out


class Examples(NamedTuple):
    """pictures: (n, 1, 28, 28) float32 in [0, 1]; classes: (n,) int64, 0 to 9 or NOT_A_DIGIT.

    teacher_logits: (n, 11) float32; (n, 0) without teachers.
    """

    pictures: Tensor
    classes: Tensor
    teacher_logits: Tensor

    def shuffle(self, parts: int, generator: Generator) -> Iterator["Examples"]:
        """Yield the examples in random order, in parts whose sizes differ by at most one."""
        for part in torch.randperm(len(self.classes), generator=generator).tensor_split(parts):
            yield Examples(*(column[part] for column in self))


def concatenate(parts: Sequence[Examples]) -> Examples:
    return Examples(*map(torch.cat, zip(*parts, strict=True)))


def seed_of(config: Config, team: Team, epoch: int, use: str) -> int:
    """Return a reproducible seed for each (seed, rank, epoch, use)."""
    seed = np.random.SeedSequence([config.seed, team.rank, epoch, *use.encode()])
    return int(seed.generate_state(1, np.uint64)[0])


class TrainingSet:
    """Makes examples from the training parts of MNIST, pen digits and letters, and from made-up drawings."""

    def __init__(self, config: Config, team: Team = ALONE) -> None:
        self.config = config
        self.calm = False  # True while a calm epoch is made
        self.team = team
        self.teachers = Teachers(config)
        mnist = sets.mnist("train")
        own = slice(team.rank, len(mnist.labels) - config.held_out_mnist, team.size)
        self.pictures = torch.tensor(mnist.images[own]).unsqueeze(1)  # (n, 1, 28, 28) uint8
        self.picture_classes = torch.tensor(mnist.labels[own])
        self.pens = [pen for pen in sets.pendigits("train") if pen.writer not in config.held_out_pen_writers]
        self.pen_classes = torch.tensor([int(pen.label) for pen in self.pens])
        points = points_of([pen.strokes for pen in self.pens])
        self.hands = Hands(points, self.pen_classes, [pen.writer for pen in self.pens])
        shared = team.share(self.pens)
        unfinished = [(strokes, int(pen.label)) for pen in shared for strokes in unfinished_versions(pen)]
        self.unfinished = points_of([strokes for strokes, _ in unfinished])
        self.unfinished_classes = torch.tensor([label for _, label in unfinished])
        # No sevens: most of MNIST's have no crossbar, and some pen writers draw a one like that.
        chosen = self.picture_classes[: team.part(config.traced_mnist)] != 7
        pictures = self.pictures[: len(chosen), 0][chosen].numpy()
        self.traced_points = points_of([trace(picture) for picture in pictures])
        self.traced_classes = self.picture_classes[: len(chosen)][chosen]
        self.characters = characters(config)[0]
        self.door = PixelsDoor()

    def batches(self, epoch: int) -> Iterator[Examples]:
        """Yield an epoch's batches, epochs from 1: each showing has all examples, in its own order. Reproducible."""
        if self.config.showings == 1:
            yield from self.make_epoch(epoch)
            return
        shown = []
        for batch in self.make_epoch(epoch):
            shown.append(batch)
            yield batch
        examples = concatenate(shown)
        shown.clear()  # an epoch's pictures take 200 MB
        generator = Generator().manual_seed(seed_of(self.config, self.team, epoch, "showings"))
        for _ in range(self.config.showings - 1):
            yield from examples.shuffle(self.config.batches(), generator)

    def make_epoch(self, epoch: int) -> Iterator[Examples]:
        """Make this process's share of an epoch's examples; yield them in batches, in random order."""
        self.calm = epoch > self.config.epochs - self.config.calm_epochs
        generator = Generator().manual_seed(seed_of(self.config, self.team, epoch, "examples"))
        random = np.random.default_rng(seed_of(self.config, self.team, epoch, "made up"))
        pictures = random_indexes(len(self.pictures), self.team.part(self.config.mnist_per_epoch), generator)
        points, classes = self.strokes(generator, random)
        mixed = torch.randperm(len(classes), generator=generator)
        chunks = min(-(-self.team.part(self.config.examples()) // CHUNK), self.config.batches())
        pairs = zip(pictures.tensor_split(chunks), mixed.tensor_split(chunks), strict=True)
        steps = torch.arange(self.config.batches()).tensor_split(chunks)
        for (picture, stroke), share in zip(pairs, steps, strict=True):
            shown = torch.cat([self.from_mnist(picture, generator), self.from_strokes(points[stroke], generator)])
            labels = torch.cat([self.picture_classes[picture], classes[stroke]])
            yield from Examples(shown, labels, self.teachers(shown)).shuffle(len(share), generator)

    def strokes(self, generator: Generator, random: np.random.Generator) -> tuple[Points, Tensor]:
        """Return an epoch's drawings, not yet distorted, and their classes."""
        config, part = self.config, self.team.part
        pens = random_indexes(len(self.pen_classes), part(config.pen_per_epoch), generator)
        cut = random_indexes(len(self.unfinished_classes), part(config.unfinished_per_epoch), generator)
        lines = random_indexes(len(self.traced_classes), part(config.traced_per_epoch), generator)
        made_up = MadeUp(config, self.characters, self.pens, random)
        digits, digit_classes = made_up.styled_digits(part(config.styled_per_epoch))
        others, other_classes = made_up.not_digits(part(config.not_digits_per_epoch))
        made_up_points = points_of(digits + others)
        hands = self.hands.blend(pens, self.epoch_config().stroke_blend, generator)
        points = concatenate_points(hands, self.unfinished[cut], self.traced_points[lines], made_up_points)
        labels = self.pen_classes[pens], self.unfinished_classes[cut], self.traced_classes[lines]
        return points, torch.cat([*labels, torch.from_numpy(np.concatenate([digit_classes, other_classes]))])

    def epoch_config(self) -> Config:
        return self.config.calm_config() if self.calm else self.config

    def from_mnist(self, picture: Tensor, generator: Generator) -> Tensor:
        """Distort MNIST's pictures; put a share of them on canvases and through the pixels door.

        picture: (n,) indexes → (n, 1, 28, 28).
        """
        config = self.epoch_config()
        clean = distort_pictures(self.pictures[picture] / 255, config, generator)
        count = round(config.placed * len(clean))
        small, large = clean[:count, 0].tensor_split(2)
        canvases = [small, place_pictures(large, generator)] if count > 1 else [small]
        return torch.cat([self.from_canvases(canvases, clean[:count], generator), clean[count:]])

    def from_strokes(self, points: Points, generator: Generator) -> Tensor:
        """Distort drawings; put most through the strokes door, and a share on canvases through the pixels door.

        points: of n drawings → (n, 1, 28, 28).
        """
        config = self.epoch_config()
        segments = distort_strokes(points, config, generator).segments()
        pens = uniform(generator, *config.pen_range_px, len(segments), 1, 1)
        clean = render_strokes(segments, pens)
        small, large = (round(share * len(clean)) for share in (config.brushed, config.penned))
        canvases = [
            draw_with_brush(segments[:small], generator),
            torch.cat(
                [draw_with_pen(part, generator) for part in segments[small : small + large].split(DRAWN_AT_ONCE)]
            ),
        ]
        return torch.cat([self.from_canvases(canvases, clean[: small + large], generator), clean[small + large :]])

    def from_canvases(self, canvases: Sequence[Tensor], clean: Tensor, generator: Generator) -> Tensor:
        """Degrade canvases and put them through the pixels door; use `clean` where the door finds no ink."""
        paper = [degrade(canvas, self.epoch_config().worn, generator) for canvas in canvases if len(canvas)]
        if not paper:
            return clean
        seen = read_canvases(paper, self.door)
        return torch.where(seen.amax((1, 2, 3), keepdim=True) > 0, seen, clean)


def render_strokes(segments: Tensor, pens: Tensor) -> Tensor:
    """Render strokes as the strokes door does, with any pen: (n, S, 4) and (n, 1, 1) px → (n, 1, 28, 28)."""
    parts = zip(segments.split(RENDERED_AT_ONCE), pens.split(RENDERED_AT_ONCE), strict=True)
    return torch.cat([picture_of(*ends(part), segments_to_keep(*ends(part)), pen) for part, pen in parts])


def read_canvases(canvases: Sequence[Tensor], door: PixelsDoor) -> Tensor:
    """Put canvases through the pixels door's exported file, which is three times as fast as the torch code.

    canvases: each (n, H, W) uint8 → (sum of all n, 1, 28, 28).
    """
    parts = [part.numpy() for canvas in canvases for part in canvas.split(READ_AT_ONCE)]
    with ThreadPoolExecutor(torch.get_num_threads()) as pool:
        return torch.from_numpy(np.concatenate(list(pool.map(door.read_stack, parts))))


def ends(segments: Tensor) -> tuple[Tensor, Tensor]:
    """Return x and y of both ends: (n, S, 4) → two of (n, S, 2)."""
    return segments[:, :, 0::2], segments[:, :, 1::2]


def unfinished_versions(digit: Drawing) -> list[Strokes]:
    """Return a 5 or 7 without its last stroke, and without its shortest, if more than a plain line is left."""
    if digit.label not in UNFINISHED or len(digit.strokes) < 2:
        return []
    shortest = min(range(len(digit.strokes)), key=lambda index: line_length(digit.strokes[index]))
    left = [[*digit.strokes[:index], *digit.strokes[index + 1 :]] for index in {shortest, len(digit.strokes) - 1}]
    return [strokes for strokes in left if sum(map(line_length, strokes)) > BENT * diagonal(strokes)]


def diagonal(strokes: Strokes) -> float:
    """Return the diagonal of the drawing's box."""
    return float(np.hypot(*np.ptp(np.concatenate(strokes), axis=0)))


def random_indexes(available: int, wanted: int, generator: Generator) -> Tensor:
    """Return `wanted` random indexes below `available`; their frequencies differ by at most one."""
    rounds = [torch.randperm(available, generator=generator) for _ in range(-(-wanted // available) if wanted else 1)]
    return torch.cat(rounds)[:wanted]


def characters(config: Config) -> tuple[list[Strokes], list[Strokes]]:
    """Return letters and symbols to train by, and those held out, by writer and by character."""
    fonts = [strokes for _, strokes in glyphs()]
    font_train = [strokes for place, strokes in enumerate(fonts) if place % HELD_OUT_GLYPHS]
    font_held_out = fonts[::HELD_OUT_GLYPHS]
    letters = [letter for letter in training_letters() if letter.label not in LIKE_DIGITS]
    hand_held_out = [letter.strokes for letter in letters if letter.writer in config.held_out_letter_writers]
    hand_train = [letter.strokes for letter in letters if letter.writer not in config.held_out_letter_writers]
    return [*font_train, *hand_train * config.hand_letters], [*font_held_out, *hand_held_out]


def training_letters() -> list[Drawing]:
    """Return the letters of the training writers; an empty list without the set."""
    return sets.uji_letters("train") if sets.SETS["uji-letters-train"].is_local() else []


def held_out_examples(config: Config) -> Examples:
    """Return the examples that choose and calibrate a model: held-out MNIST, pen digits and not-digits, undistorted.

    Each MNIST picture occurs unchanged and through the pixels door. Each drawing occurs through the strokes door and,
    drawn on a canvas, through the pixels door.
    """
    mnist = sets.mnist("train")
    kept = len(mnist.labels) - config.held_out_mnist
    images = torch.tensor(mnist.images[kept:])
    pens = [pen for pen in sets.pendigits("train") if pen.writer in config.held_out_pen_writers]
    made_up = MadeUp(config, characters(config)[1], pens, np.random.default_rng(0))
    drawings, classes = made_up.not_digits(config.held_out_not_digits)
    segments = points_of([list(pen.strokes) for pen in pens] + drawings).segments()
    generator = Generator().manual_seed(0)
    canvases = torch.cat([draw_with_pen(part, generator) for part in segments.split(DRAWN_AT_ONCE)])
    through_pixels = read_canvases([images, (canvases * 255).to(torch.uint8)], PixelsDoor())
    shown = [
        images.unsqueeze(1) / 255,
        render_strokes(segments, torch.full((len(segments), 1, 1), SERVING_PEN_PX)),
        through_pixels,
    ]
    digits = torch.tensor(mnist.labels[kept:])
    drawn = torch.cat([torch.tensor([int(pen.label) for pen in pens]), torch.from_numpy(classes)])
    labels = torch.cat([digits, drawn, digits, drawn])
    return Examples(torch.cat(shown), labels, torch.empty(len(labels), 0))
