"""Citation chips and the dotted line under unsupported sentences, put into safe HTML.

Places are known in the Markdown source, chips are wanted in the HTML. So characters that no
answer may hold (they are replaced beforehand) travel through the renderer and the sanitiser,
and are exchanged for our own HTML afterwards. They count as punctuation, so that Markdown's
emphasis beside them is read as before.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Protocol
from urllib.parse import quote as url_quote

from assistant.markup import parse, to_html

QUOTE_CHARS_MAX = 300
# Only this module writes this tag: the sanitiser lets no such class through.
UNSUPPORTED = '<span class="unsupported">'
_OPEN, _CLOSE, _CHIP, _CHIP_END = "⸨", "⸩", "⸤", "⸥"
_INNOCENT = str.maketrans({_OPEN: "(", _CLOSE: ")", _CHIP: "[", _CHIP_END: "]", "\r": " "})
_MARKER = re.compile(r"[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+|>[ \t]?|#{1,6}[ \t]+|\|[ \t]*)*")
_RULE_LINE = re.compile(r"[-=*_:|\s]+")
_TAG = re.compile(r'<[^">]*(?:"[^"]*"[^">]*)*>')
_SENTINEL = re.compile(rf"{_OPEN}|{_CLOSE}|{_CHIP}\d+{_CHIP_END}")
_HIDDEN = "".join(f"|{url_quote(sign)}" for sign in (_OPEN, _CLOSE))
_SENTINEL_IN_TAG = re.compile(
    rf"{_SENTINEL.pattern}{_HIDDEN}|{url_quote(_CHIP)}\d+{url_quote(_CHIP_END)}"
)
_PIECE = re.compile(rf"({_TAG.pattern}|{_SENTINEL.pattern})")


class Cited(Protocol):
    """What a chip needs to know; `start` and `end` lie in the answer's text."""

    @property
    def ordinal(self) -> int: ...
    @property
    def chunk_id(self) -> int | None: ...
    @property
    def document_name(self) -> str: ...
    @property
    def page(self) -> int | None: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def quote(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Places:
    """What to mark in one piece of text, by offsets in that piece."""

    chips: tuple[tuple[int, Cited], ...] = ()
    unsupported: tuple[tuple[int, int], ...] = ()


def disarm(text: str) -> str:
    """Replace our own signs by harmless ones, character for character."""
    return text.translate(_INNOCENT)


def marked_html(markdown: str, places: Places) -> str:
    """Return the sanitised HTML with chips and dotted lines in their places."""
    if not places.chips and not places.unsupported:
        return to_html(markdown)
    by_ordinal = {cited.ordinal: cited for _, cited in places.chips}
    return _exchanged(to_html(_with_sentinels(markdown, places)), by_ordinal)


def _with_sentinels(markdown: str, places: Places) -> str:
    closed = _code_ranges(markdown)
    signs: list[tuple[int, int, str]] = []
    for end, cited in places.chips:
        place = _end_place(markdown, 0, end)
        if place is not None and not _is_inside(place, closed):
            signs.append((place, 1, f"{_CHIP}{cited.ordinal}{_CHIP_END}"))
    for start, end in places.unsupported:
        first = _start_place(markdown, start)
        last = _end_place(markdown, first, end)
        if last is None or _is_inside(first, closed) or _is_inside(last, closed):
            continue
        signs += [(first, 2, _OPEN), (last, 0, _CLOSE)]
    text = markdown
    for place, _, sign in sorted(signs, key=lambda item: item[:2], reverse=True):
        text = text[:place] + sign + text[place:]
    return text


def _code_ranges(markdown: str) -> list[tuple[int, int]]:
    """Return the offsets of top-level code, where nothing may be put."""
    starts = [0, *(match.end() for match in re.finditer("\n", markdown)), len(markdown)]
    return [
        (starts[token.map[0]], starts[min(token.map[1], len(starts) - 1)])
        for token in parse(markdown)
        if token.type in {"fence", "code_block"} and token.map
    ]


def _is_inside(place: int, ranges: Sequence[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in ranges)


def _start_place(text: str, start: int) -> int:
    """Move behind the marks that open a list item, heading, quote or cell."""
    line_start = text.rfind("\n", 0, start) + 1
    marker = _MARKER.match(text, line_start)
    return max(start, marker.end()) if marker else start


def _end_place(text: str, first: int, end: int) -> int | None:
    """Move before blanks, cell borders and rule lines; None when nothing is left to mark."""
    while end > first:
        if text[end - 1] in " \t\n|":
            end -= 1
            continue
        line_start = text.rfind("\n", 0, end) + 1
        line_end = text.find("\n", end)
        line = text[line_start : len(text) if line_end < 0 else line_end]
        if not _RULE_LINE.fullmatch(line):
            break
        end = line_start
    if end <= first:
        return None
    line_start = text.rfind("\n", 0, end) + 1
    marker = _MARKER.match(text + " ", line_start)
    return None if marker and end < marker.end() else end


def _exchanged(html: str, by_ordinal: dict[int, Cited]) -> str:
    """Walk through tags, texts and signs; wrap texts while an unsupported sentence is open."""
    parts: list[str] = []
    is_open = False
    for piece in _PIECE.split(html):
        if piece == _OPEN:
            is_open = True
        elif piece == _CLOSE:
            is_open = False
        elif piece.startswith(_CHIP):
            parts.append(_chip(by_ordinal.get(int(piece[1:-1]))))
        elif piece.startswith("<"):
            parts.append(_SENTINEL_IN_TAG.sub("", piece))
        elif is_open and piece.strip():
            parts.append(f"{UNSUPPORTED}{piece}</span>")
        else:
            parts.append(piece)
    return "".join(parts)


def _chip(cited: Cited | None) -> str:
    if cited is None:
        return ""
    name = escape(cited.document_name)
    if cited.chunk_id is None:
        return f'<sup><span class="cite gone" title="{name}">{cited.ordinal}</span></sup>'
    address = f"/passages/{cited.chunk_id}?quote={url_quote(cited.quote[:QUOTE_CHARS_MAX])}"
    return (
        f'<sup><a class="cite" href="{escape(address)}" data-chunk="{cited.chunk_id}"'
        f' title="{name}">{cited.ordinal}</a></sup>'
    )
