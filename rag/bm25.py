"""BM25's two numbers and its weight of a term, shared by passages (SQL) and sentences."""

import math
from collections import Counter
from collections.abc import Mapping

# Short, even passages: little to gain from length, and a term seen twice says nearly all.
K1 = 0.9
B = 0.4
# A term in more passages than this share is skipped when the question has rarer ones.
COMMON_SHARE = 0.3
# In a handful of passages every term is common; there skipping would only lose words.
COMMON_FLOOR = 10


def inverse_frequency(passages: int, frequency: int) -> float:
    return math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))


def bm25(
    weights: Mapping[int, float], counts: Counter[int], *, length: int, mean_length: float
) -> float:
    """Score one text: `weights` are the question's terms, `counts` those of the text."""
    damping = K1 * (1 - B + B * length / max(mean_length, 1.0))
    return math.fsum(
        weight * counts[term] * (K1 + 1) / (counts[term] + damping)
        for term, weight in weights.items()
        if counts[term]
    )
