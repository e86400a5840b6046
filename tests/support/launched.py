"""Run by a test under torchrun: trains for one epoch, and writes the checkpoint named by its argument."""

import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from recognizer.training.fit import Fit
from recognizer.training.team import is_first, is_under_torchrun, join_group
from tests.support.training import TINY

if __name__ == "__main__":
    assert is_under_torchrun()
    with join_group() as team:
        assert team.size == 2 and team.is_leader == is_first()
        Fit(replace(TINY, epochs=1), Path(sys.argv[1]), team).run(lambda event: None)
