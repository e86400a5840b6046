"""Reads lines of writing: the line network proposes texts, and the digit network judges each of their digits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import log
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from recognizer.numbers.cuts import Array, Cut, Key, Line, Way, Ways
from recognizer.numbers.reading import (
    MOST_ALTERNATIVES,
    MOST_CHARACTERS,
    Allow,
    Alternative,
    Digit,
    Reading,
    ReadingReason,
)
from recognizer.numbers.search import CHARACTERS, Found, align, search
from recognizer.numbers.weighing import Candidate, WeightsByAllow, is_allowed, weigh
from recognizer.prediction import Prediction

PLACE_PX = 2  # px of the picture for each of the network's places
MOST_CANDIDATES = 4  # texts that the digit network judges
LEAST_SHARE = 0.02  # of the best text's probability: less probable ones are not judged
PROBABLE = 0.05  # the least chance, by the digit network, of a digit that it proposes
LEAST = 1e-6  # chance: less probable characters are as good as this
HALF = 0.5  # of the confidence stays where writing may have been lost

Pictures = npt.NDArray[np.float32]  # (N, 1, 28, 28)


class Proposed(NamedTuple):
    """The line network's chances at each place, and the likely texts; none if no character is found."""

    chances: Array
    texts: list[Found]

    @property
    def is_one_digit(self) -> bool:
        """True if every likely text is."""
        return bool(self.texts) and all(len(each.text) == 1 and each.text.isdigit() for each in self.texts)

    @property
    def first_digit(self) -> int | None:
        """The most probable text, if it is one digit."""
        text = self.texts[0].text if self.texts else ""
        return int(text) if len(text) == 1 and text.isdigit() else None


@dataclass(frozen=True, eq=False)
class Judged:
    """A text to weigh: its characters' ink, and what the digit network says of each; None for a sign or point."""

    text: str
    cuts: Way
    predictions: list[Prediction | None]
    candidate: Candidate


@dataclass(frozen=True, eq=False)
class Reader:
    """Reads lines. Knows no doors and no files.

    chances: pictures of lines of one width, (N, 32, W) → (N, W / 2, 16); draw: the ink of characters → the pictures
    that the digit network sees; predict: those → predictions.
    weights: see `weigh`; model: the name of the digit model.
    """

    chances: Callable[[npt.NDArray[np.uint8]], npt.NDArray[np.float32]]
    draw: Callable[[list[Cut]], Pictures]
    predict: Callable[[Pictures], list[Prediction]]
    weights: WeightsByAllow
    model: str

    def read(self, line: Line, allow: Allow) -> Reading:
        return self.read_proposed(line, self.propose(line), allow)

    def read_proposed(self, line: Line, proposed: Proposed, allow: Allow) -> Reading:
        found = proposed.texts
        if found and len(found[0].text) > MOST_CHARACTERS:
            return Reading(None, 0.0, (), _alternatives(found), "too long", self.model)
        if not found:
            return self._not_a_number()
        reading = self._answer(self.judge(line, proposed), allow)
        return unsure(reading) if line.has_lost_ink else reading

    def propose(self, line: Line) -> Proposed:
        """Ask the line network alone."""
        (chances,) = self.chances(line.picture.picture[None])
        rows = chances.astype(np.float64)
        found = search(rows)
        least = LEAST_SHARE * found[0].probability
        return Proposed(rows, [each for each in found[:MOST_CANDIDATES] if each.text and each.probability >= least])

    def judge(self, line: Line, proposed: Proposed) -> list[Judged]:
        """Let the digit network judge each text, cut in the best way for it, and propose other digits in its places."""
        rows, found = proposed
        places = [np.array(align(rows, each.text)) for each in found]
        ways = [line.cut((each + 0.5) * PLACE_PX) for each in places]
        every = {cut.key: cut for own in ways for cut in own.cuts() if cut.key}
        drawn = self.predict(self.draw(list(every.values()))) if every else []
        predictions = dict(zip(every, drawn, strict=True))
        judged: dict[str, Judged] = {}
        for each, own in zip(found, ways, strict=True):
            judged[each.text] = _judged(each, own, predictions)
        for each, own, at in zip(found, ways, places, strict=True):
            for other in _proposals(each, rows, at, judged[each.text].predictions):
                if other.text not in judged:
                    judged[other.text] = _judged(other, own, predictions)
        return list(judged.values())

    def _answer(self, judged: Sequence[Judged], allow: Allow) -> Reading:
        weights = self.weights.of(allow)
        chances = weigh([each.candidate for each in judged], weights)
        ordered = sorted(zip(chances, judged, strict=True), key=lambda pair: (-pair[0], pair[1].text))
        allowed = [(chance, each) for chance, each in ordered if is_allowed(each.text, allow)]
        alternatives = tuple(Alternative(each.text, chance) for chance, each in allowed[:MOST_ALTERNATIVES])
        if not allowed:
            return self._not_a_number()
        confidence, best = allowed[0]
        reason: ReadingReason | None = None if confidence >= weights.sure else "unsure"
        reason = reason if ordered[0][1] is best else "not a number"
        digits = tuple(
            Digit(letter, prediction and replace(prediction, box=cut.box), cut.box, cut.strokes)
            for letter, cut, prediction in zip(best.text, best.cuts, best.predictions, strict=True)
        )
        return Reading(None if reason else best.text, confidence, digits, alternatives, reason, self.model)

    def _not_a_number(self) -> Reading:
        return Reading(None, 0.0, (), (), "not a number", self.model)


