"""What the templates need beyond Django's own tags: the languages on offer, and percents and names in each of them."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from digit_recognition import languages, numerals
from digit_recognition.figures import names as measurements

register = template.Library()
register.simple_tag(languages.offered, name="offered_languages")
register.filter(measurements.named)


@register.filter
def percent(value: float) -> str:
    """98.71 → 98.7 %; 80.0 → 80 %"""
    return numerals.percent(round(value, 1))


@register.filter
def shown_name(text: str) -> SafeString:
    """What a card names, on its own in its line; marked as English where it cannot be said in other languages."""
    if measurements.is_known(text):
        return format_html("<bdi>{}</bdi>", measurements.named(text))
    return format_html('<bdi lang="en">{}</bdi>', text)
