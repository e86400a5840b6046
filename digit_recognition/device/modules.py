"""Finds the imports of the app's JavaScript modules. Knows files, not addresses."""

import posixpath
import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "static"
IMPORT = re.compile(r'(?:from|import)\s*\(?\s*"(\.[^"]+)"')


@cache
def scripts() -> tuple[str, ...]:
    """Return the modules that a page may load, by their names below `static/`. They import all others."""
    return tuple(sorted(file.relative_to(FOLDER).as_posix() for file in FOLDER.glob("digit_recognition/*.js")))


@cache
def collect_imports(module: str) -> tuple[str, ...]:
    """Return the module and everything that it imports, directly or not: names below `static/`, the module first."""
    found: dict[str, None] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = None
            imported = IMPORT.findall((FOLDER / name).read_text(encoding="utf-8"))
            waiting += [posixpath.normpath(posixpath.join(posixpath.dirname(name), other)) for other in imported]
    return tuple(found)
