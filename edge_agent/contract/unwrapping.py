"""See what a text carries wrapped: one layer of encodings undone in place.

What was decoded is read with the words around it, and covers the whole encoded run of the
original: to mask what is inside is to mask the run.
"""

from bisect import bisect_left
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
            taken = set(map(id, chosen))
            found = [each for each in found if id(each) not in taken]


def _apart(found: Sequence[Decoded]) -> list[Decoded]:
    """Keep, of runs that overlap, the longest: "%4d" may stand in a longer run of base85."""
    kept: list[Decoded] = []
    starts: list[int] = []
    for run in sorted(found, key=lambda run: run.start - run.end):
        at = bisect_left(starts, run.end)
        if not at or kept[at - 1].end <= run.start:
            starts.insert(at, run.start)
            kept.insert(at, run)
    return kept


def _opened(reading: Reading, found: Sequence[Decoded], *, reach: int = 0) -> Reading:
    names = " and ".join(dict.fromkeys(each.how for each in found))
    changes = [Change(each.start, each.end, flat(each.text).text) for each in found]
    return rewritten(reading, changes, names, reach=reach)
