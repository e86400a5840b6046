"""The lines of an epoch, and the lines held out to choose a network."""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple, get_args

import numpy as np
import numpy.typing as npt
import torch
from torch import Generator, Tensor

from recognizer.datasets import sets
from recognizer.numbers.cuts import InkLine, StrokesLine
from recognizer.numbers.line_pictures import HEIGHT, Ink, draw_strokes, fine_ink, shrink_ink
from recognizer.numbers.reading import Allow
from recognizer.numbers.search import CHARACTERS
from recognizer.training.examples.distortion import distort_pictures
from recognizer.training.examples.letters import characters
from recognizer.training.examples.text_lines import GAPS, Array, compose_line, draw_text, hands_of
from recognizer.training.numbers.config import LineConfig
from recognizer.training.numbers.lines import (
    GAP_SHARES,
    NUMBERS,
    Alphabet,
    Line,
    compose_lines,
    draw_by_pen,
    draw_canvas,
    found_in_picture,
    other_lines,
)
from recognizer.training.numbers.picture_lines import box_of, compose_canvas, compose_pictures
from recognizer.training.seeds import seed_of
from recognizer.training.team import ALONE, Team

CHUNK = 1_000  # lines made together
ALIKE = 16  # batches whose lines are sorted by width, so that each has lines of about one width
PLACE_PX = 2  # px of the picture for each of the network's places
MIDDLE = 0.3  # of a character's width: it may be found this far from its middle, …
LEAST_MIDDLE = 2.5  # … or this many px
LONGEST_HELD_OUT = 8  # digits


class LineBatch(NamedTuple):
    """Lines padded to one width.

    pictures: (n, 1, 32, W) float32; places: (n,) int64, each line's own number of places; classes: of the characters
    of all lines, one after the other; lengths: (n,), characters of each; away: (n, 16, W / 2), to add to the network's
    log-probabilities.
    """

    pictures: Tensor
    places: Tensor
    classes: Tensor
    lengths: Tensor
    away: Tensor


