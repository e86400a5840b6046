"""Where `digits` starts: says what to install where the command's packages are missing."""

import sys

from recognizer.errors import how_to_install
from recognizer.files import name_in_errors

WRONG = 2  # as `classify.WRONG`, which needs the packages


def main() -> None:
    try:
        from recognizer.cli.command import app
    except ModuleNotFoundError as error:
        sys.exit(f"The package {error.name} is missing. {how_to_install('bulk')}")
    try:
        with name_in_errors("standard output"):  # each other file has been named
            app()
    except OSError as error:
        print(f"Error: {error}", file=sys.stderr)
        sys.exit(WRONG)
