"""Pages of the site, as a browser asks for them."""

from html import unescape

from django.test import Client

from digit_recognition.models import DigitModel
from recognizer.card import ModelCard
from recognizer.structured import from_json

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def page_of(monkeypatch, card, language="en"):
    monkeypatch.setattr(DigitModel, "card", card if isinstance(card, ModelCard) else from_json(ModelCard, card))
    return Client().get("/model/", headers={"Accept": BROWSER, "Accept-Language": language})


def text(response):
    return " ".join(unescape(response.content.decode()).split())
