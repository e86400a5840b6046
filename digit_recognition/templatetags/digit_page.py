"""Template tags and filters: the languages to choose from, localized figures and names."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from digit_recognition import languages, numerals
from digit_recognition.figures import names
from recognizer.card import Row

register = template.Library()
register.simple_tag(languages.offered_languages, name="offered_languages")
register.filter(names.translate_name)
register.filter(numerals.number)


@register.filter
def percent(value: float) -> str:
    """98.71 → 98.7 %; 80.0 → 80 %"""
    return numerals.percent(round(value, 1))


@register.filter
def figure(row: Row) -> str:
    return numerals.figure(row.value, row.unit)


@register.filter
def interval(row: Row) -> str:
    return numerals.interval(row.interval, row.unit) if row.interval else ""


@register.filter
def required(row: Row) -> str:
    if row.bar is None:
        return ""
    text = gettext("≥ %(limit)s") if row.better == "higher" else gettext("≤ %(limit)s")
    return text % {"limit": numerals.limit(row.bar, row.unit)}


@register.filter
def target(row: Row) -> str:
    return "" if row.aim is None else numerals.limit(row.aim, row.unit)


@register.filter
def shown_name(text: str) -> SafeString:
    """Translate a name from a card and isolate its text direction. A name without translation is marked as English."""
    if names.is_known(text):
        return format_html("<bdi>{}</bdi>", names.translate_name(text))
    return format_html('<bdi lang="en">{}</bdi>', text)
