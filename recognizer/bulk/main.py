"""Where `digits` starts: says what to install where the command's packages are missing."""

import sys


def main() -> None:
    try:
        from recognizer.bulk.command import app
    except ModuleNotFoundError as error:
        sys.exit(f"{error.name} is missing, which the command needs: pip install 'digit-recognizer[bulk]'")
    app()
