"""Dates of birth: a date counts only beside a word of birth, or in a column of them."""

import re
from collections.abc import Container, Iterator

from edge_agent.contract.detectors.birth_words import is_beside_birth, may_say_birth, names_birth
from edge_agent.contract.detectors.table_cells import cells_under
from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.readings import Reading

# By how they begin, in some language; a word of birth must stand beside it.
_MONTH = (
    r"(?:jan|ene|gen|feb|fev|fév|mar|mär|mrz|maa|mrt|apr|abr|avr|may|mai|mag|mei|maj|jun|jui|giu|jul"
    r"|lug|aug|ago|aoû|sep|set|oct|okt|out|ott|nov|dec|dez|dic|déc)[^\W\d_]{0,7}\.?"
)
# Russian letters that look Latin may have become so.
_RUSSIAN_MONTH = r"(?=[a-z]{0,2}[\u0400-\u04ff])[a-z\u0400-\u04ff]{3,9}"
_YEAR = r"(?:18|19|20)\d\d"
_M = r"(?:1[0-2]|0?[1-9])"
_D = r"(?:3[01]|[12]\d|0?[1-9])"
_END = r"(?![A-Za-z0-9])"
_DATE = re.compile(
    rf"(?:"
    rf"{_YEAR}\s?([-/.])\s?{_M}\s?\1\s?{_D}"
    rf"|{_D}\s?([-/.])\s?{_D}\s?\2\s?(?:{_YEAR}|\d\d)"
    rf"|{_YEAR}\s{{0,2}}[年년]\s{{0,2}}{_M}\s{{0,2}}[月월](?:\s{{0,2}}{_D}\s{{0,2}}[日号일])?"
    rf"|{_M}\s?月\s?{_D}\s?[日号]"
    rf"|{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    rf"|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d"
    rf"|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:19|20)\d\d"
    rf"|{_D} (?:0[1-9]|1[0-2]) {_YEAR}"
    rf"|{_D}(?:st|nd|rd|th|er|[.º°])?[ /-]?(?:of |de )?(?:{_MONTH}|{_RUSSIAN_MONTH}),?(?: del?)?[ /-]?"
    rf"(?:{_YEAR}|\d\d))(?:{_END}|(?=T[0-9]{{2}}:))",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"[0-9](?<![A-Za-z0-9].)")
# Months come before their days, too.
_MONTH_BEFORE = re.compile(rf"(?<![^\W\d_]){_MONTH}[ -]\Z", re.IGNORECASE)
_MONTH_CHARS = 13
_DAY_AND_YEAR = re.compile(rf"{_D}(?:st|nd|rd|th)?,?[ -]{_YEAR}{_END}", re.IGNORECASE)
# Without its day only where it is asked for so.
_MONTH_OF_BIRTH = re.compile(
    rf"(?:出生|生)年月日?期?[^0-9\n]{{0,6}}(?P<date>{_YEAR}(?:\s?[-/.]\s?{_M}|0[1-9]|1[0-2]))"
    r"(?![A-Za-z0-9]|[-/.][0-9])"
)
_NEAR = 40
_CLOCK = re.compile(r"(?:[T ][0-9:.+Z-]{4,24})?")


def find(reading: Reading) -> Iterator[Finding]:
    if not may_say_birth(reading):
        return
    text = reading.text
    in_columns = dict(_in_columns(text))
    # Beside a column of births stand others, of other dates.
    rows = {_line_start(text, start) for start in in_columns}
    for start, end in in_columns.items():
        yield _finding(reading, start, end, "date in a column of births")
    for start, end in _dates(text):
        is_other = start in in_columns or _is_in_row(text, start, rows)
        if not is_other and is_beside_birth(reading, start, end):
            yield _finding(reading, start, end, "date beside birth")
    if "年月" in text:
        for month in _MONTH_OF_BIRTH.finditer(text):
            yield _finding(reading, *month.span("date"), "month of birth")


def _dates(text: str) -> Iterator[tuple[int, int]]:
    done = 0
    for digit in _DIGIT.finditer(text):
        start = digit.start()
        if start < done:
            continue
        date = _date(text, start)
        if date is not None:
            done = date[1]
            yield date


def _date(text: str, start: int) -> tuple[int, int] | None:
    """Return from where to where the date goes whose first digit is here."""
    date = _DATE.match(text, start)
    if date is not None:
        return date.span()
    letter = text[start - 2] if start >= 2 else ""
    if letter != "." and not letter.isalpha():
        return None
    month = _MONTH_BEFORE.search(text, max(0, start - _MONTH_CHARS), start)
    rest = _DAY_AND_YEAR.match(text, start) if month else None
    return (month.start(), rest.end()) if month and rest else None


def _in_columns(text: str) -> Iterator[tuple[int, int]]:
    """Yield the dates that are all of a cell under a heading of births but for the time of day."""
    for start, end, _ in cells_under(text, names_birth):
        digit = _DIGIT.search(text, start, end)
        date = _date(text, digit.start()) if digit else None
        if date is not None and date[0] == start and _CLOCK.fullmatch(text, date[1], end):
            yield date


def _is_in_row(text: str, start: int, rows: Container[int]) -> bool:
    """Say whether a date stands in a row of a table that has its own date of birth."""
    line_start = _line_start(text, start)
    return line_start in rows and not names_birth(text[max(line_start, start - _NEAR) : start])


def _line_start(text: str, place: int) -> int:
    return text.rfind("\n", 0, place) + 1


def _finding(reading: Reading, start: int, end: int, rule: str) -> Finding:
    return Finding(*reading.span(start, end), Kind.DATE_OF_BIRTH, 0.85, rule)
