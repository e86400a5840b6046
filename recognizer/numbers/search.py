"""Finds the most probable texts in what the line network says of each place along a line. Knows no network.

`engine/search.js` does the same: the golden lines test both.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

CHARACTERS = "0123456789-+.,?"  # "?" is other writing; the network's class 0 is "no character", CTC's blank
BLANK = 0
BEAMS = 12
LEAST = 1e-3  # less probable characters are not followed
FAINT = 1e-5  # of the most probable text: less probable ones are dropped
CERTAIN = 0.9999  # a place of this much blank changes no text

Chances = npt.NDArray[np.float64]  # (T, 16): of each class at each place


class Found(NamedTuple):
    """A text, and its probability among all."""

    text: str
    probability: float


def search(chances: Chances) -> list[Found]:
    """Return the most probable texts, at most 12, most probable first (prefix beam search, Graves & Jaitly, 2014)."""
    beams = {"": (1.0, 0.0)}  # text: its probability, ending in blank and in its last character
    for place in chances:
        if place[BLANK] > CERTAIN:
            beams = {text: ((blank + other) * place[BLANK], 0.0) for text, (blank, other) in beams.items()}
        else:
            beams = _strongest(_step(beams, place))
    found = [Found(text, float(blank + other)) for text, (blank, other) in beams.items()]
    return sorted(found, key=lambda each: (-each.probability, each.text))


def _step(beams: dict[str, tuple[float, float]], place: npt.NDArray[np.float64]) -> dict[str, tuple[float, float]]:
    """Follow each text with a blank, with its last character again, and with a new one."""
    blank_chance = float(place[BLANK])
    likely = [(CHARACTERS[index - 1], float(place[index])) for index in range(1, len(place)) if place[index] > LEAST]
    blanks: dict[str, float] = {}
    others: dict[str, float] = {}
    for text, (blank, other) in beams.items():
        blanks[text] = blanks.get(text, 0.0) + (blank + other) * blank_chance
        for character, chance in likely:
            is_last = text[-1:] == character
            if is_last:
                others[text] = others.get(text, 0.0) + other * chance
            longer = text + character
            others[longer] = others.get(longer, 0.0) + (blank if is_last else blank + other) * chance
    return {text: (blanks.get(text, 0.0), others.get(text, 0.0)) for text in dict.fromkeys([*blanks, *others])}


def _strongest(beams: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    chances = {text: blank + other for text, (blank, other) in beams.items()}
    least = FAINT * max(chances.values())
    strong = [text for text, chance in chances.items() if chance >= least]
    if len(strong) > BEAMS:
        strong = sorted(strong, key=lambda text: (-chances[text], text))[:BEAMS]
    return {text: beams[text] for text in strong}


def align(chances: Chances, text: str) -> list[float]:
    """Return the place of each character of a text, which must not be empty: where it is most probable, in places.

    The places are those of the most probable path (Viterbi); each character's is the mean of its run.
    """
    classes = [BLANK]
    for character in text:
        classes += [CHARACTERS.index(character) + 1, BLANK]
    logs = np.log(np.maximum(chances[:, classes], 1e-30))  # (T, 2n + 1)
    count = len(classes)
    may_skip = np.array([k > 1 and k % 2 == 1 and classes[k] != classes[k - 2] for k in range(count)])
    score = np.full(count, -np.inf)
    score[:2] = logs[0, :2]
    moves = np.zeros((len(logs), count), np.int64)
    for place in range(1, len(logs)):
        options = np.full((3, count), -np.inf)
        options[0] = score
        options[1, 1:] = score[:-1]
        options[2, 2:] = np.where(may_skip[2:], score[:-2], -np.inf)
        moves[place] = options.argmax(0)
        score = options.max(0) + logs[place]
    state = count - 1 if score[-1] >= score[-2] else count - 2
    runs: list[list[int]] = [[] for _ in text]
    for place in range(len(logs) - 1, -1, -1):
        if state % 2:
            runs[state // 2].append(place)
        state -= int(moves[place, state])
    return [sum(run) / len(run) if run else 0.0 for run in runs]
