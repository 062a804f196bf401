"""Resident identity numbers of the mainland, Hong Kong and Taiwan."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import chain

from edge_agent.contract.detectors.order_words import is_after_order
from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.readings import Reading

_HAS_SIX_DIGITS = re.compile(r"[0-9][0-9 ._-]{5}")
_LONG = re.compile(
    r"[1-8](?<![0-9].)(?<![0-9]\..)(?:[ ._-]?[0-9]){16}[ ._-]?[0-9Xx](?![0-9])(?!\.[0-9])"
)
_OLD = re.compile(
    r"[1-8](?<![0-9A-Za-z_].)(?<![0-9][.-].)[0-9]{5}([ -]?)[0-9]{6}\1[0-9]{3}(?![0-9A-Za-z_])(?![.-][0-9])"
)
_HONG_KONG = re.compile(
    r"([A-Z](?<![A-Za-z0-9].)[A-Z]?)([0-9]{6}) ?([(（]?)([0-9A])([)）]?)(?![A-Za-z0-9])"
)
_TAIWAN = re.compile(r"[A-Z](?<![A-Za-z0-9_-].)[1289][0-9]{8}(?![A-Za-z0-9_-])")

# After its digits: a sign, the X in place of the last, and what must not follow.
_SIGNS_AFTER = 4

_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
# How people part the eighteen: region, birth, rest; or in fours like a card.
_USUAL_GROUPS = frozenset({(18,), (6, 8, 4), (6, 12), (14, 4), (6, 4, 4, 4), (3, 3, 4, 4, 4)})
_YEARS = range(1890, 2040)
_TAIWAN_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"

_IDENTITY = re.compile(
    r"身份|证件|身分|香港|台湾|臺灣|HKID|identity|(?<![a-z])ID(?![a-z])", re.IGNORECASE
)


def find(reading: Reading) -> Iterator[Finding]:
    if not _HAS_SIX_DIGITS.search(reading.text):
        return
    yield from _mainland(reading)
    yield from _old(reading)
    yield from _hong_kong(reading)
    yield from _taiwan(reading)


def _mainland(reading: Reading) -> Iterator[Finding]:
    for match in chain.from_iterable(_longs(reading.text, *each) for each in reading.numbers):
        number = re.sub("[ ._-]", "", match[0]).upper()
        if _CHECKS[_weighed(number) % 11] == number[17]:
            score, rule = 0.98, "checksum holds"
        elif tuple(map(len, re.split("[ ._-]", match[0]))) in _USUAL_GROUPS:
            score, rule = 0.75, "checksum fails"
        else:
            score, rule = 0.4, "checksum fails, groups unusual"
        yield _finding(reading, match, score, rule)


def _longs(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Yield what has a region and a date, also right after another number."""
    until = end + _SIGNS_AFTER
    match = _LONG.search(text, start, until)
    while match is not None:
        number = re.sub("[ ._-]", "", match[0])
        is_number = number[:2] in _PROVINCES and _is_date(number[6:14])
        if is_number:
            yield match
        match = _LONG.search(text, match.end() if is_number else match.start() + 1, until)


def _weighed(number: str) -> int:
    return sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number[:17], strict=True))


def _old(reading: Reading) -> Iterator[Finding]:
    """Yield those of fifteen digits, in use until 1999: there is no checksum in them."""
    for match in chain.from_iterable(
        _OLD.finditer(reading.text, start, end + _SIGNS_AFTER) for start, end in reading.numbers
    ):
        number = re.sub("[ -]", "", match[0])
        # The second pair names a city or prefecture: 01 … 70, or 90 for what is run directly.
        is_region = number[:2] in _PROVINCES and ("00" < number[2:4] <= "70" or number[2:4] == "90")
        if not is_region or not _is_date("19" + number[6:12]):
            continue
        if _IDENTITY.search(_before(match)):
            yield _finding(reading, match, 0.95, "old form with region and date, named")
            continue
        score = 0.4 if is_after_order(reading.text, match.start()) else 0.8
        yield _finding(reading, match, score, "old form with region and date")


def _is_date(digits: str) -> bool:
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:8])
    if year not in _YEARS:
        return False
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _hong_kong(reading: Reading) -> Iterator[Finding]:
    for match in _HONG_KONG.finditer(reading.text):
        letters, digits, opening, check, closing = match.groups()
        is_bracketed = bool(opening and closing)
        if bool(opening) != bool(closing):
            continue
        is_named = _IDENTITY.search(_before(match)) is not None
        if not is_bracketed and not is_named:
            continue
        holds = _is_hong_kong(letters, digits, check)
        if holds:
            yield _finding(reading, match, 0.9, "Hong Kong check digit holds")
        else:
            score = 0.6 if is_bracketed or is_named else 0.4
            yield _finding(reading, match, score, "Hong Kong check digit fails")


def _is_hong_kong(letters: str, digits: str, check: str) -> bool:
    values = [36] * (2 - len(letters)) + [ord(letter) - 55 for letter in letters]
    values += [*map(int, digits), int(check, 16)]
    return (
        sum(weight * value for weight, value in zip(range(9, 0, -1), values, strict=True)) % 11 == 0
    )


def _taiwan(reading: Reading) -> Iterator[Finding]:
    for match in _TAIWAN.finditer(reading.text):
        if _is_taiwan(match[0]):
            score = 0.45 if is_after_order(reading.text, match.start()) else 0.85
            yield _finding(reading, match, score, "Taiwan check digit holds")
        elif _IDENTITY.search(_before(match)):
            yield _finding(reading, match, 0.6, "Taiwan check digit fails")


def _is_taiwan(number: str) -> bool:
    tens, ones = divmod(_TAIWAN_LETTERS.index(number[0]) + 10, 10)
    digits = [tens, ones, *map(int, number[1:])]
    weights = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
    return sum(a * b for a, b in zip(weights, digits, strict=True)) % 10 == 0


def _before(match: re.Match[str]) -> str:
    return match.string[max(0, match.start() - 16) : match.start()]


def _finding(reading: Reading, match: re.Match[str], score: float, rule: str) -> Finding:
    return Finding(*reading.span(*match.span()), Kind.RESIDENT_ID, score, rule)
