"""Mail addresses whose signs are spelt out: "lena dot vogt at gmail dot com", "jonas [at] web.de"."""

import re
from collections.abc import Iterator

from edge_agent.contract.readings import Reading
from edge_agent.contract.rewriting import Change, reading_with

_HOW = "signs of an address put together"
_DOT_WORDS = ("dot", "punkt", "point", "punto", "ponto", "点")
_SIGN_WORDS = {
    **dict.fromkeys(_DOT_WORDS, "."),
    **dict.fromkeys(("at", "@", "a", "艾特", "圈a", "ät", "arroba", "chiocciola", "arobase"), "@"),
    **dict.fromkeys(("underscore", "unterstrich", "下划线"), "_"),
    **dict.fromkeys(("dash", "hyphen", "minus", "bindestrich", "strich", "横杠"), "-"),
    "plus": "+",
    ".": ".",
}
_AT_WORDS = frozenset(("at", "arroba", "chiocciola", "arobase"))
_AT_SIGNS = (" @", "@ ", "[@", "(@", "{@")
_AT_BRACKETS = ("at]", "at )", "at)", "at ]", "at}", "at>")
_EASTERN_SIGNS = ("艾特", "圈a")
# Shorter signs stand for others, too: "at" for a place, a dot of Chinese for an hour.
_TOP = (
    r"(?:com|org|net|edu|gov|info|biz|dev|app|io|co|me|ai|eu|de|at|ch|fr|es|it|pt|br|uk|ie|nl|be|pl|se"
    r"|no|dk|fi|cz|ru|cn|hk|tw|jp|kr|sg|in|us|ca|mx|au|nz)(?![a-z0-9-])"
)
_DOT = (
    r"(?:\.| {0,2}[\[({<]+ ?(?:dot|punkt|point|punto|\.|点) ?[\])}>]+ {0,2}"
    r"| (?:dot|punkt|point|punto|ponto) | ?点 ?)"
)
_JOIN = rf"(?:{_DOT}| (?:underscore|unterstrich|dash|hyphen|minus|bindestrich|plus) | ?(?:下划线|横杠) ?)"
_AT = (
    r"(?: {0,2}[\[({<]+ ?(?:at|@|a|ät|圈a|艾特) ?[\])}>]+ {0,2}"
    r"| (?:at|arroba|chiocciola|arobase) | ?(?:艾特|圈a) ?| @ ?|@ )"
)
# Who or what is at a place, and no name of a mailbox.
_PLACED = frozenset(
    (
        *("me", "us", "him", "her", "them", "it", "look", "find", "visit", "online", "is", "are"),
        *("page", "site", "shop", "work", "works", "here", "hosted", "available", "live", "more"),
    )
)
_LOCAL = r"[a-z0-9](?<![a-z0-9._%+-].)[a-z0-9_%+-]{0,40}+"
_ADDRESS = re.compile(
    rf"{_LOCAL}(?:{_JOIN}[a-z0-9_%+-]{{1,40}}+){{0,4}}(?P<at>{_AT})"
    rf"[a-z0-9-]{{1,40}}+(?:(?:{_JOIN})[a-z0-9-]{{1,40}}+){{0,3}}{_DOT}{_TOP}"
)
_SPELT = re.compile("|".join(map(re.escape, sorted(_SIGN_WORDS, key=len, reverse=True))))
_BETWEEN = re.compile(
    r" {0,2}[\[({<]+ ?(?:at|@|a|ät|圈a|艾特|dot|punkt|point|punto|\.|点) ?[\])}>]+ {0,2}"
    r"| (?:at|arroba|chiocciola|arobase|dot|punkt|point|punto|ponto|underscore|unterstrich|dash|hyphen"
    r"|minus|bindestrich|plus) | ?(?:艾特|圈a|点|下划线|横杠) ?| @ ?|@ "
)


def spelt(reading: Reading) -> Iterator[Reading]:
    """Yield the text with such addresses as they are written."""
    text = reading.lowered
    if _may_be_spelt(reading, text):
        changes = (_written(match) for match in _ADDRESS.finditer(text) if _is_meant(match))
        yield from reading_with(reading, changes, _HOW)


def _may_be_spelt(reading: Reading, text: str) -> bool:
    words = reading.words
    if not words.isdisjoint(_AT_WORDS) and (
        not words.isdisjoint(_DOT_WORDS) or any(map(text.__contains__, _AT_BRACKETS))
    ):
        return True
    is_signed = "@" in text and any(map(text.__contains__, _AT_SIGNS))
    return is_signed or (not text.isascii() and any(map(text.__contains__, _EASTERN_SIGNS)))


def _is_meant(match: re.Match[str]) -> bool:
    """Say whether it is more than a place where somebody is: "visit us at example dot com"."""
    local = match.string[match.start() : match.start("at")]
    sign = match["at"].strip()
    if sign == "@":
        return not local.isalpha()
    is_dotted = any(f" {word} " in match[0] for word in _DOT_WORDS)
    return sign not in _AT_WORDS or (is_dotted and local not in _PLACED)


def _written(match: re.Match[str]) -> Change:
    """Return the address with its signs, each of which stands for its word."""
    letters: list[str] = []
    places: list[int] = []
    done = match.start()
    for sign in _BETWEEN.finditer(match.string, *match.span()):
        letters.append(match.string[done : sign.start()])
        places += range(done, sign.start())
        word = _SPELT.search(sign[0])
        letters.append(_SIGN_WORDS[word[0]] if word else "")
        places += [sign.start()] * (word is not None)
        done = sign.end()
    letters.append(match.string[done : match.end()])
    places += range(done, match.end())
    return Change(*match.span(), "".join(letters), places)
