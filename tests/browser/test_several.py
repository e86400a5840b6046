"""Several digits on the visitor's device are found by the same rule as in Python."""

import base64
import json
from pathlib import Path

import numpy as np

from recognizer.parts import may_stand_apart

GOLDEN = Path(__file__).parents[1] / "golden"
ENGINE = "/static/digit_recognition/engine"


def read_golden(name):
    return json.loads((GOLDEN / name).read_text(encoding="utf-8"))


def bytes_of(coded):
    return np.frombuffer(base64.b64decode(coded["gray"]), np.uint8).reshape(coded["size"][::-1])


def test_strokes_have_the_golden_parts(home):
    cases = read_golden("parts.json")
    body = f"""async (given) => {{
        const {{ partsOfStrokes }} = await import('{ENGINE}/parts.js');
        const {{ partsToRead }} = await import('{ENGINE}/several.js');
        const {{ thinnedOf }} = await import('{ENGINE}/ink.js');
        return given.map((strokes) => {{
            const boxes = partsOfStrokes(thinnedOf(strokes)).map(({{ box }}) => box);
            return {{ boxes, read: partsToRead(boxes) }};
        }});
    }}"""
    found = home.evaluate(body, [case["strokes"] for case in cases])
    assert found == [{"boxes": case["boxes"], "read": case["read"]} for case in cases]


def test_the_quick_look_is_the_same_as_in_python(home):
    drawings = [case["strokes"] for case in read_golden("parts.json") + read_golden("strokes.json")]
    body = f"""async (given) => {{
        const {{ mayStandApart }} = await import('{ENGINE}/parts.js');
        return given.map(mayStandApart);
    }}"""
    wanted = [may_stand_apart([np.array(stroke, float) for stroke in drawing]) for drawing in drawings]
    assert home.evaluate(body, drawings) == wanted and len(set(wanted)) == 2


def test_ink_has_the_golden_parts(home):
    cases = read_golden("ink_parts.json")
    body = f"""async (given) => {{
        const {{ partsOfInk }} = await import('{ENGINE}/parts.js');
        const {{ partsToRead }} = await import('{ENGINE}/several.js');
        return given.map(({{ size: [width, height], gray }}) => {{
            const parts = partsOfInk({{ ink: Float32Array.from(gray, (tone) => tone / 255), width, height }});
            const cuts = partsToRead(parts?.boxes ?? []).map((index) => parts.cutOut(index));
            const read = cuts.map(({{ ink, width, height }}) =>
                ({{ size: [width, height], gray: Array.from(ink, (tone) => Math.round(tone * 255)) }}));
            return {{ boxes: parts?.boxes ?? [], read }};
        }});
    }}"""
    found = home.evaluate(body, [{"size": case["size"], "gray": bytes_of(case).ravel().tolist()} for case in cases])
    for case, here in zip(cases, found, strict=True):
        wanted = [{"size": cut["size"], "gray": bytes_of(cut).ravel().tolist()} for cut in case["read"]]
        assert here == {"boxes": case["boxes"], "read": wanted}, case["name"]


def test_the_rule_gives_the_golden_chance(home):
    cases = read_golden("several.json")
    body = f"""async (given) => {{
        const {{ chanceOfSeveral }} = await import('{ENGINE}/several.js');
        return given.map(({{ whole, readings }}) => chanceOfSeveral(whole, readings));
    }}"""
    assert home.evaluate(body, cases) == [case["chance"] for case in cases]
