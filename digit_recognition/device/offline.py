"""What a browser keeps to show the page without a network, and as what it installs it. Knows files, not requests."""

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
from digit_recognition.device.modules import scripts, with_imports

SCRIPT = "digit_recognition/script.js"
ICONS = (
    ("icon.svg", "any", "any"),
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-maskable-512.png", "512x512", "maskable"),
)
GROUND = "#f6f3ee"  # styles/base.css's --ground in light mode: a manifest takes one colour
NAMED = re.compile(r'<(?:link|script|img)\b[^>]*?\s(?:href|src)="([^"]+)"')


def available() -> bool:
    """Whether an address changes with its file, as it does outside DEBUG. Elsewhere what is kept would soon be stale,
    and the page registers no service worker."""
    return not static(SCRIPT).endswith(SCRIPT)


def service_worker(pages: Mapping[str, str]) -> str:
    """The script of the service worker. pages: by its address each page to keep, as it is now, without a token. They
    name what they need.

    The version is a digest of all that is kept and of the script: where anything changes, the browser installs anew.
    """
    linked = {unescape(address) for page in pages.values() for address in NAMED.findall(page)}
    shell = linked | {icon["src"] for icon in manifest()["icons"]}
    for script in scripts():
        if static(script) in shell:
            shell.update(map(static, with_imports(script)))
    files = shell | {*engine.addresses()}
    release = {
        "pages": {address: sorted(file for file in files if escape(file) in page) for address, page in pages.items()},
        "shell": sorted(shell),
        "engine": sorted(files - shell),
    }
    # The file itself has no template tags, so that linters can read it.
    script = f"const RELEASE = {json.dumps(release)};\n{render_to_string('digit_recognition/service_worker.js')}"
    version = hashlib.sha256(f"{script}{pages}{json.dumps(manifest())}".encode()).hexdigest()[:12]
    return f'const VERSION = "{version}";\n{script}'


def manifest() -> dict[str, Any]:
    """https://www.w3.org/TR/appmanifest/"""
    home = reverse("digit_recognition:home")
    return {
        "id": home,
        "name": gettext("Draw a digit"),
        "short_name": gettext("Digits"),
        "description": gettext("Draw one, get the answer."),
        "lang": get_language(),
        "dir": "rtl" if get_language_bidi() else "ltr",
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": GROUND,
        "icons": [
            {"src": static(f"digit_recognition/{name}"), "sizes": sizes, "type": _kind(name), "purpose": purpose}
            for name, sizes, purpose in ICONS
        ],
    }


def _kind(name: str) -> str:
    return "image/svg+xml" if name.endswith(".svg") else "image/png"
