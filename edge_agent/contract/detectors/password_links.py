"""What leads from the name of a password to its value: a sign, a verb, or nothing but space."""

import re
from collections.abc import Iterator
from enum import Enum

from edge_agent.contract.detectors.password_values import (
    is_long_number,
    is_placeholder,
    is_plain_word,
    is_said_to_be_one,
    is_told,
    looks_like_one,
)
from edge_agent.contract.detectors.password_words import Cue


class Link(Enum):
    """How surely the value is what follows."""

    SIGN = 1
    VERB = 2
    SPACE = 3


# What a password is for may stand before the sign or the verb.
_FOR = (
    r"\s(?:for|of|to|on|für|fuer|vom|von|zum|zur|der|des|am|im|du|de|del|do|da|pour|para|per|di|van"
    r"|voor|для|от|на)(?=\s)"
)
_WHAT_FOR = rf"{_FOR}(?:\s[^\s:=]{{1,30}}){{1,4}}?"
_CLOSING = r"[\\\"'”»*_`)\]]{0,4}"
_A_SIGN = r"\s{0,3}(?:={1,3}>?|:=?|：|＝|→|➜|->|>>|\.{3,20})[*_]{0,2}\s{0,6}"
_TAGS = r"(?:</?(?:td|th|b|i|strong|em|code|span|p|div|dd|tt|pre|kbd|br)(?![a-z])[^<>\n]{0,40}>\s{0,3}){0,4}"
_IN_BRACKETS = r"(?:\s?[(\[][^()\[\]\n]{1,30}[)\]])?"
_IS_FOR = re.compile(_FOR)
_SIGN = re.compile(
    rf"(?:'s|’s)?(?:[ _]?\d(?=\s?[:=]))?{_IN_BRACKETS}{_CLOSING}(?:{_A_SIGN}{_TAGS}"
    # In markup the value is in the next cell, attribute or line.
    r"|\s{0,2},?\s{1,12}(?:[a-z-]{1,20}=\"[^\"\n]{0,30}\"\s){0,2}[\"']?value[\"']?\s?[:=]\s?"
    r"|\s{0,3}</(?:td|th|dt|b|strong|span|label|p|div)>\s{0,3}(?:<(?:td|dd|span|code|p|div|b)[^<>\n]{0,40}>\s{0,3}){1,2})"
)
_SIGN_FOR = re.compile(rf"{_WHAT_FOR}{_IN_BRACKETS}{_CLOSING}{_A_SIGN}")
# A word or two more may name the thing it opens, but not something else about a password.
_NEAR = (
    r"(?:\s[a-z\u00df-\u024f0-9-]{1,16}){1,3}?(?<!by)(?<!for)(?<!from)(?<! at)(?<! on)(?<! of)(?<!user)(?<!name)"
    r"(?<!mail)(?<!account)(?<! id)(?<!ticket)(?<!manager)(?<!policy)(?<!date)(?<!file)(?<!form)(?<!server)"
    r"(?<!url)(?<!link)(?<!host)(?<!version)(?<!login)(?<!role)"
)
_NEAR_SIGN = re.compile(rf"{_CLOSING}{_A_SIGN}")
_IN_TAG, _OF_TAG = re.compile(r"<[\w:.-]{0,24}\Z"), re.compile(r">\s{0,3}(?=[^<>\n]{4,64}</)")
_IS = (
    r"\s?(?:(?<=\s)(?:(?:is|was|has been|got|will be|wurde)\s)?(?:(?:changed|set|reset|updated)\sto|(?:geändert|gesetzt|zurückgesetzt)\s(?:auf|in))"
    r"|(?<=\s)(?:is|was|will be|ist|war|lautet|est|sera|es|será|è|é|jest|är|er|je|este)(?![^\W_])"
    r"|(?:は|が|는|은|이|가)[、,:]?(?:\s|(?=[!-~])))"
    r"\s{0,2}(?:(?:now|still|jetzt|maintenant|ahora|still the same)\s)?(?::\s?)?"
)
_VERB, _VERB_FOR = re.compile(_IS), re.compile(_WHAT_FOR + _IS)
_NEAR_LINK = re.compile(rf"{_NEAR}(?:{_IN_BRACKETS}{_CLOSING}{_A_SIGN}|{_IS})")
_CHINESE_VERB = re.compile(
    r"\s?(?:统一|默认|暂时|现在|依然|仍然|已经?|还|都|就|现|仍)?"
    r"(?:改成了?|改为了?|换成了?|更新为|设成了?|设为了?|设置成了?|设置为|重置为|是|为)\s?[:：]?\s?"
)
# What did not change is told after some words more.
_STILL = re.compile(
    r"[^.;\n]{0,40}?\s(?:still|again|remains|stays|now|unchanged|weiterhin|immer noch)[:,]?\s{1,2}"
    r"|[\u4e00-\u9fff]{0,4}(?:还是|仍是|同上|没变|不变|没改|没换|照旧|一样|老样子)[\u4e00-\u9fff]{0,6}[，,：:\s]{0,3}"
    r"|(?:\s(?:for|of|to)(?:\s[a-z0-9-]{1,20}){1,4})?\?\s{1,2}"
)
_THAT_IS = re.compile(r"[\u4e00-\u9fff]{1,14}(?:也就是|就是|即)[:：]?\s?(?=[0-9A-Za-z])")
_SPACE = re.compile(
    r"(?:'s|’s)?[*_]{0,2}(?:\s{0,3}[-–—|]\s{1,3}|\s{1,3})[(\[]?[*_]{0,2}(?:use\s|nimm\s)?"
)
# To send a password to somebody is not to tell it; to change it to something is.
_CHANGE = re.compile(r"(?:set|chang|reset|updat)[a-z]{0,4}\s(?:[a-z]{1,12}\s){0,3}\Z")
_TO = re.compile(r"(?:\sfrom\s\S{4,64})?\sto\s(?::\s?)?")
_ACCOUNT = re.compile(r"(?:账号|帐号|账户|用户名?|登录名)[^。；\n]{1,40}\Z")
# A quoted value may be one plain word; an unquoted one ends where Chinese begins.
_VALUE = re.compile(
    r"(?:\\?(?P<quote>[\"'`“‘「«])(?P<quoted>[^\s\"'`”’」»]{4,64}?)\\?[\"'`”’」»]"
    r"|(?P<value>[^\s\"'`，。；：！？、）（「」“”\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]{4,64}))"
)
# The words of a Chinese password are part of it where digits end them.
_CHINESE_VALUE = re.compile(
    r"(?![请见同为至不需由包长未已详参最可必或和可应须])[\u4e00-\u9fff]{2,8}[0-9]{1,6}[!-+@_~]{0,3}"
    r"(?![0-9A-Za-z\u4e00-\u9fff])"
)
# An exclamation mark is kept: it often belongs to the password, and leaking costs more.
_SENTENCE_ENDS = ".,;:?)]}>"
_LABEL = re.compile(r"(?:^|\n)[ \t|*#>-]{0,6}(?:[\w/-]{1,16}[ \t]){0,2}\Z")
_REACH = 56
_GOES_ON = re.compile(r"\s?[A-Za-z%\u4e00-\u9fff-]")
_BEHIND = re.compile(r"\s{1,2}")
_CHARS_MIN, _HAN_BEGINS = 4, "\u4e00"
_SETTING = re.compile(r"(?:^|\n)\s{0,12}(?:export )?[\"']?(?:[A-Za-z0-9]{1,16}[_.-]){1,3}\Z")


