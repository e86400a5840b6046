"""The service worker, which keeps the page for use without a network, and the app's manifest. Knows no requests."""

import hashlib
import json
import re
from collections.abc import Mapping
from html import escape, unescape
from typing import Any

from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi, gettext

from digit_recognition.device import engine
from digit_recognition.device.modules import collect_imports, scripts

SCRIPT = "digit_recognition/script.js"
ICONS = (
    ("icon.svg", "any", "any"),
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-maskable-512.png", "512x512", "maskable"),
)
BACKGROUND = "#f6f3ee"  # --ground in styles/base.css; a manifest has no other colour for dark mode
FILE_ADDRESS = re.compile(r'<(?:link|script|img)\b[^>]*?\s(?:href|src)="([^"]+)"')


def is_available() -> bool:
    """Return True if the address of a static file changes with its content, as it does outside DEBUG.

    Otherwise kept files would soon be stale, so the page registers no service worker.
    """
    return not static(SCRIPT).endswith(SCRIPT)


def service_worker(pages: Mapping[str, str]) -> str:
    """Return the service worker's script, which lists the files that the pages need.

    pages: address → HTML of each page to keep, without a visitor's token.

    The version is a digest of the script, the pages and the manifest. If any of them changes, the browser installs the
    new release.
    """
    linked = {unescape(address) for page in pages.values() for address in FILE_ADDRESS.findall(page)}
    shell = linked | {icon["src"] for icon in manifest()["icons"]}
    for script in scripts():
        if static(script) in shell:
            shell.update(map(static, collect_imports(script)))
    files = shell | {*engine.addresses()}
    release = {
        "pages": {address: sorted(file for file in files if escape(file) in page) for address, page in pages.items()},
        "shell": sorted(shell),
        "engine": sorted(files - shell),
    }
    # Prepended, so that the template has no tags and linters can read it.
    script = f"const RELEASE = {json.dumps(release)};\n{render_to_string('digit_recognition/service_worker.js')}"
    version = hashlib.sha256(f"{script}{pages}{json.dumps(manifest())}".encode()).hexdigest()[:12]
    return f'const VERSION = "{version}";\n{script}'


def manifest() -> dict[str, Any]:
    """Return the web app manifest: https://www.w3.org/TR/appmanifest/."""
    home = reverse("digit_recognition:home")
    return {
        "id": home,
        "name": gettext("Draw a digit"),
        "short_name": gettext("Digits"),
        "description": gettext("Draw a digit. See how the computer reads it."),
        "lang": get_language(),
        "dir": "rtl" if get_language_bidi() else "ltr",
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "background_color": BACKGROUND,
        "theme_color": BACKGROUND,
        "icons": [
            {"src": static(f"digit_recognition/{name}"), "sizes": sizes, "type": _media_type(name), "purpose": purpose}
            for name, sizes, purpose in ICONS
        ],
    }


def _media_type(name: str) -> str:
    return "image/svg+xml" if name.endswith(".svg") else "image/png"