def unsure(reading: Reading) -> Reading:
    """Return a reading of which a part may be missing."""
    alternatives = tuple(Alternative(text, HALF * chance) for text, chance in reading.alternatives)
    reason = reading.reason or "unsure"
    return replace(reading, text=None, confidence=HALF * reading.confidence, alternatives=alternatives, reason=reason)


def _alternatives(found: Sequence[Found]) -> tuple[Alternative, ...]:
    """Return texts that the digit network does not judge."""
    return tuple(Alternative(text, probability) for text, probability in found[:MOST_ALTERNATIVES])


def _judged(found: Found, ways: Ways, predictions: dict[Key, Prediction]) -> Judged:
    """Choose the way to cut in which the digits of a text are most probable."""
    text = found.text
    way = ways.best(lambda at, cut: log(max(_chance_in(text, at, cut, predictions), LEAST)))
    own = [predictions.get(cut.key) if text[at].isdigit() else None for at, cut in enumerate(way)]
    chances = [_chance_in(text, at, cut, predictions) for at, cut in enumerate(way)]
    judged = [
        (chance, cut.is_cut)
        for letter, chance, cut in zip(text, chances, way, strict=True)
        if letter.isdigit() or not cut.key
    ]
    whole = tuple(chance for chance, is_cut in judged if not is_cut)
    of_cut = tuple(chance for chance, is_cut in judged if is_cut)
    beside = any(cut.has_beside for letter, cut in zip(text, way, strict=True) if letter.isdigit())
    return Judged(text, way, own, Candidate(text, found.probability, whole, of_cut, beside))


def _proposals(found: Found, rows: Array, places: Array, predictions: Sequence[Prediction | None]) -> list[Found]:
    """Return the text with other digits that the digit network finds probable: each alone, and all at once.

    places: of the characters. Their probability is the found text's, times that of the digits in their places.
    """
    proposed: list[Found] = []
    text, probability = found.text, found.probability
    for at, prediction in enumerate(predictions):
        if prediction is None:
            continue
        digit = int(np.argmax(prediction.probabilities))
        if str(digit) == found.text[at] or prediction.probabilities[digit] * prediction.digit_probability < PROBABLE:
            continue
        factor = _factor(rows, places, at, found.text[at], str(digit))
        proposed.append(Found(found.text[:at] + str(digit) + found.text[at + 1 :], found.probability * factor))
        text, probability = text[:at] + str(digit) + text[at + 1 :], probability * factor
    return proposed if len(proposed) < 2 else [*proposed, Found(text, probability)]


def _factor(rows: Array, places: Array, at: int, instead_of: str, digit: str) -> float:
    """Return how probable another character is in one place, as a factor of the text's probability."""
    low = (places[at - 1] + places[at]) / 2 if at else 0
    high = (places[at] + places[at + 1]) / 2 if at + 1 < len(places) else len(rows)
    here = rows[int(low) : int(np.ceil(high)) + 1].sum(0)
    before, after = (float(here[1 + CHARACTERS.index(each)]) for each in (instead_of, digit))
    return min((after + LEAST) / (before + LEAST), 1.0)


def _chance_in(text: str, at: int, cut: Cut, predictions: dict[Key, Prediction]) -> float:
    """Return the digit network's chance of a character of a text: 1 for a sign or point, 0 if there is no ink."""
    if not cut.key:
        return 0.0
    if not text[at].isdigit():
        return 1.0
    prediction = predictions[cut.key]
    return prediction.probabilities[int(text[at])] * prediction.digit_probability
