"""Letters and symbols as strokes: those to train by, and those held out, by writer and by character."""

from recognizer.datasets import sets
from recognizer.datasets.formats import Drawing
from recognizer.training.config import Config
from recognizer.training.examples.glyphs import LIKE_DIGITS, glyphs
from recognizer.training.examples.made_up import Strokes

HELD_OUT_GLYPHS = 10  # every 10th character of the fonts is held out


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
