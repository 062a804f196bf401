"""A password told before its name: "wolke99 is the password", "log in with wolke99 as the password"."""

import re

from edge_agent.contract.detectors.password_values import looks_like_one
from edge_agent.contract.detectors.password_words import Cue

_REACH = 96
# Between the verb and the name: "the new wifi".
_FILLING = re.compile(r"[a-zäöüßéèñ'’-]{1,12}")
_FILLINGS_MAX = 4
_VERBS = frozenset(
    [
        *(
            "is",
            "was",
            "as",
            "that's",
            "thats",
            "ist",
            "als",
            "est",
            "comme",
            "es",
            "como",
            "è",
            "é",
        ),
        "come",
    ]
)
# "For the password" says what a thing is used for, or what somebody is asked for.
_FOR = frozenset(["for", "für", "fuer", "pour", "para", "per"])
_USE = frozenset(["use", "try", "enter", "type", "using", "nimm", "nehmt", "utilise", "usa"])
# What the name is part of is a thing about passwords: "password manager", "password-protected".
_ENDS = re.compile(
    r"[\"'”»*_`)]{0,2}(?:\s{0,3}(?:\Z|[.,;:!?)\]|\n，。；！）])"
    r"|\s(?:for|to|on|of|and|but|or|in|at|now|then|für|fuer|zum|und|pour|et|para|del|y|per)(?![a-z]))"
)
_CHINESE = re.compile(r"(?P<value>[!-~]{6,64}) ?(?:就?是|作为|当)[\u4e00-\u9fffA-Za-z]{0,6}\Z")
_DASHES = frozenset(["-", "–", "—", "="])
_MARKS = "\"'“”‘’`*()[]<>«»,;:"
_ENDING_MARKS = "\"'“”‘’`*()[]<>«»,;:.?"


def value_before(text: str, cue: Cue) -> tuple[int, int] | None:
    """Return where the value begins and ends that is said to be what is named."""
    begin = max(0, cue.start - _REACH)
    if not cue.is_spaced:
        match = _CHINESE.search(text, begin, cue.start)
        return _stripped(text, *match.span("value")) if match is not None else None
    if text[cue.start - 1 : cue.start] != " " or not _ENDS.match(text, cue.end):
        return None
    end = cue.start - 1
    for _ in range(_FILLINGS_MAX + 1):
        start = _begin_of_word(text, begin, end)
        word = text[start:end].lower()
        if start == begin or not word:
            return None
        if word in _VERBS or word in _FOR:
            return _value_before(text, begin, start, is_for=word in _FOR)
        if not _FILLING.fullmatch(word):
            return None
        end = start - 1
    return None


def _begin_of_word(text: str, begin: int, end: int) -> int:
    return max(text.rfind(" ", begin, end), text.rfind("\n", begin, end), begin - 1) + 1


def _value_before(text: str, begin: int, verb: int, *, is_for: bool) -> tuple[int, int] | None:
    """Return what stands before the verb; for "for", only if one is to use it."""
    end = verb - 1
    start = _begin_of_word(text, begin, end)
    if text[start:end] in _DASHES:
        end, start = start - 1, _begin_of_word(text, begin, start - 1)
    if is_for:
        before = _begin_of_word(text, begin, start - 1)
        if text[before : start - 1].lower() not in _USE:
            return None
    return _stripped(text, start, end)


def _stripped(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the value without what is around it, if it looks like one."""
    token = text[start:end]
    value = token.lstrip(_MARKS).rstrip(_ENDING_MARKS)
    first = start + len(token) - len(token.lstrip(_MARKS))
    return (first, first + len(value)) if looks_like_one(value) else None
