"""Makes lines to learn from: numbers in hands of training writers, drawn by pen or composed of MNIST's pictures."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image, ImageDraw
from torch import Generator

from recognizer.datasets.formats import Drawing
from recognizer.numbers.line_pictures import (
    HEIGHT,
    MARGIN,
    WIDTH_STEP,
    WRITING,
    Bytes,
    Ink,
    LinePicture,
    draw_strokes,
    full_contrast,
    shrink_ink,
)
from recognizer.training.config import Config
from recognizer.training.examples.distortion import distort_strokes
from recognizer.training.examples.doodles import doodle
from recognizer.training.examples.hands import Hands
from recognizer.training.examples.made_up import scribble
from recognizer.training.examples.points import concatenate_points, points_of
from recognizer.training.examples.styles import draw_digit
from recognizer.training.examples.text_lines import GAPS, Array, Strokes, TextLine, compose_line, draw_text
from recognizer.training.examples.tracing import trace

GAP_SHARES = (0.08, 0.18, 0.32, 0.2, 0.14, 0.08)  # of the lines, for each of `GAPS`
NUMBERS = 0.5  # share of the lines that may have a sign and a point
BY_PENS, BY_TRACING = 0.6, 0.3  # shares of the lines; the rest is drawn by code
BY_STANDARD_PEN = 0.6  # share of the lines of strokes
OTHERS = {"word": 0.4, "before": 0.15, "after": 0.25, "scribble": 0.08, "doodle": 0.07, "two": 0.05}  # shares
PENS = (0.03, 0.16)  # width of the narrowest and of the widest pen, in heights of the line
CANVAS_HEIGHTS = (24.0, 110.0)  # px: of the writing, before it is shrunk or enlarged
WIDEST_CANVAS = 1200.0  # px
FINER = 2  # times: drawn larger and shrunk, for antialiasing
CELLS = 0.2  # share of the lines in pictures that stand in cells
IN_CELLS = (0.5, 0.85)  # how much smaller such a line is
LOST = 0.15  # share of a cell's lines that the pixels door takes away


class Line(NamedTuple):
    """text: one "?" for each run of other writing. picture: (32, W) uint8.

    spans: where each character begins and ends, (n, 2) px.
    """

    text: str
    picture: Bytes
    spans: Array


class Written(NamedTuple):
    """A text, its strokes in the order of drawing, and where each character begins and ends along the line, (n, 2)."""

    text: str
    strokes: Strokes
    spans: Array


class Alphabet:
    """Digits to compose lines from: by writer where known."""

    def __init__(self, pens: Sequence[Drawing], pictures: npt.NDArray[np.uint8], labels: npt.NDArray[np.int64]) -> None:
        self.writers = list(dict.fromkeys(pen.writer for pen in pens))
        traced = [trace(picture) for picture in pictures]
        digits = [pen.strokes for pen in pens] + traced
        points = points_of(digits)
        classes = torch.tensor([int(pen.label) for pen in pens] + labels.tolist())
        self.heights = np.concatenate([relative_sizes(pens), np.ones(len(traced))])
        self.pens = Hands(points[: len(pens)], classes[: len(pens)], [pen.writer for pen in pens])
        self.traced = points[len(pens) :]
        # rows of `points` for each hand and digit; the last hand is MNIST's many writers'
        hands = np.array([self.writers.index(pen.writer) for pen in pens] + [len(self.writers)] * len(labels))
        self.rows = [
            [np.flatnonzero((hands == hand) & (classes.numpy() == digit)) for digit in range(10)]
            for hand in range(len(self.writers) + 1)
        ]

    def __len__(self) -> int:
        return len(self.rows)

    def draw(self, chosen: npt.NDArray[np.int64], config: Config, generator: Generator) -> list[Strokes]:
        """Distort digits, by their rows; each is about 1 high."""
        split = len(self.pens.hand)
        known = torch.from_numpy(np.flatnonzero(chosen < split))
        others = torch.from_numpy(np.flatnonzero(chosen >= split))
        rows = torch.from_numpy(chosen)
        points = concatenate_points(
            self.pens.blend(rows[known], config.stroke_blend, generator), self.traced[rows[others] - split]
        )
        points = distort_strokes(points, config, generator)
        drawn: list[Strokes] = [[]] * len(chosen)
        places = torch.cat([known, others]).tolist()
        for place, xy, ends in zip(places, points.xy.double().numpy(), points.ends.numpy(), strict=True):
            drawn[place] = np.split(xy, np.flatnonzero(ends)[:-1] + 1)
        return [[part * size for part in strokes] for strokes, size in zip(drawn, self.heights[chosen], strict=True)]


def relative_sizes(pens: Sequence[Drawing]) -> Array:
    """Return each digit's longer side, as a share of the median height of its writer's digits."""
    extents = np.array([np.ptp(np.concatenate(pen.strokes), axis=0) for pen in pens])
    writers = np.array([pen.writer for pen in pens])
    sizes = np.empty(len(pens))
    for writer in set(writers.tolist()):
        own = writers == writer
        sizes[own] = extents[own].max(1) / np.median(extents[own, 1])
    # Each digit was written in a box of its own, where sizes vary more than along a line.
    return sizes.clip(0.3, 2) ** 0.5


def compose_lines(
    alphabet: Alphabet, count: int, config: Config, random: np.random.Generator, generator: Generator
) -> list[Written]:
    """Compose lines of pen strokes."""
    texts = [draw_text("number" if random.random() < NUMBERS else "digits", random) for _ in range(count)]
    kinds = random.choice(3, count, p=[BY_PENS, BY_TRACING, 1 - BY_PENS - BY_TRACING])
    hands = np.where(kinds == 0, random.integers(0, len(alphabet) - 1, count), len(alphabet) - 1)
    wanted = [
        [alphabet.rows[hand][int(letter)] for letter in text if letter.isdigit()] if kind < 2 else []
        for text, hand, kind in zip(texts, hands, kinds, strict=True)
    ]
    rows = np.array([choices[int(random.integers(len(choices)))] for line in wanted for choices in line], np.int64)
    drawn = iter(alphabet.draw(rows, config, generator))
    lines = []
    for text, kind in zip(texts, kinds, strict=True):
        hand: dict[str, list[Strokes]] = {}
        for letter in filter(str.isdigit, text):
            hand.setdefault(letter, []).append(next(drawn) if kind < 2 else by_code(letter, random))
        gap = GAPS[random.choice(len(GAPS), p=GAP_SHARES)]
        lines.append(written(compose_line(text, hand, gap, random), random))
    return lines


def written(line: TextLine, random: np.random.Generator) -> Written:
    """Warp a line as one hand does."""
    strokes = [stroke.points for stroke in line.drawn]
    every = strokes + [np.concatenate(character) for character in line.characters]
    warped = warp(every, random)
    ends = [(points[:, 0].min(), points[:, 0].max()) for points in warped[len(strokes) :]]
    return Written(line.text, warped[: len(strokes)], np.array(ends))


def by_code(letter: str, random: np.random.Generator) -> Strokes:
    strokes = draw_digit(int(letter), random)
    size = longer_side(strokes)
    return [stroke / size for stroke in strokes]


def warp(strokes: Strokes, random: np.random.Generator) -> Strokes:
    """Slant, stretch, turn and bend a whole line, as one hand does."""
    stretch, angle = np.exp(random.uniform(-0.25, 0.25)), random.normal(0, 0.03)
    cosine, sine = np.cos(angle), np.sin(angle)
    matrix = np.array([[stretch, 0.0], [-random.uniform(-0.2, 0.2), 1.0]]) @ np.array([[cosine, sine], [-sine, cosine]])
    wave, phase = random.uniform(0.3, 3), random.uniform(0, 2 * np.pi)
    size = abs(random.normal(0, 0.03))
    moved = [stroke @ matrix for stroke in strokes]
    return [stroke + size * np.stack([0 * stroke[:, 0], np.sin(wave * stroke[:, 0] + phase)], 1) for stroke in moved]


def draw_by_pen(lines: Sequence[Written], random: np.random.Generator) -> list[Line]:
    """Draw lines as the strokes door does, or with another pen and worn, as the pixels door leaves ink."""
    drawn = []
    for line in lines:
        standard = random.random() < BY_STANDARD_PEN
        picture, corner, scale = draw_strokes(line.strokes) if standard else draw_ink(line.strokes, random)
        made = Line(line.text, picture, (line.spans - corner[0]) * scale)
        drawn.append(made if standard else found_in_picture(made, random))
    return drawn


def draw_ink(strokes: Strokes, random: np.random.Generator) -> LinePicture:
    """Draw with any pen on a canvas of any size. Shrink it as the reader shrinks the ink of a picture."""
    ink, box, start, scale = draw_canvas(strokes, random)
    picture, corner, zoom = shrink_ink(ink, box)
    return LinePicture(picture, (corner[0] / scale + start[0], corner[1] / scale + start[1]), zoom * scale)


class Canvas(NamedTuple):
    """ink: (H, W) float32; box: around it, px; start: the strokes' place of the left upper corner; scale: px."""

    ink: Ink
    box: tuple[int, int, int, int]
    start: tuple[float, float]
    scale: float


