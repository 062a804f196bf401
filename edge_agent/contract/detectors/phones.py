"""Telephone numbers: Chinese ones by their own forms, others by how numbers are written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import phonenumbers

from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.readings import Reading

_HAS_DIGITS = re.compile(r"[0-9][0-9() .-]{4}[0-9]")
# Groups of digits parted as telephone numbers are, with an extension.
_CANDIDATE = re.compile(
    r"(?<![0-9A-Za-z_+])(?<![0-9][.,:/-])"
    r"(?=[+(0-9])(?P<body>\(?\+?\(?[0-9]{1,15}"
    r"(?:(?:\)[ .-]{0,2}\(?|[ .-]\(?| - |\()[0-9]{1,12}){0,6}+)"
    r"(?P<extension>(?: ?(?:x|ext\.? ?|extension |#|转|轉|分机|分機) ?)[0-9]{1,6})?"
    r"(?![0-9A-Za-z_])(?![.,:/][0-9])",
    re.IGNORECASE,
)
_GROUP = re.compile(r"[0-9]+")
_SEPARATOR = re.compile(r"[^0-9]+")

_MOBILE = re.compile(r"(?:0086|86|0)?1[3-9][0-9]{9}")
_MOBILE_GROUPS = frozenset({(11,), (3, 4, 4), (4, 3, 4), (3, 8), (7, 4), (3, 3, 5), (5, 6)})
_LANDLINE = re.compile(r"0(?:10|2[0-57-9]|[3-9][0-9]{2})[2-9][0-9]{6,7}")
_HOTLINE = re.compile(r"[48]00[0-9]{7}")
_NEIGHBOUR = re.compile(r"(?:00)?(?:85[23][2-9][0-9]{7}|886[2-9][0-9]{7,8})")

_WORD = (
    r"电话|電話|手机|手機|座机|传真|傳真|热线|致电|来电|拨打|联系方式|联系号码|"
    r"(?<![a-z])(?:(?:tele)?phone|tel|mobile|mob|cell|fax|whatsapp|hotline|dial|sms)(?:s|es)?(?![a-z])"
)
_STRONG_WORD = re.compile(_WORD, re.IGNORECASE)
# These say so only right before the number: one calls taxis, too.
_WEAK_WORD = re.compile(
    r"(?:联系[^0-9]{0,4}|(?<![a-z])(?:call|calling|ring|(?:reach|contact|answering|text)(?=.{0,8}(?:at|on|:)))"
    r"(?: (?:me|us|him|her|them|back))?(?: (?:at|on))?[ :(]{1,3})$",
    re.IGNORECASE,
)
_WORD_AFTER = re.compile(
    r"[ \-–(,]{0,2}(?:office|fax|mobile|cell|tel|phone|手机|电话|传真)(?![a-z])",
    re.IGNORECASE,
)
_OTHER_WORD = re.compile(
    r"(?:订单|单号|流水|运单|快递|编号|批号|序列|型号|版本|证号|卡号|账号|税号|邮编|身份|发票|"
    r"(?<![a-z])(?:order|invoice|tracking|isbn|issn|sku|serial|version|part|ref|reference|ssn|"
    r"license|licence|passport|zip|port|batch|model|item|ticket|case|card|account|id|no|route|lot)(?![a-z]))"
    r"[^0-9\n]{0,8}$|[$€£¥￥#]\s?$",
    re.IGNORECASE,
)
_QUANTITY_AFTER = re.compile(
    r"\s?(?:元|%|％|万|亿|个|件|台|人|次|股|吨|美元|欧元|°|usd|eur|rmb|cny|kg|km|mb|gb|units|pcs|"
    r"people|users|customers|dollars|euros|yuan|shares|€|\$)",
    re.IGNORECASE,
)
_NEAR_BEFORE = 24
# Looking a number up is slow; of a text with very many, the form must do for the rest.
_LOOKUPS_MAX = 50


@dataclass(frozen=True, slots=True)
class _Number:
    """`groups` are its runs of digits, `parts` what stands between them."""

    text: str
    start: int
    end: int
    groups: tuple[str, ...]
    parts: tuple[str, ...]
    is_plus: bool
    is_extended: bool

    @property
    def digits(self) -> str:
        return "".join(self.groups)

    @property
    def sizes(self) -> tuple[int, ...]:
        return tuple(map(len, self.groups))

    @property
    def is_bracketed(self) -> bool:
        return self.text[self.start] == "("


def find(reading: Reading) -> Iterator[Finding]:
    if not _HAS_DIGITS.search(reading.text):
        return
    lookups = _LOOKUPS_MAX
    for match in _CANDIDATE.finditer(reading.text):
        for number in _numbers(match):
            score, rule = _by_form(number)
            if number.is_plus and score:
                lookups -= 1
                score, rule = _looked_up(number, score, rule) if lookups >= 0 else (score, rule)
            if score:
                yield Finding(*reading.span(number.start, number.end), Kind.PHONE, score, rule)
                break


def _numbers(match: re.Match[str]) -> Iterator[_Number]:
    """Yield what was matched; then, should it be nothing, each of two lines beside each other."""
    whole = _number(match.string, match.start(), match.end("body"), match.end())
    yield whole
    for at, part in enumerate(whole.parts):
        if part == " ":
            cut = sum(whole.sizes[: at + 1]) + sum(map(len, whole.parts[:at]))
            first = _GROUP.search(match.string, whole.start)
            middle = (first.start() if first else whole.start) + cut
            yield _number(match.string, whole.start, middle, middle)
            yield _number(match.string, middle + 1, match.end("body"), match.end())


def _number(text: str, start: int, end: int, whole_end: int) -> _Number:
    body = text[start:end]
    inner = body.lstrip("+( ").rstrip()
    return _Number(
        text,
        start,
        whole_end,
        tuple(_GROUP.findall(body)),
        tuple(_SEPARATOR.findall(inner)),
        "+" in body[:3],
        whole_end > end,
    )


def _by_form(number: _Number) -> tuple[float, str]:
    for judge in (_chinese, _neighbouring, _international):
        score, rule = judge(number)
        if score:
            return score, rule
    if _is_something_else(number):
        return 0.0, ""
    if _is_named(number):
        return _named(number)
    return _national(number)


def _chinese(number: _Number) -> tuple[float, str]:
    digits = number.digits
    sizes = number.sizes
    if _MOBILE.fullmatch(digits):
        local = sizes[1:] if len(sizes) > 1 and number.groups[0] in {"86", "0086", "0"} else sizes
        is_usual = local in _MOBILE_GROUPS or (sum(local) > 11 and len(local) in {1, 3})
        return (0.9 if is_usual else 0.7), "Chinese mobile"
    if _LANDLINE.fullmatch(digits.removeprefix("86") if number.is_plus else digits):
        is_parted = 2 <= len(sizes) <= 3 and sizes[0] in {3, 4}
        if is_parted or _is_named(number):
            return 0.8, "Chinese landline"
    if _HOTLINE.fullmatch(digits) and sizes in {(3, 3, 4), (3, 7), (3, 4, 3)}:
        return 0.7, "Chinese hotline"
    return 0.0, ""


def _neighbouring(number: _Number) -> tuple[float, str]:
    if _NEIGHBOUR.fullmatch(number.digits) and (number.is_plus or _is_coded(number)):
        return 0.85, "Hong Kong, Macau or Taiwan"
    return 0.0, ""


def _is_coded(number: _Number) -> bool:
    return len(number.groups) > 1 and number.groups[0].removeprefix("00") in {"852", "853", "886"}


def _international(number: _Number) -> tuple[float, str]:
    length = len(number.digits)
    if number.is_plus and 8 <= length <= 15:
        return (0.7 if number.parts else 0.45), "form of an international number"
    is_parted = len(number.groups) >= 3
    if number.digits.startswith("00") and is_parted and 10 <= length <= 17:
        return 0.75, "form of an international number"
    return 0.0, ""


def _looked_up(number: _Number, score: float, rule: str) -> tuple[float, str]:
    try:
        parsed = phonenumbers.parse("+" + number.digits)
    except phonenumbers.NumberParseException:
        return score, rule
    if phonenumbers.is_valid_number(parsed):
        return max(score, 0.9), "valid international number"
    return score, rule


def _is_something_else(number: _Number) -> bool:
    """Say whether it is rather a date, a price, an address of a machine, a version or a code."""
    text, sizes, parts = number.text, number.sizes, number.parts
    before = text[max(0, number.start - _NEAR_BEFORE) : number.start]
    return (
        not 6 <= len(number.digits) <= 13
        or _OTHER_WORD.search(before) is not None
        or _QUANTITY_AFTER.match(text, number.end) is not None
        or _is_date(number)
        or sizes == (3, 2, 4)
        or (number.digits.startswith(("978", "979")) and len(number.digits) == 13)
        or (set(parts) == {"."} and (len(sizes) == 2 or (max(sizes) < 3 and len(sizes) < 5)))
        or (set(parts) == {"."} and len(sizes) == 4 and max(sizes) <= 3)
    )


def _is_date(number: _Number) -> bool:
    groups = number.groups
    years = [each for each in groups if len(each) == 4 and each[:2] in {"19", "20"}]
    if number.sizes in {(4, 4), (4, 2), (6, 6), (8, 6), (8,), (8, 4)} and years:
        return True
    if number.sizes[:1] in {(8,), (4,)} and groups[0][:2] in {"19", "20"}:
        return len(groups) < 3 or all(len(each) <= 2 for each in groups[1:3])
    small = [int(each) for each in groups[:2]]
    return len(groups) >= 3 and groups[2] in years and max(small) <= 31


def _is_named(number: _Number) -> bool:
    before = number.text[max(0, number.start - _NEAR_BEFORE) : number.start]
    if _STRONG_WORD.search(before) or _WORD_AFTER.match(number.text, number.end):
        return True
    return _WEAK_WORD.search(before) is not None


def _named(number: _Number) -> tuple[float, str]:
    """Judge what words say is a telephone number."""
    length = len(number.digits)
    shortest = 6 if len(number.groups) > 1 else 7
    if not shortest <= length <= 13 or len(number.groups) > 6:
        return 0.0, ""
    return (0.75 if number.parts else 0.65), "words say telephone"


def _national(number: _Number) -> tuple[float, str]:
    """Judge what only its groups make a telephone number."""
    sizes = number.sizes
    if sizes[-3:] == (3, 3, 4) and sizes[:-3] in {(), (1,), (3,)}:
        return (0.8 if number.is_extended or number.is_bracketed else 0.7), "North American form"
    if number.is_bracketed and 2 <= sizes[0] <= 5 and 8 <= len(number.digits) <= 12:
        return 0.7, "area code in brackets"
    if number.digits[0] == "0" and len(sizes) > 1 and _is_with_trunk(number):
        return 0.65, "form of a national number"
    if sizes == (2,) * 5 and number.digits[0] == "0":
        return 0.7, "form of a national number"
    return 0.0, ""


def _is_with_trunk(number: _Number) -> bool:
    """Say whether a leading zero and even groups make it the number of some country."""
    sizes = number.sizes
    is_one_kind = all(first == second for first, second in pairwise(number.parts))
    return 9 <= len(number.digits) <= 11 and 2 <= sizes[0] <= 5 and min(sizes) >= 2 and is_one_kind
