"""What the words beside a number say of it: a telephone, or something else that has a number."""

import re
from bisect import bisect_right
from functools import cached_property

from edge_agent.contract.readings import Reading

_NAMES = ("telephone", "phone", "tel", "mobile", "mob", "cell", "fax", "whatsapp", "hotline")
_DEEDS = ("call", "calling", "ring", "reach", "contact", "answering", "text")
_ANY = frozenset(
    [name + end for name in (*_NAMES, "dial", "sms") for end in ("", "s", "es")]
    + [*_DEEDS, "office"]
)
_ANY_CHINESE = re.compile("电话|電話|手机|手機|座机|传真|傳真|热线|致电|来电|拨打|联系")
# In all that follows the first character is found first, so that the search runs fast.
_STRONG = re.compile(
    r"[电電手座传傳热致来拨联tpmcfwhds](?:(?<=电)话|(?<=電)話|(?<=手)[机機]|(?<=座)机|(?<=[传傳])真|(?<=热)线"
    r"|(?<=[致来])电|(?<=拨)打|(?<=联)系(?:方式|号码)"
    r"|(?<![a-z].)(?:(?<=t)el(?:ephone)?|(?<=p)hone|(?<=m)ob(?:ile)?|(?<=c)ell|(?<=f)ax|(?<=w)hatsapp"
    r"|(?<=h)otline|(?<=d)ial|(?<=s)ms)(?:e?s)?(?![a-z]))"
)
# These say so only right before the number: one calls taxis, too.
_WEAK = re.compile(
    r"[联crat](?:(?<=联)系|(?<![a-z].)(?:(?<=c)all(?:ing)?|(?<=r)ing"
    r"|(?:(?<=r)each|(?<=c)ontact|(?<=a)nswering|(?<=t)ext)(?=.{0,8}(?:at|on|:)))"
    r"(?: (?:me|us|him|her|them|back))?(?: (?:at|on))?)"
)
_BETWEEN, _BETWEEN_CHINESE = re.compile("[ :(]{1,3}"), re.compile("[^0-9]{0,4}")
_OTHER = re.compile(
    r"[订单流运快编批序型版证卡账税邮身发合项oitsvprlzbmcan]"
    r"(?:(?<=订)单|(?<=单)号|(?<=流)水|(?<=运)单|(?<=快)递|(?<=编)号|(?<=批)号|(?<=序)列|(?<=型)号|(?<=版)本"
    r"|(?<=[证卡账税])号|(?<=邮)编|(?<=身)份|(?<=发)票|(?<=合)同|(?<=项)目|(?<![a-z].)"
    r"(?:(?<=o)rder|(?<=i)(?:nvoice|sbn|ssn|tem|d)|(?<=t)(?:racking|icket)|(?<=s)(?:ku|erial|sn|ection)"
    r"|(?<=v)ersion|(?<=p)(?:art|assport|ort)|(?<=r)ef(?:erence)?|(?<=c)(?:ontract|ase|ard)"
    r"|(?<=l)(?:icen[sc]e|ot)|(?<=z)ip|(?<=b)atch|(?<=m)odel|(?<=a)ccount|(?<=n)o)(?![a-z]))"
)
_BETWEEN_OTHER = re.compile(r"[^0-9\n]{0,8}")
_SIGNS = frozenset("$€£¥￥#")
_AFTER = re.compile(r"[ \-–(,]{0,2}(?:office|fax|mobile|cell|tel|phone|手机|电话|传真)(?![a-z])")
_NEAR, _STRONGER = 24, 20

# Where they begin and where they end, in order.
_Places = tuple[list[int], list[int]]


class Words:
    """The words of a text, looked for once and only when they are asked for."""

    def __init__(self, reading: Reading) -> None:
        self._text = reading.lowered
        is_chinese = not reading.text.isascii() and _ANY_CHINESE.search(reading.text)
        self.say_anything = bool(is_chinese) or not _ANY.isdisjoint(reading.words)

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
        return _places(_STRONG, self._text)

    @cached_property
    def _weak(self) -> _Places:
        return _places(_WEAK, self._text)

    @cached_property
    def _other(self) -> _Places:
        return _places(_OTHER, self._text)


def _places(pattern: re.Pattern[str], text: str) -> _Places:
    spans = [match.span() for match in pattern.finditer(text)]
    return [start for start, _ in spans], [end for _, end in spans]


def _last(places: _Places, start: int, reach: int) -> tuple[int, int] | None:
    """Return the last of them that ends before a place, if all of it is within reach."""
    starts, ends = places
    at = bisect_right(ends, start) - 1
    if at < 0 or starts[at] < start - reach:
        return None
    return starts[at], ends[at]
