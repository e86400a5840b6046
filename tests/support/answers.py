"""The device's answers to drawings and pictures, beside the library's."""

import base64
from io import BytesIO

import numpy as np
from PIL import Image

STATIC = "/static/digit_recognition"


def in_page(page, body, given=None):
    """Run the body of an async function that can use a started `device` and `given`."""
    start = f"""async (given) => {{
        const {{ Device }} = await import('{STATIC}/answer/device.js');
        const device = new Device(JSON.parse(document.querySelector('[data-role=desk]').dataset.device));
        const still = new AbortController().signal;
        device.start();
        {body}
    }}"""
    return page.evaluate(start, given)


def answers_to_drawings(page, drawings):
    body = """const answers = [];
        for (const strokes of given) answers.push(await device.ask({ strokes }, still));
        return answers;"""
    return in_page(page, body, drawings)


def answers_to_pictures(page, pictures):
    """pictures: gray, (H, W) uint8 each."""
    body = """const answers = [];
        for (const png of given) {
            const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
            answers.push(await device.ask({ picture: new Blob([bytes], { type: "image/png" }) }, still));
        }
        return answers;"""
    return in_page(page, body, [base64.b64encode(png_of(picture)).decode() for picture in pictures])


def png_of(picture):
    file = BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    return file.getvalue()


def assert_same(found, reading, name):
    """found: the device's answer; reading: the library's."""
    assert (found["text"], found["reason"], found["model"]) == (reading.text, reading.reason, reading.model), name
    close(found["confidence"], reading.confidence, name)
    assert [each["text"] for each in found["alternatives"]] == [each.text for each in reading.alternatives], name
    close([each["probability"] for each in found["alternatives"]], [p for _, p in reading.alternatives], name)
    assert [each["text"] for each in found["digits"]] == [each.text for each in reading.digits], name
    for here, there in zip(found["digits"], reading.digits, strict=True):
        assert here["strokes"] == list(there.strokes), name
        if there.prediction:
            close(here["confidence"], there.prediction.confidence, name)
            close(here["probabilities"], there.prediction.probabilities, name)
    if len(reading.digits) > 1:
        boxes = [each["box"] for each in found["digits"]]
        np.testing.assert_allclose(boxes, [each.box for each in reading.digits], rtol=1e-6, atol=1e-3, err_msg=name)


def close(found, wanted, name):
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-4, err_msg=name)