def draw_canvas(strokes: Strokes, random: np.random.Generator) -> Canvas:
    """Draw with any pen on a canvas of any size."""
    points = np.concatenate(strokes)
    low, size = points.min(0), np.ptp(points, axis=0)
    tall = float(np.exp(random.uniform(*np.log(CANVAS_HEIGHTS))))
    scale = min(tall / max(size[1], 1e-6), WIDEST_CANVAS / max(size[0], 1e-6))
    pen = max(float(np.exp(random.uniform(*np.log(PENS)))) * tall, 1.0)
    margin = np.ceil(pen) + 2
    wide, high = np.ceil(size * scale + 2 * margin).astype(int).tolist()
    sheet = Image.new("L", (wide * FINER, high * FINER))
    brush = ImageDraw.Draw(sheet)
    half = pen * FINER / 2
    for stroke in strokes:
        places = [(float(x), float(y)) for x, y in ((stroke - low) * scale + margin) * FINER]
        brush.line(places, 255, max(round(pen * FINER), 1))
        for x, y in places:
            brush.ellipse((x - half, y - half, x + half, y + half), 255)
    ink = (np.asarray(sheet.reduce(FINER)) / 255).astype(np.float32)
    rows, columns = np.flatnonzero(ink.max(1) > 0.3), np.flatnonzero(ink.max(0) > 0.3)
    box = int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
    start = low - margin / scale
    return Canvas(ink, box, (float(start[0]), float(start[1])), scale)


