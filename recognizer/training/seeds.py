"""Random seeds that a run can repeat."""

import numpy as np


def seed_of(seed: int, rank: int, epoch: int, use: str) -> int:
    """Return a seed of its own for each use in each epoch of each process."""
    sequence = np.random.SeedSequence([seed, rank, epoch, *use.encode()])
    return int(sequence.generate_state(1, np.uint64)[0])
