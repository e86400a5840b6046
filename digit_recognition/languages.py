"""The languages that the page's texts are in, each by its own name. `locale/` holds the texts."""

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


def offered() -> list[Language]:
    """Those that the site's LANGUAGES has, too: it would not switch to any other."""
    now = (get_language() or "en").split("-")[0]
    return [
        Language(code, name, "rtl" if code in RIGHT_TO_LEFT else "ltr", code == now)
        for code, name in NAMES.items()
        if code in dict(settings.LANGUAGES)
    ]
