"""The views: the drawing page, the answer to a drawing, the page about the model.

Also the files with which a browser answers on its own, and without a network.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from typing import Any

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, ensure_csrf_cookie
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from digit_recognition.conf import conf
from digit_recognition.device import engine, offline
from digit_recognition.figures.page import page_context
from digit_recognition.gallery import EXAMPLES
from digit_recognition.models import DigitModel
from digit_recognition.predict import gate
from digit_recognition.predict.answers import (
    answer_response,
    model_response,
    parse_accept_encoding,
    reading_response,
    refusal_response,
)
from digit_recognition.predict.gate import Question
from digit_recognition.predict.refusals import Refusal, refusal_for
from recognizer.card import ModelCard
from recognizer.errors import RecognizerError

YEAR_S = 31_536_000
HOME_TEMPLATE = "digit_recognition/index.html"
MODEL_TEMPLATE = "digit_recognition/model.html"
SAME_FOR_ALL = {"csrf_token": "nobody's"}  # a fixed token, so that rendered pages are identical


# Compressed pages can leak a token through their length. This one is safe: Django masks the token anew each time.
@require_safe
@gzip_page
@ensure_csrf_cookie
def home(request: HttpRequest) -> HttpResponse:
    return render(request, HOME_TEMPLATE, _home_context())


@require_safe
@never_cache
def token(request: HttpRequest) -> HttpResponse:
    """Send a valid token and its cookie to a page that has been open for a long time."""
    return JsonResponse({"token": get_token(request)})


# Exempt because the middleware's check would read and parse the whole body, whatever its size. The gate makes the same
# check once it knows that the body is within its limit.
@csrf_exempt
@never_cache
def predict(request: HttpRequest) -> HttpResponse:
    def answer(question: Question) -> HttpResponse:
        prediction = DigitModel.objects.active().predict(question.ink)
        return answer_response(request, prediction, with_seen=question.with_seen)

    return _answer(request, answer)


@csrf_exempt
@never_cache
def read(request: HttpRequest) -> HttpResponse:
    def answer(question: Question) -> HttpResponse:
        reading = DigitModel.objects.active().read(question.ink, question.allowed())
        return reading_response(request, reading, with_seen=question.with_seen)

    return _answer(request, answer)


def _answer(request: HttpRequest, answer: Callable[[Question], HttpResponse]) -> HttpResponse:
    """Let the gate admit a request, and answer it; two at a time."""
    try:
        body = [gate.receive(request)]
        with gate.SLOTS:
            return answer(gate.admit(request, body.pop()))  # popped, so that it does not stay in memory
    except Refusal as refusal:
        return refusal_response(request, refusal)
    except (RecognizerError, DatabaseError) as error:
        return refusal_response(request, refusal_for(error))


@require_safe
@gzip_page
def model(request: HttpRequest) -> HttpResponse:
    try:
        card = DigitModel.objects.active().card
        return model_response(request, card, page_context(card))
    except (RecognizerError, DatabaseError) as error:
        return refusal_response(request, refusal_for(error))


@require_safe
def wasm(request: HttpRequest, sha256: str) -> HttpResponse:
    packed = engine.wasm(sha256, parse_accept_encoding(request))
    response = _file_response(packed.content if packed else None, "application/wasm")
    if packed and packed.coding:
        response["Content-Encoding"] = packed.coding
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


@require_safe
@gzip_page
def door(request: HttpRequest, sha256: str, name: str) -> HttpResponse:
    return _file_response(engine.door(name, sha256))


@require_safe
def weights(request: HttpRequest, sha256: str) -> HttpResponse:
    try:
        return _file_response(engine.weights(sha256))
    except (RecognizerError, DatabaseError) as error:
        return refusal_response(request, refusal_for(error))


@require_safe
def starter(request: HttpRequest, sha256: str) -> HttpResponse:
    return _file_response(engine.starter(sha256), "text/javascript")


@require_safe
@never_cache
@gzip_page
def service_worker(request: HttpRequest) -> HttpResponse:
    if not offline.is_available():
        raise Http404
    pages: dict[str, str] = {
        reverse("digit_recognition:home"): render_to_string(HOME_TEMPLATE, _home_context() | SAME_FOR_ALL)
    }
    with suppress(RecognizerError, DatabaseError):
        pages[reverse("digit_recognition:model")] = _render_model_page(DigitModel.objects.active().card, get_language())
    return HttpResponse(offline.service_worker(pages), content_type="text/javascript")


@require_safe
@never_cache
def manifest(request: HttpRequest) -> HttpResponse:
    return JsonResponse(offline.manifest(), content_type="application/manifest+json")


def _home_context() -> dict[str, Any]:
    parts = engine.parts()
    return {
        "device": json.dumps(parts),
        "rejects": not parts or parts["task"]["rule"]["digit"] > 0,
        "examples": EXAMPLES,
        "offline": offline.is_available(),
        "most_points": str(conf.MAX_POINTS),
    }


# Cached: browsers fetch the service worker at each visit, and the model page is slow to render.
@lru_cache(maxsize=32)
def _render_model_page(card: ModelCard, language: str | None) -> str:
    """language: the active language, part of the cache's key."""
    return render_to_string(MODEL_TEMPLATE, page_context(card) | SAME_FOR_ALL)


def _file_response(content: bytes | None, kind: str = "application/octet-stream") -> HttpResponse:
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type=kind)
    patch_cache_control(response, public=True, max_age=YEAR_S, immutable=True)  # the address contains the SHA-256
    return response
