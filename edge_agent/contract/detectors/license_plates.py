"""Licence plates of the mainland, with those for Hong Kong and Macau, police and learners."""

import re
from collections.abc import Iterator

from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.readings import Reading

PLACES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PART = r"[ ]?[·•・．.\-]?[ ]?"
_PLATE = re.compile(
    rf"(?P<place>[{PLACES}])(?P<city>[A-HJ-NP-Za-hj-np-z]){_PART}(?P<number>"
    # New energy: a letter first for small cars, last for large ones.
    r"[A-Ka-k][A-HJ-NP-Za-hj-np-z0-9][0-9]{4}|[0-9]{5}[A-Ka-k]"
    r"|[A-HJ-NP-Za-hj-np-z0-9]{4}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳试超领]"
    r")(?![A-Za-z0-9])"
)
_ARMED = re.compile(
    rf"(?<![A-Za-z0-9])WJ[{PLACES}]?{_PART}[0-9]{{4}}[0-9XBTSHJD](?![A-Za-z0-9])"
    r"|使[0-9]{6}(?![0-9A-Za-z])"
)
_HAS_PLACE = re.compile(rf"[{PLACES}][A-Za-z]|WJ|使[0-9]")
# Words that end in the short name of a province and often stand before a model or version.
_WORDS = frozenset(
    [
        "最新",
        "全新",
        "更新",
        "创新",
        "刷新",
        "重新",
        "里云",
        "讯云",
        "为云",
        "度云",
        "东京",
        "北京",
        "南京",
        "四川",
    ]
)
_DIGITS_MIN = 2
_NAMED = re.compile(r"车牌|牌照|号牌|车号|plate|车辆|轿车|停车", re.IGNORECASE)


def find(reading: Reading) -> Iterator[Finding]:
    text = reading.text
    if (text.isascii() and "WJ" not in text) or not _HAS_PLACE.search(text):
        return
    for match in _PLATE.finditer(text):
        score = _score(match)
        if score:
            yield _finding(reading, match, score, "form of a licence plate")
    for match in _ARMED.finditer(text):
        yield _finding(reading, match, 0.7, "form of a special plate")


def _score(match: re.Match[str]) -> float:
    number = match["number"]
    digits = sum(character.isdigit() and character.isascii() for character in number)
    if digits < _DIGITS_MIN:
        return 0.0
    start = match.start()
    if _NAMED.search(match.string, max(0, start - 12), start):
        return 0.9
    if match.string[max(0, start - 1) : start + 1] in _WORDS:
        return 0.4
    is_upper = match[0].upper() == match[0]
    # In small letters it may be the code of a product.
    return 0.9 if is_upper else 0.6


def _finding(reading: Reading, match: re.Match[str], score: float, rule: str) -> Finding:
    return Finding(*reading.span(*match.span()), Kind.LICENSE_PLATE, score, rule)
