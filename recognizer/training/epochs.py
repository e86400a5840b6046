"""The examples of an epoch: pictures and strokes, without held-out data, distorted and put through the doors."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Generator, Tensor

from recognizer.datasets import sets
from recognizer.datasets.formats import Drawing
from recognizer.datasets.sets import NOT_A_DIGIT
from recognizer.doors import PixelsDoor
from recognizer.training.config import Config
from recognizer.training.doors.strokes import SIDE_PX
from recognizer.training.examples import picture_groups
from recognizer.training.examples.canvases import (
    draw_with_brush,
    draw_with_pen,
    place_pictures,
)
from recognizer.training.examples.degradation import apply_to_some, degrade, fade
from recognizer.training.examples.distortion import (
    distort_pictures,
    distort_strokes,
    uniform,
)
from recognizer.training.examples.hands import Hands
from recognizer.training.examples.letters import characters
from recognizer.training.examples.made_up import MadeUp, Strokes, concatenate_drawn
from recognizer.training.examples.points import Points, concatenate_points, line_length, points_of
from recognizer.training.examples.tracing import trace
from recognizer.training.seeds import seed_of
from recognizer.training.teachers import Teachers, overrule
from recognizer.training.team import ALONE, Team
from recognizer.training.through_doors import read_canvases, read_worn, render_strokes, shows_all

CHUNK = 2_560  # examples made together: the doors are slow on few pictures
DRAWN_AT_ONCE = 4  # canvases; few, so that the working set fits the processor's cache
WIDEST_SMALL_PEN_PX = 2.6  # for groups, whose digits are small: a wide pen makes one bar of a column
PAGES = 0.12  # share of the groups of pictures that are pages of text
UNFINISHED = frozenset("57")  # digits still readable without a stroke; a 4 without its stem is an L
BENT = 1.15  # line length over the box's diagonal, above which a drawing is more than a plain line


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


@dataclass(frozen=True, eq=False)
class Drawings:
    """points: of n drawings; classes: (n,); misread: (n,) bool, True where earlier models are known to be wrong."""

    points: Points
    classes: Tensor
    misread: Tensor

    def __getitem__(self, index: Tensor) -> "Drawings":
        return Drawings(self.points[index], self.classes[index], self.misread[index])


def concatenate(parts: Sequence[Examples]) -> Examples:
    return Examples(*map(torch.cat, zip(*parts, strict=True)))


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
        generator = Generator().manual_seed(seed_of(self.config.seed, self.team.rank, epoch, "showings"))
        for _ in range(self.config.showings - 1):
            yield from examples.shuffle(self.config.batches(), generator)

    def make_epoch(self, epoch: int) -> Iterator[Examples]:
        """Make this process's share of an epoch's examples; yield them in batches, in random order."""
        self.calm = epoch > self.config.epochs - self.config.calm_epochs
        generator = Generator().manual_seed(seed_of(self.config.seed, self.team.rank, epoch, "examples"))
        random = np.random.default_rng(seed_of(self.config.seed, self.team.rank, epoch, "made up"))
        config, part = self.config, self.team.part
        pictures = random_indexes(len(self.pictures), part(config.mnist_per_epoch), generator)
        drawings = self.drawings(generator, random)
        mixed = torch.randperm(len(drawings.classes), generator=generator)
        composed = (config.groups_per_epoch, config.pieces_per_epoch, config.marks_per_epoch)
        groups, pieces, marks = (torch.arange(part(count)) for count in composed)
        chunks = min(-(-part(config.examples()) // CHUNK), config.batches())
        steps = torch.arange(config.batches())
        shares = (each.tensor_split(chunks) for each in (pictures, mixed, groups, pieces, marks, steps))
        for picture, drawing, group, piece, mark, step in zip(*shares, strict=True):
            counts = (len(group), len(piece), len(mark))
            made = self.make_chunk(picture, drawings[drawing], counts, generator)
            yield from made.shuffle(len(step), generator)

    def make_chunk(
        self, picture: Tensor, drawings: Drawings, composed: tuple[int, int, int], generator: Generator
    ) -> Examples:
        """Make examples of each kind. picture: indexes; composed: how many groups, and digits with pieces and marks."""
        groups, pieces, marks = composed
        segments, drawn = self.draw(drawings, generator)
        pieced, pieced_classes = self.from_composed(pieces, 2, picture_groups.with_pieces, generator)
        marked, marked_classes = self.from_composed(marks, 1, picture_groups.with_marks, generator)
        pictures = [
            self.from_mnist(picture, generator),
            self.from_strokes(segments, drawn, drawings.misread, generator),
            self.from_groups(groups, drawn, generator),
            pieced,
            marked,
        ]
        group_classes = torch.full((groups,), NOT_A_DIGIT)
        known = [self.picture_classes[picture], drawings.classes]
        classes = torch.cat([*known, group_classes, pieced_classes, marked_classes])
        misread = torch.ones(len(classes), dtype=torch.bool)
        misread[: len(picture)] = False
        misread[len(picture) : len(picture) + len(drawn)] = drawings.misread
        shown = torch.cat(pictures)
        return Examples(shown, classes, overrule(self.teachers(shown), classes, misread))

    def drawings(self, generator: Generator, random: np.random.Generator) -> Drawings:
        """Return an epoch's drawings, not yet distorted."""
        config, part = self.config, self.team.part
        pens = random_indexes(len(self.pen_classes), part(config.pen_per_epoch), generator)
        cut = random_indexes(len(self.unfinished_classes), part(config.unfinished_per_epoch), generator)
        lines = random_indexes(len(self.traced_classes), part(config.traced_per_epoch), generator)
        made_up = MadeUp(config, self.characters, self.pens, random)
        drawn = concatenate_drawn(
            made_up.styled_digits(part(config.styled_per_epoch)),
            made_up.misread_digits(part(config.misread_per_epoch)),
            made_up.not_digits(part(config.not_digits_per_epoch)),
        )
        hands = self.hands.blend(pens, self.epoch_config().stroke_blend, generator)
        points = concatenate_points(hands, self.unfinished[cut], self.traced_points[lines], points_of(drawn.drawings))
        known = torch.cat([self.pen_classes[pens], self.unfinished_classes[cut], self.traced_classes[lines]])
        misread = torch.cat([torch.zeros(len(known), dtype=torch.bool), torch.from_numpy(drawn.misread)])
        return Drawings(points, torch.cat([known, torch.from_numpy(drawn.classes)]), misread)

    def epoch_config(self) -> Config:
        return self.config.calm_config() if self.calm else self.config

    def from_mnist(self, picture: Tensor, generator: Generator) -> Tensor:
        """Distort MNIST's pictures; put a share of them on canvases and through the pixels door.

        picture: (n,) indexes → (n, 1, 28, 28).
        """
        config = self.epoch_config()
        clean = self.faded(distort_pictures(self.pictures[picture] / 255, config, generator), generator)
        count = round(config.placed * len(clean))
        small, large = clean[:count, 0].tensor_split(2)
        canvases = [small, place_pictures(large, generator)] if count > 1 else [small]
        return torch.cat([self.from_canvases(canvases, clean[:count], generator), clean[count:]])

    def from_groups(self, count: int, drawn: Tensor, generator: Generator) -> Tensor:
        """Compose `count` not-digits of several MNIST pictures; pages are of small `drawn` pictures: (n, 1, 28, 28)."""
        if not count:
            return drawn[:0]
        pages = round(PAGES * count)
        digits, classes = self.some_pictures(count - pages, picture_groups.IN_GROUP, generator)
        canvases = picture_groups.groups(digits, classes, generator)
        if pages:
            cells = torch.randint(len(drawn), (pages, picture_groups.IN_PAGE), generator=generator)
            canvases = torch.cat([canvases, picture_groups.pages(drawn[cells, 0], generator)])
        return read_worn(canvases, self.epoch_config().worn, self.door, generator)

    def from_composed(
        self, count: int, each: int, compose: Callable[[Tensor, Generator], Tensor], generator: Generator
    ) -> tuple[Tensor, Tensor]:
        """Show `count` MNIST digits with something beside them; return them and their classes.

        compose: (count, each, 28, 28) pictures, the first of each the digit → (count, H, W) ink.
        """
        if not count:
            return torch.empty(0, 1, SIDE_PX, SIDE_PX), self.picture_classes[:0]
        digits, classes = self.some_pictures(count, each, generator)
        canvases = compose(digits, generator)
        return self.from_canvases([canvases], digits[:, :1], generator), classes[:, 0]

    def some_pictures(self, count: int, each: int, generator: Generator) -> tuple[Tensor, Tensor]:
        """Return distorted MNIST pictures and their classes: (count, each, 28, 28) and (count, each)."""
        chosen = torch.randint(len(self.pictures), (count, each), generator=generator)
        pictures = self.pictures[chosen.flatten()] / 255
        pictures = distort_pictures(pictures, self.epoch_config(), generator)
        return pictures.view(count, each, *pictures.shape[2:]), self.picture_classes[chosen]

    def draw(self, drawings: Drawings, generator: Generator) -> tuple[Tensor, Tensor]:
        """Distort n drawings and put them through the strokes door, with any pen; groups with no wide one.

        Return segments (n, 63, 4) and pictures (n, 1, 28, 28).
        """
        config = self.epoch_config()
        segments = distort_strokes(drawings.points, config, generator).segments()
        pens = uniform(generator, *config.pen_range_px, len(segments), 1, 1)
        small = drawings.misread & (drawings.classes == NOT_A_DIGIT)
        pens = torch.where(small[:, None, None], pens.clamp(max=WIDEST_SMALL_PEN_PX), pens)
        return segments, self.faded(render_strokes(segments, pens), generator)

    def from_strokes(self, segments: Tensor, drawn: Tensor, misread: Tensor, generator: Generator) -> Tensor:
        """Put a share of the drawings on canvases and through the pixels door.

        segments, drawn: of `draw`; misread: (n,), examples of which the door must show all parts → (n, 1, 28, 28).
        """
        config = self.epoch_config()
        small, large = (round(share * len(drawn)) for share in (config.brushed, config.penned))
        both = small + large
        canvases = [
            draw_with_brush(segments[:small], generator),
            torch.cat([draw_with_pen(part, generator) for part in segments[small:both].split(DRAWN_AT_ONCE)]),
        ]
        seen = self.from_canvases(canvases, drawn[:both], generator)
        lost = misread[:both] & ~shows_all(seen, drawn[:both])
        return torch.cat([torch.where(lost[:, None, None, None], drawn[:both], seen), drawn[both:]])

    def from_canvases(self, canvases: Sequence[Tensor], clean: Tensor, generator: Generator) -> Tensor:
        """Degrade canvases and put them through the pixels door; use `clean` where the door finds no ink."""
        paper = [degrade(canvas, self.epoch_config().worn, generator) for canvas in canvases if len(canvas)]
        if not paper:
            return clean
        seen = read_canvases(paper, self.door)
        return torch.where(seen.amax((1, 2, 3), keepdim=True) > 0, seen, clean)

    def faded(self, pictures: Tensor, generator: Generator) -> Tensor:
        """Make a share of the pictures, (n, 1, 28, 28), pale towards one side."""
        chance = torch.full((len(pictures),), self.config.faded)
        return apply_to_some(pictures[:, 0], fade, chance, generator).unsqueeze(1)


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
