"""Numbers of bank and credit cards, and of bank accounts where the words say so."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import itemgetter

from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.readings import Reading

_RUN = re.compile(
    r"[0-9](?<![0-9A-Za-z_].)(?<![0-9][.-].)(?=[0-9 -]{12})[0-9]{3,18}(?:[ -][0-9]{4,13}){0,4}(?:[ -][0-9]{1,3})?(?![0-9A-Za-z_])(?!\.[0-9])"
)
_GROUP = re.compile(r"[0-9]+")
_HAS_FOUR = re.compile(r"[0-9][0-9]{3}[ -]?[0-9]{4}")
# Four groups of four with some other sign between them.
_SIGNED = re.compile(
    r"[0-9](?<![0-9A-Za-z.].)[0-9]{3}(?P<sign>[._/·])(?:[0-9]{6}(?P=sign)[0-9]{5}"
    r"|[0-9]{4}(?P=sign)[0-9]{4}(?P=sign)[0-9]{1,7}(?:(?P=sign)[0-9]{1,3})?)"
    r"(?![0-9A-Za-z])"
)
_SIGN = re.compile(r"[._/·](?<=[0-9]{4}.)[0-9]{4,6}[._/·]")
# The first digits of the issuers, with the lengths each of them uses.
_ISSUERS = (
    (r"4", (13, 16, 19)),
    (r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720", (16,)),
    (r"3[47]", (15,)),
    (r"62|81", (16, 17, 18, 19)),
    (r"35(?:2[89]|[3-8])|2131|1800", (15, 16, 17, 18, 19)),
    (r"6011|64[4-9]|65", (16, 17, 18, 19)),
    (r"30[0-59]|3[689]", (14, 16, 19)),
    (r"50(?:18|20|38)|5893|6304|67(?:59|6[1-3])", (13, 14, 15, 16, 17, 18, 19)),
    # Debit cards of Chinese banks from before all began with 62.
    (r"955[89]|601382|60142|603[0-9]|9111|940[0-9]|6858|690755", (16, 17, 18, 19)),
)
_LENGTHS = range(13, 20)
_OLD_LENGTH = 13
_WRITTEN_LENGTHS = range(13, 80)
_ISSUED = re.compile(
    "|".join(
        f"(?=(?:{issuer}))(?:{'|'.join(f'[0-9]{{{length}}}' for length in lengths)})"
        for issuer, lengths in _ISSUERS
    )
)
_ZERO = ord("0")
# What becomes of a digit that is doubled and has its own digits added.
_DOUBLED = bytes.maketrans(b"0123456789", b"0246813579")
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
    is_checked: bool


def find(reading: Reading) -> Iterator[Finding]:
    for signed in _SIGNED.finditer(reading.text) if _SIGN.search(reading.text) else ():
        digits = signed[0].replace(signed["sign"], "")
        if is_luhn(digits) and _ISSUED.fullmatch(digits):
            span = reading.span(*signed.span())
            yield Finding(*span, Kind.BANK_CARD, 0.95, "checksum holds, issuer known")
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
    """Yield each run of groups that may be a card or an account, longest first.

    What stands beside a card (its three-digit code, a year) parts from it by a space too.
    """
    spans = [group.span() for group in _GROUP.finditer(match[0])]
    sizes = [end - start for start, end in spans]
    digits = match[0].replace(" ", "").replace("-", "")
    places = [0, *accumulate(sizes)]
    for count in range(len(spans), 0, -1):
        for at in range(len(spans) - count + 1):
            first, last = places[at], places[at + count]
            if last - first not in _LENGTHS:
                continue
            number = digits[first:last]
            is_usual, is_checked = _is_usual(sizes[at : at + count]), is_luhn(number)
            # Other numbers stand side by side more often than cards do.
            if is_usual or is_checked:
                yield _Number(
                    number,
                    match.start() + spans[at][0],
                    match.start() + spans[at + count - 1][1],
                    is_usual,
                    count == len(spans) and sizes[:4] == [4, 4, 4, 4],
                    is_checked,
                )


def _is_usual(sizes: Sequence[int]) -> bool:
    is_fours = all(size == 4 for size in sizes[:-1]) and sizes[-1] <= 4
    return len(sizes) == 1 or is_fours or list(sizes[:2]) == [4, 6] or sizes[0] == 6


def is_luhn(digits: str) -> bool:
    """Say whether the digits, every second of them doubled, add up to tens and are not all 0."""
    backwards = digits.encode()[::-1]
    total = sum(backwards[::2]) + sum(backwards[1::2].translate(_DOUBLED))
    return (total - len(digits) * _ZERO) % 10 == 0 and digits.strip("0") != ""


def _judged(number: _Number, text: str) -> tuple[float, str]:
    before = text[max(0, number.start - 24) : number.start]
    is_issued = _ISSUED.fullmatch(number.digits) is not None
    if number.is_checked:
        return _checked(number, is_issued=is_issued, is_named=_CARD.search(before) is not None)
    if is_issued and _CARD.search(before):
        return 0.65, "checksum fails, words say card"
    if is_issued and number.is_fours:
        return 0.55, "checksum fails, groups of a card"
    return (0.6, "words say bank account") if _BANK_ACCOUNT.search(before) else (0.0, "")


def _checked(number: _Number, *, is_issued: bool, is_named: bool) -> tuple[float, str]:
    if len(number.digits) == _OLD_LENGTH and not is_named:
        # No card has been issued with so few for years; moments and article numbers have them.
        return 0.4, "checksum holds, too short for a card of today"
    if is_issued and (number.is_usual or is_named):
        return 0.95, "checksum holds, issuer known"
    if is_issued:
        return 0.7, "checksum holds, groups unusual"
    return (0.7 if is_named else 0.3), "checksum holds, issuer unknown"
