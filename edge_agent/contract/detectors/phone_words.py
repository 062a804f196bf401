"""What the words beside a number say of it: a telephone, or something else that has a number."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from operator import itemgetter

from edge_agent.contract.readings import Reading

_ENDS = ("", "s", "es")
_STRONG = tuple(
    name + end
    for name in (
        *("telephone", "phone", "tel", "mobile", "mob", "cell", "fax", "whatsapp", "hotline"),
        *("dial", "sms"),
    )
    for end in _ENDS
)
_STRONG_CHINESE = (
    *("电话", "電話", "手机", "手機", "座机", "传真", "傳真", "热线", "致电", "来电", "拨打"),
    *("联系方式", "联系号码"),
)
# These say so only right before the number: one calls taxis, too.
_WEAK = ("call", "calling", "ring", "reach", "contact", "answering", "text")
_WEAK_CHINESE = ("联系",)
_REACHED = re.compile(
    r"(?:call(?:ing)?|ring|(?:reach|contact|answering|text)(?=.{0,8}(?:at|on|:)))"
)
_WHOM = re.compile(r"(?: (?:me|us|him|her|them|back))?(?: (?:at|on))?")
_BETWEEN, _BETWEEN_CHINESE = re.compile("[ :(]{1,3}"), re.compile("[^0-9]{0,4}")
_OTHER = (
    *("order", "invoice", "tracking", "isbn", "issn", "sku", "serial", "version", "part", "ref"),
    *("reference", "ssn", "contract", "license", "licence", "passport", "zip", "port", "batch"),
    *("model", "item", "ticket", "case", "card", "account", "id", "no", "lot", "section"),
)
_OTHER_CHINESE = (
    *(
        "订单",
        "单号",
        "流水",
        "运单",
        "快递",
        "编号",
        "批号",
        "序列",
        "型号",
        "版本",
        "证号",
        "卡号",
    ),
    *("账号", "税号", "邮编", "身份", "发票", "合同", "项目"),
)
_BETWEEN_OTHER = re.compile(r"[^0-9\n]{0,8}")
_SIGNS = frozenset("$€£¥￥#")
_AFTER = re.compile(r"[ \-–(,]{0,2}(?:office|fax|mobile|cell|tel|phone|手机|电话|传真)(?![a-z])")
_ANY = frozenset([*_STRONG, *_WEAK, "office"])
_ANY_CHINESE = (*_STRONG_CHINESE, *_WEAK_CHINESE)
_NEAR, _STRONGER = 24, 20

# Where they begin and where they end, in order.
_Places = tuple[list[int], list[int]]


class Words:
    """The words of a text, looked for once and only when they are asked for."""

    def __init__(self, reading: Reading) -> None:
        self._text, self._words = reading.lowered, reading.words
        self._is_ascii = reading.text.isascii()
        self.say_anything = not _ANY.isdisjoint(reading.words) or (
            not self._is_ascii and any(word in self._text for word in _ANY_CHINESE)
        )

    def say_telephone(self, start: int) -> bool:
        """Say whether what stands before this place calls what follows a telephone number."""
        if not self.say_anything:
            return False
        return self._is_strong(start, _NEAR) or self._is_weak(start)

    def say_telephone_after(self, end: int) -> bool:
        """Say whether the word after this place says that a telephone number stands before it."""
        return self.say_anything and _AFTER.match(self._text, end) is not None

    def say_other(self, start: int) -> bool:
        """Say whether what stands before this place calls it an amount or another number."""
        before = self._text[max(0, start - 2) : start]
        is_sign = before[-1:] in _SIGNS or (before[-1:].isspace() and before[:1] in _SIGNS)
        if not is_sign:
            place = _last(self._other, start, _NEAR)
            if place is None or not _BETWEEN_OTHER.fullmatch(self._text, place[1], start):
                return False
        # "Tel No." is a telephone for all its "No.".
        return not self._is_strong(start, _STRONGER)

    def _is_strong(self, start: int, reach: int) -> bool:
        return _last(self._strong, start, reach) is not None

    def _is_weak(self, start: int) -> bool:
        place = _last(self._weak, start, _NEAR)
        if place is None:
            return False
        between = _BETWEEN_CHINESE if self._text[place[0]] == "联" else _BETWEEN
        return between.fullmatch(self._text, place[1], start) is not None

    @cached_property
    def _strong(self) -> _Places:
        return _parted(self._spans(_STRONG, _STRONG_CHINESE))

    @cached_property
    def _weak(self) -> _Places:
        spans = (
            (start, self._end_of_weak(start, end))
            for start, end in self._spans(_WEAK, _WEAK_CHINESE)
        )
        return _parted((start, end) for start, end in spans if end)

    def _end_of_weak(self, start: int, end: int) -> int:
        """Return where the words end that say whom one reaches, or 0 where it says nobody."""
        is_chinese = self._text[start] in _WEAK_CHINESE[0]
        if not is_chinese and not _REACHED.match(self._text, start):
            return 0
        whom = _WHOM.match(self._text, end)
        return whom.end() if whom else end

    @cached_property
    def _other(self) -> _Places:
        return _parted(self._spans(_OTHER, _OTHER_CHINESE))

    def _spans(self, names: Sequence[str], chinese: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Yield where these words stand: most texts have few of them or none."""
        text = self._text
        for name in names:
            if name in self._words:
                for start, end in _places(text, name):
                    if not _is_small(text[start - 1 : start]) and not _is_small(
                        text[end : end + 1]
                    ):
                        yield start, end
        for name in () if self._is_ascii else chinese:
            yield from _places(text, name)


def _places(text: str, name: str) -> Iterator[tuple[int, int]]:
    start = text.find(name)
    while start >= 0:
        yield start, start + len(name)
        start = text.find(name, start + len(name))


def _is_small(letter: str) -> bool:
    return "a" <= letter <= "z"


def _parted(spans: Iterable[tuple[int, int]]) -> _Places:
    """Return where they begin and where they end, by their ends."""
    ordered = sorted(spans, key=itemgetter(1))
    return [start for start, _ in ordered], [end for _, end in ordered]


def _last(places: _Places, start: int, reach: int) -> tuple[int, int] | None:
    """Return the last of them that ends before a place, if all of it is within reach."""
    starts, ends = places
    at = bisect_right(ends, start) - 1
    if at < 0 or starts[at] < start - reach:
        return None
    return starts[at], ends[at]
