"""Citation chips and the dotted line under unsupported sentences, put into safe HTML.

Places are known in the Markdown source, chips are wanted in the HTML. So characters that no
answer may hold (they are replaced beforehand) travel through the renderer and the sanitiser,
and are exchanged for our own HTML afterwards. They count as punctuation, so that Markdown's
emphasis beside them is read as before.

What is kept of a chip is its ordinal alone. The name of its document and its quote are joined
when it is shown, as far as the reader may see them then.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Protocol
from urllib.parse import quote as url_quote

from assistant.markup import code_lines, is_too_deep, parse, to_html

QUOTE_CHARS_MAX = 300
# Only this module writes this tag: the sanitiser lets no such class through.
UNSUPPORTED = '<span class="unsupported">'
GONE = '<span class="cite gone">'
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
# Only this module writes these: the sanitiser lets neither the tag nor the attribute through.
_KEPT_CHIP = re.compile(r'<sup data-cite="(\d+)"></sup>')
_MAY_HOLD_CODE = re.compile(r"`{3}|~{3}|\t| {4}")


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
    """What to mark in one piece of text, by offsets in it.

    A chip is the start and the end of its sentence, and its ordinal.
    """

    chips: tuple[tuple[int, int, int], ...] = ()
    unsupported: tuple[tuple[int, int], ...] = ()


def disarm(text: str) -> str:
    """Replace our own signs by harmless ones, character for character."""
    return text.translate(_INNOCENT)


def marked_html(markdown: str, places: Places) -> str:
    """Return the sanitised HTML with chips and dotted lines in their places."""
    is_marked = bool(places.chips or places.unsupported)
    tokens = parse(_with_sentinels(markdown, places) if is_marked else markdown)
    if is_too_deep(tokens):
        return plain_html(markdown, places)
    return _exchanged(to_html(tokens)) if is_marked else to_html(tokens)


def plain_html(text: str, places: Places = Places()) -> str:
    """Return the words as they were written, with the same marks."""
    if not text.strip():
        return ""
    marks = [(end, 1, _kept_chip(ordinal)) for _, end, ordinal in places.chips]
    for start, end in places.unsupported:
        marks += [(start, 2, UNSUPPORTED), (end, 0, "</span>")]
    return f'<p class="as-written">{_put_in(text, marks, escape).strip()}</p>\n'


def with_sources(
    html: str, cited_by_ordinal: Mapping[int, Cited], *, is_doubting: bool = True
) -> str:
    """Join the sources to what was kept; without any, nothing is doubted either."""
    if not is_doubting or not cited_by_ordinal:
        html = html.replace(UNSUPPORTED, "<span>")
    return _KEPT_CHIP.sub(lambda match: _chip(cited_by_ordinal.get(int(match[1]))), html)


def _with_sentinels(markdown: str, places: Places) -> str:
    closed = _code_ranges(markdown)
    lines = _Lines(markdown)
    signs: list[tuple[int, int, str]] = []
    for start, end, ordinal in places.chips:
        place = lines.end_place(start, end)
        if place is not None and not _is_inside(place, closed):
            signs.append((place, 1, f"{_CHIP}{ordinal}{_CHIP_END}"))
    for start, end in places.unsupported:
        first = lines.start_place(start)
        last = lines.end_place(first, end)
        if last is None or _is_inside(first, closed) or _is_inside(last, closed):
            continue
        signs += [(first, 2, _OPEN), (last, 0, _CLOSE)]
    return _put_in(markdown, signs, str)


def _put_in(text: str, marks: list[tuple[int, int, str]], shown: Callable[[str], str]) -> str:
    parts: list[str] = []
    until = 0
    for place, _, mark in sorted(marks, key=lambda item: item[:2]):
        parts += [shown(text[until:place]), mark]
        until = place
    return "".join([*parts, shown(text[until:])])


def _code_ranges(markdown: str) -> list[tuple[int, int]]:
    """Return the offsets of code, where nothing may be put; in order."""
    if not _MAY_HOLD_CODE.search(markdown):
        return []
    starts = [0, *(match.end() for match in re.finditer("\n", markdown)), len(markdown)]
    last = len(starts) - 1
    return [(starts[first], starts[min(end, last)]) for first, end in code_lines(markdown)]


def _is_inside(place: int, ranges: Sequence[tuple[int, int]]) -> bool:
    before = bisect_right(ranges, place, key=lambda found: found[0])
    return before > 0 and place < ranges[before - 1][1]


class _Lines:
    """The lines of one piece of Markdown; each is looked at once, however many marks it gets."""

    def __init__(self, markdown: str) -> None:
        # Behind the last character a mark may be complete that is not so far.
        self._text = markdown + " "
        self._found: dict[int, tuple[int, bool]] = {}

    def start_place(self, start: int) -> int:
        """Move behind the marks that open a list item, heading, quote or cell."""
        return max(start, self._line_of(start)[0])

    def end_place(self, first: int, end: int) -> int | None:
        """Move before blanks, cell borders and rule lines; None when nothing is left to mark."""
        while end > first:
            if self._text[end - 1] in " \t\n|":
                end -= 1
                continue
            if not self._line_of(end)[1]:
                break
            end = self._text.rfind("\n", 0, end) + 1
        if end <= first:
            return None
        return None if end < self._line_of(end)[0] else end

    def _line_of(self, place: int) -> tuple[int, bool]:
        """Return where the marks end that open the line, and whether it is a rule."""
        line_start = self._text.rfind("\n", 0, place) + 1
        if line_start not in self._found:
            line_end = self._text.find("\n", line_start)
            line = self._text[line_start : line_end if line_end >= 0 else -1]
            marker = _MARKER.match(self._text, line_start)
            marks_end = marker.end() if marker else line_start
            self._found[line_start] = marks_end, bool(_RULE_LINE.fullmatch(line))
        return self._found[line_start]


def _exchanged(html: str) -> str:
    """Walk through tags, texts and signs; wrap texts while an unsupported sentence is open."""
    parts: list[str] = []
    is_open = False
    for piece in _PIECE.split(html):
        if piece == _OPEN:
            is_open = True
        elif piece == _CLOSE:
            is_open = False
        elif piece.startswith(_CHIP):
            parts.append(_kept_chip(int(piece[1:-1])))
        elif piece.startswith("<"):
            parts.append(_SENTINEL_IN_TAG.sub("", piece))
        elif is_open and piece.strip():
            parts.append(f"{UNSUPPORTED}{piece}</span>")
        else:
            parts.append(piece)
    return "".join(parts)


def _kept_chip(ordinal: int) -> str:
    return f'<sup data-cite="{ordinal}"></sup>'


def _chip(cited: Cited | None) -> str:
    if cited is None:
        return ""
    title = f' title="{escape(cited.document_name)}"' if cited.document_name else ""
    if cited.chunk_id is None:
        return f"<sup>{GONE[:-1]}{title}>{cited.ordinal}</span></sup>"
    address = f"/passages/{cited.chunk_id}?quote={url_quote(cited.quote[:QUOTE_CHARS_MAX])}"
    return (
        f'<sup><a class="cite" href="{escape(address)}" data-chunk="{cited.chunk_id}"'
        f"{title}>{cited.ordinal}</a></sup>"
    )
