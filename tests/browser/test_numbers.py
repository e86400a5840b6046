"""Whole numbers on the visitor's own device: the modules give what the golden lines say."""

import base64
import json
from pathlib import Path

import numpy as np

from recognizer.numbers.number_reader import MARGIN
from recognizer.numbers.weighing import is_allowed
from tests.golden.lines import flat, rows_of_chances

GOLDEN = Path(__file__).parents[1] / "golden"
ENGINE = "/static/digit_recognition/engine"


def read_golden(name):
    return json.loads((GOLDEN / name).read_text(encoding="utf-8"))


def test_strokes_become_the_golden_lines(home):
    cases = read_golden("lines.json")
    body = f"""async (given) => {{
        const {{ drawStrokes }} = await import('{ENGINE}/line_pictures.js');
        return given.map((strokes) => {{
            const {{ picture, width, corner, scale }} = drawStrokes(strokes);
            return {{ gray: btoa(String.fromCharCode(...picture)), width, place: [...corner, scale] }};
        }});
    }}"""
    found = home.evaluate(body, [case["strokes"] for case in cases])
    for case, line in zip(cases, found, strict=True):
        assert line["width"] == case["size"][0], case["name"]
        assert base64.b64decode(line["gray"]) == base64.b64decode(case["gray"]), case["name"]
        np.testing.assert_allclose(line["place"], [*case["corner"], case["scale"]], rtol=0, atol=1e-6)


def test_chances_give_the_golden_texts(home):
    cases = read_golden("search.json")
    body = f"""async (given) => {{
        const {{ align, search }} = await import('{ENGINE}/search.js');
        return given.map((chances) => {{
            const found = search(Float32Array.from(chances));
            return {{ found, places: found[0].text ? align(Float32Array.from(chances), found[0].text) : [] }};
        }});
    }}"""
    chances = [rows_of_chances(case["chances"]).ravel().tolist() for case in cases]
    for case, line in zip(cases, home.evaluate(body, chances), strict=True):
        assert [each["text"] for each in line["found"]] == [each["text"] for each in case["found"]], case["name"]
        wanted = [each["probability"] for each in case["found"]]
        np.testing.assert_allclose([each["probability"] for each in line["found"]], wanted, rtol=0, atol=1e-6)
        np.testing.assert_allclose(line["places"], case["places"], rtol=0, atol=1e-6)


def test_boxes_give_the_golden_rows(home):
    cases = read_golden("rows.json")
    body = f"""async (given) => (await import('{ENGINE}/rows.js')).rowsOf(given)"""
    for case in cases:
        assert home.evaluate(body, case["boxes"]) == case["rows"], case["name"]


def test_texts_have_the_golden_chances(home):
    cases = read_golden("weighing.json")
    body = f"""async (given) => {{
        const {{ weigh }} = await import('{ENGINE}/weighing.js');
        return given.map(({{ texts, weights }}) => weigh(
            texts.map(([text, probability, ofDigits, ofCutDigits, hasBeside]) =>
                ({{ text, probability, ofDigits, ofCutDigits, hasBeside }})), weights));
    }}"""
    for case, chances in zip(cases, home.evaluate(body, cases), strict=True):
        np.testing.assert_allclose(chances, case["chances"], rtol=0, atol=1e-6, err_msg=case["name"])


def test_the_same_texts_are_allowed_as_on_the_server(home):
    texts = ["", "0", "007", "-5", "+1,5", ".5", "5.", "-", ".", "1.2.3", "1-2", "--1", "1?", "12\n", "١"]
    body = f"""async (given) => {{
        const {{ isAllowed }} = await import('{ENGINE}/weighing.js');
        return given.map((text) => [isAllowed(text, "digits"), isAllowed(text, "number")]);
    }}"""
    assert home.evaluate(body, texts) == [[is_allowed(text, "digits"), is_allowed(text, "number")] for text in texts]


def test_lines_are_cut_as_the_golden_ones(home):
    cases = read_golden("cutting.json")
    body = f"""async (given) => {{
        const {{ drawStrokes }} = await import('{ENGINE}/line_pictures.js');
        const {{ hasBeside, inkCutter, strokesCutter }} = await import('{ENGINE}/cutting.js');
        return given.map(({{ strokes, centres }}) => {{
            const {{ picture, width, corner, scale }} = drawStrokes(strokes);
            const moved = strokes.map((stroke) => stroke.map((place) => place.map(
                (edge, axis) => (edge - corner[axis]) * scale)));
            const wide = 2 * width;
            const fine = Float32Array.from({{ length: 64 * wide }}, (_, pixel) =>
                picture[Math.floor(pixel / wide / 2) * width + Math.floor((pixel % wide) / 2)] / 255);
            const ofInk = ({{ ink, width: own, left, isCut }}) => {{
                const total = ink.reduce((sum, each) => sum + each, 0);
                const middle = (axis) => ink.reduce((sum, each, pixel) => sum + each * axis(pixel), 0);
                const places = [middle((pixel) => left + pixel % own), middle((pixel) => Math.floor(pixel / own))];
                return [Number(isCut), total, ...places.map((place) => place / Math.max(total, 1))];
            }};
            const cutter = inkCutter(picture, width, fine);
            const bounds = cutter.cut(centres);
            const ink = bounds.slice(1).map((after, at) => bounds[at].map(
                (left) => after.map((right) => ofInk(cutter.piece(left, right)))));
            const found = strokesCutter(moved)(centres);
            const ways = found.map((way) => way.map((pieces) => pieces.map(
                ({{ points, stroke }}) => [stroke, points.length, points[0][0], points.at(-1)[0]])));
            return {{ ways, ink, beside: found.map((way) => way.map((pieces) => Number(hasBeside(pieces)))) }};
        }});
    }}"""
    for case, found in zip(cases, home.evaluate(body, cases), strict=True):
        assert found["beside"] == case["beside"], case["name"]
        for own, golden in zip(found["ink"], case["ink"], strict=True):
            np.testing.assert_allclose(own, golden, rtol=0, atol=0.01, err_msg=case["name"])
        np.testing.assert_allclose(flat(found["ways"]), flat(case["ways"]), rtol=0, atol=1e-6, err_msg=case["name"])


