"""Strings that a program puts together: "ab" + "cd", join and concat, fields of which one goes on."""

import re
from collections.abc import Iterator

from edge_agent.contract.assembling import NAMED_DIGITS, is_named
from edge_agent.contract.detectors.phone_words import Words
from edge_agent.contract.readings import Reading
from edge_agent.contract.rewriting import Change, moved, reading_with, without
from edge_agent.contract.spreading import could_be

_HOW, _DIGITS_HOW = "strings put together", "groups put together"
_QUOTES = "\"'`"
_PIECE_CHARS_MAX, _CHARS_MIN, _REACH = 80, 6, 48
# The end of a string, what puts another to it, and where that begins.
_SEAM = re.compile(
    r"[\"'`](?:[ \t]{0,4}\\?\r?\n?[ \t]{0,12}(?P<sign>\+|\.{1,2}|&|\|\||~|<>|,)?[ \t]{0,4}\\?\r?\n?[ \t]{0,12}"
    r"|\)\s{0,12}\.(?:append|concat)\(|\}\$\{)[\"'`]"
)
_CALL = r"(?:[\"'`]{2}\s?\.join\(\s?[\[(]|concat\(|array\(|implode\([\"'`]{2}\s?,\s?\[|(?:new )?stringbuilder\(\)\.append\()"
_BEFORE = re.compile(rf"(?:{_CALL}|`?\$\{{|[\[(])\s{{0,12}}\Z", re.IGNORECASE)
_CALLED = re.compile(rf"{_CALL}\s*\Z", re.IGNORECASE)
_AFTER = re.compile(r"\s{0,12}[\])}]{1,2}`?(?:\.join\([\"'`]{2}\))?")
# A name that ends in 1 or a, its value, and the next one of the same name.
_FIELD = re.compile(r"[1aA](?=[\"']? {0,2}[:=])")
_IS_IN_WORD = re.compile(r"[A-Za-z0-9]")
_NAME = re.compile(r"[\"']?[A-Za-z_]{0,16}\Z")
_VALUE = re.compile(r"[\"']?\s{0,2}[:=]>?\s{0,2}[\"']?(?P<value>[^\s\"',;{}&]{2,80})[\"']?")
_NEXT = re.compile(r"[\s,;&]{1,8}[\"']?")
_FIELDS_MAX = 8
# "ghp_ab ... then ... cd".
_DOTS = "..."
_GOES_ON = re.compile(
    r" ?\.{3} ?(?:and )?(?:then|followed by|dann|puis|luego|然后|接着|后面是)[ :]?(?: ?\.{3} ?)?(?=[!-~])"
)


def composed(reading: Reading) -> Iterator[Reading]:
    """Yield the text with such strings whole."""
    text = reading.text
    changes: list[Change] = []
    if sum(map(text.count, _QUOTES)) >= 4:
        changes += _chains(reading)
    if "=" in text or ":" in text:
        changes += _fields(reading)
    if _DOTS in text:
        changes += (without(reading, [gap.span()]) for gap in _GOES_ON.finditer(text))
    strings = (change for change in changes if not _is_number(change.text))
    yield from reading_with(reading, strings, _HOW)
    # Of digits more is something by chance, and must prove itself.
    numbers = (change for change in changes if _is_number(change.text))
    yield from reading_with(reading, numbers, _DIGITS_HOW)


def _is_number(text: str) -> bool:
    digits = text.strip(_QUOTES)
    return digits.isdigit() and could_be(digits)


def _chains(reading: Reading) -> Iterator[Change]:
    """Yield strings with seams between them as one, in the quotes of the first and the last."""
    text = reading.text
    chain: list[re.Match[str]] = []
    seam = _SEAM.search(text)
    while seam is not None:
        if chain and not _goes_on(text, chain[-1], seam):
            yield from _whole(reading, chain)
            chain = []
        chain.append(seam)
        # The quote after the seam is before the next string.
        seam = _SEAM.search(text, seam.end())
    if chain:
        yield from _whole(reading, chain)


def _goes_on(text: str, before: re.Match[str], seam: re.Match[str]) -> bool:
    """Say whether one string, and no more, is between these two seams."""
    piece = text[before.end() : seam.start()]
    is_piece = 0 < len(piece) <= _PIECE_CHARS_MAX and piece.isprintable()
    is_same = text[before.end() - 1] == seam[0][0] and before["sign"] == seam["sign"]
    return is_piece and is_same and seam[0][0] not in piece


def _whole(reading: Reading, chain: list[re.Match[str]]) -> Iterator[Change]:
    text = reading.text
    quote, last_quote = chain[0][0][0], chain[-1][0][-1]
    start = text.rfind(quote, max(0, chain[0].start() - _PIECE_CHARS_MAX), chain[0].start())
    end = text.find(last_quote, chain[-1].end(), chain[-1].end() + _PIECE_CHARS_MAX)
    if start < 0 or end < 0:
        return
    seams = {place for seam in chain for place in range(*seam.span())}
    places = [place for place in range(start, end + 1) if place not in seams]
    value = "".join(text[place] for place in places[1:-1])
    before = text[max(0, start - _REACH) : start]
    is_list = chain[0]["sign"] == "," and not _CALLED.search(before)
    if _may_say(reading, value, start) and not (is_list and _is_list(value, before)):
        opening = _BEFORE.search(before)
        closing = _AFTER.match(text, end + 1) if opening else None
        start -= len(opening[0]) if opening else 0
        yield moved(reading, start, closing.end() if closing else end + 1, places)


def _may_say(reading: Reading, value: str, start: int) -> bool:
    """Say whether a string of pieces is worth reading: any digits are some number."""
    if len(value) < _CHARS_MIN or "\n" in value:
        return False
    if not value.isdigit() or could_be(value):
        return True
    return len(value) in NAMED_DIGITS and is_named(Words(reading), reading, start)


def _is_list(value: str, before: str) -> bool:
    """Say whether these are rather several strings: sentences, or numbers."""
    return value.isdigit() or " " in value or _BEFORE.search(before) is None


def _fields(reading: Reading) -> Iterator[Change]:
    """Yield values whose names count up ("part1", "part2"; "a", "b") as one."""
    text = reading.text
    for match in _FIELD.finditer(text):
        name = _NAME.search(text, max(0, match.start() - 18), match.start())
        if name is None or (name.start() and _IS_IN_WORD.match(text, name.start() - 1)):
            continue
        spans = _values(text, match, name[0].lstrip("\"'"))
        places = [place for span in spans for place in range(*span)]
        value = "".join(text[place] for place in places)
        # More numbers than two are a table.
        if len(spans) < 2 or (value.isdigit() and len(spans) > 2):
            continue
        start, end = name.start(), spans[-1][1]
        if _may_say(reading, value, start):
            start -= text[start - 1 : start] == "{"
            yield moved(reading, start, end + (text[end : end + 1] in _QUOTES), places)


def _values(text: str, first: re.Match[str], stem: str) -> list[tuple[int, int]]:
    """Return where the values of this name stand, and of those that follow it in order."""
    spans: list[tuple[int, int]] = []
    count, end = ord(first[0]), first.end()
    while (value := _VALUE.match(text, end)) and len(spans) < _FIELDS_MAX:
        spans.append(value.span("value"))
        count += 1
        gap = _NEXT.match(text, value.end())
        following = stem + chr(count)
        if gap is None or not text.startswith(following, gap.end()):
            break
        end = gap.end() + len(following)
    return spans
