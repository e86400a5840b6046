"""What the templates need beyond Django's own tags: the languages on offer, and figures and names in each of them."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from digit_recognition import languages, measurements, numerals
from recognizer.card import Row

register = template.Library()
register.simple_tag(languages.offered, name="offered_languages")
register.filter(measurements.named)
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
    """What a card names, on its own in its line; marked as English where it cannot be said in other languages."""
    if measurements.is_known(text):
        return format_html("<bdi>{}</bdi>", measurements.named(text))
    return format_html('<bdi lang="en">{}</bdi>', text)