def test_ink_becomes_the_golden_lines(home):
    cases = read_golden("ink_lines.json")
    body = f"""async (given) => {{
        const {{ inPixels, labelInk }} = await import('{ENGINE}/parts.js');
        const {{ fineInk, shrinkInk }} = await import('{ENGINE}/line_pictures.js');
        return given.map(({{ size: [width, height], gray, cells }}) => {{
            const ink = Float32Array.from(atob(gray), (each) => each.charCodeAt(0) / 255);
            const labelled = labelInk({{ ink, width, height }}, cells);
            const boxes = labelled.boxes.map((box) => inPixels(box, labelled.grid));
            const line = shrinkInk({{ ink, width, height }}, boxes[0]);
            const fine = fineInk({{ ink, width, height }}, line);
            const rows = Array.from({{ length: 64 }}, (_, row) =>
                fine.subarray(2 * row * line.width, 2 * (row + 1) * line.width).reduce((sum, each) => sum + each, 0));
            const levels = btoa(String.fromCharCode(...line.picture));
            return {{ boxes, gray: levels, rows, place: [...line.corner, line.scale] }};
        }});
    }}"""
    for case, found in zip(cases, home.evaluate(body, cases), strict=True):
        assert found["boxes"] == case["boxes"] and len(case["boxes"]) == 1, case["name"]
        line, golden = (list(base64.b64decode(each)) for each in (found["gray"], case["line"]["gray"]))
        np.testing.assert_allclose(line, golden, rtol=0, atol=1, err_msg=case["name"])
        np.testing.assert_allclose(found["rows"], case["rows_of_fine"], rtol=0, atol=1e-3, err_msg=case["name"])
        np.testing.assert_allclose(found["place"], [*case["corner"], case["scale"]], rtol=0, atol=1e-6)


def test_frames_and_ruled_lines_are_taken_away_as_in_the_golden_ones(home):
    cases = read_golden("furniture.json")
    body = f"""async (given) => {{
        const {{ writingOf }} = await import('{ENGINE}/furniture.js');
        return given.map(({{ rows }}) => {{
            const bits = Array.from(rows.join(""), (digit) => parseInt(digit, 16).toString(2).padStart(4, "0"));
            const ink = Float32Array.from(bits.join(""), Number);
            const {{ writing, boxes }} = writingOf({{ ink, width: 4 * rows[0].length, height: rows.length }});
            return {{ boxes, ink: writing.ink.reduce((sum, each) => sum + each, 0) }};
        }});
    }}"""
    for case, found in zip(cases, home.evaluate(body, cases), strict=True):
        assert (found["boxes"], found["ink"]) == (case["boxes"], case["ink"]), case["name"]


def test_lost_writing_is_seen_as_in_the_golden_ones(home):
    cases = read_golden("lost_ink.json")
    body = f"""async (given) => {{
        const {{ hasLostInk }} = await import('{ENGINE}/lost_ink.js');
        const [width, height] = [56, 24];
        const isIn = (places, pixel) => places.some(([top, left, bottom, right]) => {{
            const [row, column] = [Math.floor(pixel / width), pixel % width];
            return row >= top && row < bottom && column >= left && column < right;
        }});
        return given.map(({{ kept, taken, box }}) => {{
            const pixels = Array.from({{ length: width * height }}, (_, pixel) => pixel);
            const gray = Uint8Array.from(pixels, (pixel) => (isIn([...kept, ...taken], pixel) ? 20 : 240));
            const ink = {{ ink: Float32Array.from(pixels, (pixel) => Number(isIn(kept, pixel))), width, height }};
            const tones = [gray, gray.map((tone) => 255 - tone)];
            return tones.map((each) => hasLostInk({{ gray: each, width, height }}, ink, box));
        }});
    }}"""
    assert home.evaluate(body, cases) == [[case["lost"]] * 2 for case in cases]


def test_pictures_go_on_beyond_their_edges_as_the_golden_ones(home):
    cases = read_golden("widened.json")
    body = f"""async (given) => {{
        const {{ widened }} = await import('{ENGINE}/number_reader.js');
        return given.map(({{ size: [width, height], gray, margin }}) => {{
            const tones = Uint8Array.from(atob(gray), (each) => each.charCodeAt(0));
            const wide = widened({{ gray: tones, width, height }}, margin);
            return {{ size: [wide.width, wide.height], gray: btoa(String.fromCharCode(...wide.gray)) }};
        }});
    }}"""
    assert home.evaluate(body, cases) == [case["wide"] for case in cases]


def test_a_margin_is_rounded_as_on_the_server(home):
    body = f"""async (sides) => {{
        const {{ linesOf }} = await import('{ENGINE}/number_reader.js');
        const margins = [];
        for (const side of sides) {{
            await linesOf({{ gray: new Uint8Array(side * 90), width: 90, height: side, factor: 1 }}, async (wide) => {{
                margins.push((wide.height - side) / 2);
                return {{ ...wide, ink: new Float32Array(wide.gray.length) }};
            }});
        }}
        return margins;
    }}"""
    assert home.evaluate(body, list(range(1, 91))) == [round(MARGIN * side) for side in range(1, 91)]
