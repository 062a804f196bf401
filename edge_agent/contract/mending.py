"""Strings that a line end or a tab cuts in two, put together again."""

import re
from collections.abc import Iterator
from itertools import pairwise

from edge_agent.contract.readings import Reading
from edge_agent.contract.rewriting import Change, reading_with, without

_HOW = "over a line end"
# A string that a line end or a tab cuts in two.
_BROKEN = re.compile(r"(?:\r?\n|[\t\x0b\x0c\x85\u2028\u2029])[ \t]{0,8}(?=[!-~])")
_BROKEN_SIGNS = ("\n", "\t", "\x0b", "\x0c", "\x85", "\u2028", "\u2029")
_SIDE = 80
# Read from behind, so that it ends where the search begins.
_SIDE_BEFORE = re.compile(r"[ \u4e00-\u9fff]?[!-~]*")
_SIDE_AFTER = re.compile(r"[!-~]+")
# So many digits beside a line end are of one number, or of two that stand in a list.
_NEAR, _NEAR_DIGITS_MIN = 10, 5
_WHOLE_ADDRESS = re.compile(r"@[A-Za-z0-9-]+\.[A-Za-z0-9.-]*[A-Za-z]{2}$")
_OF_KEY = re.compile("[a-z][A-Z]")
# A string that is cut into lines of one length.
_LAST_TOKEN = re.compile(r"[!-~]+\Z")
_FIRST_TOKEN = re.compile(r"[!-~]+")
_LINES_MIN, _LINE_CHARS = 3, range(5, 41)
_CUT_DIGITS_MIN, _CUT_LONG_CHARS, _CUT_WORD_CHARS = 4, 14, 2


def mended(reading: Reading) -> Iterator[Reading]:
    """Yield the text without the line ends that may stand in the midst of a string."""
    if any(map(reading.text.__contains__, _BROKEN_SIGNS)):
        yield from reading_with(reading, _mended(reading), _HOW)
    if reading.text.count("\n") >= _LINES_MIN - 1:
        yield from reading_with(reading, _wrapped(reading), _HOW)


def _mended(reading: Reading) -> Iterator[Change]:
    text = reading.text
    for gap in _BROKEN.finditer(text):
        after = _SIDE_AFTER.match(text, gap.end(), gap.end() + _SIDE)
        before = _before(text, gap.start())
        if after is None or _is_listed(before, after[0]):
            continue
        near = text[max(0, gap.start() - _NEAR) : gap.end() + _NEAR]
        if sum(map(str.isdigit, near)) >= _NEAR_DIGITS_MIN or _is_cut(before, after[0]):
            # A space beside the cut was there before it.
            is_spaced = text[gap.end() - 1] == " "
            yield without(reading, [(gap.start(), gap.end() - is_spaced)])


def _before(text: str, end: int) -> str:
    side = _SIDE_BEFORE.match(text[max(0, end - _SIDE) : end][::-1])
    return side[0][::-1] if side else ""


def _wrapped(reading: Reading) -> Iterator[Change]:
    """Yield strings cut into lines as long as the first of them, but for the last."""
    lines = reading.text.split("\n")
    place = 0
    gaps: list[tuple[int, int]] = []
    size = 0
    # Nothing goes on after the last line.
    for line, following in pairwise((*lines, "")):
        place += len(line)
        if not gaps:
            token = _LAST_TOKEN.search(line[-_SIDE:])
            size = len(token[0]) if token else 0
        is_full = size in _LINE_CHARS and (not gaps or len(line) == size)
        piece = _FIRST_TOKEN.match(following)
        if is_full and piece and len(piece[0]) <= size:
            gaps.append((place, place + 1))
        else:
            if len(gaps) >= _LINES_MIN - 1:
                yield without(reading, gaps)
            gaps = []
        place += 1


def _is_listed(before: str, after: str) -> bool:
    """Say whether a word ends its line and a number begins the next: neither is half of one."""
    is_word = before.isalpha() and before.islower()
    return is_word and after[0] in "+(0123456789" and "@" not in after


def _is_cut(before: str, after: str) -> bool:
    """Say whether these two may be the halves of one string, and not two words or lines."""
    if _WHOLE_ADDRESS.search(before):
        return False
    if "@" in before + after or (before[-1:].isdigit() and after[0].isdigit()):
        return True
    if before[-1:] == " ":
        return before[-2:-1].isdigit() and after[0].isdigit()
    digits = sum(letter.isdigit() for letter in before + after)
    is_word = before.isalpha() and after.isalpha()
    is_mixed = digits > 0 or (_OF_KEY.search(before) and _OF_KEY.search(after))
    is_long = len(before) + len(after) >= _CUT_LONG_CHARS and is_mixed
    is_end = is_word and len(after) <= _CUT_WORD_CHARS
    return digits >= _CUT_DIGITS_MIN or bool(is_long) or is_end
