"""Where `digits` starts: says what to install where the command's packages are missing."""

import sys

from recognizer.errors import how_to_install


def main() -> None:
    try:
        from recognizer.bulk.command import app
    except ModuleNotFoundError as error:
        sys.exit(f"The package {error.name} is missing. {how_to_install('bulk')}")
    app()
