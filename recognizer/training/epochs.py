"""What an epoch is made of: pictures and strokes, held-out parts left aside, distorted and put through the doors."""

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
from recognizer.training.doors.strokes import SERVING_PEN_PX, picture_of, without_stray_marks
from recognizer.training.examples.canvases import draw_with_brush, draw_with_pen, place_pictures
from recognizer.training.examples.degradation import degrade
from recognizer.training.examples.distortion import distort_pictures, distort_strokes, uniform
from recognizer.training.examples.glyphs import LIKE_DIGITS, glyphs
from recognizer.training.examples.hands import Hands
from recognizer.training.examples.made_up import MadeUp, Strokes
from recognizer.training.examples.points import Points, concatenate_points, line_length, points_of
from recognizer.training.examples.tracing import trace
from recognizer.training.teachers import Teachers
from recognizer.training.team import ALONE, Team

CHUNK = 2_560  # examples made at once: the doors are slow on few pictures
RENDERED_AT_ONCE = 16  # drawings: the door's working set then fits the processor's cache
DRAWN_AT_ONCE = 4  # canvases, likewise
SEEN_AT_ONCE = 32
LACKING = frozenset("57")  # digits that are known when a stroke is missing; a 4 without its stem is an L
BENT = 1.15  # times as long as its box is from corner to corner: more than a plain line
HELD_OUT_GLYPHS = 10  # every 10th character of the fonts is held out


class Examples(NamedTuple):
    """pictures: (n, 1, 28, 28) float32 in [0, 1]; classes: (n,) int64, 0 to 9 or NOT_A_DIGIT.

    teacher_logits: (n, 11) float32; (n, 0) where there are no teachers.
    """

    pictures: Tensor
    classes: Tensor
    teacher_logits: Tensor

    def shuffle(self, parts: int, generator: Generator) -> Iterator["Examples"]:
        """All of them in random order, in parts of one size, give or take one."""
        for part in torch.randperm(len(self.classes), generator=generator).tensor_split(parts):
            yield Examples(*(column[part] for column in self))


def concatenate(parts: Sequence[Examples]) -> Examples:
    return Examples(*map(torch.cat, zip(*parts, strict=True)))


def seed_of(config: Config, team: Team, epoch: int, use: str) -> int:
    """A reproducible seed for each (seed, rank, epoch, use)."""
    seed = np.random.SeedSequence([config.seed, team.rank, epoch, *use.encode()])
    return int(seed.generate_state(1, np.uint64)[0])


