"""The device reads whole numbers as the server does. The networks are stand-ins, the same in both languages."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from recognizer.ink import pixels_from, strokes_from
from recognizer.numbers.number_reader import NumberReader
from recognizer.numbers.reader import Reader
from recognizer.numbers.reading import Allow
from recognizer.numbers.weighing import WeightsByAllow
from recognizer.prediction import Prediction, Reason
from tests.golden.apart import above, beside, move
from tests.golden.drawings import DIGITS
from tests.golden.lines import MINUS, POINT, WEIGHTS, Chances, rows_of_chances
from tests.golden.rendering import render

MODULE = "/static/digit_recognition/engine/number_reader.js"
PLACES = 1000  # more than any line here has
BOX = (1.0, 2.0, 3.0, 4.0)
BY_ALLOW = {"digits": vars(WEIGHTS), "number": vars(WEIGHTS)}

# The digit network's stand-in: a character's place alone says which digit it is, and how sure that is.
NETWORKS = """
    const best = (place) => Math.round(Math.abs(place)) % 10;
    const answerOf = (digit, confidence, more) => ({
        digit, confidence, reason: null, model: "stand-in", seen: null, ...more,
        probabilities: Array.from({ length: 10 }, (_, each) => (each === digit ? 0.91 : 0.01)),
    });
    const networks = {
        chances: async (picture, width) => Float32Array.from(given.chances.slice(0, 8 * width)),
        predict: async (cuts) => cuts.map((cut) => {
            const place = Math.round(cut.box[0]);
            return answerOf(best(place), 0.9 - (best(place) % 4) / 10, {});
        }),
        weights: given.weights,
        model: "stand-in",
    };
    const reason = given.whole === null ? "several digits" : null;
    const predict = async () => answerOf(given.whole, 0.8, { box: given.box, reason });
    const task = { networks, allow: given.allow, predict };
    const plain = ({ text, confidence, digits, alternatives, reason, box }) => ({
        text, confidence, reason, box, texts: alternatives.map((each) => each.text),
        chances: alternatives.map((each) => each.probability),
        digits: digits.map((each) => [each.text, each.prediction?.confidence ?? null, each.box, each.strokes]),
    });
