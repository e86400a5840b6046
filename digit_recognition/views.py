"""The pages: where people draw, where a drawing is answered, how good the model is. Each asks the model, answers."""

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, ensure_csrf_cookie
from django.views.decorators.http import require_safe

from digit_recognition import gate
from digit_recognition.answers import answered, described, refused
from digit_recognition.model_page import model_page
from digit_recognition.models import DigitModel
from digit_recognition.refusals import Refusal, refusal_for
from recognizer.errors import RecognizerError


@require_safe
@ensure_csrf_cookie
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "digit_recognition/index.html")


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
