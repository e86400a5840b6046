"""What the templates need beyond Django's own tags: the languages on offer, and percents and names in each of them."""

from django import template

from digit_recognition import languages, measurements, numerals

register = template.Library()
register.simple_tag(languages.offered, name="offered_languages")
register.filter(measurements.named)
register.filter(measurements.is_known)


@register.filter
def percent(value: float) -> str:
    """98.71 → 98.7 %; 80.0 → 80 %"""
    return numerals.percent(round(value, 1))