class TrainingSet:
    """The training parts of MNIST, the pen digits and the letters, and what is made up."""

    def __init__(self, config: Config, team: Team = ALONE) -> None:
        self.config = config
        self.calm = False  # whether the epoch that is made is one of the last
        self.team = team
        self.teachers = Teachers(config)
        mnist = sets.mnist("train")
        kept = slice(team.rank, len(mnist.labels) - config.held_out_mnist, team.size)
        self.pictures = torch.tensor(mnist.images[kept]).unsqueeze(1)  # (n, 1, 28, 28) uint8
        self.picture_classes = torch.tensor(mnist.labels[kept])
        self.pens = [one for one in sets.pendigits("train") if one.writer not in config.held_out_pen_writers]
        self.pen_classes = torch.tensor([int(one.label) for one in self.pens])
        points = points_of([one.strokes for one in self.pens])
        self.hands = Hands(points, self.pen_classes, [one.writer for one in self.pens])
        shared = team.share(self.pens)
        lacking = [(strokes, int(one.label)) for one in shared for strokes in unfinished_versions(one)]
        self.unfinished = points_of([strokes for strokes, _ in lacking])
        self.unfinished_classes = torch.tensor([label for _, label in lacking])
        # A seven without a crossbar, as most of MNIST's are, is what other pen writers draw for a one.
        chosen = self.picture_classes[: team.part(config.traced_mnist)] != 7
        pictures = self.pictures[: len(chosen), 0][chosen].numpy()
        self.traced_points = points_of([trace(picture) for picture in pictures])
        self.traced_classes = self.picture_classes[: len(chosen)][chosen]
        self.characters = characters(config)[0]
        self.door = PixelsDoor()

    def batches(self, epoch: int) -> Iterator[Examples]:
        """An epoch, from 1: all that is made for it, in random order, and then again in another. The same each time."""
        if self.config.showings == 1:
            yield from self.make_epoch(epoch)
            return
        made = []
        for batch in self.make_epoch(epoch):
            made.append(batch)
            yield batch
        examples = concatenate(made)
        made.clear()  # an epoch's pictures take 200 MB
        generator = Generator().manual_seed(seed_of(self.config, self.team, epoch, "showings"))
        for _ in range(self.config.showings - 1):
            yield from examples.shuffle(self.config.batches(), generator)

    def make_epoch(self, epoch: int) -> Iterator[Examples]:
        """This process's share of an epoch's examples, in batches and in random order."""
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
            examples = [self.shown(picture, generator), self.drawn(points[stroke], generator)]
            known = torch.cat([self.picture_classes[picture], classes[stroke]])
            shown = torch.cat(examples)
            yield from Examples(shown, known, self.teachers(shown)).shuffle(len(share), generator)

    def strokes(self, generator: Generator, random: np.random.Generator) -> tuple[Points, Tensor]:
        """An epoch's drawings and their classes, not yet distorted."""
        config, part = self.config, self.team.part
        pens = random_indexes(len(self.pen_classes), part(config.pen_per_epoch), generator)
        cut = random_indexes(len(self.unfinished_classes), part(config.unfinished_per_epoch), generator)
        lines = random_indexes(len(self.traced_classes), part(config.traced_per_epoch), generator)
        made_up = MadeUp(config, self.characters, self.pens, random)
        digits, digit_classes = made_up.styled_digits(part(config.styled_per_epoch))
        others, other_classes = made_up.not_digits(part(config.not_digits_per_epoch))
        made_up_points = points_of(digits + others)
        hands = self.hands.blend(pens, self.current().stroke_blend, generator)
        points = concatenate_points(hands, self.unfinished[cut], self.traced_points[lines], made_up_points)
        known = self.pen_classes[pens], self.unfinished_classes[cut], self.traced_classes[lines]
        return points, torch.cat([*known, torch.from_numpy(np.concatenate([digit_classes, other_classes]))])

    def current(self) -> Config:
        return self.config.calm_config() if self.calm else self.config

    def shown(self, picture: Tensor, generator: Generator) -> Tensor:
        """MNIST's pictures, distorted: most as they are, some as the pixels door finds them on paper."""
        config = self.current()
        clean = distort_pictures(self.pictures[picture] / 255, config, generator)
        count = round(config.placed * len(clean))
        small, large = clean[:count, 0].tensor_split(2)
        canvases = [small, place_pictures(large, generator)] if count > 1 else [small]
        return torch.cat([self.seen(canvases, clean[:count], generator), clean[count:]])

    def drawn(self, points: Points, generator: Generator) -> Tensor:
        """Drawings → (n, 1, 28, 28): most through the strokes door with any pen, some as canvases through the other."""
        config = self.current()
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
        return torch.cat([self.seen(canvases, clean[: small + large], generator), clean[small + large :]])

    def seen(self, canvases: Sequence[Tensor], clean: Tensor, generator: Generator) -> Tensor:
        """Canvases as paper, some of it worn, through the pixels door; what it takes for blank stays `clean`."""
        paper = [degrade(canvas, self.current().worn, generator) for canvas in canvases if len(canvas)]
        if not paper:
            return clean
        seen = read_canvases(paper, self.door)
        return torch.where(seen.amax((1, 2, 3), keepdim=True) > 0, seen, clean)


def render_strokes(segments: Tensor, pens: Tensor) -> Tensor:
    """What the strokes door shows, for a pen of choice: (n, S, 4) and (n, 1, 1) px → (n, 1, 28, 28)."""
    parts = zip(segments.split(RENDERED_AT_ONCE), pens.split(RENDERED_AT_ONCE), strict=True)
    return torch.cat([picture_of(*ends(part), without_stray_marks(*ends(part)), pen) for part, pen in parts])


