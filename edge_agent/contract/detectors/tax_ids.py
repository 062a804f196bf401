"""Tax numbers: VAT numbers of Europe and US employer numbers."""

import re
from collections.abc import Iterator

from stdnum.ch import vat as swiss_vat
from stdnum.eu import vat
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.gb import vat as british_vat
from stdnum.us import ein

from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.readings import Reading

_VAT = re.compile(
    r"(?<![A-Za-z0-9])(?:AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|GR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|"
    r"RO|SE|SI|SK|XI)[ -]?[A-Z]{0,2}\d[0-9A-Z]{0,12}(?:[ .-]\d[0-9A-Z]{0,9}){0,4}(?![A-Za-z0-9])"
)
_SWISS = re.compile(
    r"(?<![A-Za-z0-9])CHE[- ]?\d{3}\.?\d{3}\.?\d{3}(?: ?(?:MWST|TVA|IVA|TPV))?(?![A-Za-z0-9])"
)
_EIN = re.compile(r"(?<![A-Za-z0-9.-])\d{2}-?\d{7}(?![A-Za-z0-9]|[-.]\d)")
_VAT_CONTEXT = re.compile(
    r"(?<![A-Za-z])(?:VAT|TVA|BTW|IVA|MwSt|USt|UID|NIP|moms|tax)(?![a-z])|税", re.IGNORECASE
)
_EIN_CONTEXT = re.compile(
    r"(?<![A-Za-z])F?EIN(?![A-Za-z])|employer id|tax(?:payer)? id|federal id|税号|雇主识别号",
    re.IGNORECASE,
)
_CONTEXT_REACH = 40
# Shorter ones have too weak a checksum to stand among order numbers.
_DIGITS_MIN = 7


def find(reading: Reading) -> Iterator[Finding]:
    yield from _vat(reading)
    if "CHE" in reading.text:
        yield from _swiss(reading)
    yield from _ein(reading)


def _vat(reading: Reading) -> Iterator[Finding]:
    for match in _VAT.finditer(reading.text):
        number = match.group()
        if sum(map(str.isdigit, number)) < _DIGITS_MIN:
            continue
        is_named = _is_named(_VAT_CONTEXT, reading.text, match)
        judged = _judged_vat(number, is_named=is_named)
        if judged is not None:
            yield Finding(*reading.span(*match.span()), Kind.TAX_ID, *judged)


def _judged_vat(number: str, *, is_named: bool) -> tuple[float, str] | None:
    try:
        compact = re.sub(r"[ .-]", "", number)
        (british_vat if compact.startswith("GB") else vat).validate(compact)
    except InvalidChecksum:
        return (0.65, "VAT number, checksum fails") if is_named else None
    except ValidationError:
        return None
    return 0.9, "VAT number, checksum holds"


def _swiss(reading: Reading) -> Iterator[Finding]:
    for match in _SWISS.finditer(reading.text):
        number = re.sub(r"(?: ?(?:MWST|TVA|IVA|TPV))?$", " MWST", match.group(), count=1)
        holds = swiss_vat.is_valid(number)
        score, rule = (0.9, "checksum holds") if holds else (0.65, "checksum fails")
        yield Finding(*reading.span(*match.span()), Kind.TAX_ID, score, f"Swiss tax number, {rule}")


def _ein(reading: Reading) -> Iterator[Finding]:
    for match in _EIN.finditer(reading.text):
        if _is_named(_EIN_CONTEXT, reading.text, match):
            score = 0.85 if ein.is_valid(match.group()) else 0.6
            yield Finding(
                *reading.span(*match.span()), Kind.TAX_ID, score, "US employer number, named"
            )


def _is_named(context: re.Pattern[str], text: str, match: re.Match[str]) -> bool:
    return context.search(text, max(0, match.start() - _CONTEXT_REACH), match.start()) is not None
