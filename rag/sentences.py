"""Split English and Chinese text into sentences, as spans of the text they came from."""

import re
from dataclasses import dataclass

_CLOSERS = re.escape("\"'”’」』】）)]》〉*_")
# What once ended no sentence ends none with fewer of its signs, so that nothing is tried twice.
_END = re.compile(
    rf"(?:[。！？]+|…{{2,}}+)[{_CLOSERS}。！？]*|(?<![.!?])[.!?]++[{_CLOSERS}]*+(?=\s|$)|\n+"
)
_SHORTENED = (
    "mr mrs ms dr prof sr jr st vs etc e.g i.e cf al fig no vol p pp ed eds art sec ch gen col"
    " capt lt sgt rev hon inc ltd co corp dept est approx jan feb mar apr jun jul aug sep sept"
    " oct nov dec u.s u.k u.n a.m p.m ph.d b.c a.d"
)
_ABBREVIATIONS = frozenset(_SHORTENED.split())
_LAST_WORD = re.compile(r"[\w.]+\Z")
# No abbreviation is as long, nor the number of a list's item with the blanks before it.
_LAST_WORD_CHARS = 32
_NEXT = re.compile(r"\S")


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int


def split_sentences(text: str) -> list[Span]:
    """Return the spans of the sentences, without the blanks around them.

    A line end always ends a sentence (loaders join wrapped lines); decimals, initials
    and common abbreviations do not.
    """
    spans: list[Span] = []
    start = 0
    for end in _END.finditer(text):
        if end.group().startswith(".") and not _is_full_stop(text, start, end):
            continue
        _append_trimmed(spans, text, start, end.end())
        start = end.end()
    _append_trimmed(spans, text, start, len(text))
    return spans


def _is_full_stop(text: str, start: int, end: re.Match[str]) -> bool:
    next_letter = _NEXT.search(text, end.end())
    following = next_letter.group() if next_letter else ""
    if following.islower():
        return False
    last = _LAST_WORD.search(text, max(start, end.start() - _LAST_WORD_CHARS), end.start())
    word = last.group().lower() if last else ""
    if not word:
        return True
    if word in _ABBREVIATIONS:
        # "etc." and the like may also stand last; a capital after them cannot tell.
        return word in {"etc", "a.m", "p.m", "inc", "ltd", "co"} and following.isupper()
    is_initial = len(word) == 1 and word.isalpha() and word != "i"
    return not (is_initial or (word.isdigit() and _begins_item(text, start, end.start())))


def _begins_item(text: str, start: int, end: int) -> bool:
    """Say whether a number stands alone before its full stop, as before the item of a list."""
    return end - start <= _LAST_WORD_CHARS and text[start:end].strip().isdigit()


def _append_trimmed(spans: list[Span], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        return
    if spans and not any(map(str.isalnum, text[start:end])):
        # Stray marks ("...", a closing quote) belong to the sentence before them.
        start = spans.pop().start
    spans.append(Span(start, end))
