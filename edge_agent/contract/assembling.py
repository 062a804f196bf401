"""Numbers in pieces, put together: even groups with the same thing between them, halves, thousands."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from edge_agent.contract.detectors.phone_words import Words
from edge_agent.contract.readings import Reading
from edge_agent.contract.rewriting import Change, moved, reading_with
from edge_agent.contract.spreading import could_be, is_even

_HOW = "groups put together"
# What somebody names needs no check digit.
_NAMED_HOW = "put together"
_DIGITS_MIN, NAMED_DIGITS = 10, range(9, 16)
_PIECES_MAX = 20
# A number with the same thing after it and after the number that follows. Signs that stand between
# groups anywhere are looked at elsewhere; letters beside digits make words of them.
_REPEATED = re.compile(
    r"[0-9](?<![0-9].)(?=[0-9]{0,7}+(?![ \t\n.,;:/|*_·、，()\[\]-]{1,3}[0-9])"
    r"(?P<gap>[^0-9A-Za-z][^0-9]{0,23}+)(?<![A-Za-z])[0-9]{1,8}+(?P=gap)[0-9])"
)
_NUMBER = re.compile(r"[0-9]++")
# Numbers in escapes and entities are codes.
_CODE_SIGNS = frozenset("%\\")
_ENTITY = "&#"
_SUM = re.compile(r" ?= ?[0-9]")
# An amount of thousands, or a number that is parted as one.
_THOUSANDS = re.compile(
    r"[0-9](?<![0-9A-Za-z].)[0-9]{0,2}+(?P<sign>[,.'])[0-9]{3}(?P=sign)[0-9]{3}(?P=sign)[0-9]{3}"
    r"(?:(?P=sign)[0-9]{3})*+(?![0-9A-Za-z])"
)
_CARD = re.compile(r"卡|(?<![a-z])(?:card|visa)")
_ID = re.compile(r"身份|证件|(?<![a-z])(?:nhs|ssn|social security|aadhaar|id number)")
_BEFORE = 24
# What is a digit, a letter, or neither: quicker to search than the text.
_SORTS = bytes(
    ord("0") if chr(code) in "0123456789" else ord("a") if chr(code).isalnum() else ord("-")
    for code in range(0x80)
).ljust(256, b"a")
_ONE, _ONES_MIN, _THREES = b"-0-", 4, b"-000-000-000"
# Digits one by one with whatever signs between them.
_ALTERNATING = re.compile(
    r"[0-9](?<![0-9A-Za-z].)(?:[^0-9A-Za-z\u4e00-\u9fff\n]{1,3}+[0-9](?![0-9])){8,29}+"
    r"(?:[^0-9A-Za-z\u4e00-\u9fff\n]{1,3}[Xx])?(?![0-9A-Za-z])"
)
# Some of the digits in brackets.
_BRACKETED = re.compile(r"[0-9(](?<![0-9A-Za-z()].)[0-9()]{11,56}[Xx]?(?![0-9A-Za-z])")
# A line with its number, as editors show them.
_LINE = re.compile(
    r"(?P<count>[0-9](?<![0-9A-Za-z.].)[0-9]{0,2}+)[:)|\]][ \t]{0,3}(?P<digits>[0-9]{1,6}+)(?![0-9A-Za-z.:/-])"
)
_LINES_MIN, _INDENT_MAX = 3, 6
# "The first five are …, the last six …": the rest, or all of it.
_PART_NAME = r"(?:后|末|尾|中间|last|second|middle|rest|ends?|then|然|接着)"
_HALVES = re.compile(
    r"[0-9](?<![0-9].)[0-9]{2,13}+[*•]{0,14}"
    rf"(?:[^0-9\n]{{0,8}}?{_PART_NAME}[^0-9\n]{{0,12}}"
    r"(?:[0-9]{1,2} ?(?:位|digits|numbers|characters)[^0-9\n]{0,6})?[0-9]{2,14}+(?![0-9])){1,2}[Xx]?"
)
_HALF_WORDS = frozenset(("last", "second", "middle", "rest", "end", "ends", "then"))
_HALF_SIGNS = ("后", "末", "尾", "中间", "接着")
_COUNT = re.compile(r"[0-9]{1,2} ?(?:位|digits|numbers|characters)")


class _Row(NamedTuple):
    """Groups of digits, from where to where each of them stands, with the same between them."""

    gap: str
    spans: list[tuple[int, int]]

    @property
    def sizes(self) -> list[int]:
        return [end - start for start, end in self.spans]

    @property
    def places(self) -> list[int]:
        return [place for span in self.spans for place in range(*span)]


def assembled(reading: Reading) -> Iterator[Reading]:
    """Yield the text with numbers whole that are written in pieces."""
    if reading.digits < _DIGITS_MIN - 1:
        return
    sorts = reading.text.encode("ascii", "replace").translate(_SORTS)
    places = [*_evenly(reading.text), *_halves(reading), *_counted(reading.text)]
    places += _alternating(reading.text) if sorts.count(_ONE) >= _ONES_MIN else ()
    places += _bracketed(reading.text) if "(" in reading.text else ()
    words = Words(reading) if places else None
    sure: list[Change] = []
    named: list[Change] = []
    for each in places:
        digits = "".join(reading.text[place] for place in each).upper()
        change = moved(reading, each[0], each[-1] + 1, each)
        if could_be(digits):
            sure.append(change)
        elif words and len(digits) in NAMED_DIGITS and is_named(words, reading, each[0]):
            named.append(change)
    yield from reading_with(reading, iter(sure), _HOW)
    yield from reading_with(reading, iter(named), _NAMED_HOW)
    if _THREES in sorts:
        yield from reading_with(reading, _thousands(reading), _NAMED_HOW)


def _evenly(text: str) -> Iterator[Sequence[int]]:
    """Yield where the digits of a number stand that somebody has cut in even groups."""
    return (_with_letter(text, row.places) for row in _rows(text))


def _alternating(text: str) -> Iterator[Sequence[int]]:
    for run in _ALTERNATING.finditer(text):
        if "=" not in run[0] or "+" not in run[0]:
            yield _alone(run)


def _bracketed(text: str) -> Iterator[Sequence[int]]:
    return (_alone(run) for run in _BRACKETED.finditer(text) if "(" in run[0])


def _alone(run: re.Match[str]) -> list[int]:
    """Return where letters and digits stand without what parts them."""
    return [at for at in range(*run.span()) if run.string[at].isalnum()]


def _with_letter(text: str, places: list[int]) -> list[int]:
    """Add the X that may be the last of eighteen."""
    end = places[-1] + 1
    is_last = text[end : end + 1] in {"X", "x"} and not text[end + 1 : end + 2].isalnum()
    return [*places, end] if is_last and len(places) == 17 else places


def _rows(text: str) -> Iterator[_Row]:
    """Yield rows that are one number; a part of a longer row is none."""
    found = _REPEATED.search(text)
    while found is not None:
        row = _row(text, found.start(), found["gap"])
        is_code = row.gap in _CODE_SIGNS or _ENTITY in row.gap
        is_sum = "+" in row.gap and _SUM.match(text, row.spans[-1][1])
        if is_even(row.sizes) and not is_code and not is_sum:
            yield row
        found = _REPEATED.search(text, row.spans[-1][1])


def _row(text: str, start: int, gap: str) -> _Row:
    spans: list[tuple[int, int]] = []
    number = _NUMBER.match(text, start)
    while number is not None and len(spans) < _PIECES_MAX:
        spans.append(number.span())
        end = number.end()
        number = _NUMBER.match(text, end + len(gap)) if text.startswith(gap, end) else None
    return _Row(gap, spans)


def _thousands(reading: Reading) -> Iterator[Change]:
    """Yield what is parted as an amount is, and said to be a telephone or a card."""
    runs = [*_THOUSANDS.finditer(reading.text)]
    words = Words(reading) if runs else None
    for run in runs:
        start, places = run.start(), _alone(run)
        digits = "".join(reading.text[place] for place in places)
        before = reading.lowered[max(0, start - _BEFORE) : start]
        is_said = words is not None and words.say_telephone(start)
        if could_be(digits) and (is_said or _CARD.search(before)):
            yield moved(reading, *run.span(), places)


def is_named(words: Words, reading: Reading, start: int) -> bool:
    """Say whether a telephone or the number of a person is named shortly before this place."""
    before = reading.lowered[max(0, start - _BEFORE) : start]
    return words.say_telephone(start) or _ID.search(before) is not None


def _counted(text: str) -> Iterator[Sequence[int]]:
    """Yield where digits stand in lines that are counted: "1) 138", "2) 0013"."""
    if text.count("\n") < _LINES_MIN - 1:
        return
    lines: list[re.Match[str]] = []
    for line in _LINE.finditer(text):
        is_next = bool(lines) and line.start() - lines[-1].end() <= _INDENT_MAX
        if not is_next or int(line["count"]) != int(lines[-1]["count"]) + 1:
            yield from _of_lines(lines)
            lines = []
        lines.append(line)
    yield from _of_lines(lines)


def _of_lines(lines: Sequence[re.Match[str]]) -> Iterator[Sequence[int]]:
    if len(lines) >= _LINES_MIN and is_even([len(line["digits"]) for line in lines]):
        yield [place for line in lines for place in range(*line.span("digits"))]


def _halves(reading: Reading) -> Iterator[Sequence[int]]:
    """Yield what is told in two or three parts, without how many digits each of them has."""
    text = reading.text
    if not (_HALF_WORDS & reading.words or any(map(text.__contains__, _HALF_SIGNS))):
        return
    for run in _HALVES.finditer(text):
        counts = {
            place for count in _COUNT.finditer(text, *run.span()) for place in range(*count.span())
        }
        yield [
            at
            for at in range(*run.span())
            if at not in counts
            and (text[at] in "0123456789" or (text[at] in "Xx" and at == run.end() - 1))
        ]
