"""Names one after the other: what alone may be a word or a place is a name among names."""

import re
from collections.abc import Iterator, Mapping

from edge_agent.contract.detectors.name_forms import (
    FIRSTS,
    GIVEN,
    HAN,
    LETTER,
    PART_REST,
    SECOND,
    UPPER,
    Found,
    is_chinese_word,
    is_name_only,
)

_LISTED = re.compile(rf"[{UPPER}](?<![{LETTER}0-9_@].){PART_REST}(?![{LETTER}0-9_@])")
_LIST = re.compile(rf"{_LISTED.pattern}(?:(?:,|,? (?:and|&|or)) {_LISTED.pattern}){{2,50}}")
_PART = "、，, \u3000"
# Of three names at least one stands in the middle; most texts have no such place.
_CHINESE_MIDDLE = re.compile(rf"[{_PART}][{FIRSTS}]{SECOND}{GIVEN}{{1,2}}(?=[{_PART}和与及以])")
_CHINESE_NAME = re.compile(rf"[{FIRSTS}]{SECOND}{GIVEN}{{1,2}}")
_CHINESE_LIST = re.compile(
    rf"[{HAN}](?<![{HAN}].)[{HAN}]{{1,3}}(?:[{_PART}]{{1,2}}[{HAN}]{{2,4}}){{2,50}}(?![{HAN}])"
)
# In a sentence, where only the names themselves say how far the list goes.
_CHINESE_ROW_NAME = re.compile(rf"[{FIRSTS}]{SECOND}(?:(?!和){GIVEN}){{1,2}}")
_CHINESE_ROW = re.compile(
    rf"{_CHINESE_ROW_NAME.pattern}(?:[、，]{_CHINESE_ROW_NAME.pattern}){{1,50}}"
    rf"(?:[、和与及]|以及){_CHINESE_ROW_NAME.pattern}"
)
_CHINESE_LISTED = re.compile(rf"[{HAN}]{{2,4}}")
_KNOWN_MIN = 3


def listed_names(text: str, alone: Mapping[int, int]) -> Iterator[Found]:
    """Yield the words of lists most of which are given names, `alone` from where to where."""
    known = {start for start, end in alone.items() if is_name_only(text[start:end])}
    for match in _LIST.finditer(text) if len(known) >= _KNOWN_MIN else ():
        names = [name.span() for name in _LISTED.finditer(text, *match.span())]
        yield from _people(names, sum(start in known for start, _end in names))


def listed_chinese_names(text: str) -> Iterator[Found]:
    """Yield the words of lists most of which could be a family name and a given one."""
    if not _CHINESE_MIDDLE.search(text):
        return
    for match in _CHINESE_LIST.finditer(text):
        names = [name.span() for name in _CHINESE_LISTED.finditer(text, *match.span())]
        known = (
            _CHINESE_NAME.fullmatch(text, *name) and not is_chinese_word(text[slice(*name)])
            for name in names
        )
        yield from _people(names, sum(map(bool, known)))
    for match in _CHINESE_ROW.finditer(text):
        names = [name.span() for name in _CHINESE_ROW_NAME.finditer(text, *match.span())]
        if not any(is_chinese_word(text[slice(*name)]) for name in names):
            yield from _people(names, len(names))


def _people(names: list[tuple[int, int]], known: int) -> Iterator[Found]:
    if known >= _KNOWN_MIN and known * 2 > len(names):
        yield from ((*name, 0.75, "one of a list of names") for name in names)
