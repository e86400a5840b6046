"""The pages: where people draw, where a drawing is answered, how good the model is. Each asks the model, answers.

And the files by which a browser answers by itself, and without a network.
"""

import json
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
from digit_recognition.figures.page import model_page
from digit_recognition.gallery import EXAMPLES
from digit_recognition.models import DigitModel
from digit_recognition.predict import gate
from digit_recognition.predict.answers import accepted_codings, answered, described, refused
from digit_recognition.predict.refusals import Refusal, refusal_for
from recognizer.card import ModelCard
from recognizer.errors import RecognizerError

YEAR_S = 31_536_000
PAGE = "digit_recognition/index.html"
FIGURES = "digit_recognition/model.html"
SAME_FOR_ALL = {"csrf_token": "nobody's"}  # a fixed token, so that rendered pages are identical


# What guards a packed page's token from being guessed by its length: Django masks it anew each time.
@require_safe
@gzip_page
@ensure_csrf_cookie
def home(request: HttpRequest) -> HttpResponse:
    return render(request, PAGE, _context())


@require_safe
@never_cache
def token(request: HttpRequest) -> HttpResponse:
    """For a page that was kept for long: a token that is good, and the cookie that belongs to it."""
    return JsonResponse({"token": get_token(request)})


# Exempt from the middleware's check alone, which would read and parse the whole body, whatever its size: the gate
# makes the same check once the body is known to be within its limit.
@csrf_exempt
@never_cache
def predict(request: HttpRequest) -> HttpResponse:
    try:
        data = gate.receive(request)
        with gate.TURNS:
            form = gate.admit(request, data)
            prediction = DigitModel.objects.active().predict(form.ink)
    except Refusal as refusal:
        return refused(request, refusal)
    except (RecognizerError, DatabaseError) as error:
        return refused(request, refusal_for(error))
    return answered(request, prediction, with_seen=form.cleaned_data["seen"])


@require_safe
@gzip_page
def model(request: HttpRequest) -> HttpResponse:
    try:
        card = DigitModel.objects.active().card
        return described(request, card, model_page(card))
    except (RecognizerError, DatabaseError) as error:
        return refused(request, refusal_for(error))


@require_safe
def wasm(request: HttpRequest, sha256: str) -> HttpResponse:
    packed = engine.wasm(sha256, accepted_codings(request))
    response = _file(packed.content if packed else None, "application/wasm")
    if packed and packed.coding:
        response["Content-Encoding"] = packed.coding
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


@require_safe
@gzip_page
def door(request: HttpRequest, sha256: str, name: str) -> HttpResponse:
    return _file(engine.door(name, sha256))


@require_safe
def weights(request: HttpRequest, sha256: str) -> HttpResponse:
    try:
        return _file(engine.weights(sha256))
    except (RecognizerError, DatabaseError) as error:
        return refused(request, refusal_for(error))


@require_safe
def starter(request: HttpRequest, sha256: str) -> HttpResponse:
    return _file(engine.starter(sha256), "text/javascript")


@require_safe
@never_cache
@gzip_page
def service_worker(request: HttpRequest) -> HttpResponse:
    if not offline.available():
        raise Http404
    pages: dict[str, str] = {reverse("digit_recognition:home"): render_to_string(PAGE, _context() | SAME_FOR_ALL)}
    with suppress(RecognizerError, DatabaseError):
        pages[reverse("digit_recognition:model")] = _figures(DigitModel.objects.active().card, get_language())
    return HttpResponse(offline.service_worker(pages), content_type="text/javascript")


@require_safe
@never_cache
def manifest(request: HttpRequest) -> HttpResponse:
    return JsonResponse(offline.manifest(), content_type="application/manifest+json")


def _context() -> dict[str, Any]:
    return {
        "device": json.dumps(engine.parts()),
        "examples": EXAMPLES,
        "offline": offline.available(),
        "most_points": str(conf.MAX_POINTS),
    }


# Browsers ask for the service worker with each visit, and the page of figures is long.
@lru_cache(maxsize=32)
def _figures(card: ModelCard, language: str | None) -> str:
    """language: the one that is active."""
    return render_to_string(FIGURES, model_page(card) | SAME_FOR_ALL)


def _file(content: bytes | None, kind: str = "application/octet-stream") -> HttpResponse:
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type=kind)
    patch_cache_control(response, public=True, max_age=YEAR_S, immutable=True)  # its address has its SHA-256
    return response
