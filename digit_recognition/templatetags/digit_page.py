"""What the templates need beyond Django's own tags: the languages on offer, and percents as a language has them."""

from django import template

from digit_recognition import languages, numerals

register = template.Library()
register.simple_tag(languages.offered, name="offered_languages")


@register.filter
def percent(value: float) -> str:
    """98.71 → 98.7 %; 80.0 → 80 %"""
    return numerals.percent(round(value, 1))