class LineSet:
    """Makes lines of MNIST's and the pen digits' training parts."""

    def __init__(self, config: LineConfig, team: Team = ALONE) -> None:
        self.config = config
        self.team = team
        digits = config.digits
        mnist = sets.mnist("train")
        own = slice(team.rank, len(mnist.labels) - digits.held_out_mnist, team.size)
        self.pictures = torch.tensor(mnist.images[own]).unsqueeze(1)
        self.labels = mnist.labels[own].astype(np.int64)
        self.rows = [np.flatnonzero(self.labels == digit) for digit in range(10)]
        pens = [pen for pen in sets.pendigits("train") if pen.writer not in digits.held_out_pen_writers]
        traced = team.part(config.traced_mnist)
        self.alphabet = Alphabet(pens, self.pictures[:traced, 0].numpy(), self.labels[:traced])
        self.characters = characters(digits)[0]

    def batches(self, epoch: int) -> Iterator[LineBatch]:
        """Yield this process's batches of an epoch, epochs from 1. Reproducible."""
        random = np.random.default_rng(self.seed(epoch, "lines"))
        generator = Generator().manual_seed(self.seed(epoch, "distortions"))
        size = self.team.part(self.config.batch_size)
        count = size * self.config.batches()
        lines: list[Line] = []
        while len(lines) < count:
            lines += self.make_chunk(min(CHUNK, count - len(lines)), random, generator)
        for _ in range(self.config.showings):
            yield from batches_of(lines[:count], size, self.config.away, random)

    def seed(self, epoch: int, use: str) -> int:
        return seed_of(self.config.seed, self.team.rank, epoch, use)

    def make_chunk(self, size: int, random: np.random.Generator, generator: Generator) -> list[Line]:
        """Make about `size` lines, of all kinds."""
        config = self.config
        pens, pictures, others = (
            -(-size * count // config.examples())
            for count in (config.pens_per_epoch, config.pictures_per_epoch, config.others_per_epoch)
        )
        written = compose_lines(self.alphabet, pens, config.digits, random, generator)
        if others:
            written += other_lines(self.alphabet, self.characters, others, config.digits, random, generator)
        lines = draw_by_pen(written, random) + self.from_pictures(pictures, random, generator)
        return [lines[index] for index in random.permutation(len(lines))]

    def from_pictures(self, count: int, random: np.random.Generator, generator: Generator) -> list[Line]:
        texts = [draw_text("number" if random.random() < NUMBERS else "digits", random) for _ in range(count)]
        chosen = [random.choice(self.rows[int(letter)]) for text in texts for letter in text if letter.isdigit()]
        distorted = distort_pictures(self.pictures[np.array(chosen)] / 255, self.config.digits, generator)
        inks = iter(distorted[:, 0].numpy())
        lines = []
        for text in texts:
            hand: dict[str, list[Ink]] = {}
            for letter in filter(str.isdigit, text):
                hand.setdefault(letter, []).append(next(inks))
            gap = GAPS[random.choice(len(GAPS), p=GAP_SHARES)]
            lines.append(found_in_picture(compose_pictures(text, hand, gap, random), random))
        return lines


def batches_of(lines: Sequence[Line], size: int, away: float, random: np.random.Generator) -> Iterator[LineBatch]:
    """Yield the lines in random order, in batches of about one width."""
    order = random.permutation(len(lines))
    groups: list[npt.NDArray[np.int64]] = []
    for start in range(0, len(order), size * ALIKE):
        part = np.array(sorted(order[start : start + size * ALIKE], key=lambda row: lines[row].picture.shape[1]))
        groups += [part[at : at + size] for at in range(0, len(part), size)]
    for group in random.permutation(len(groups)):
        yield batch_of([lines[row] for row in groups[group]], away)


def batch_of(lines: Sequence[Line], away: float) -> LineBatch:
    widest = max(line.picture.shape[1] for line in lines)
    pictures = torch.zeros(len(lines), 1, HEIGHT, widest)
    penalty = np.zeros((len(lines), 1 + len(CHARACTERS), widest // PLACE_PX), np.float32)
    penalty[:, 1:] = away
    middles = (np.arange(widest // PLACE_PX) + 0.5) * PLACE_PX
    for index, line in enumerate(lines):
        pictures[index, 0, :, : line.picture.shape[1]] = torch.from_numpy(line.picture / np.float32(255))
        for character, (low, high) in zip(line.text, line.spans, strict=True):
            near = np.abs(middles - (low + high) / 2) <= max(MIDDLE * (high - low), LEAST_MIDDLE)
            penalty[index, 1 + CHARACTERS.index(character), near] = 0
    classes = [1 + CHARACTERS.index(character) for line in lines for character in line.text]
    places = [line.picture.shape[1] // PLACE_PX for line in lines]
    lengths = [len(line.text) for line in lines]
    return LineBatch(
        pictures, torch.tensor(places), torch.tensor(classes), torch.tensor(lengths), torch.from_numpy(penalty)
    )


class HeldOut(NamedTuple):
    """A held-out line and its text."""

    text: str
    line: StrokesLine | InkLine


def held_out_lines(config: LineConfig) -> dict[str, list[HeldOut]]:
    """Return lines of held-out writers' digits and of held-out MNIST pictures, for each alphabet and gap."""
    random = np.random.default_rng(5)
    hands = list(hands_of(sets.held_out_pens()).values())
    mnist = sets.mnist("train")
    kept = len(mnist.labels) - config.digits.held_out_mnist
    images, labels = (mnist.images[kept:] / 255).astype(np.float32), mnist.labels[kept:]
    inks = {str(digit): list(images[labels == digit]) for digit in range(10)}
    lines: dict[str, list[HeldOut]] = {}
    for allow, gap in product(get_args(Allow), GAPS):
        texts = [short_text(allow, random) for _ in range(config.held_out_lines)]
        drawn = [compose_line(text, hands[int(random.integers(len(hands)))], gap, random) for text in texts]
        pens = [HeldOut(line.text, strokes_line([stroke.points for stroke in line.drawn])) for line in drawn]
        composed = [compose_canvas(text, inks, gap, random)[0] for text in texts]
        lines[f"pen, {allow}, {gap}"] = pens
        canvases = [draw_canvas([stroke.points for stroke in line.drawn], random) for line in drawn]
        lines[f"canvas, {allow}, {gap}"] = [
            HeldOut(line.text, ink_line(canvas.ink, canvas.box)) for line, canvas in zip(drawn, canvases, strict=True)
        ]
        lines[f"MNIST, {allow}, {gap}"] = [
            HeldOut(text, ink_line(canvas, box_of(canvas))) for text, canvas in zip(texts, composed, strict=True)
        ]
    return lines


def strokes_line(strokes: Sequence[Array]) -> StrokesLine:
    return StrokesLine(draw_strokes(strokes), tuple(strokes), tuple(range(len(strokes))))


def ink_line(ink: Ink, box: tuple[int, int, int, int]) -> InkLine:
    line = shrink_ink(ink, box)
    return InkLine(line, fine_ink(ink, line))


def short_text(allow: Allow, random: np.random.Generator) -> str:
    while True:
        text = draw_text(allow, random)
        if sum(map(str.isdigit, text)) <= LONGEST_HELD_OUT:
            return text
