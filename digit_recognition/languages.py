"""The languages of the page, each under its own name. `locale/` holds the translations."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language

NAMES = {
    "en": "English",
    "ne": "नेपाली",
    "es": "Español",
    "fr": "Français",
    "ar": "العربية",
}
RIGHT_TO_LEFT = {"ar"}


@dataclass(frozen=True)
class Language:
    code: str
    name: str
    direction: str
    chosen: bool


def offered_languages() -> list[Language]:
    """Return the page's languages that are also in the site's LANGUAGES. The site cannot switch to others."""
    active = (get_language() or "en").split("-")[0]
    return [
        Language(code, name, "rtl" if code in RIGHT_TO_LEFT else "ltr", code == active)
        for code, name in NAMES.items()
        if code in dict(settings.LANGUAGES)
    ]
