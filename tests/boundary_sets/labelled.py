"""A text and exactly which of its stretches are secret."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from edge_agent.contract.findings import Kind


@dataclass(frozen=True, slots=True)
class Span:
    """`start` and `end` count code points; `kind` is what a careful reader would call it."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Labelled:
    """`source` says which generator and which of its forms made the text."""

    text: str
    spans: tuple[Span, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Marked:
    """A piece of a text that is to be labelled."""

    text: str
    kind: Kind


def compose(pieces: Iterable[str | Marked], source: str) -> Labelled:
    """Join the pieces; every marked one becomes a span that lies exactly where it came to lie."""
    parts = list(pieces)
    text = "".join(part if isinstance(part, str) else part.text for part in parts)
    return Labelled(text, tuple(_spans(parts)), source)


def _spans(parts: Iterable[str | Marked]) -> Iterator[Span]:
    at = 0
    for part in parts:
        if isinstance(part, Marked):
            yield Span(at, at + len(part.text), part.kind)
            at += len(part.text)
        else:
            at += len(part)
