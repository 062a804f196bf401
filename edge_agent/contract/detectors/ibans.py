"""International bank account numbers."""

import re
from collections.abc import Iterator

from stdnum import iban
from stdnum.exceptions import ValidationError

from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.readings import Reading

_CANDIDATE = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}"
    r"(?:[ -]?[A-Za-z0-9]{4}){2,7}(?:[ -]?[A-Za-z0-9]{1,4})?(?![A-Za-z0-9])"
)
_CONTEXT = re.compile(r"iban|account|konto|compte|cuenta|账户|帐户|账号|帐号|汇款", re.IGNORECASE)
_CONTEXT_REACH = 40
# Shorter account numbers are all digits and look like order numbers ("NO2024…").
_LENGTH_WITHOUT_CONTEXT = 18


def find(reading: Reading) -> Iterator[Finding]:
    for match in _CANDIDATE.finditer(reading.text):
        judged = _judged(reading.text, match)
        if judged is not None:
            end, score, rule = judged
            yield Finding(*reading.span(match.start(), end), Kind.IBAN, score, rule)


def _judged(text: str, match: re.Match[str]) -> tuple[int, float, str] | None:
    """Return where the number ends, how sure it is one, and why."""
    ends = _possible_ends(match)
    for end in ends:
        if _is_valid(text[match.start() : end]):
            return end, 0.98, "checksum holds"
    for end in ends:
        number = iban.compact(text[match.start() : end])
        if _is_valid(number[:2] + iban.calc_check_digits(number) + number[4:]):
            before = text[max(0, match.start() - _CONTEXT_REACH) : match.start()]
            is_likely = len(number) >= _LENGTH_WITHOUT_CONTEXT or _CONTEXT.search(before)
            return end, 0.7 if is_likely else 0.4, "checksum fails"
    return None


def _possible_ends(match: re.Match[str]) -> list[int]:
    """Return the ends of its groups, longest first: a word of four letters may follow a number."""
    spaces = [match.start() + at for at, each in enumerate(match.group()) if each in " -"]
    return [match.end(), *(at for at in reversed(spaces) if at - match.start() >= 14)]


def _is_valid(number: str) -> bool:
    # Country and form count, not the national checks within: those fail on real accounts.
    try:
        iban.validate(number, check_country=False)
    except ValidationError:
        return False
    return True
