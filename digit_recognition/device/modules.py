"""Which of the app's JavaScript modules import which. Knows files, not addresses."""

import posixpath
import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "static"
IMPORT = re.compile(r'(?:from|import)\s*\(?\s*"(\.[^"]+)"')


@cache
def scripts() -> tuple[str, ...]:
    """The modules that a page may name, which import all others: names below `static/`."""
    return tuple(sorted(file.relative_to(FOLDER).as_posix() for file in FOLDER.glob("digit_recognition/*.js")))


@cache
def with_imports(module: str) -> tuple[str, ...]:
    """The module and whatever it imports, itself or through others: names below `static/`, the module first."""
    found: dict[str, None] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = None
            imported = IMPORT.findall((FOLDER / name).read_text(encoding="utf-8"))
            waiting += [posixpath.normpath(posixpath.join(posixpath.dirname(name), other)) for other in imported]
    return tuple(found)
