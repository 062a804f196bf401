"""Addresses of the Internet Protocol, versions 4 and 6."""

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv6Address

from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.readings import Reading

_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_V4 = re.compile(
    # The first digit is found first and what stands before it after, so that the search runs fast.
    r"[0-9](?<![A-Za-z0-9_.].)(?<!(?<!\.[0-9])(?<!\.[0-9]{2})(?<!\.[0-9]{3})-.)(?:(?<=2)5[0-5]|(?<=2)[0-4]\d|(?<=1)\d\d|(?<=[1-9])\d)?\."
    rf"(?:{_OCTET}\.){{2}}{_OCTET}(?:/(?:3[0-2]|[12]?\d)(?!\d))?"
    # A hyphen leads to the last of a range.
    r"(?![A-Za-z0-9_]|\.\d|-\d(?!\d{0,2}\.\d{1,3}\.\d))"
)
_V6 = re.compile(
    r"(?<![A-Za-z0-9.])(?:(?<![A-Fa-f0-9:]:)|(?<=[Pp]6:)|(?<=[Vv]6:))(?:[0-9A-Fa-f]{1,4}|(?=::))(?::[0-9A-Fa-f]{0,4}){2,7}(?![A-Za-z0-9]|:[0-9A-Fa-f:]|\.\d)"
)
# The least of it that must be there, and is quicker to see.
_V6_SEEN = re.compile(":[0-9A-Fa-f]{0,4}:")
_VERSION_BEFORE = re.compile(
    r"(?:(?<![A-Za-z])(?:versions?|ver|v|rev|revision|release|build|firmware|driver|sections?|sec|"
    r"chapter|clause|article|appendix|paragraph|figure|table)|§|版本号?|版|第|章节?|固件)"
    r"[\s:：.]{0,3}(?:is\s|为|是)?$|[A-Za-z]/$",
    re.IGNORECASE,
)
# "version 10.0.1.2 and 8.1.2.3": what stands beside a version is one, too.
_VERSION_NEAR = re.compile(
    r"(?:(?<![A-Za-z])(?:versions?|release|build|firmware)|版本)[^。;；,，\n]{0,4}[0-9.]{3,20}"
    r"\s{0,2}(?:and|or|to|与|和|或|到|至|、|-|~)\s{0,2}$",
    re.IGNORECASE,
)
# Numbers of an outline, where they are as small as those are.
_OUTLINE = r"(?<![A-Za-z])(?:budget|lines?|items?|steps?|tasks?|rules?|requirements?|wbs|pos(?:ition)?|abschnitt|kapitel|artikel|ziffer)"
_OUTLINE_BEFORE = re.compile(rf"{_OUTLINE}[\s:.]{{1,3}}\Z", re.IGNORECASE)
# "line 1.2.3.4 was moved to 1.2.4.1"
_OUTLINE_NEAR = re.compile(
    rf"{_OUTLINE}[\s:.]{{1,3}}(?P<first>[0-9]{{1,3}})\.[0-9.]{{3,12}} [^0-9.;。；\n]{{1,30}}\Z",
    re.IGNORECASE,
)
_OUTLINE_REACH = 64
_VERSION_AFTER = re.compile(r"\s{0,2}(?:版|章|节|条|条款|version)", re.IGNORECASE)
_HEADING_AFTER = re.compile(r"[ \t]{1,4}[A-Za-z\u4e00-\u9fff]")
_HEADING_NUMBER_MAX = 20
_LOOPBACK = re.compile(r"127\.|0\.0\.0\.0|255\.255\.255\.")


def find(reading: Reading) -> Iterator[Finding]:
    if reading.text.count(".") >= 3:
        yield from _v4(reading)
    if _V6_SEEN.search(reading.text):
        yield from _v6(reading)


def _v4(reading: Reading) -> Iterator[Finding]:
    for match in _V4.finditer(reading.text):
        score, rule = _judged_v4(reading.text, match)
        yield Finding(*reading.span(*match.span()), Kind.IP_ADDRESS, score, rule)


def _judged_v4(text: str, match: re.Match[str]) -> tuple[float, str]:
    if _VERSION_BEFORE.search(text[max(0, match.start() - 24) : match.start()]):
        return 0.2, "reads as a version or section"
    if _VERSION_NEAR.search(text[max(0, match.start() - 24) : match.start()]):
        return 0.3, "named beside a version"
    is_numbering = _is_small(match) and (_is_in_outline(text, match) or _is_heading(text, match))
    if is_numbering or _VERSION_AFTER.match(text, match.end()):
        return 0.2, "reads as a version or section"
    if _LOOPBACK.match(match.group()):
        return 0.3, "address of no particular machine"
    return 0.8, "form of an IPv4 address"


def _is_small(match: re.Match[str]) -> bool:
    address = match.group()
    return "/" not in address and all(
        int(each) <= _HEADING_NUMBER_MAX for each in address.split(".")
    )


def _is_in_outline(text: str, match: re.Match[str]) -> bool:
    """Say whether the line of a budget, a step or the like has these small numbers."""
    first = max(0, match.start() - _OUTLINE_REACH)
    if _OUTLINE_BEFORE.search(text, first, match.start()):
        return True
    near = _OUTLINE_NEAR.search(text, first, match.start())
    return near is not None and match.group().startswith(near["first"] + ".")


def _is_heading(text: str, match: re.Match[str]) -> bool:
    """Say whether a line begins with these numbers and goes on with words."""
    line_start = text.rfind("\n", 0, match.start()) + 1
    if text[line_start : match.start()].strip(" \t#*"):
        return False
    return _HEADING_AFTER.match(text, match.end()) is not None


def _v6(reading: Reading) -> Iterator[Finding]:
    for match in _V6.finditer(reading.text):
        start, end = match.span()
        # A colon of the sentence may follow the address.
        if reading.text[end - 1] == ":" and reading.text[end - 2] != ":":
            end -= 1
        if _is_v6(reading.text[start:end]):
            yield Finding(
                *reading.span(start, end), Kind.IP_ADDRESS, 0.85, "form of an IPv6 address"
            )


def _is_v6(text: str) -> bool:
    groups = [group for group in text.split(":") if group]
    # "a::b" is more often a name in a program; "fe80::1" is not.
    if len(groups) < 3 and not re.match(r"[23f][0-9a-f]{3}::[0-9a-f]", text, re.IGNORECASE):
        return False
    try:
        IPv6Address(text)
    except AddressValueError:
        return False
    return True
