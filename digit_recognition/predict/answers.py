"""Turns predictions and refusals into answers: JSON, or a page where the Accept header prefers one."""

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
from recognizer.prediction import Prediction

REFUSED = re.compile(r"q\s*=\s*0(\.0*)?")  # what a client does not take
TINY = 1e-9  # of a thousandth: what is computed in two ways is cut to the same


def answered(request: HttpRequest, prediction: Prediction, with_seen: bool) -> HttpResponse:
    """The answer to a drawing; `with_seen` adds to the JSON the picture that the network saw, as a PNG data URL."""
    if _prefers_page(request):
        return _negotiated(render(request, "digit_recognition/answer.html", _page(prediction)))
    seen = {"seen": png_data_url(prediction.seen)} if with_seen else {}
    return _negotiated(JsonResponse(_fields(prediction) | seen))


def described(request: HttpRequest, card: ModelCard, page: dict[str, Any]) -> HttpResponse:
    """What is known of the model: a page, or its card as JSON where the Accept header prefers that."""
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return _negotiated(JsonResponse(card.as_dict()))
    return _negotiated(render(request, "digit_recognition/model.html", page))


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Every error has this one shape: {"error": "..."}, or a page that says the same."""
    response: HttpResponse
    if _prefers_page(request):
        context = {"message": refusal.message}
        response = render(request, "digit_recognition/refused.html", context, status=refusal.status)
    else:
        response = JsonResponse({"error": refusal.message}, status=refusal.status)
    for name, value in refusal.headers.items():
        response[name] = value
    return _negotiated(response)


def accepted_codings(request: HttpRequest) -> set[str]:
    """The content codings that the client takes (RFC 9110, 12.5.3): "br", "gzip". A weight of 0 is a refusal."""
    parts = (part.partition(";") for part in request.headers.get("Accept-Encoding", "").lower().split(","))
    return {coding.strip() for coding, _, weight in parts if not REFUSED.fullmatch(weight.strip())}


def png_data_url(picture: npt.NDArray[np.uint8]) -> str:
    """(H, W) uint8 → data:image/png;base64,…"""
    file = BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode("ascii")


def _fields(prediction: Prediction) -> dict[str, Any]:
    return {
        "digit": prediction.digit,
        "confidence": prediction.confidence,
        "probabilities": list(prediction.probabilities),
        "reason": prediction.reason,
        "model": prediction.model,
    }


def _page(prediction: Prediction) -> dict[str, Any]:
    ranked = sorted(range(10), key=lambda digit: -prediction.probabilities[digit])
    return {
        "prediction": prediction,
        "first": ranked[0],
        "second": ranked[1],
        "is_nearly": prediction.confidence >= max(prediction.probabilities) / 2,  # rather a digit than none
        "percent": _cut(prediction.confidence),
        "candidates": _candidates(prediction),
        "seen": png_data_url(prediction.seen),
    }


def _candidates(prediction: Prediction) -> list[tuple[int | None, float | None, bool]]:
    """Each digit and None, for none of them: its percentage of all eleven, and whether it is the largest.

    A blank drawing has none.
    """
    if prediction.reason == "blank":
        return [(digit, None, False) for digit in [*range(10), None]]
    is_digit = prediction.digit_probability
    shares = [*(probability * is_digit for probability in prediction.probabilities), 1 - is_digit]
    most = max(shares)
    return [
        (digit, _cut(share) if share == most else share * 100, share == most)
        for digit, share in zip([*range(10), None], shares, strict=True)
    ]


def _cut(share: float) -> float:
    """In percent, to a tenth, and not rounded: 99.97 % is not certain."""
    return int(share * 1000 + TINY) / 10


def _prefers_page(request: HttpRequest) -> bool:
    return request.get_preferred_type(["application/json", "text/html"]) == "text/html"


def _negotiated(response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ["Accept"])
    return response
