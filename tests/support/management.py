"""Django's management commands, called in this process."""

from io import StringIO
from typing import Any

from django.core.management import call_command


def output_of(*arguments: Any) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=StringIO())
    return out.getvalue()
