"""A user and a password told together: "credentials: anna:wolke99", "login: anna / wolke99"."""

import re
from collections.abc import Iterator

from edge_agent.contract.detectors.password_values import is_strong, looks_like_one
from edge_agent.contract.readings import Reading

_PAIR_WORDS = frozenset(
    [
        *("credentials", "credential", "creds", "cred", "login", "logon", "signin"),
        *("zugangsdaten", "zugang", "anmeldedaten", "auth", "pass", "identifiants"),
        *("username",),
    ]
)
_LOG_WORDS = frozenset(["log", "sign", "logging"])
WORDS = _PAIR_WORDS | _LOG_WORDS
LETTERS = ("码", "密")
_PAIR = re.compile(
    r"[aciluz](?<![a-z].)(?:(?<=c)red(?:ential)?s?|(?<=l)og(?:in|on)|(?<=z)ugang(?:sdaten)?|(?<=a)nmeldedaten"
    r"|(?<=i)dentifiants|(?<=a)uth|(?<=u)ser(?:name)?\s?[/:]\s?pass(?:word)?)(?![a-z])"
    r"(?:\s(?:for|to|für|zum)(?:\s[a-z0-9-]{1,16}){1,2}?)?(?:\s?(?:is|are|sind|lauten|[:=])|(?=\s))\s{0,2}[\"'`(]?"
    r"(?P<user>[\w.@+-]{2,64})(?P<sign>\s?[:/|]\s?|\s-\s)(?P<value>[!-~]{6,64})"
)
_CHINESE_PAIR = re.compile(
    r"(?:账号密码|帐号密码|账密|用户名密码|账号/密码|用户名/密码)\s?(?:是|为|都是)?\s?[:：]?\s?"
    r"(?P<user>[\w.@+-]{2,64})(?P<sign>\s?[:/|]\s?|\s)(?P<value>[!-~]{6,64})"
)
_USED = re.compile(
    r"[uetw](?<![a-z].)(?:(?<=u)se|(?<=e)nter|(?<=t)ry|(?<=t)ype|(?<=w)ith)\s[\"'`]?(?P<value>[!-~]{6,64})"
    r"\s(?:to|for)\s(?:log(?:ging)?|sign(?:ing)?)[ -]?(?:in|on)(?![a-z])"
)
_SIGNS = "\"'`.,;:)?"
_SCORE = 0.7


def pairs(reading: Reading) -> Iterator[tuple[int, int, float, str]]:
    """Yield where each password begins and ends, how sure it is, and why."""
    text, words = reading.lowered, reading.words
    if not _PAIR_WORDS.isdisjoint(words):
        for match in _PAIR.finditer(text):
            yield from _second(reading, match)
    if not text.isascii() and any(map(text.__contains__, LETTERS)):
        for match in _CHINESE_PAIR.finditer(text):
            yield from _second(reading, match)
    if not _LOG_WORDS.isdisjoint(words):
        for match in _USED.finditer(text):
            value = reading.text[slice(*match.span("value"))].rstrip(_SIGNS)
            if is_strong(value):
                start = match.start("value")
                yield start, start + len(value), _SCORE, "value to log in with"


def _second(reading: Reading, match: re.Match[str]) -> Iterator[tuple[int, int, float, str]]:
    start = match.start("value")
    value = reading.text[start : match.end("value")].rstrip(_SIGNS)
    # With a bar alone between, the two may be parts of a path.
    judge = looks_like_one if " " in match["sign"] or ":" in match["sign"] else is_strong
    if judge(value):
        yield start, start + len(value), _SCORE, "user and password"
