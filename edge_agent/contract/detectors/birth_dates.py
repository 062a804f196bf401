"""Dates of birth: a date counts only beside a word of birth."""

import re
from collections.abc import Iterator

from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.readings import Reading

_CONTEXT = re.compile(
    r"(?<![A-Za-z])(?:born|birth|birth-?day|birth-?date|date[ _-]?of[ _-]?birth|d\.?o\.?b)(?![A-Za-z])"
    r"|出生|出世|生日|生于|生辰",
    re.IGNORECASE,
)
# Every context holds one of these words or pieces, which are quicker to see than the context.
_TRIGGERS = frozenset({"born", "birth", "birthday", "birthdate", "dateofbirth", "dob"})
_PIECES = ("d.o", "do.b", "出生", "出世", "生日", "生于", "生辰")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?:18|19|20)\d\d"
_M = r"(?:1[0-2]|0?[1-9])"
_D = r"(?:3[01]|[12]\d|0?[1-9])"
_DATE = re.compile(
    rf"(?<![A-Za-z0-9])(?:"
    rf"{_YEAR}\s?([-/.])\s?{_M}\s?\1\s?{_D}"
    rf"|{_D}([-/.]){_D}\2(?:{_YEAR}|\d\d)"
    rf"|{_YEAR}\s{{0,2}}年\s{{0,2}}{_M}\s{{0,2}}月(?:\s{{0,2}}{_D}\s{{0,2}}[日号])?"
    rf"|{_M}\s?月\s?{_D}\s?[日号]"
    rf"|{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    rf"|{_D}(?:st|nd|rd|th)?[ -](?:of )?{_MONTH},?[ -](?:{_YEAR}|\d\d)"
    rf"|{_MONTH} {_D}(?:st|nd|rd|th)?,? {_YEAR}"
    rf")(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_BEFORE_REACH = 25
_OTHER_DATE = re.compile(
    r"[0-9][日号]?\s?[,，;；、。][^0-9]{1,12}$|[0-9]{4}[^0-9]{1,4}[0-9]+.{1,12}$"
)
_AFTER = re.compile(r"[^.。;；,，\n!?！？]{0,25}")


def find(reading: Reading) -> Iterator[Finding]:
    text = reading.text
    if _TRIGGERS.isdisjoint(reading.words) and not any(map(reading.lowered.__contains__, _PIECES)):
        return
    for match in _DATE.finditer(text):
        if _is_beside_birth(text, match):
            yield Finding(
                *reading.span(*match.span()), Kind.DATE_OF_BIRTH, 0.85, "date beside birth"
            )


def _is_beside_birth(text: str, match: re.Match[str]) -> bool:
    """Say whether birth is named shortly before, or shortly after in the same clause."""
    start = match.start()
    # The window is widened by the longest word so that a word cut in half still counts.
    for word in _CONTEXT.finditer(text, max(0, start - _BEFORE_REACH - 16), start):
        if start - word.end() <= _BEFORE_REACH:
            # A date of its own name stands after the one of birth, in the next clause.
            return _OTHER_DATE.search(text, word.end(), start) is None
    after = _AFTER.match(text, match.end())
    return after is not None and _CONTEXT.search(after.group()) is not None
