"""What a portion of a file brings along from the portion before it, so that a cut hides nothing.

A block that goes on brings its last letters and the headings over them; any other brings the
digits that a number may begin with. What was brought along counts only for what goes on after it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from edge_agent.contract.carrying import row_before
from edge_agent.contract.excerpts import Excerpt, Stretch, excerpts_of, size_of
from edge_agent.contract.judging import Part, PartsPiece, Where
from edge_agent.contract.pieces import OVERLAP_CHARS
from edge_agent.contract.windows import PIECES_MAX

CARRIED_BYTES_MAX = 40_000
ROW_BYTES_MAX = 10_000
_ROW_TEXTS_MAX = PIECES_MAX * PIECES_MAX


@dataclass(frozen=True, slots=True)
class Stretched:
    """A part to be judged: what was brought along ends where it `begins`, findings count `since`."""

    part: Part
    begins: int = 0
    since: int = 0

    @property
    def is_brought(self) -> bool:
        return self.begins == len(self.part.text) > 0

    def to_json(self) -> dict[str, Any]:
        return {
            "text": self.part.text,
            "where": self.part.where.value,
            "begins": self.begins,
            "since": self.since,
        }


def stretched_of(fields: Mapping[str, Any]) -> Stretched:
    part = Part(fields["text"], where=Where(fields["where"]))
    return Stretched(part, fields["begins"], fields["since"])


def going_on(before: Stretched, text: str) -> Stretched:
    """Return a text that goes on letter by letter with what was brought along."""
    return replace(before, part=replace(before.part, text=before.part.text + text))


def piece_of(parts: Sequence[Stretched], following: Stretched | None) -> PartsPiece:
    """Return the parts as a piece that the contract judges.

    What stands at the end of the last is told better by the portion in which it goes on.
    """
    excerpts = [_excerpt(number, part) for number, part in enumerate(parts)]
    if following is not None:
        last = excerpts[-1]
        until = len(last.text) - (len(following.part.text) - following.since)
        excerpts[-1] = replace(last, until=max(until, last.since))
    return PartsPiece(tuple(part.part for part in parts), tuple(excerpts))


def end_of(parts: Sequence[Stretched]) -> Stretched:
    """Return what the next portion brings along of the last part, which goes on there."""
    last = parts[-1]
    excerpt = _last_excerpt(last.part.text)
    if size_of(excerpt.text) > CARRIED_BYTES_MAX:
        # There were rows of invisible signs, and what is left of them all was one excerpt.
        excerpt = _last_excerpt(excerpt.text)
    text, begins, since = excerpt.text, excerpt.begins, excerpt.since
    if size_of(text) > CARRIED_BYTES_MAX:
        # Letters of four bytes each: the headings stay behind rather than the overlap.
        text = text[-OVERLAP_CHARS:]
        begins, since = 0, len(text) // 2
    return Stretched(replace(last.part, text=text), begins, since)


def _last_excerpt(text: str) -> Excerpt:
    """Return of a text what its last letter would bring along, were it in the next excerpt."""
    bytes_max = max(size_of(text) - 1, 1)
    *_, excerpt = excerpts_of(0, text, bytes_max=bytes_max, overlap_chars=OVERLAP_CHARS)
    return excerpt


def row_of(parts: Sequence[Stretched]) -> list[Stretched]:
    """Return the digits with which a number may begin that goes on in the next portion."""
    last = parts[-_ROW_TEXTS_MAX:]
    spans = row_before([each.part.text for each in last])
    held = last[len(last) - len(spans) :]
    row = [_brought(each, span) for each, span in zip(held, spans, strict=True)]
    return row if sum(size_of(each.part.text) for each in row) <= ROW_BYTES_MAX else []


def _brought(of: Stretched, span: tuple[int, int] | None) -> Stretched:
    start, end = span or (0, 0)
    return Stretched(Part(of.part.text[start:end], where=of.part.where), begins=end - start)


def _excerpt(number: int, of: Stretched) -> Excerpt:
    length = len(of.part.text)
    until = 0 if of.is_brought else length
    return Excerpt(number, of.part.text, (Stretch(0, 0),), of.begins, of.since, until)
