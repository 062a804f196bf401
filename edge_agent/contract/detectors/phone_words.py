"""What the words beside a number say of it: a telephone, or something else that has a number."""

import re
from collections.abc import Iterator, Mapping
from enum import Enum

from edge_agent.contract.readings import Reading, once

_ENDS = ("", "s", "es")
_STRONG = tuple(
    name + end
    for name in (
        *("telephone", "phone", "tel", "mobile", "mob", "cell", "fax", "whatsapp", "hotline"),
        *(
            "dial",
            "sms",
            "telefon",
            "telefono",
            "telefone",
            "telefoon",
            "mobil",
            "handy",
            "rufnummer",
        ),
        *("celular", "cellulare", "mobilnummer", "handynummer", "telefonnummer", "portable"),
        *("phonenumber", "mobilenumber", "phoneno", "mobileno", "telno", "contactnumber"),
    )
    for end in _ENDS
)
_STRONG_CHINESE = (
    *("电话", "電話", "手机", "手機", "座机", "传真", "傳真", "热线", "致电", "来电", "拨打"),
    *("联系方式", "联系号码", "携帯", "전화", "휴대폰", "móvil", "móvel", "телефон"),
    # Russian letters that look Latin may have become so.
    *("тeлeфoн", "teлeфoh"),
)
# These say so only right before the number: one calls taxis, too.
_WEAK = ("call", "calling", "ring", "reach", "contact", "answering", "text")
_WEAK_CHINESE = ("联系",)
_REACHED = re.compile(
    r"(?:call(?:ing)?|ring|(?:reach|contact|answering|text)(?=.{0,8}(?:at|on|[:=])))"
)
_WHOM = re.compile(
    r"(?: (?:me|us|him|her|them|back)|[ _-]?(?:no|nr|number|num)\.?(?![a-z]))?(?: (?:at|on))?"
)
# The quotes of a field, too.
_BETWEEN, _BETWEEN_CHINESE = re.compile("[ :=(\"']{1,6}"), re.compile("[^0-9]{0,4}")
_OTHER = (
    *("order", "invoice", "tracking", "isbn", "issn", "sku", "serial", "version", "part", "ref"),
    *("reference", "ssn", "contract", "license", "licence", "passport", "zip", "port", "batch"),
    *("model", "item", "ticket", "case", "card", "account", "id", "no", "lot", "section"),
    *("nr", "rechnung", "bestellung", "auftrag", "aktenzeichen", "az", "artikel", "vertrag"),
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
_NEAR, _STRONGER = 24, 20


class _Sort(Enum):
    STRONG = 1
    WEAK = 2
    OTHER = 3


_SORTS = {
    **dict.fromkeys((*_OTHER, *_OTHER_CHINESE), _Sort.OTHER),
    **dict.fromkeys((*_WEAK, *_WEAK_CHINESE), _Sort.WEAK),
    **dict.fromkeys((*_STRONG, *_STRONG_CHINESE), _Sort.STRONG),
}
_SMALL = frozenset(word for word in _SORTS if word.isascii())
# The longer first: one begins as another does.
_CHINESE = re.compile("|".join(sorted(_SORTS.keys() - _SMALL, key=len, reverse=True)))
_WORD = re.compile("[a-z]+")
_OF_NUMBER = frozenset(
    ["number", "numbers", "no", "nr", "num", "home", "work", "office", "private", "business"]
)


def name_telephone(heading: str) -> bool:
    """Say whether a column under this heading holds telephone numbers; names stand in some, too.

    "Mobile no 2" does; "mobile sessions" does not.
    """
    lowered = heading.lower()
    words = [word for word in _WORD.findall(lowered) if word not in _OF_NUMBER]
    return any(name in lowered for name in _STRONG_CHINESE) or (
        bool(words) and (_SORTS.get(words[-1]) is _Sort.STRONG or words[-1] == "contact")
    )


class Words:
    """The words of a text that say of a number what it is; most texts have few of them or none."""

    def __init__(self, reading: Reading) -> None:
        self._reading, self._text = reading, reading.lowered

    @once
    def _here(self) -> Mapping[_Sort, list[str]]:
        """Return those that are anywhere in the text, looked for when they are first asked for."""
        here = _SMALL & self._reading.words
        if not self._text.isascii():
            here |= set(_CHINESE.findall(self._text))
        return {sort: [name for name in here if _SORTS[name] is sort] for sort in _Sort}

    def may_name_columns(self) -> bool:
        """Say whether some heading may say telephone."""
        return bool(self._here[_Sort.STRONG]) or "contact" in self._here[_Sort.WEAK]

    def say_telephone(self, start: int) -> bool:
        """Say whether what stands before this place calls what follows a telephone number."""
        return any(self._near(_Sort.STRONG, start, _NEAR)) or self._is_weakly_said(start)

    def say_telephone_after(self, end: int) -> bool:
        """Say whether the word after this place says that a telephone number stands before it."""
        return _AFTER.match(self._text, end) is not None

    def say_other(self, start: int) -> bool:
        """Say whether what stands before this place calls it an amount or another number."""
        before = self._text[max(0, start - 2) : start]
        is_other = (
            before[-1:] in _SIGNS
            or (before[-1:].isspace() and before[:1] in _SIGNS)
            or any(
                _BETWEEN_OTHER.fullmatch(self._text, end, start)
                for _, end in self._near(_Sort.OTHER, start, _NEAR)
            )
        )
        # "Tel No." is a telephone for all its "No.".
        return is_other and not (
            any(self._near(_Sort.STRONG, start, _STRONGER)) or self._is_weakly_said(start)
        )

    def _near(self, sort: _Sort, start: int, reach: int) -> Iterator[tuple[int, int]]:
        """Yield where each stands whole and shortly before this place, the last time if often."""
        text, first = self._text, max(0, start - reach)
        for name in self._here[sort]:
            at = text.rfind(name, first, start)
            if at >= 0 and _is_whole(text, name, at):
                yield at, at + len(name)

    def _is_weakly_said(self, start: int) -> bool:
        return any(
            self._is_reached(at, end, start) for at, end in self._near(_Sort.WEAK, start, _NEAR)
        )

    def _is_reached(self, start: int, end: int, place: int) -> bool:
        """Say whether the words from here to the place say that one reaches somebody there."""
        if self._text[start:end] in _WEAK_CHINESE:
            return _BETWEEN_CHINESE.fullmatch(self._text, end, place) is not None
        if not _REACHED.match(self._text, start):
            return False
        whom = _WHOM.match(self._text, end)
        end = whom.end() if whom else end
        return _BETWEEN.fullmatch(self._text, end, place) is not None


def _is_whole(text: str, name: str, at: int) -> bool:
    """Say whether no letters stand beside a word; Chinese has no spaces between words."""
    end = at + len(name)
    return name not in _SMALL or not (
        "a" <= text[at - 1 : at] <= "z" or "a" <= text[end : end + 1] <= "z"
    )