def value_after(text: str, lowered: str, cue: Cue) -> tuple[int, int, Link] | None:
    """Return where the value of what is named begins and ends, and how it is led to."""
    for link, end in _links(text, lowered, cue):
        span = _value(text, cue, link, end)
        if span is not None:
            return *span, link
    return None


def _links(text: str, lowered: str, cue: Cue) -> Iterator[tuple[Link, int]]:
    sign = _end_of_sign(text, lowered, cue)
    if sign is not None:
        yield Link.SIGN, sign
        return
    if cue.is_loose or cue.is_weak:
        yield from _told(text, lowered, cue)
    if cue.is_loose:
        for pattern in (_SPACE, _STILL, _NEAR_LINK):
            match = pattern.match(lowered, cue.end)
            if match is not None:
                yield Link.SPACE, match.end()


def _end_of_sign(text: str, lowered: str, cue: Cue) -> int | None:
    match = (_NEAR_SIGN if cue.is_bare else _SIGN).match(lowered, cue.end)
    if match is None and not cue.is_bare and _IS_FOR.match(lowered, cue.end):
        match = _SIGN_FOR.match(lowered, cue.end)
    if match is None and text.startswith(">", cue.end):
        is_tag = _IN_TAG.search(text, max(0, cue.start - _REACH), cue.start)
        match = _OF_TAG.match(text, cue.end) if is_tag else None
    return match.end() if match is not None else None


