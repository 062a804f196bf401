"""See what a text carries wrapped: encodings undone in place, one layer and then the next.

What was decoded is read with the words around it, and covers the whole encoded run of the
original: to mask what is inside is to mask the run.
"""

from collections.abc import Iterator, Sequence

from edge_agent.contract.decoding import Decoded, blocks, escapes
from edge_agent.contract.flattening import flat
from edge_agent.contract.readings import Reading

LAYERS_MAX = 3
READINGS_MAX = 8
# The words beside a run that say what it is: "password:" before, "is his passport" after.
AROUND_CHARS = 40


def unwrapped(reading: Reading) -> Iterator[Reading]:
    """Yield what can be made of the text by decoding, layer by layer, the likeliest way first."""
    layer = [reading]
    left = READINGS_MAX
    for _ in range(LAYERS_MAX):
        opened = [inner for each in layer for inner in _ways(each)][:left]
        yield from opened
        left -= len(opened)
        layer = opened


def _ways(reading: Reading) -> Iterator[Reading]:
    """Yield the text with its runs decoded; where a run can be read in two ways, both."""
    found = [*escapes(reading.text), *blocks(reading.text)]
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


def _opened(reading: Reading, found: Sequence[Decoded]) -> Reading:
    """Put what was decoded in place of its runs, and leave out what stands far from any."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def keep(start: int, end: int) -> None:
        pieces.append(reading.text[start:end])
        starts.extend(reading.starts[start:end])
        ends.extend(reading.ends[start:end])

    done = 0
    for each in found:
        if each.start - done > 2 * AROUND_CHARS:
            keep(done, done + AROUND_CHARS if done else 0)
            pieces.append("\n")
            starts.append(reading.starts[each.start])
            ends.append(reading.starts[each.start])
            done = each.start - AROUND_CHARS
        keep(done, each.start)
        plain = flat(each.text).text
        bounds = reading.span(each.start, each.end)
        pieces.append(plain)
        starts.extend([bounds[0]] * len(plain))
        ends.extend([bounds[1]] * len(plain))
        done = each.end
    keep(done, min(done + AROUND_CHARS, len(reading.text)))
    names = dict.fromkeys(each.how for each in found)
    inner = "" if reading.how == "as written" else f" in {reading.how}"
    return Reading("".join(pieces), tuple(starts), tuple(ends), f"{' and '.join(names)}{inner}")
