"""Numbers with something written to them: a word, an underscore, a plus that stands for a space.

So they stand in the names of files and fields, in addresses and in hurried notes: "scan_13800138000.pdf",
"tel13800138000". Of a code, where letters and digits take turns, nothing is parted.
"""

import re
from collections.abc import Iterator

from edge_agent.contract.detectors.order_words import is_after_order
from edge_agent.contract.readings import Reading
from edge_agent.contract.rewriting import Change, reading_with

_DIGITS_MIN = 9
_NUMBER = re.compile(r"[0-9](?<![0-9].)(?:[ .-]?[0-9]){8,29}(?![0-9])")
_WORD_BEFORE = re.compile(r"[A-Za-z]{3,20}\Z")
_WORD_AFTER = re.compile(r"[A-Za-z]{3,20}(?![A-Za-z0-9])")
_IN_CODE = re.compile(r"[A-Za-z0-9]")
# Short words in capitals are the beginnings of codes, but these say what the number is.
_CAPITALS = frozenset("VISA AMEX CARD TEL MOB MOBILE PHONE CELL FAX ACCT SSN".split())  # noqa: SIM905
_CAPITALS_MAX = 6
_QUERY = re.compile(r"[?&][^\s?&=]{1,40}=[^\s&]{0,80}\Z")
_BEFORE_MAX = 130


def parted(reading: Reading) -> Iterator[Reading]:
    """Yield the text with spaces where a number begins and ends."""
    if reading.digits >= _DIGITS_MIN:
        yield from reading_with(reading, _parts(reading.text), "parted")


def _parts(text: str) -> Iterator[Change]:
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        before, after = _before(text, start), _after(text, end)
        if before is None or after is None or not before + after:
            continue
        if is_after_order(text, start):
            continue
        first = start - 1 if before else start
        last = end + 1 if after else end
        yield _spaced(text, first, last, start, end)


def _spaced(text: str, first: int, last: int, start: int, end: int) -> Change:
    """Return the number between spaces; a letter beside it stays, a sign gives way."""
    places, letters = [*range(start, end)], text[start:end]
    if first < start:
        letters = (f"{text[first]} " if text[first].isalpha() else " ") + letters
        places = [first] * (len(letters) - (end - start)) + places
    if last > end:
        beside = f" {text[end]}" if text[end].isalpha() else " "
        letters, places = letters + beside, places + [end] * len(beside)
    return Change(first, last, letters, places)


def _before(text: str, start: int) -> str | None:
    """Return what is written to the number before it, nothing, or None where it is of a code."""
    sign = text[start - 1 : start]
    if sign == "_" or (sign == "+" and _QUERY.search(text, max(0, start - _BEFORE_MAX), start)):
        return sign
    if not _IN_CODE.match(sign):
        return ""
    word = _WORD_BEFORE.search(text, max(0, start - 21), start)
    if word is None or _IN_CODE.match(text[word.start() - 1 : word.start()]):
        return None
    is_code = word[0].isupper() and len(word[0]) <= _CAPITALS_MAX and word[0] not in _CAPITALS
    return None if is_code else word[0]


def _after(text: str, end: int) -> str | None:
    """Return what is written to the number after it, nothing, or None where it is of a code."""
    sign = text[end : end + 1]
    if sign == "_":
        return sign
    if not _IN_CODE.match(sign):
        return ""
    word = _WORD_AFTER.match(text, end)
    return None if word is None else word[0]
