"""Passwords in the columns of a table whose headings say so."""

import re
from collections.abc import Iterator, Sequence

from edge_agent.contract.detectors.password_values import is_no_other_thing
from edge_agent.contract.detectors.password_words import Cue
from edge_agent.contract.readings import Reading

_SIGNS = ("|", "\t", ",", ";")
# Without signs, columns are parted by some spaces.
_SPACED_CELL = re.compile(r"\S+(?: \S+){0,8}")
_HEADING_CHARS_MAX = 32
# Beside the name a heading has a few words, as "wifi password" and "初始密码".
_HEADING = re.compile(r"(?:[\w-]{1,16}[ _]){0,2}[\w/]{1,16}(?: ?\([^()]{1,16}\))?")
_MARKS = " \"'\r*`"
# Words and names in programs are none: a digit or a sign mixes with letters.
_MIXED = re.compile(r"(?=\S*[^\W\d_])(?=\S*[0-9!@#$%^&*+=~?])[^\s<>\[\](){}]{4,64}")
_NUMBER = re.compile(r"[0-9]{4,16}")
_COLUMNS_MIN = 2

_Cells = list[tuple[int, int]]
# A line under a heading: where it begins and ends, its cells, which of them may be one, the heading.
_Row = tuple[int, int, _Cells, frozenset[int], tuple[int, int]]


def in_columns(reading: Reading, named: Sequence[Cue]) -> Iterator[tuple[int, int, float, str]]:
    """Yield where each begins and ends, how sure it is, and why."""
    for _, _, cells, columns, _ in _rows(reading, named):
        for place in columns:
            yield from _entry(reading.text, *cells[place])


def heading_of_passwords(
    reading: Reading, named: Sequence[Cue], place: int
) -> tuple[int, int] | None:
    """Return from where to where the heading stands under which the line at this place is."""
    for start, end, _, _, heading in _rows(reading, named):
        if start <= place <= end:
            return heading
    return None


def _rows(reading: Reading, named: Sequence[Cue]) -> Iterator[_Row]:
    text = reading.text
    if "\n" not in text:
        return
    ends = {cue.end for cue in named if cue.is_loose}
    sign, width, columns, start = "", 0, frozenset[int](), 0
    heading = 0, 0
    for line in text.split("\n"):
        end = start + len(line)
        cells = _cells(text, start, end, sign) if columns else []
        if not cells or len(cells) != width:
            sign, width, columns = _heading(text, start, end, ends)
            heading = start, end
        else:
            yield start, end, cells, columns, heading
        start = end + 1


def _heading(text: str, start: int, end: int, ends: set[int]) -> tuple[str, int, frozenset[int]]:
    """Return the sign between cells, how many there are, and which columns hold passwords."""
    for sign in (*_SIGNS, ""):
        if sign and sign not in text[start:end]:
            continue
        cells = _cells(text, start, end, sign)
        if len(cells) < _COLUMNS_MIN or not _are_headings(text, cells, sign):
            continue
        columns = frozenset(
            place for place, cell in enumerate(cells) if _is_of_passwords(text, *cell, ends)
        )
        if columns:
            return sign, len(cells), columns
    return "", 0, frozenset()


def _cells(text: str, start: int, end: int, sign: str) -> _Cells:
    """Return where each cell begins and ends, without the marks around it."""
    if not sign:
        return [match.span() for match in _SPACED_CELL.finditer(text, start, end)]
    cells = []
    for cell in text[start:end].split(sign):
        bare = cell.strip(_MARKS)
        first = start + (cell.index(bare) if bare else 0)
        cells.append((first, first + len(bare)))
        start += len(cell) + 1
    return cells


def _are_headings(text: str, cells: _Cells, sign: str) -> bool:
    """Say whether each is a few words; the outer bars of a table have nothing beside them."""
    inner = cells[1:-1] if sign == "|" and len(cells) > _COLUMNS_MIN else cells
    return all(
        end - start <= _HEADING_CHARS_MAX and _HEADING.fullmatch(text, start, end)
        for start, end in inner
    )


def _is_of_passwords(text: str, start: int, end: int, ends: set[int]) -> bool:
    return end in ends or (text[start:end].endswith(")") and text.rfind(" (", start, end) in ends)


def _entry(text: str, start: int, end: int) -> Iterator[tuple[int, int, float, str]]:
    entry = text[start:end]
    is_one = _NUMBER.fullmatch(entry) or (_MIXED.fullmatch(entry) and is_no_other_thing(entry))
    if is_one:
        yield start, end, 0.75, "value in a column of passwords"
