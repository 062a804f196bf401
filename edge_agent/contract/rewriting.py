"""A text with some of its stretches read another way, and the words around them as they stand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from edge_agent.contract.readings import Reading

# The words beside a stretch that say what it is: "password:" before, "is his passport" after.
AROUND_CHARS = 40
TOKEN_CHARS = 400


@dataclass(frozen=True, slots=True)
class Change:
    """`text` is read for start … end of a reading; `places` says where each letter stood there.

    Without places every letter stands for the whole stretch, as in what was decoded.
    """

    start: int
    end: int
    text: str
    places: Sequence[int] = ()


def moved(reading: Reading, start: int, end: int, places: Sequence[int]) -> Change:
    """Return a change that keeps only these characters, in this order."""
    return Change(start, end, "".join(reading.text[place] for place in places), places)


def without(reading: Reading, gaps: Sequence[tuple[int, int]]) -> Change:
    """Return the stretch from the first gap to the last, closed, with the letters beside it."""
    start, end = max(0, gaps[0][0] - 1), min(len(reading.text), gaps[-1][1] + 1)
    left_out = {place for gap in gaps for place in range(*gap)}
    return moved(reading, start, end, [at for at in range(start, end) if at not in left_out])


def reading_with(reading: Reading, changes: Iterator[Change], how: str) -> Iterator[Reading]:
    """Yield the reading with its changes, of which those count that begin first."""
    kept: list[Change] = []
    for change in sorted(changes, key=_place):
        if not kept or change.start >= kept[-1].end:
            kept.append(change)
    if kept:
        yield rewritten(reading, kept, how)


def _place(change: Change) -> tuple[int, int]:
    return change.start, -change.end


def rewritten(reading: Reading, changes: Sequence[Change], how: str, *, reach: int = 0) -> Reading:
    """Return the changes with what stands around them, in order; what is far from any is left out.

    `changes` must not overlap. What is found must touch one of the stretches that `changed`
    names in the original, or come as near as `reach`: the rest was read before, and whole.
    """
    draft = _Draft(reading)
    done = 0
    for change in sorted(changes, key=lambda each: each.start):
        since = token_start(reading.text, change.start - AROUND_CHARS)
        until = token_end(reading.text, done + AROUND_CHARS) if done else 0
        if since > until:
            draft.keep(done, until)
            draft.part(change.start)
            done = since
        draft.keep(done, change.start)
        draft.take(change)
        done = change.end
    draft.keep(done, token_end(reading.text, done + AROUND_CHARS))
    changed = tuple(
        reading.span(max(0, each.start - reach), min(len(reading.text), each.end + reach))
        for each in changes
    )
    return Reading("".join(draft.pieces), draft.starts, draft.ends, how, changed)


def token_start(text: str, place: int) -> int:
    """Move back to where a string begins: half of it would be another."""
    place = max(0, place)
    gap = max(text.rfind(sign, max(0, place - TOKEN_CHARS), place) for sign in (" ", "\n"))
    return gap + 1 if gap >= 0 else max(0, place - TOKEN_CHARS)


def token_end(text: str, place: int) -> int:
    """Move on to where a string ends."""
    places = (text.find(sign, place, place + TOKEN_CHARS) for sign in (" ", "\n"))
    return min((gap for gap in places if gap >= 0), default=min(len(text), place + TOKEN_CHARS))


class _Draft:
    def __init__(self, reading: Reading) -> None:
        self.pieces: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self._reading = reading

    def keep(self, start: int, end: int) -> None:
        self.pieces.append(self._reading.text[start:end])
        self.starts.extend(self._reading.starts[start:end])
        self.ends.extend(self._reading.ends[start:end])

    def part(self, place: int) -> None:
        """Stand for what was left out."""
        self.pieces.append("\n")
        self.starts.append(self._reading.starts[place])
        self.ends.append(self._reading.starts[place])

    def take(self, change: Change) -> None:
        self.pieces.append(change.text)
        if change.places:
            self.starts.extend(self._reading.starts[place] for place in change.places)
            self.ends.extend(self._reading.ends[place] for place in change.places)
            return
        start, end = self._reading.span(change.start, change.end)
        self.starts.extend([start] * len(change.text))
        self.ends.extend([end] * len(change.text))
