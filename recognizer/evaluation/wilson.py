"""The confidence interval of a counted share."""

import math
from statistics import NormalDist

CONFIDENCE = 0.95


def wilson_interval(count: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of the share `count` / `n` (E. B. Wilson, 1927)."""
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    middle = (count + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * math.sqrt(count * (n - count) / n + z * z / 4)
    low = middle - half if count else 0.0  # exactly: rounding would leave 0 or 1 outside of the interval
    return low, middle + half if count < n else 1.0
