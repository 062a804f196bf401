"""Unified social credit codes of Chinese organisations, which are also their tax numbers."""

import re
from collections.abc import Iterator

from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.readings import Reading

# Who registered it, what it is, six digits of region, nine of organisation, one to check.
_CODE = re.compile(
    r"[1-9ANYany](?<![0-9A-Za-z_].)(?=[0-9A-Za-z -]{17})(?:[ -]?[0-9]){7}"
    r"(?:[ -]?[0-9A-HJ-NPQRTUWXYa-hj-npqrtuwxy]){10}(?![0-9A-Za-z_])"
)
_HAS_EIGHT = re.compile(r"[0-9][0-9 -]{6}")
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_DEPARTMENTS = frozenset(
    [
        "11",
        "12",
        "13",
        "19",
        "21",
        "29",
        "31",
        "32",
        "33",
        "34",
        "35",
        "39",
        "41",
        "49",
        "51",
        "52",
        "53",
        "54",
        "55",
        "59",
        "61",
        "62",
        "69",
        "71",
        "72",
        "79",
        "81",
        "89",
        "91",
        "92",
        "93",
        "A1",
        "A9",
        "N1",
        "N2",
        "N3",
        "N9",
        "Y1",
    ]
)
_PROVINCES = frozenset(
    [
        "10",
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
    ]
)
_USUAL_GROUPS = frozenset({(18,), (4, 4, 4, 4, 2), (2, 6, 9, 1), (8, 9, 1), (8, 10), (6, 6, 6)})
_NAMED = re.compile(
    r"信用代码|信用代碼|税号|稅號|营业执照|识别号|credit code|USCC|tax", re.IGNORECASE
)


def find(reading: Reading) -> Iterator[Finding]:
    if not _HAS_EIGHT.search(reading.text):
        return
    for match in _CODE.finditer(reading.text):
        code = re.sub("[ -]", "", match[0]).upper()
        if code[:2] not in _DEPARTMENTS or code[2:4] not in _PROVINCES:
            continue
        score, rule = _judged(code, match)
        yield Finding(*reading.span(*match.span()), Kind.SOCIAL_CREDIT_CODE, score, rule)


def _judged(code: str, match: re.Match[str]) -> tuple[float, str]:
    is_named = _NAMED.search(match.string, max(0, match.start() - 24), match.start()) is not None
    is_usual = tuple(map(len, re.split("[ -]", match[0]))) in _USUAL_GROUPS
    if _is_checked(code):
        # Of long numbers without a letter one in 31 would pass; order numbers are such.
        is_sure = is_usual and (is_named or not code.isdigit() or code.startswith("91"))
        return (0.95 if is_sure else 0.7), "checksum holds"
    if is_usual and (is_named or not code.isdigit()):
        return 0.6, "checksum fails"
    return 0.4, "checksum fails, digits only"


def _is_checked(code: str) -> bool:
    total = sum(
        weight * _ALPHABET.index(letter) for weight, letter in zip(_WEIGHTS, code[:17], strict=True)
    )
    return _ALPHABET[-total % 31] == code[17]
