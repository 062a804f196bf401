"""One long text in excerpts that overlap, each with what it needs from far above."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from re import compile as compiled
from re import escape

from edge_agent.contract.carrying import Span, brought
from edge_agent.contract.flattening import invisible

# What is left of a row of invisible signs: however many there are, they say the same.
INVISIBLE_MAX = 64
# So many signs are whole groups in hexadecimal, base32, base64 and base85.
_GROUPS = 40
# Lines of a code are as long as that, and have no spaces.
_CODE_CHARS_MIN = 30
# A piece ends with a line where one ends in its last sixteenth.
_END_SHARE = 16
# What is brought along takes a quarter of a piece at most; the next one begins in its second half.
BROUGHT_SHARE = 4
_SPACES = ("\n", " ", "\t")
_CONTINUING = bytes(range(0x80, 0xC0))


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of an excerpt: from `at` on, what stands in its text from `start`."""

    at: int
    start: int


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What a piece has of the text with this index; `stretches` say where each letter stood.

    What was brought along ends where the excerpt `begins`. What is found there counts if some of
    it stands from `since` to `until`, positions of this excerpt.
    """

    index: int
    text: str
    stretches: tuple[Stretch, ...]
    begins: int
    since: int
    until: int

    @property
    def is_brought(self) -> bool:
        """Return whether all of it was brought along, for a number that goes on in other texts."""
        return self.begins == len(self.text) > 0

    def span(self, start: int, end: int) -> Span | None:
        """Return where in its text a finding stands, or None where another piece tells better."""
        if not self.is_brought:
            if end <= self.since or start >= self.until:
                return None
            start = max(start, self.begins)
        return self._place(start), self._place(end - 1) + 1

    def _place(self, at: int) -> int:
        stretch = self.stretches[bisect_right(self.stretches, at, key=_at) - 1]
        return stretch.start + at - stretch.at


def whole(index: int, text: str) -> Excerpt:
    return Excerpt(index, text, (Stretch(0, 0),), 0, 0, len(text))


def brought_along(index: int, text: str, span: Span) -> Excerpt:
    """Return digits that a number in a later text may begin with; without any, nothing."""
    start, end = span
    return Excerpt(index, text[start:end], (Stretch(0, start),), end - start, 0, 0)


def size_of(text: str) -> int:
    """Return how many bytes of UTF-8 a text is long; half a letter of UTF-16 counts, too."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def excerpts_of(index: int, text: str, *, bytes_max: int, overlap_chars: int) -> Iterator[Excerpt]:
    """Yield the text in excerpts of so many bytes at most, in their order."""
    visible = _Visible(text)
    kept = visible.text
    start = since = 0
    head: list[Span] = []
    while True:
        end = _end(kept, start, bytes_max - sum(size_of(kept[a:b]) for a, b in head))
        layout = [*head, (start, end)]
        begins = sum(last - first for first, last in head)
        shift = begins - start
        cut = "".join(kept[a:b] for a, b in layout)
        following = _start(kept, start, end, overlap_chars) if end < len(kept) else end
        head, following = (
            _brought(layout, cut, following, bytes_max) if end < len(kept) else ([], end)
        )
        until = (following + end) // 2
        stretches = tuple(visible.stretches(layout))
        yield Excerpt(index, cut, stretches, begins, since and since + shift, until + shift)
        if end == len(kept):
            return
        start, since = following, until


class _Visible:
    """A text without long rows of invisible signs, and where the rest of it stood."""

    def __init__(self, text: str) -> None:
        self._spans = [*_visible_spans(text)]
        self._starts = [*accumulate((end - start for start, end in self._spans), initial=0)]
        is_all = self._spans == [(0, len(text))]
        self.text = text if is_all else "".join(text[start:end] for start, end in self._spans)

    def stretches(self, layout: Sequence[Span]) -> Iterator[Stretch]:
        at = 0
        for start, end in layout:
            place, number = start, bisect_right(self._starts, start) - 1
            while place < end:
                yield Stretch(at, place + self._spans[number][0] - self._starts[number])
                stop = min(end, self._starts[number + 1])
                at += stop - place
                place, number = stop, number + 1


def _visible_spans(text: str) -> Iterator[Span]:
    gone = invisible(set(text)) if not text.isascii() else set()
    start = 0
    if gone:
        row = compiled(f"[{escape(''.join(sorted(gone)))}]{{{INVISIBLE_MAX + 1},}}")
        for match in row.finditer(text):
            yield start, match.start() + INVISIBLE_MAX
            start = match.end()
    if start < len(text) or not start:
        yield start, len(text)


def _end(text: str, start: int, bytes_max: int) -> int:
    """Return how far so many bytes reach, to the end of a line or a word if one is near."""
    window = text[start : start + bytes_max]
    if not window.isascii():
        data = window.encode("utf-8", "surrogatepass")
        letters = len(data[:bytes_max].translate(None, _CONTINUING))
        is_half = data[bytes_max : bytes_max + 1] in _CONTINUING and len(data) > bytes_max
        window = window[: letters - is_half]
    end = start + len(window)
    if end == len(text):
        return end
    near = end - len(window) // _END_SHARE
    places = (text.rfind(sign, near, end) for sign in _SPACES)
    return next((place + 1 for place in places if place >= 0), end)


def _start(text: str, start: int, end: int, overlap_chars: int) -> int:
    """Return where the next excerpt begins: with a line or a word, or with whole groups of a code."""
    middle = (start + end) // 2
    place = max(middle, end - overlap_chars)
    first = max(middle, place - overlap_chars)
    line = text.rfind("\n", first, place) + 1
    if line:
        return _block_start(text, middle, line)
    # A string that is longer than the overlap is not cut if there is room for it.
    string = max(text.rfind(sign, start, place) for sign in _SPACES) + 1
    return (
        string if string > middle else max(middle, place - (place - max(string, start)) % _GROUPS)
    )


def _block_start(text: str, middle: int, line: int) -> int:
    """Return where the lines of a code begin in which this line stands, if there is room for them."""
    start = line
    while start > middle:
        before = text.rfind("\n", middle, start - 1) + 1
        row = text[before : start - 1]
        if not before or len(row) < _CODE_CHARS_MIN or " " in row or not row.isascii():
            return start
        start = before
    return line


def _brought(
    layout: list[Span], cut: str, following: int, bytes_max: int
) -> tuple[list[Span], int]:
    """Return of the text what the next excerpt brings along, and where that begins."""
    start, end = layout[-1]
    shift = len(cut) - (end - start) - start
    spans, place = brought(cut, following + shift)
    if place - shift > start + (end - start) // BROUGHT_SHARE:
        following = place - shift
    head: list[Span] = []
    room = bytes_max // BROUGHT_SHARE
    for first, last in spans:
        room -= size_of(cut[first:last])
        if room >= 0:
            head += _laid(layout, first, last)
    return head, following


def _laid(layout: Sequence[Span], first: int, last: int) -> Iterator[Span]:
    """Yield where in the text stood what stands in an excerpt from first to last."""
    at = 0
    for start, end in layout:
        begin, stop = max(first, at), min(last, at + end - start)
        if begin < stop:
            yield start + begin - at, start + stop - at
        at += end - start


def _at(stretch: Stretch) -> int:
    return stretch.at
