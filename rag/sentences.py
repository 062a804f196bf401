"""Split English and Chinese text into sentences, as spans of the text they came from."""

import re
from dataclasses import dataclass

_CLOSERS = re.escape("\"'”’」』】）)]》〉*_")
# Every run of marks is looked at once, from its first: a million of them take no longer each.
_END = re.compile(
    rf"(?:[。！？]++|(?<!…)…{{2,}}+)[{_CLOSERS}。！？]*+"
    rf"|(?<![.!?])[.!?]++[{_CLOSERS}]*+(?=\s|$)|\n++"
)
_SHORTENED = (
    "mr mrs ms dr prof sr jr st vs etc e.g i.e cf al fig no vol p pp ed eds art sec ch gen col"
    " capt lt sgt rev hon inc ltd co corp dept est approx jan feb mar apr jun jul aug sep sept"
    " oct nov dec u.s u.k u.n a.m p.m ph.d b.c a.d"
)
_ABBREVIATIONS = frozenset(_SHORTENED.split())
# Longer than any abbreviation; what is longer is a word like any other.
_LAST_WORD_CHARS = 16
_LAST_WORD = re.compile(r"[\w.]+\Z")
_FIRST_SIGN = re.compile(r"\S")


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
    following = _FIRST_SIGN.search(text, end.end())
    next_sign = following.group() if following else ""
    if next_sign.islower():
        return False
    last = _LAST_WORD.search(text, max(start, end.start() - _LAST_WORD_CHARS), end.start())
    word = last.group().lower() if last else ""
    if not word:
        return True
    if word in _ABBREVIATIONS:
        # "etc." and the like may also stand last; a capital after them cannot tell.
        return word in {"etc", "a.m", "p.m", "inc", "ltd", "co"} and next_sign.isupper()
    is_initial = len(word) == 1 and word.isalpha() and word != "i"
    return not (is_initial or (word.isdigit() and _is_first(text, start, last)))


def _is_first(text: str, start: int, word: re.Match[str] | None) -> bool:
    """Return whether nothing but blanks stands before the word in its sentence."""
    first = _FIRST_SIGN.search(text, start)
    return bool(word and first and first.start() == word.start())


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
