"""The process that opens a stranger's file: `python -m recognizer.importing.child FILE FOLDER NAME`.

Writes a model folder, and lines of JSON to standard output: {"say": …} as it goes on, {"refused": …} at most once.
"""

import json
import sys
from pathlib import Path

from recognizer.importing import sandbox
from recognizer.importing.limits import MEMORY_BYTES


def main(file: Path, folder: Path, name: str) -> int:
    sandbox.give_up_rights()
    from recognizer.errors import RecognizerError
    from recognizer.importing.making import make

    sandbox.limit_memory()
    try:
        make(file, folder, name, lambda line: tell(say=line))
    except RecognizerError as error:
        tell(refused=str(error))
        return 1
    except MemoryError:
        tell(refused=f"{file.name} needs more memory than an import may take ({MEMORY_BYTES >> 30} GB).")
        return 1
    except OSError as error:
        tell(refused=f"The model cannot be written: {error.strerror or error}.")
        return 1
    return 0


def tell(**line: str) -> None:
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]))