def _told(text: str, lowered: str, cue: Cue) -> Iterator[tuple[Link, int]]:
    if not cue.is_spaced:
        yield from _behind(text, lowered, cue)
        return
    is_for = _IS_FOR.match(lowered, cue.end)
    match = (_VERB_FOR if is_for else _VERB).match(lowered, cue.end)
    is_changed = match is None and (is_for or lowered.startswith(" from ", cue.end))
    if is_changed and _CHANGE.search(lowered, max(0, cue.start - _REACH), cue.start):
        match = _TO.match(lowered, cue.end)
    if match is not None:
        yield Link.VERB, match.end()


def _behind(text: str, lowered: str, cue: Cue) -> Iterator[tuple[Link, int]]:
    """Yield where a value may begin behind a Chinese, Japanese or Korean name."""
    for pattern in (_THAT_IS, _CHINESE_VERB, _VERB, _BEHIND):
        match = pattern.match(lowered, cue.end)
        if match is not None:
            yield Link.VERB, match.end()
    has_account = _ACCOUNT.search(text, max(0, cue.start - _REACH), cue.start)
    yield Link.VERB if has_account else Link.SPACE, cue.end


def _value(text: str, cue: Cue, link: Link, start: int) -> tuple[int, int] | None:
    match = _VALUE.match(text, start)
    if match is None:
        match = _CHINESE_VALUE.match(text, start) if link is not Link.SPACE else None
        return match.span() if match is not None else None
    if match["quote"]:
        span = match.span("quoted")
        is_one = _is_quoted_one(text[slice(*span)], cue, link)
    else:
        span = start, start + len(_before_a_tag(match["value"]).rstrip(_SENTENCE_ENDS))
        is_one = len(text[slice(*span)]) >= _CHARS_MIN and _is_one(text, cue, link, span)
    return span if is_one and not _is_named_for(text, cue, span) else None


def _before_a_tag(value: str) -> str:
    """Return what is before the end of a cell, unless the value is cut by tags."""
    before = value.partition("</")[0]
    return before if any(map(str.isdigit, before)) else value


def _is_named_for(text: str, cue: Cue, span: tuple[int, int]) -> bool:
    """Say whether a variable stands there that is called as what it holds: has_psk, the_pwd."""
    value = text[slice(*span)].lower()
    return text[cue.start : cue.end].lower() in value and not any(map(str.isdigit, value))


def _is_quoted_one(value: str, cue: Cue, link: Link) -> bool:
    if link is Link.SPACE or cue.is_weak:
        return looks_like_one(value)
    return not is_placeholder(value)


def _is_one(text: str, cue: Cue, link: Link, span: tuple[int, int]) -> bool:
    value = text[slice(*span)]
    between = text[cue.end : span[0]]
    if link is Link.SPACE or cue.is_weak or "\n" in between:
        if link is Link.SPACE and "\n" in between and not _is_below_a_label(text, cue, span[1]):
            return False
        is_number = is_long_number(value) and not _GOES_ON.match(text, span[1])
        return is_number or looks_like_one(value)
    if link is Link.VERB:
        return is_told(value, in_chinese=text[cue.end - 1] >= _HAN_BEGINS)
    return is_said_to_be_one(value) or _is_setting(text, cue, span)


def _is_below_a_label(text: str, cue: Cue, end: int) -> bool:
    """Say whether the name is the whole of its line, and the value of the next."""
    before = _LABEL.search(text, max(0, cue.start - _REACH), cue.start)
    return before is not None and text[end : end + 1] in {"", "\n", "\r"}


def _is_setting(text: str, cue: Cue, span: tuple[int, int]) -> bool:
    """Say whether this is a line of a file of settings, as DB_PASS=something."""
    if _SETTING.search(text, max(0, cue.start - _REACH), cue.start) is None:
        return False
    return is_plain_word(text[slice(*span)]) and text[span[1] : span[1] + 1] in {"", "\n", "\r"}
