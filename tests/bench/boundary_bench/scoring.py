"""What was found against what is there: recall, precision and F2, overlap counted as found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """`start` and `end` count code points; `name` is that of whoever labelled or found it."""

    start: int
    end: int
    name: str
    score: float = 1.0

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Counts:
    """Labelled spans that were found or missed, and found ones where nothing was labelled."""

    found: int = 0
    missed: int = 0
    false: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.found + other.found, self.missed + other.missed, self.false + other.false
        )

    @property
    def labelled(self) -> int:
        return self.found + self.missed

    @property
    def recall(self) -> float:
        return self.found / max(1, self.labelled)

    @property
    def precision(self) -> float:
        """Of nothing found, nothing is wrong."""
        reported = self.found + self.false
        return self.found / reported if reported else 1.0

    @property
    def f2(self) -> float:
        """Weigh a miss four times as heavy as a false alarm."""
        weighted = 4 * self.precision + self.recall
        return 5 * self.precision * self.recall / weighted if weighted else 0.0


def count(labelled: Sequence[Span], found: Sequence[Span], beside: Sequence[Span] = ()) -> Counts:
    """Compare spans of one type in one text.

    What overlaps something in `beside`, spans of other types that the finder calls by the same
    name, is neither found nor false.
    """
    hits = sum(_is_met(each, found) for each in labelled)
    false = sum(not _is_met(each, labelled) and not _is_met(each, beside) for each in found)
    return Counts(hits, len(labelled) - hits, false)


def total(several: Iterable[Counts]) -> Counts:
    return sum(several, Counts())


def quantile(values: Iterable[float], share: float) -> float:
    """Return the value that `share` of all lie below, 0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def _is_met(span: Span, others: Sequence[Span]) -> bool:
    return any(span.overlaps(each) for each in others)
