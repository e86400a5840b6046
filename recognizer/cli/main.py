"""The entry point of `digits`: says what to install if the command's packages are missing."""

import sys

from recognizer.errors import how_to_install
from recognizer.files import name_in_errors

USAGE_ERROR = 2  # the same as `errors.USAGE_ERROR`, which cannot be imported without the packages


def main() -> None:
    try:
        from recognizer.cli.command import app
    except ModuleNotFoundError as error:
        sys.exit(f"The digits command needs the package {error.name}. {how_to_install('bulk')}")
    try:
        with name_in_errors("standard output"):  # errors of other files already name the file
            app()
    except OSError as error:
        print(f"Error: {error}", file=sys.stderr)
        sys.exit(USAGE_ERROR)
