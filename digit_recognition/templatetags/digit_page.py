"""Template tags and filters: the languages to choose from, localized percentages and localized names."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from digit_recognition import languages, numerals
from digit_recognition.figures import names as measurements

register = template.Library()
register.simple_tag(languages.offered_languages, name="offered_languages")
register.filter(measurements.named)


@register.filter
def percent(value: float) -> str:
    """98.71 → 98.7 %; 80.0 → 80 %"""
    return numerals.percent(round(value, 1))


@register.filter
def shown_name(text: str) -> SafeString:
    """Translate a name from a card and isolate its text direction. A name without translation is marked as English."""
    if measurements.is_known(text):
        return format_html("<bdi>{}</bdi>", measurements.named(text))
    return format_html('<bdi lang="en">{}</bdi>', text)
