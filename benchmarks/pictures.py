"""Measures the costliest pictures on one core: `python -m benchmarks.pictures`, about a minute and a half.

Prints processor time and memory. Each picture is read in its own process. Run it on an idle machine.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.support import costly_coded, costly_jpegs, costly_pngs, costly_scans
from tests.support.spent import SCAN, spent_on

COSTLY: dict[str, Callable[[], bytes]] = {
    **costly_pngs.READ,
    **costly_jpegs.READ,
    **costly_scans.READ,
    **costly_coded.READ,
    **costly_scans.OF_MANY_TABLES,
    **costly_pngs.TOO_MANY_PARTS,
    **costly_jpegs.TOO_MANY_PARTS,
    **costly_jpegs.TOO_COSTLY,
    **costly_jpegs.NO_HEADER,
    **costly_jpegs.DAMAGED,
    **costly_scans.TOO_MANY_PARTS,
    **costly_scans.TOO_COSTLY,
}


def main() -> None:
    print(f"{'picture':52}{'MB':>6}{'answer':>9}{'seconds':>9}{'MiB':>6}")
    for pictures, ending in ((COSTLY, ""), (costly_coded.SCANS, SCAN)):
        measure(pictures, ending)


def measure(pictures: dict[str, Callable[[], bytes]], ending: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, spent) in enumerate(spent_on(pictures, Path(folder), ending).items()):
            megabytes = (Path(folder) / f"{number}{ending}").stat().st_size / 1e6
            print(f"{name:52}{megabytes:6.2f}{spent.answer:>9}{spent.seconds:9.2f}{spent.mebibytes:6.0f}")


if __name__ == "__main__":
    main()
