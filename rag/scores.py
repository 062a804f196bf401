"""Make scores of different kinds comparable."""

import math
from collections.abc import Sequence


def z_scores(values: Sequence[float]) -> list[float]:
    """Return each value's distance from the mean, in units of the spread; zeros without one."""
    if not values:
        return []
    mean = math.fsum(values) / len(values)
    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / len(values))
    if spread < 1e-9:
        return [0.0] * len(values)
    return [(value - mean) / spread for value in values]
