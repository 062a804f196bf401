"""A text as a detector reads it: made plain, with the way back to where each character stood."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
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

    def touches(self, start: int, end: int) -> bool:
        """Say whether a stretch of the original has to do with what was undone."""
        return any(start < run_end and run_start < end for run_start, run_end in self.changed)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where characters start … end-1 of this reading stand in the original."""
        return min(self.starts[start:end]), max(self.ends[start:end])


def plain_reading(text: str) -> Reading:
    """Return the text as it stands."""
    return Reading(text, range(len(text)), range(1, len(text) + 1))
