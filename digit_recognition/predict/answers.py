"""Turns predictions and refusals into responses: JSON, or a page if the Accept header prefers HTML."""

import base64
import re
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from PIL import Image

from digit_recognition.predict.refusals import Refusal
from recognizer.card import ModelCard
from recognizer.numbers.reading import Digit, Reading
from recognizer.prediction import Prediction

ZERO_WEIGHT = re.compile(r"q\s*=\s*0(\.0*)?")
ROUNDING_ERROR = 1e-9  # in tenths of a percent: without it, a share of 0.2999… instead of 0.3 would read as 29.9 %


def answer_response(request: HttpRequest, prediction: Prediction, with_seen: bool) -> HttpResponse:
    """Return the answer to a drawing.

    with_seen: also send `seen` in the JSON, the 28×28 picture that the network saw, as a PNG data URL.
    """
    if _prefers_page(request):
        return _vary_by_accept(render(request, "digit_recognition/answer.html", _answer_context(prediction)))
    seen = {"seen": png_data_url(prediction.seen)} if with_seen else {}
    return _vary_by_accept(JsonResponse(answer_fields(prediction) | seen))


def answer_fields(prediction: Prediction) -> dict[str, Any]:
    """Return the JSON fields of an answer.

    digit: int, 0 to 9; null if declined.
    confidence: float in [0, 1], the calibrated chance that the drawing is a digit and the best digit is the right one,
        also if declined; 0 for a blank drawing.
    probabilities: ten floats in [0, 1] that sum to 1, for the digits 0 to 9; all 0.1 for a blank drawing.
    reason: "blank", "not a digit", "several digits" or "unsure" if declined, else null.
    model: str, the name of the model that answered.
    """
    return {
        "digit": prediction.digit,
        "confidence": prediction.confidence,
        "probabilities": list(prediction.probabilities),
        "reason": prediction.reason,
        "model": prediction.model,
    }


def reading_response(request: HttpRequest, reading: Reading, with_seen: bool) -> HttpResponse:
    """Return the answer to a line of writing; as a page, one digit has that of `answer_response`.

    with_seen: also send what the network saw of each digit, the confidence in it and the indexes of its strokes.
    """
    if _prefers_page(request):
        if len(reading.digits) == 1 and (prediction := reading.digits[0].prediction):
            return answer_response(request, prediction, with_seen)
        return _vary_by_accept(render(request, "digit_recognition/reading.html", _reading_context(reading)))
    return _vary_by_accept(JsonResponse(reading_fields(reading, with_seen)))


def reading_fields(reading: Reading, with_seen: bool) -> dict[str, Any]:
    """Return the JSON fields of a reading.

    text: str, exactly what is written; null if declined.
    confidence: float in [0, 1], the calibrated chance that the most probable text is right, also if declined.
    digits: the characters of the most probable text: text; box, left, top, right, bottom in the unit of the strokes or
        px; probabilities, ten floats, null for a sign, point or comma.
    alternatives: at most five: text and probability, most probable first.
    reason: "blank", "not a number", "several lines", "too long" or "unsure" if declined, else null.
    model: str, the name of the digit model.
    """
    return {
        "text": reading.text,
        "confidence": reading.confidence,
        "digits": [_digit_fields(digit) | (_seen_fields(digit) if with_seen else {}) for digit in reading.digits],
        "alternatives": [each._asdict() for each in reading.alternatives],
        "reason": reading.reason,
        "model": reading.model,
    }


def _digit_fields(digit: Digit) -> dict[str, Any]:
    probabilities = list(digit.prediction.probabilities) if digit.prediction else None
    return {"text": digit.text, "box": list(digit.box), "probabilities": probabilities}


def _seen_fields(digit: Digit) -> dict[str, Any]:
    prediction = digit.prediction
    return {
        "confidence": prediction.confidence if prediction else None,
        "seen": png_data_url(prediction.seen) if prediction else None,
        "strokes": list(digit.strokes),
    }


def model_response(request: HttpRequest, card: ModelCard, page: dict[str, Any]) -> HttpResponse:
    """Return the page about the model, or its card as JSON if the Accept header prefers that."""
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return _vary_by_accept(JsonResponse(card.as_dict()))
    return _vary_by_accept(render(request, "digit_recognition/model.html", page))


def refusal_response(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Return the only shape that errors have: {"error": "..."}, or a page with the same message."""
    response: HttpResponse
    if _prefers_page(request):
        context = {"message": refusal.message}
        response = render(request, "digit_recognition/refused.html", context, status=refusal.status)
    else:
        response = JsonResponse({"error": refusal.message}, status=refusal.status)
    for name, value in refusal.headers.items():
        response[name] = value
    return _vary_by_accept(response)


def parse_accept_encoding(request: HttpRequest) -> set[str]:
    """Return the content codings that the client accepts, such as "br" and "gzip" (RFC 9110, 12.5.3).

    A coding with weight 0 is not accepted.
    """
    parts = (part.partition(";") for part in request.headers.get("Accept-Encoding", "").lower().split(","))
    return {coding.strip() for coding, _, weight in parts if not ZERO_WEIGHT.fullmatch(weight.strip())}


def png_data_url(picture: npt.NDArray[np.uint8]) -> str:
    """(H, W) uint8 → data:image/png;base64,…"""
    file = BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode("ascii")


def _answer_context(prediction: Prediction) -> dict[str, Any]:
    ranked = sorted(range(10), key=lambda digit: -prediction.probabilities[digit])
    return {
        "prediction": prediction,
        "first": ranked[0],
        "second": ranked[1],
        "is_nearly": prediction.confidence >= max(prediction.probabilities) / 2,  # P(digit) is at least one half
        "percent": _floor_percent(prediction.confidence),
        "candidates": _candidates(prediction),
        "seen": png_data_url(prediction.seen),
    }


def _reading_context(reading: Reading) -> dict[str, Any]:
    others = [(each.text, _floor_percent(each.probability)) for each in reading.alternatives]
    best = reading.alternatives[0].text if reading.alternatives else None
    return {"reading": reading, "best": best, "percent": _floor_percent(reading.confidence), "alternatives": others}


def _candidates(prediction: Prediction) -> list[tuple[int | None, float | None, bool]]:
    """Return (candidate, percentage, is largest) for the digits 0 to 9 and for None, "not a digit".

    The eleven percentages sum to 100. They are None for a blank drawing.
    """
    if prediction.reason == "blank":
        return [(digit, None, False) for digit in [*range(10), None]]
    is_digit = prediction.digit_probability
    shares = [*(probability * is_digit for probability in prediction.probabilities), 1 - is_digit]
    most = max(shares)
    return [
        (digit, _floor_percent(share) if share == most else share * 100, share == most)
        for digit, share in zip([*range(10), None], shares, strict=True)
    ]


def _floor_percent(share: float) -> float:
    """Return a share in percent, rounded down to a tenth: 99.97 % must not read as 100 %."""
    return int(share * 1000 + ROUNDING_ERROR) / 10


def _prefers_page(request: HttpRequest) -> bool:
    return request.get_preferred_type(["application/json", "text/html"]) == "text/html"


def _vary_by_accept(response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ["Accept"])
    return response
