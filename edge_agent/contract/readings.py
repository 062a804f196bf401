"""A text as a detector reads it: made plain, with the way back to where each character stood."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from string import ascii_lowercase
from string import digits as all_digits
from typing import Generic, TypeVar

# Of what is shorter nobody could tell whether it was ever encoded.
RUN_CHARS_MIN = 8
_SPACED_WORD_CHARS = 12
_RUN = re.compile(rf"[!-~][!-~]{{{RUN_CHARS_MIN - 1},}}")
# A word, or some joined, with the signs of its sentence; encoded it would be of both cases.
_WORD_CHARS_MAX, _SENTENCE_SIGNS = 13, ".,;:!?"
_WORDS = re.compile(
    r"[\"'(\[]{0,2}[A-Za-z][a-z]{0,12}(?:['/-][A-Za-z]?[a-z]{1,12})*[.,;:!?)\]\"']{0,3}"
)
# Numbers and short words with signs between them: "(505)498-8487x683-Fax".
_NUMBER_OR_WORD = r"(?:[0-9]++(?:[xX][0-9]++)?|[A-Za-z][a-z]{0,7}+)(?![0-9A-Za-z])"
_JOINED = re.compile(rf"\(?{_NUMBER_OR_WORD}(?:[-,.()/\\:+]{{1,3}}{_NUMBER_OR_WORD})*+[.,;:!?)]*")
_MAIL = re.compile(
    r"[\"'(<\[]{0,2}[A-Za-z0-9._%+-]{1,40}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{1,10}[.,;:!?)\]}>\"']*"
)
# But for the X in the midst of a telephone number and its extension.
_LETTERS = re.compile(r"[A-WYZa-wyz]|[Xx](?:(?<![0-9].)|(?![0-9])|[^Xx]*[Xx])")
_PARTED = bytes(code if chr(code) in ascii_lowercase else ord(" ") for code in range(256))
NUMBER_CHARS_MIN = 13
_NUMBER = re.compile(
    rf"[0-9](?<![0-9].)(?<![0-9][ ._-].)(?=[0-9 ._-]{{{NUMBER_CHARS_MIN - 1}}})[0-9]*+(?:[ ._-][0-9]++)*"
)

_Self = TypeVar("_Self")
_Value = TypeVar("_Value")


class once(Generic[_Self, _Value]):  # noqa: N801  a decorator, as functools.cached_property is
    """What is worked out when first asked for; without the lock, which costs more than the work."""

    def __init__(self, work: Callable[[_Self], _Value]) -> None:
        self._work = work

    def __get__(self, instance: _Self, owner: type[_Self]) -> _Value:
        value = self._work(instance)
        instance.__dict__[self._work.__name__] = value
        return value


@dataclass(frozen=True)
class Reading:
    """`starts[i]` and `ends[i]` bound, in the original, what became character i of `text`.

    `how` names what was undone to arrive here ("as written", "base64", "hex in base64"); what is
    found in a decoded reading covers the whole encoded run of the original. `changed` names
    those runs; a reading without any is the text itself.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    how: str = "as written"
    changed: tuple[tuple[int, int], ...] = ()

    @once
    def lowered(self) -> str:
        """Return the text in small letters, each at its place."""
        return in_small(self.text)

    @once
    def digits(self) -> int:
        """Return how many digits there are: most forms have a few at least."""
        return sum(map(self.text.count, all_digits))

    @once
    def words(self) -> frozenset[str]:
        """Return the words of small ASCII letters, or what of a word is between other letters."""
        signs = self.lowered.encode("ascii", "replace").translate(_PARTED)
        return frozenset(signs.decode("ascii").split())

    @once
    def runs(self) -> list[tuple[int, int]]:
        """Return from where to where signs stand without a space, as in keys and codes."""
        text = self.text
        if text.count(" ") * _SPACED_WORD_CHARS < len(text):
            return _runs(text, 0, len(text))
        # Where there are spaces, to split is quicker than to search.
        found: list[tuple[int, int]] = []
        end = 0
        for run in text.split():
            if len(run) >= RUN_CHARS_MIN:
                start = text.index(run, end)
                end = start + len(run)
                found += [(start, end)] if run.isascii() else _runs(text, start, end)
        return found

    @once
    def strange_runs(self) -> list[tuple[int, int]]:
        """Return those runs that are neither words nor plain numbers, dates and the like."""
        return [span for span in self.runs if _is_strange(self.text[span[0] : span[1]])]

    @once
    def coded_runs(self) -> list[tuple[int, int]]:
        """Return those that may say something else: a mail address says what it says."""
        return [span for span in self.strange_runs if not _MAIL.fullmatch(self.text, *span)]

    @once
    def numbers(self) -> list[tuple[int, int]]:
        """Return from where to where digits stand with one sign at most between two of them.

        Only what is long enough for the number of a person or a card is among them.
        """
        if self.digits < NUMBER_CHARS_MIN / 2:
            return []
        return [number.span() for number in _NUMBER.finditer(self.text)]

    @once
    def _changes(self) -> "Spans":
        return Spans(self.changed)

    def touches(self, start: int, end: int) -> bool:
        """Say whether a stretch of the original has to do with what was undone."""
        return self._changes.reach(end) > start

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where characters start … end-1 of this reading stand in the original."""
        return min(self.starts[start:end]), max(self.ends[start:end])


class Spans:
    """Many stretches of a text, of which it is asked which are somewhere, without looking at all."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._reaches = [*accumulate((end for _, end in ordered), max)]

    def reach(self, place: int) -> int:
        """Return how far those go that begin before this place."""
        count = bisect_left(self._starts, place)
        return self._reaches[count - 1] if count else -1


def _runs(text: str, start: int, end: int) -> list[tuple[int, int]]:
    return [run.span() for run in _RUN.finditer(text, start, end)]


def _is_strange(run: str) -> bool:
    word = run.rstrip(_SENTENCE_SIGNS)
    if word.isalpha() and len(word) <= _WORD_CHARS_MAX and word[1:].islower():
        return False
    if _LETTERS.search(run) is None:
        return False
    return not (_WORDS.fullmatch(run) or _JOINED.fullmatch(run))


def in_small(text: str) -> str:
    """Return the text in small letters, each at its place: the few that become two stay."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(each if len(each.lower()) > 1 else each.lower() for each in text)


def plain_reading(text: str) -> Reading:
    """Return the text as it stands."""
    return Reading(text, range(len(text)), range(1, len(text) + 1))
