"""Keys of programs: private keys, signed tokens, and the API keys of well-known services."""

import json
import re
from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator

from edge_agent.contract.detectors.key_prefixes import BEGIN, CERTAIN, CERTAIN_PIECES, PREFIXED
from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.readings import Reading

_PEM_BEGIN = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?(?:-----|(?![A-Z0-9]))")
_PEM_END = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
# A block that is cut off ends with its last line of base64 or of headers.
_PEM_BODY = re.compile(
    r"(?:(?:\s|\\[nr]){0,8}(?:[A-Za-z-]{2,20}: [^\n\\]{1,120}|[A-Za-z0-9+/=]{8,}))*"
)
_PEM_TAIL = re.compile(r"(?<![A-Za-z0-9+/=])(?:[A-Za-z0-9+/=]{8,}(?:\s|\\[nr]){1,8}){1,400}\Z")
_PEM_TAIL_REACH = 4000
_JWT = re.compile(
    r"(?<![A-Za-z0-9])(eyJ[A-Za-z0-9_-]{8,4000})\.[A-Za-z0-9_-]{2,8000}\.[A-Za-z0-9_-]{0,4000}"
    r"(?:\.[A-Za-z0-9_-]{0,8000}){0,2}"
)
_NAMED = re.compile(
    r"(?:(?:api|access|secret|private|auth|client|account|encryption)[_ -]?(?:key|secret|token)|secret|token|bearer|"
    r"appsecret|密钥|秘钥|令牌|口令牌)"
    r"(?:[_ -]?(?:id|key|value))?[\"'”]?\s{0,3}(?:[:=：＝]|=>|是|为|\sis\s|\s)\s{0,3}"
    r"(?:Bearer\s)?[\"'“`]?(?P<value>[A-Za-z0-9+/_=.~-]{16,512})",
    re.IGNORECASE,
)
_BEARER = re.compile(r"(?<![A-Za-z])Bearer\s{1,3}(?P<value>[A-Za-z0-9+/_=.~-]{16,2000})")
# Looking for plain words first is quicker than looking for every form everywhere.
_NAMED_TRIGGERS = ("key", "secret", "token", "bearer", "密钥", "秘钥", "令牌")
# Where a program or a manual says where the key lies, and not the key.
_PLACE = re.compile(
    r"(?:\.{0,2}|~)/[A-Za-z_.-]{2,}/.*|\.{1,2}/.*|[A-Za-z_]+(?:\.[A-Za-z_]\w*)+|.*\.[a-z]{2,4}|"
    r"\d{4}-\d\d-\d\dT?.*|[A-Z]+(?:_[A-Z]+)+_?\d{0,2}"
)
_ACCESS_KEY_ID = re.compile(r"(?:AKIA|ASIA)[A-Z2-7]{16}")
_CHARACTERS_MIN = 6
_PREFIXED_CHARS_MIN, _VALUE_CHARS_MIN = 13, 16


def find(reading: Reading) -> Iterator[Finding]:
    text = reading.text
    if "PRIVATE KEY" in text:
        for start, end, score in _pems(text):
            yield Finding(*reading.span(start, end), Kind.PRIVATE_KEY, score, "private key block")
    if "eyJ" in text:
        yield from _jwts(reading)
    longest = max((end - start for start, end in reading.strange_runs), default=0)
    if longest >= _PREFIXED_CHARS_MIN:
        yield from _prefixed(reading)
    if longest >= _VALUE_CHARS_MIN and any(map(reading.lowered.__contains__, _NAMED_TRIGGERS)):
        yield from _named(reading)


def _pems(text: str) -> Iterator[tuple[int, int, float]]:
    """Yield private key blocks, those too that are cut off before their end or begin."""
    done = 0
    for match in _PEM_BEGIN.finditer(text):
        following = _PEM_BEGIN.search(text, match.end())
        limit = following.start() if following else len(text)
        closing = _PEM_END.search(text, match.end(), limit)
        body = _PEM_BODY.match(text, match.end(), limit)
        done = closing.end() if closing else body.end() if body else match.end()
        # A header with nothing after it may be an error message speaking of one.
        yield match.start(), done, 0.99 if done > match.end() else 0.6
    for match in _PEM_END.finditer(text, done):
        tail = _PEM_TAIL.search(text, max(done, match.start() - _PEM_TAIL_REACH), match.start())
        if tail is not None:
            yield tail.start(), match.end(), 0.99
        done = match.end()


def _jwts(reading: Reading) -> Iterator[Finding]:
    for match in _JWT.finditer(reading.text):
        if _is_token_header(match[1]):
            yield Finding(*reading.span(*match.span()), Kind.JWT, 0.98, "header of a signed token")


def _is_token_header(part: str) -> bool:
    try:
        header = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (Base64Error, ValueError, RecursionError):
        return False
    return isinstance(header, dict) and "alg" in header


def _prefixed(reading: Reading) -> Iterator[Finding]:
    for start, end in reading.strange_runs:
        if end - start < _PREFIXED_CHARS_MIN:
            continue
        for match in _keys_in(reading.text, start, end):
            if _is_random(match.group()):
                span = reading.span(*match.span())
                yield Finding(*span, Kind.API_KEY, 0.98, "prefix of a service")


def _keys_in(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    done = start
    for begin in BEGIN.finditer(text, start, end):
        match = PREFIXED.match(text, begin.start(), end) if begin.start() >= done else None
        if match is not None:
            done = match.end()
            yield match
    if any(map(text[start:end].__contains__, CERTAIN_PIECES)):
        yield from CERTAIN.finditer(text, start, end)


def _named(reading: Reading) -> Iterator[Finding]:
    for pattern in (_NAMED, _BEARER):
        for match in pattern.finditer(reading.text):
            value = match["value"].rstrip(".")
            if len(value) >= _VALUE_CHARS_MIN and _is_mixed(value):
                start = match.start("value")
                span = reading.span(start, start + len(value))
                yield Finding(*span, Kind.API_KEY, 0.8, "value after the name of a key")


def _is_mixed(value: str) -> bool:
    """Say whether letters and digits mix as in a key; words and paths joined by signs do not."""
    has_both = re.search(r"\d", value) and re.search(r"[A-Za-z]", value)
    return bool(has_both) and not _PLACE.fullmatch(value) and len(set(value)) >= _CHARACTERS_MIN


def _is_random(key: str) -> bool:
    """Say whether this is a key and not an example full of one letter, or a name with hyphens."""
    if _ACCESS_KEY_ID.fullmatch(key):
        return True
    rest = max(re.split(r"[-_.]", key, maxsplit=1), key=len)
    return re.search(r"\d|[A-Z].*[a-z].*[A-Z]", rest) is not None and len(set(rest)) >= (
        _CHARACTERS_MIN
    )