def read_canvases(canvases: Sequence[Tensor], door: PixelsDoor) -> Tensor:
    """What the pixels door makes of them: its exported file is three times as fast as the torch code.

    canvases: each (n, H, W) uint8 → (all their n, 1, 28, 28).
    """
    parts = [part.numpy() for canvas in canvases for part in canvas.split(SEEN_AT_ONCE)]
    with ThreadPoolExecutor(torch.get_num_threads()) as pool:
        return torch.from_numpy(np.concatenate(list(pool.map(lambda part: door.session.run(ink=part)[0], parts))))


def ends(segments: Tensor) -> tuple[Tensor, Tensor]:
    """x and y of both ends: (n, S, 4) → two of (n, S, 2)."""
    return segments[:, :, 0::2], segments[:, :, 1::2]


def unfinished_versions(digit: Drawing) -> list[Strokes]:
    """A 5 or 7 less its last stroke, and less its shortest, where more than a plain line is left."""
    if digit.label not in LACKING or len(digit.strokes) < 2:
        return []
    shortest = min(range(len(digit.strokes)), key=lambda index: line_length(digit.strokes[index]))
    left = [[*digit.strokes[:index], *digit.strokes[index + 1 :]] for index in {shortest, len(digit.strokes) - 1}]
    return [strokes for strokes in left if sum(map(line_length, strokes)) > BENT * diagonal(strokes)]


def diagonal(strokes: Strokes) -> float:
    """From corner to corner of the drawing's box."""
    return float(np.hypot(*np.ptp(np.concatenate(strokes), axis=0)))


def random_indexes(available: int, wanted: int, generator: Generator) -> Tensor:
    """`wanted` indexes, each of the available ones as often as any other, give or take one."""
    rounds = [torch.randperm(available, generator=generator) for _ in range(-(-wanted // available) if wanted else 1)]
    return torch.cat(rounds)[:wanted]


def characters(config: Config) -> tuple[list[Strokes], list[Strokes]]:
    """Letters and symbols that are no digits: to train by, and held out, by writer and by character."""
    fonts = [strokes for _, strokes in glyphs()]
    train = [strokes for place, strokes in enumerate(fonts) if place % HELD_OUT_GLYPHS]
    apart = fonts[::HELD_OUT_GLYPHS]
    letters = [one for one in training_letters() if one.label not in LIKE_DIGITS]
    held = [one.strokes for one in letters if one.writer in config.held_out_letter_writers]
    hand = [one.strokes for one in letters if one.writer not in config.held_out_letter_writers]
    return [*train, *hand * config.hand_letters], [*apart, *held]


def training_letters() -> list[Drawing]:
    """Letters of the writers who may train. None where the set is not at hand."""
    return sets.uji_letters("train") if sets.SETS["uji-letters-train"].is_local() else []


def held_out_examples(config: Config) -> Examples:
    """What chooses and calibrates: MNIST, pen digits and not-digits of writers who train nothing, through both doors.

    MNIST's pictures come as they are and then through the pixels door; drawings through the strokes door and then on
    canvases through the pixels door. Nothing is distorted.
    """
    mnist = sets.mnist("train")
    kept = len(mnist.labels) - config.held_out_mnist
    images = torch.tensor(mnist.images[kept:])
    pens = [one for one in sets.pendigits("train") if one.writer in config.held_out_pen_writers]
    made_up = MadeUp(config, characters(config)[1], pens, np.random.default_rng(0))
    drawings, classes = made_up.not_digits(config.held_out_not_digits)
    segments = points_of([list(one.strokes) for one in pens] + drawings).segments()
    generator = Generator().manual_seed(0)
    canvases = torch.cat([draw_with_pen(part, generator) for part in segments.split(DRAWN_AT_ONCE)])
    found = read_canvases([images, (canvases * 255).to(torch.uint8)], PixelsDoor())
    shown = [
        images.unsqueeze(1) / 255,
        render_strokes(segments, torch.full((len(segments), 1, 1), SERVING_PEN_PX)),
        found,
    ]
    digits = torch.tensor(mnist.labels[kept:])
    drawn = torch.cat([torch.tensor([int(one.label) for one in pens]), torch.from_numpy(classes)])
    known = torch.cat([digits, drawn, digits, drawn])
    return Examples(torch.cat(shown), known, torch.empty(len(known), 0))
