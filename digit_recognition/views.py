"""The pages: where people draw, where a drawing is answered, how good the model is. Each asks the model, answers.

And the files by which a browser answers by itself.
"""

import json

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, ensure_csrf_cookie
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from digit_recognition import device, gate
from digit_recognition.answers import answered, described, refused
from digit_recognition.model_page import model_page
from digit_recognition.models import DigitModel
from digit_recognition.refusals import Refusal, refusal_for
from recognizer.errors import RecognizerError

YEAR_S = 31_536_000


@require_safe
@ensure_csrf_cookie
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "digit_recognition/index.html", {"device": json.dumps(device.parts())})


# Exempt from the middleware's check alone, which would read and parse the whole body, whatever its size: the gate
# makes the same check once the body is known to be within its limit.
@csrf_exempt
@never_cache
def predict(request: HttpRequest) -> HttpResponse:
    try:
        form = gate.admit(request)
        prediction = DigitModel.objects.active().predict(form.ink)
    except Refusal as refusal:
        return refused(request, refusal)
    except (RecognizerError, DatabaseError) as error:
        return refused(request, refusal_for(error))
    return answered(request, prediction, with_seen=form.cleaned_data["seen"])


@require_safe
def model(request: HttpRequest) -> HttpResponse:
    try:
        card = DigitModel.objects.active().card
        return described(request, card, model_page(card))
    except (RecognizerError, DatabaseError) as error:
        return refused(request, refusal_for(error))


@require_safe
@gzip_page
def door(request: HttpRequest, sha256: str, name: str) -> HttpResponse:
    return _file(device.door(name, sha256))


@require_safe
def weights(request: HttpRequest, sha256: str) -> HttpResponse:
    try:
        return _file(device.weights(sha256))
    except (RecognizerError, DatabaseError) as error:
        return refused(request, refusal_for(error))


def _file(content: bytes | None) -> HttpResponse:
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="application/octet-stream")
    patch_cache_control(response, public=True, max_age=YEAR_S, immutable=True)  # its address has its SHA-256
    return response