"""


def prediction_of(digit, confidence, box=None):
    probabilities = tuple(0.91 if each == digit else 0.01 for each in range(10))
    reason: Reason | None = None if digit is not None else "several digits"
    return Prediction(digit, confidence, probabilities, reason, np.zeros((28, 28), np.uint8), "stand-in", box)


def server_reader(chances, whole) -> Any:
    def draw(cuts):
        return np.array([round(abs(cut.box[0])) for cut in cuts])

    def predict(places):
        return [prediction_of(place % 10, 0.9 - (place % 10 % 4) / 10) for place in map(int, places)]

    def say(pictures):
        return np.array(chances, np.float32).reshape(1, -1, 16)[:, : pictures.shape[2] // 2]

    reader: Any = NumberReader.__new__(NumberReader)
    reader.model = SimpleNamespace(name="stand-in")
    reader.predict = lambda given: prediction_of(whole, 0.8, BOX)
    reader.pixels_door = SimpleNamespace(clean_line=lambda image: ((255 - image) / 255).astype(np.float32))
    reader.of_strokes = reader.of_ink = Reader(say, draw, predict, WeightsByAllow(WEIGHTS, WEIGHTS), "stand-in")
    return reader


def chances_at(said):
    """said: the chances of characters, by their place."""
    rows: Chances = [{}] * PLACES
    for place, characters in said.items():
        rows[place] = characters
    return rows_of_chances(rows).ravel().tolist()


def same(found, reading):
    assert (found["text"], found["reason"]) == (reading.text, reading.reason)
    assert found["texts"] == [each.text for each in reading.alternatives]
    chances = [each.probability for each in reading.alternatives]
    np.testing.assert_allclose([found["confidence"], *found["chances"]], [reading.confidence, *chances], 0, 1e-6)
    assert found["box"] == (reading.box and pytest.approx(reading.box))
    wanted = [
        [each.text, each.prediction and each.prediction.confidence, pytest.approx(each.box), list(each.strokes)]
        for each in reading.digits
    ]
    assert found["digits"] == wanted


TWO_SEVEN_FOUR = beside("2 plain", "7 crossed", "4 open")
SAID = {8: {"2": 0.9, "7": 0.1}, 20: {"1": 0.5, "7": 0.4}, 31: {"4": 0.95}}
SIGNED = [*MINUS, *move(DIGITS["5 with a hat"], 80, 0), *move(POINT, 60, 0), *move(DIGITS["1 bar"], 140, 0)]
SIGNED_SAID = {7: {"-": 0.9, "1": 0.1}, 16: {"5": 0.8}, 23: {".": 0.6, "1": 0.1}, 26: {"1": 0.9}}

SEVEN_MINUS = [*DIGITS["7 crossed"], [[110.0, 75.0], [150.0, 74.0]]]
SEVEN_MINUS_SAID = {8: {"7": 0.99}, 15: {"-": 0.99}}
SCRIBBLE = [[float(at % 2) * 1000, float(at % 90)] for at in range(3000)]

AGREED = {8: {"4": 1}, 20: {"2": 1}, 31: {"4": 1}}  # the digit network says the same

DRAWINGS: dict[str, tuple[Any, dict, Allow, int | None]] = {
    "digits": (TWO_SEVEN_FOUR, SAID, "digits", None),
    "digits that both networks find": (TWO_SEVEN_FOUR, AGREED, "digits", None),
    "a late stroke and an empty one": ([*TWO_SEVEN_FOUR[:2], [], *TWO_SEVEN_FOUR[2:][::-1]], SAID, "digits", None),
    "a sign and a point": (SIGNED, SIGNED_SAID, "number", None),
    "a sign where digits are allowed": (SIGNED, SIGNED_SAID, "digits", None),
    "other writing": (TWO_SEVEN_FOUR, {8: {"?": 0.9}, 20: {"?": 0.9}}, "number", None),
    "one digit, in the end": (DIGITS["7 crossed"], {8: {"7": 0.9}}, "digits", 7),
    "one digit, declined": (DIGITS["7 crossed"], {8: {"7": 0.9}}, "digits", None),
    "two lines": (above("2 plain", "3 round"), SAID, "digits", None),
    "two lines that are one digit": (above("2 plain", "3 round"), SAID, "digits", 8),
    "nothing found": (TWO_SEVEN_FOUR, {}, "digits", None),
    "too long": (beside(*["1 bar"] * 40), {4 + 3 * at: {"1": 0.99} for at in range(34)}, "digits", None),
    "a digit and a sign that is not allowed": (SEVEN_MINUS, SEVEN_MINUS_SAID, "digits", 7),
    "nine lines that look like one digit": (above(*["1 bar"] * 9), SAID, "digits", 1),
    "600 strokes": ([[[at * 7 % 601 + 0.5, at * 11 % 101]] for at in range(600)], SAID, "digits", None),
    "a long scribble above a line": ([SCRIBBLE, [[0, 150], [900, 250]]], SAID, "digits", None),
    "a dot": (POINT, SAID, "digits", None),
    "no ink": ([[]], SAID, "digits", None),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_read_as_on_the_server(home, name):
    drawing, said, allow, whole = DRAWINGS[name]
    chances = chances_at(said)
    given = {
        "chances": chances,
        "weights": BY_ALLOW,
        "allow": allow,
        "whole": whole,
        "box": BOX,
    }
    body = f"""async (given) => {{
        {NETWORKS}
        const {{ readDrawing }} = await import('{MODULE}');
        return plain(await readDrawing(given.drawing, 0, task));
    }}"""
    found = home.evaluate(body, {**given, "drawing": drawing})
    same(found, server_reader(chances, whole).read_drawing(strokes_from(drawing), allow))


ROW = render(TWO_SEVEN_FOUR, 120, 110, 4)[30:90]
PICTURES = {
    "one line": (ROW, SAID),
    "two lines": (np.concatenate([ROW, ROW[:, ::-1]]), SAID),
    "one digit": (render(DIGITS["7 crossed"], 50, 34, 3), {10: {"7": 0.9}}),
    "a large picture": (np.kron(ROW, np.ones((9, 9), np.uint8)), SAID),
    "nine lines": (np.concatenate([ROW[10:50:2, ::2]] * 9), SAID),
    "white": (np.full((30, 40), 255, np.uint8), SAID),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_read_as_on_the_server(home, name):
    gray, said = PICTURES[name]
    chances = chances_at(said)
    given = {
        "chances": chances,
        "weights": BY_ALLOW,
        "allow": "digits",
        "whole": 7,
        "box": BOX,
    }
    size = {"width": gray.shape[1], "height": gray.shape[0], "gray": gray.ravel().tolist()}
    body = f"""async (given) => {{
        {NETWORKS}
        const {{ linesOf, readEach, readPicture }} = await import('{MODULE}');
        const {{ shrink }} = await import('/static/digit_recognition/engine/pictures.js');
        const small = shrink({{ ...given.picture, gray: Uint8Array.from(given.picture.gray) }});
        const clean = async (wide) => ({{ ...wide, ink: Float32Array.from(wide.gray, (tone) => (255 - tone) / 255) }});
        const lines = await linesOf(small, clean);
        return [plain(await readPicture(lines, task)), (await readEach(lines, networks, given.allow)).map(plain)];
    }}"""
    one, every = home.evaluate(body, {**given, "picture": size})
    reader, picture = server_reader(chances, 7), pixels_from(np.ascontiguousarray(gray))
    same(one, reader.read_picture(picture, "digits"))
    for found, reading in zip(every, reader.read_lines(picture, "digits"), strict=True):
        same(found, reading)
