"""The process that opens an untrusted file: `python -m recognizer.importing.child FILE FOLDER NAME PARENT`.

Writes a model folder. Prints JSON lines: {"say": …} for progress, and at most one {"refused": …} with the reason.
"""

import json
import sys
from pathlib import Path

from recognizer.importing import sandbox
from recognizer.importing.limits import MEMORY_BYTES

MOST_LETTERS = 1_000


def main(file: Path, folder: Path, name: str, parent: int) -> int:
    """Make the model folder in a sandbox, and return the exit code: 0 if it is made, 1 if the file is refused."""
    sandbox.give_up_rights(parent)  # before the large packages are imported
    from recognizer.errors import RecognizerError
    from recognizer.importing.making import make

    sandbox.limit_memory()
    try:
        make(file, folder, name, lambda line: print_line(say=line))
    except RecognizerError as error:
        print_line(refused=str(error))
        return 1
    except MemoryError:
        print_line(refused=f"{file.name} needs more memory than an import may use ({MEMORY_BYTES >> 30} GB).")
        return 1
    except OSError as error:
        print_line(refused=f"The model cannot be written: {error.strerror or error}.")
        return 1
    return 0


def print_line(**line: str) -> None:
    """Print a line of JSON. Its text may hold names from the file: it is cut, and nothing in it moves a cursor."""
    printable = {
        key: "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text[:MOST_LETTERS])
        for key, text in line.items()
    }
    print(json.dumps(printable), flush=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])))