def found_in_picture(line: Line, random: np.random.Generator) -> Line:
    """Change a line as paper, camera, form and the pixels door do."""
    if random.random() < CELLS:
        line = in_cells(line, random)
    return line._replace(picture=wear(line.picture, random))


def wear(picture: Bytes, random: np.random.Generator) -> Bytes:
    """Change ink as paper, camera and the pixels door do."""
    ink = picture / 255
    if random.random() < 0.4:
        ink = blurred(ink)
    if random.random() < 0.2:  # pale parts
        knots = random.uniform(0.35, 1, 2 + picture.shape[1] // 24)
        ink = ink * np.interp(np.arange(picture.shape[1]), np.linspace(0, picture.shape[1] - 1, len(knots)), knots)
    if random.random() < 0.35:
        ink = ink + random.normal(0, random.uniform(0.01, 0.12), ink.shape) * (blurred(blurred(ink)) > 0.02)
    if random.random() < 0.12:
        ink = np.maximum(ink, left_over(ink.shape, random))
    if random.random() < 0.05:  # lost pixels
        ink = ink * (random.random(ink.shape) > random.uniform(0, 0.15))
    return np.floor(full_contrast(ink) * 255 + 0.5).astype(np.uint8)


def in_cells(line: Line, random: np.random.Generator) -> Line:
    """Draw a line smaller, in cells of a form, a comb, a frame or on a line: as the pixels door may leave them.

    Cells are as high as writing is in other pictures.
    """
    share = random.uniform(*IN_CELLS)
    width, height = (round(share * side) for side in line.picture.shape[::-1])
    small = np.asarray(Image.fromarray(line.picture).resize((width, height), Image.Resampling.BOX)) / 255
    spans = line.spans * share
    first, last = spans[:, 0].min() - random.uniform(2, 6), spans[:, 1].max() + random.uniform(2, 6)
    ink = np.zeros((HEIGHT, WIDTH_STEP * int(np.ceil((last - first + 2 * MARGIN) / WIDTH_STEP))))
    start = round(MARGIN - first)
    top = int(random.integers(0, HEIGHT - height + 1))
    shown = small[:, max(-start, 0) : ink.shape[1] - start]
    ink[top : top + height, max(start, 0) : max(start, 0) + shown.shape[1]] = shown
    spans = spans + start
    ends = [first + start, last + start]
    between = [(before[1] + after[0]) / 2 for before, after in pairwise(spans) if after[0] - before[1] > 2]
    high, low = (HEIGHT - WRITING) / 2, (HEIGHT + WRITING) / 2
    slope = random.normal(0, 0.02)
    match random.integers(5):
        case 0:  # cells
            across, down, lost, start = [high, low], [*ends, *between], LOST, high
        case 1:  # a comb
            across, down, lost, start = [low], [*ends, *between], 0.0, random.uniform(high, low - 4)
        case 2:  # a frame; what is left of one may be a 1
            across, down, lost, start = [high, low], ends, 0.0, high
        case 3:  # lines above and below, or one
            across, down, lost, start = [high, low], [], LOST, high
        case _:  # squared paper, whose lines go on beyond the writing
            step = random.uniform(8, 24)
            across, down = (list(np.arange(random.uniform(0, step), side, step)) for side in ink.shape)
            lost, start, ends = 0.1, -HEIGHT, [-HEIGHT, ink.shape[1] + HEIGHT]
    is_paper = start < 0
    half, tone = random.uniform(0.3, 0.6 if is_paper else 1.1), random.uniform(0.3, 0.8 if is_paper else 1)
    rows, columns = np.arange(HEIGHT)[:, None] + 0.5, np.arange(ink.shape[1])[None] + 0.5
    inside = (columns > ends[0] - 1) & (columns < ends[1] + 1)
    fall, lean = slope * (columns - ink.shape[1] / 2), slope * (rows - HEIGHT / 2)
    for place in across:
        if random.random() >= lost:
            ink = np.maximum(ink, tone * inside * (half + 0.5 - np.abs(rows - place - fall)).clip(0, 1))
    for place in down:
        if random.random() >= lost:
            here = (rows - fall > start - 1) & (rows - fall < (HEIGHT if is_paper else low) + 1)
            ink = np.maximum(ink, tone * here * (half + 0.5 - np.abs(columns - place + lean)).clip(0, 1))
    return Line(line.text, np.floor(full_contrast(ink) * 255 + 0.5).astype(np.uint8), spans)


def blurred(ink: Array) -> Array:
    for axis in (0, 1):
        ink = (np.roll(ink, 1, axis) + 2 * ink + np.roll(ink, -1, axis)) / 4
    return ink


def left_over(shape: tuple[int, ...], random: np.random.Generator) -> Array:
    """Return a bit of a box's line above, below, before or behind the writing."""
    ink = np.zeros(shape)
    width = shape[1]
    start, end = np.sort(random.integers(0, width, 2))
    match random.integers(4):
        case 0:
            ink[: random.integers(1, 3), start:end] = random.uniform(0.3, 1)
        case 1:
            ink[-random.integers(1, 3) :, start:end] = random.uniform(0.3, 1)
        case 2:
            ink[:, : random.integers(1, 3)] = random.uniform(0.3, 1)
        case 3:
            ink[:, -random.integers(1, 3) :] = random.uniform(0.3, 1)
    return ink


def other_lines(
    alphabet: Alphabet,
    characters: Sequence[Sequence[Array]],
    count: int,
    config: Config,
    random: np.random.Generator,
    generator: Generator,
) -> list[Written]:
    """Compose lines that are no numbers: words, digits with letters, scribbles, two lines at once."""
    numbers = compose_lines(alphabet, count, config, random, generator)
    return [other_line(numbers, characters, random) for _ in range(count)]


def other_line(
    numbers: Sequence[Written], characters: Sequence[Sequence[Array]], random: np.random.Generator
) -> Written:
    number = numbers[int(random.integers(len(numbers)))]
    match random.choice(list(OTHERS), p=list(OTHERS.values())):
        case "word":
            return word(characters, int(random.integers(1, 9)), random)
        case "before":
            return join(word(characters, int(random.integers(1, 4)), random), number, random)
        case "after":
            return join(number, word(characters, int(random.integers(1, 4)), random), random)
        case "scribble":
            return other(wide(scribble(random), random))
        case "doodle":
            return other(wide(doodle(random), random))
        case _:
            another = numbers[int(random.integers(len(numbers)))]
            below = moved(another.strokes, 0.0, random.uniform(0.9, 1.6))
            return other([*number.strokes, *below])


def word(characters: Sequence[Sequence[Array]], count: int, random: np.random.Generator) -> Written:
    """Write letters and symbols, no digits; each is about 1 high."""
    letters = [characters[int(random.integers(len(characters)))] for _ in range(count)]
    hand = {"?": [[part / longer_side(letter) for part in letter] for letter in letters]}
    line = compose_line("?" * count, hand, GAPS[random.choice(len(GAPS), p=GAP_SHARES)], random)
    return other(written(line, random).strokes)


def longer_side(strokes: Sequence[Array]) -> float:
    return max(float(np.ptp(np.concatenate(strokes), axis=0).max()), 1e-6)


def other(strokes: Strokes) -> Written:
    """Return writing that is no number."""
    across = np.concatenate(strokes)[:, 0]
    return Written("?", strokes, np.array([[across.min(), across.max()]]))


def join(first: Written, second: Written, random: np.random.Generator) -> Written:
    """Put a line behind another."""
    move = first.spans[:, 1].max() + random.uniform(0.05, 0.8) - second.spans[:, 0].min()
    strokes = [*first.strokes, *moved(second.strokes, move, 0.0)]
    return Written(first.text + second.text, strokes, np.concatenate([first.spans, second.spans + move]))


def wide(strokes: Strokes, random: np.random.Generator) -> Strokes:
    return [stroke * [random.uniform(1, 4), 1.0] for stroke in strokes]


def moved(strokes: Strokes, across: float, down: float) -> Strokes:
    move = np.array([across, down])
    return [stroke + move for stroke in strokes]
