"""Telephone numbers: Chinese ones by their own forms, others by how numbers are written."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import phonenumbers

from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.readings import Reading

_HAS_DIGITS = re.compile(r"[0-9][0-9() .-]{4}[0-9]")
# Groups of digits parted as telephone numbers are, with an extension.
# What stands before is looked at after the first character, so that the search runs fast.
_CANDIDATE = re.compile(
    r"(?P<body>[+(0-9](?<![0-9A-Za-z_+].)(?<![0-9][.:-].)[+(]?\(?[0-9]{0,15}"
    r"(?:(?:\)[ .-]{0,2}\(?|[ .-]\(?| - |\()[0-9]{1,12}){0,6}+)"
    r"(?P<extension>(?: ?(?:x|ext\.? ?|extension |#|转|轉|分机|分機) ?)[0-9]{1,6})?"
    r"(?![0-9A-Za-z_])(?![.:][0-9])(?!,[0-9]{3}(?![0-9]))",
    re.IGNORECASE,
)
_GROUP = re.compile(r"[0-9]+")
_PLAIN_DATE = re.compile(r"(?:19|20)[0-9]{2}([-. ])[0-9]{1,2}\1[0-9]{1,2}(?: [0-9]{2})?")

_MOBILE = re.compile(r"(?:0086|86|0)?1[3-9][0-9]{9}")
_MOBILE_GROUPS = frozenset({(11,), (3, 4, 4), (4, 3, 4), (3, 8), (7, 4), (3, 3, 5), (5, 6)})
_LANDLINE = re.compile(r"0(?:10|2[0-57-9]|[3-9][0-9]{2})[2-9][0-9]{6,7}")
_HOTLINE = re.compile(r"[48]00[0-9]{7}")
_NEIGHBOUR = re.compile(r"(?:00)?(?:85[23][2-9][0-9]{7}|886[2-9][0-9]{7,8})")

_STRONG_WORD = re.compile(
    r"电话|電話|手机|手機|座机|传真|傳真|热线|致电|来电|拨打|联系方式|联系号码|(?<![a-z])"
    r"(?:(?:tele)?phone|tel|mobile|mob|cell|fax|whatsapp|hotline|dial|sms)(?:s|es)?(?![a-z])",
    re.IGNORECASE,
)
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
    r"(?:订单|单号|流水|运单|快递|编号|批号|序列|型号|版本|证号|卡号|账号|税号|邮编|身份|发票|合同|项目|"
    r"(?<![a-z])(?:order|invoice|tracking|isbn|issn|sku|serial|version|part|ref|reference|ssn|contract|"
    r"license|licence|passport|zip|port|batch|model|item|ticket|case|card|account|id|no|lot|section)(?![a-z]))"
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
_SURE, _CERTAIN = 0.7, 0.9
_DIGITS_MIN, _DIGITS_MAX = 6, 17


class _Before:
    """What the words before a candidate say; asked only where its form does not suffice."""

    def __init__(self, text: str, start: int) -> None:
        self._text = text[max(0, start - _NEAR_BEFORE) : start]

    @cached_property
    def says_telephone(self) -> bool:
        return bool(_STRONG_WORD.search(self._text) or _WEAK_WORD.search(self._text))

    @cached_property
    def says_other(self) -> bool:
        other = _OTHER_WORD.search(self._text)
        # "Tel No." is a telephone for all its "No.".
        return other is not None and not _STRONG_WORD.search(self._text[: other.end()][-20:])


@dataclass(frozen=True, slots=True)
class _Number:
    """`groups` are its runs of digits, `parts` what stands between them."""

    text: str
    start: int
    end: int
    groups: tuple[str, ...]
    parts: tuple[str, ...]
    digits: str
    sizes: tuple[int, ...]
    before: _Before
    is_plus: bool
    is_extended: bool
    is_whole: bool

    @property
    def is_bracketed(self) -> bool:
        return self.text[self.start] == "("


def find(reading: Reading) -> Iterator[Finding]:
    if not _HAS_DIGITS.search(reading.text):
        return
    lookups = _LOOKUPS_MAX
    for match in _CANDIDATE.finditer(reading.text):
        for number, score, rule in _numbers(match):
            verdict = (score, rule)
            if number.is_plus and score < _SURE:
                lookups -= 1
                verdict = _looked_up(number, is_allowed=lookups >= 0)
            yield Finding(*reading.span(number.start, number.end), Kind.PHONE, *verdict)


def _numbers(match: re.Match[str]) -> Iterator[tuple[_Number, float, str]]:
    """Yield what was matched; should it be nothing, what stands in it beside other numbers."""
    if len(match[0]) < _DIGITS_MIN or _PLAIN_DATE.fullmatch(match[0]):
        return
    spans = [
        group.span() for group in _GROUP.finditer(match.string, match.start(), match.end("body"))
    ]
    before = _Before(match.string, match.start())
    at = 0
    while at < len(spans):
        for until in range(len(spans), at, -1):
            number = _number(match, spans, at, until, before)
            if number is None:
                continue
            score, rule = _by_form(number)
            if score:
                yield number, score, rule
                at = until - 1
                break
        at += 1


def _number(
    match: re.Match[str], spans: Sequence[tuple[int, int]], at: int, until: int, before: _Before
) -> _Number | None:
    """Return the number of these groups, if it has a fitting length and only spaces beside it."""
    text = match.string
    chosen = spans[at:until]
    is_first, is_last = at == 0, until == len(spans)
    length = sum(end - start for start, end in chosen)
    if not _DIGITS_MIN <= length <= _DIGITS_MAX:
        return None
    if not is_first and text[chosen[0][0] - 1] != " ":
        return None
    if not is_last and text[chosen[-1][1]] != " ":
        return None
    start = match.start() if is_first else chosen[0][0]
    groups = tuple(text[first:last] for first, last in chosen)
    return _Number(
        text,
        start,
        match.end() if is_last else chosen[-1][1],
        groups,
        tuple(text[left[1] : right[0]] for left, right in pairwise(chosen)),
        "".join(groups),
        tuple(map(len, groups)),
        before,
        is_plus="+" in text[start : start + 3],
        is_extended=is_last and match["extension"] is not None,
        is_whole=is_first and is_last,
    )


def _by_form(number: _Number) -> tuple[float, str]:
    for judge in (_chinese, _neighbouring, _international):
        score, rule = judge(number)
        if score:
            is_weak = score < _CERTAIN and not number.is_plus and number.before.says_other
            return (0.0, "") if is_weak else (score, rule)
    # A piece of something longer needs more than groups that look like a number.
    form = _national(number) if number.is_whole else (0.0, "")
    named = _named(number) if _is_named(number) else (0.0, "")
    return (0.0, "") if max(form, named)[0] and _is_something_else(number) else max(form, named)


def _chinese(number: _Number) -> tuple[float, str]:
    digits = number.digits
    sizes = number.sizes
    if _MOBILE.fullmatch(digits) and (sizes != (12,) or _is_named(number)):
        local = sizes[1:] if len(sizes) > 1 and number.groups[0] in {"86", "0086", "0"} else sizes
        is_usual = local in _MOBILE_GROUPS or (sum(local) > 11 and len(local) in {1, 3})
        return (0.9 if is_usual else 0.7), "Chinese mobile"
    if _LANDLINE.fullmatch(digits.removeprefix("86") if number.is_plus else digits):
        is_parted = 2 <= len(sizes) <= 4 and (number.is_plus or sizes[0] in {3, 4})
        if is_parted or _is_named(number):
            return 0.8, "Chinese landline"
    if sizes[0] in {3, 4} and len(sizes) == 3 and _LANDLINE.fullmatch("".join(number.groups[:2])):
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
        return (0.85 if number.parts else 0.45), "form of an international number"
    is_parted = len(number.groups) >= 3
    is_coded = number.digits.startswith("00") and number.digits[2] != "0"
    if is_coded and is_parted and 10 <= length <= 17:
        return 0.75, "form of an international number"
    return 0.0, ""


def _looked_up(number: _Number, *, is_allowed: bool) -> tuple[float, str]:
    """Look up a number whose form alone is not enough; where no look is left, it counts."""
    if not is_allowed:
        return 0.6, "form of an international number"
    try:
        parsed = phonenumbers.parse("+" + number.digits)
    except phonenumbers.NumberParseException:
        return 0.4, "not an international number"
    if phonenumbers.is_valid_number(parsed):
        return 0.9, "valid international number"
    score = 0.65 if _is_named(number) else 0.45
    return score, "form of an international number"


def _is_something_else(number: _Number) -> bool:
    """Say whether it is rather a date, a price, a version, a code or an address of a machine."""
    is_book = len(number.digits) == 13 and number.digits.startswith(("978", "979"))
    is_social_security = number.sizes == (3, 2, 4)
    return (
        is_book
        or is_social_security
        or _is_date(number)
        or _is_dotted(number)
        or number.before.says_other
        or _QUANTITY_AFTER.match(number.text, number.end) is not None
    )


def _is_dotted(number: _Number) -> bool:
    """Say whether points part it as they do a decimal, a version or four bytes."""
    if set(number.parts) != {"."}:
        return False
    count, longest = len(number.sizes), max(number.sizes)
    return count == 2 or (count < 5 and longest < 3) or (count == 4 and longest == 3)


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
    after = _WORD_AFTER.match(number.text, number.end)
    return after is not None or number.before.says_telephone


def _named(number: _Number) -> tuple[float, str]:
    """Judge what words say is a telephone number."""
    length = len(number.digits)
    shortest = 6 if len(number.groups) > 1 else 7
    longest = 13 if number.parts else 15 if number.digits.startswith("00") else 11
    if not shortest <= length <= longest or len(number.groups) > 6:
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
    return 0.0, ""


def _is_with_trunk(number: _Number) -> bool:
    """Say whether a leading zero and even groups make it the number of some country."""
    sizes = number.sizes
    is_one_kind = all(first == second for first, second in pairwise(number.parts))
    return 9 <= len(number.digits) <= 11 and 2 <= sizes[0] <= 5 and min(sizes) >= 2 and is_one_kind
