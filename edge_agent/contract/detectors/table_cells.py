"""The cells under a heading: of tables with commas, tabs or bars, and of values put into a database."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

_SIGNS = ",;\t|"
_QUOTED, _QUOTED_VALUE = re.compile(r'"[^"\n]*"'), re.compile(r"'[^'\n]*'")
_AROUND = " \t\r\"'`*"
_HEADING_CHARS_MAX = 40
_INSERT = re.compile(r"\((?P<names>[^()\n]{1,2000}+)\)\s{0,8}values?\s{0,8}(?=\()", re.IGNORECASE)
_ROW = re.compile(r"\s{0,8},?\s{0,8}\((?P<row>(?:'[^'\n]{0,2000}+'|[^()'\n]){0,2000}+)\)")

IsHeading = Callable[[str], bool]
Span = tuple[int, int]
# From where to where, and under what heading.
Cell = tuple[int, int, str]


class _Row(NamedTuple):
    """A line under a heading, and where both of them begin."""

    line: str
    start: int
    heading: Span
    sign: str
    columns: Mapping[int, str]


def cells_under(text: str, is_heading: IsHeading) -> Iterator[Cell]:
    """Yield where each stands that is under such a heading, without its quotes."""
    if "\n" in text:
        for row in _rows(text, is_heading):
            yield from _chosen(text, row.start, _cells(row.line, row.sign), row.columns)
    for insert in _INSERT.finditer(text):
        for inserted, columns in _inserted(text, insert, is_heading):
            cells = _cells(inserted["row"], ",", _QUOTED_VALUE)
            yield from _chosen(text, inserted.start("row"), cells, columns)


def heading_over(text: str, place: int, is_heading: IsHeading) -> Span | None:
    """Return from where to where the line stands under whose headings the line at this place is."""
    for row in _rows(text, is_heading):
        if row.start <= place <= row.start + len(row.line):
            return row.heading
    return None


def names_over(text: str, place: int, is_heading: IsHeading) -> tuple[Span, int] | None:
    """Return the names of the columns whose values are at this place, and where their row begins."""
    for insert in _INSERT.finditer(text, 0, place):
        for row, _ in _inserted(text, insert, is_heading):
            if row.start() <= place < row.end():
                return insert.span(), row.start("row") - 1
    return None


def _rows(text: str, is_heading: IsHeading) -> Iterator[_Row]:
    columns: dict[int, str] = {}
    lines = text.split("\n")
    # A table has two lines at least.
    signs = [sign for sign in _SIGNS if sign in text and sum(sign in each for each in lines) > 1]
    sign, start, before = "", 0, ""
    heading = 0, 0
    for line in lines if signs else ():
        if columns and sign in line:
            yield _Row(line, start, heading, sign, columns)
        else:
            sign, columns = _heading(line, before, signs, is_heading)
            heading = start, start + len(line)
        start += len(line) + 1
        before = line


def _heading(
    line: str, before: str, signs: Iterable[str], is_heading: IsHeading
) -> tuple[str, dict[int, str]]:
    """Return the sign between cells, and which columns have such a heading."""
    for sign in signs:
        # A line with as many cells as the one before it is no first line.
        if sign in line and line.count(sign) != before.count(sign):
            names = [line[first:last] for first, last in _cells(line, sign)]
            columns = _columns(names, is_heading)
            if columns:
                return sign, columns
    return "", {}


def _columns(names: Iterable[str], is_heading: IsHeading) -> dict[int, str]:
    bare = [name.strip(_AROUND) for name in names]
    return {
        at: name
        for at, name in enumerate(bare)
        if 0 < len(name) <= _HEADING_CHARS_MAX and is_heading(name)
    }


def _cells(line: str, sign: str, quoted: re.Pattern[str] = _QUOTED) -> list[Span]:
    """Return the cells of a line; a sign between quotes parts none."""
    line = quoted.sub(lambda each: each[0].replace(sign, " "), line)
    cells, start = [], 0
    for cell in line.split(sign):
        cells.append((start, start + len(cell)))
        start += len(cell) + 1
    return cells


def _inserted(
    text: str, insert: re.Match[str], is_heading: IsHeading
) -> Iterator[tuple[re.Match[str], Mapping[int, str]]]:
    columns = _columns(insert["names"].split(","), is_heading)
    row = _ROW.match(text, insert.end()) if columns else None
    while row is not None:
        yield row, columns
        row = _ROW.match(text, row.end())


def _chosen(
    text: str, start: int, cells: Sequence[Span], columns: Mapping[int, str]
) -> Iterator[Cell]:
    for at, heading in columns.items():
        if at < len(cells):
            yield (*_bare(text, start + cells[at][0], start + cells[at][1]), heading)


def _bare(text: str, start: int, end: int) -> Span:
    cell = text[start:end]
    start += len(cell) - len(cell.lstrip(_AROUND))
    return start, start + len(cell.strip(_AROUND))
