"""Numbers of bank and credit cards, and of bank accounts where the words say so."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.readings import Reading

_RUN = re.compile(
    r"[0-9](?<![0-9A-Za-z_].)(?<![0-9][.-].)[0-9]{3,18}(?:[ -][0-9]{4,13}){0,4}(?:[ -][0-9]{1,3})?(?![0-9A-Za-z_])(?!\.[0-9])"
)
_HAS_FOUR = re.compile(r"[0-9]{4}[ -]?[0-9]{4}")
# The first digits of the issuers, with the lengths each of them uses.
_ISSUERS = (
    (re.compile(r"4"), (13, 16, 19)),
    (re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), (16,)),
    (re.compile(r"3[47]"), (15,)),
    (re.compile(r"62|81"), (16, 17, 18, 19)),
    (re.compile(r"35(?:2[89]|[3-8])|2131|1800"), (15, 16, 17, 18, 19)),
    (re.compile(r"6011|64[4-9]|65"), (16, 17, 18, 19)),
    (re.compile(r"30[0-59]|3[689]"), (14, 16, 19)),
    (re.compile(r"50(?:18|20|38)|5893|6304|67(?:59|6[1-3])"), (13, 14, 15, 16, 17, 18, 19)),
    # Debit cards of Chinese banks from before all began with 62.
    (re.compile(r"955[89]|601382|60142|603[0-9]|9111|940[0-9]|6858|690755"), (16, 17, 18, 19)),
)
_LENGTHS = range(13, 20)
_WRITTEN_LENGTHS = range(13, 80)
# What becomes of a digit that is doubled and has its own digits added.
_DOUBLED = str.maketrans("0123456789", "0246813579")
_CARD = re.compile(
    r"卡号|卡號|银行卡|信用卡|储蓄卡|借记卡|账号|帐号|賬號|账户|"
    r"(?<![a-z])(?:card|visa|mastercard|amex|unionpay|account|acct|a/c)",
    re.IGNORECASE,
)
_BANK_ACCOUNT = re.compile(
    r"银行账|银行帐|银行卡|开户|账户|收款账|收款帐|bank account", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Number:
    digits: str
    start: int
    end: int
    is_usual: bool
    is_fours: bool


def find(reading: Reading) -> Iterator[Finding]:
    if not _HAS_FOUR.search(reading.text):
        return
    match = _RUN.search(reading.text)
    while match is not None:
        end = match.end()
        best = _best(match) if len(match[0]) in _WRITTEN_LENGTHS else None
        if best is not None:
            number, score, rule = best
            span = reading.span(number.start, number.end)
            yield Finding(*span, Kind.BANK_CARD, score, rule)
            # What follows in the same run may be the beginning of another card.
            end = number.end
        match = _RUN.search(reading.text, end)


def _best(match: re.Match[str]) -> tuple[_Number, float, str] | None:
    """Return the surest number of the run; of equals the first, which is the longest."""
    judged = ((number, *_judged(number, match.string)) for number in _numbers(match))
    return max((each for each in judged if each[1]), key=itemgetter(1), default=None)


def _numbers(match: re.Match[str]) -> Iterator[_Number]:
    """Yield each run of groups that may be a card, longest first.

    What stands beside a card (its three-digit code, a year) parts from it by a space too.
    """
    groups = list(re.finditer("[0-9]+", match[0]))
    for size in range(len(groups), 0, -1):
        for at in range(len(groups) - size + 1):
            chosen = groups[at : at + size]
            digits = "".join(group[0] for group in chosen)
            if len(digits) in _LENGTHS:
                start, end = chosen[0].start(), chosen[-1].end()
                sizes = [len(group[0]) for group in chosen]
                yield _Number(
                    digits,
                    match.start() + start,
                    match.start() + end,
                    _is_usual(sizes),
                    size == len(groups) and sizes[:4] == [4, 4, 4, 4],
                )


def _is_usual(sizes: Sequence[int]) -> bool:
    is_fours = all(size == 4 for size in sizes[:-1]) and sizes[-1] <= 4
    return len(sizes) == 1 or is_fours or list(sizes[:2]) == [4, 6] or sizes[0] == 6


def _judged(number: _Number, text: str) -> tuple[float, str]:
    before = text[max(0, number.start - 24) : number.start]
    is_issued = _is_issued(number.digits)
    if _is_luhn(number.digits) and number.digits.strip("0"):
        return _checked(number, is_issued=is_issued, is_named=_CARD.search(before) is not None)
    if not number.is_usual:
        return 0.0, ""
    if is_issued and _CARD.search(before):
        return 0.65, "checksum fails, words say card"
    if is_issued and number.is_fours:
        return 0.55, "checksum fails, groups of a card"
    return (0.6, "words say bank account") if _BANK_ACCOUNT.search(before) else (0.0, "")


def _checked(number: _Number, *, is_issued: bool, is_named: bool) -> tuple[float, str]:
    if is_issued and (number.is_usual or is_named):
        return 0.95, "checksum holds, issuer known"
    if is_issued:
        return 0.7, "checksum holds, groups unusual"
    return (0.7 if is_named else 0.3), "checksum holds, issuer unknown"


def _is_issued(digits: str) -> bool:
    return any(len(digits) in lengths and issuer.match(digits) for issuer, lengths in _ISSUERS)


def _is_luhn(digits: str) -> bool:
    doubled = digits[-2::-2].translate(_DOUBLED)
    return (sum(map(int, digits[-1::-2])) + sum(map(int, doubled))) % 10 == 0
