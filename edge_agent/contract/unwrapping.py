"""See what a text carries wrapped: one layer of encodings undone in place.

What was decoded is read with the words around it, and covers the whole encoded run of the
original: to mask what is inside is to mask the run.
"""

from collections.abc import Iterator, Sequence

from edge_agent.contract.decoding import Decoded, blocks
from edge_agent.contract.escaping import escapes
from edge_agent.contract.flattening import flat
from edge_agent.contract.readings import Reading
from edge_agent.contract.rewriting import Change, rewritten


def unwrapped(reading: Reading) -> Iterator[Reading]:
    """Yield the text with its runs decoded; where a run can be read in two ways, both."""
    escaped = escapes(reading)
    if escaped:
        # First, and alone: an escape in the midst of a block cuts it in two. What stands right
        # beside one may have been hidden by it.
        yield _opened(reading, _apart(escaped), reach=1)
    found = [*blocks(reading)]
    for _ in range(2):
        if found:
            chosen = _apart(found)
            yield _opened(reading, chosen)
            found = [each for each in found if each not in chosen]


def _apart(found: Sequence[Decoded]) -> list[Decoded]:
    """Keep, of runs that overlap, the longest: "%4d" may stand in a longer run of base85."""
    kept: list[Decoded] = []
    for each in sorted(found, key=lambda each: each.start - each.end):
        if not any(each.start < other.end and other.start < each.end for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda each: each.start)


def _opened(reading: Reading, found: Sequence[Decoded], *, reach: int = 0) -> Reading:
    names = " and ".join(dict.fromkeys(each.how for each in found))
    changes = [Change(each.start, each.end, flat(each.text).text) for each in found]
    return rewritten(reading, changes, names, reach=reach)
