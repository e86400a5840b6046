"""Whole numbers on the visitor's own device: the modules give what the golden lines say."""

import base64
import json
from pathlib import Path

import numpy as np

from tests.golden.lines import rows_of_chances

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
