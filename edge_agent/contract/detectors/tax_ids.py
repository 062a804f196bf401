"""Tax numbers: VAT numbers of Europe and US employer numbers."""

import re
from collections.abc import Iterator

from stdnum.ch import vat as swiss_vat
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.util import get_cc_module

from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.readings import Reading

_COUNTRIES = (
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "GB", "GR", "HR"),
    *("HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "XI"),
)
# Greece and Northern Ireland sign with letters other than their country's.
_OTHER_NAMES = {"EL": "gr", "XI": "gb"}
# Loaded once, here: no decision waits for an import.
_CHECKS = {
    country: get_cc_module(_OTHER_NAMES.get(country, country.lower()), "vat")
    for country in _COUNTRIES
}
# The letters of the country are looked at after the first of them, so that the search runs fast.
_VAT = re.compile(
    rf"[A-Z](?<![A-Za-z0-9].)[A-Z](?<={'|'.join(_COUNTRIES)})"
    r"[ -]?[A-Z]{0,2}[0-9][0-9A-Z]{0,12}(?:[ .-][0-9][0-9A-Z]{0,9}){0,4}(?![A-Za-z0-9])"
)
_SEPARATOR = re.compile("[ .-]")
_SWISS = re.compile(
    r"(?<![A-Za-z0-9])CHE[- ]?\d{3}\.?\d{3}\.?\d{3}(?: ?(?:MWST|TVA|IVA|TPV))?(?![A-Za-z0-9])"
)
_EIN = re.compile(r"[0-9](?<![A-Za-z0-9.-].)[0-9]-?[0-9]{7}(?![A-Za-z0-9]|[-.][0-9])")
# The first two digits that no office ever gave out.
_EIN_UNUSED = re.compile(r"0[0789]|1[789]|2[89]|49|69|7[089]|89|9[67]")
_VAT_CONTEXT = re.compile(
    r"(?<![A-Za-z])(?:VAT|TVA|BTW|IVA|MwSt|USt|UID|NIP|moms|tax)(?![a-z])|税", re.IGNORECASE
)
_EIN_CONTEXT = re.compile(
    r"(?<![A-Za-z])F?EIN(?![A-Za-z])|employer id|tax(?:payer)? id|federal id|税号|雇主识别号",
    re.IGNORECASE,
)
# One of these is in all of it but the Chinese, and quicker to see.
_EIN_WORDS = frozenset({"ein", "fein", "employer", "tax", "taxpayer", "federal"})
_CONTEXT_REACH = 40
# Shorter ones have too weak a checksum to stand among order numbers.
_DIGITS_MIN = 7


def find(reading: Reading) -> Iterator[Finding]:
    yield from _vat(reading)
    if "CHE" in reading.text:
        yield from _swiss(reading)
    if not _EIN_WORDS.isdisjoint(reading.words) or not reading.text.isascii():
        yield from _ein(reading)


def _vat(reading: Reading) -> Iterator[Finding]:
    for match in _VAT.finditer(reading.text):
        number = match.group()
        if sum(map(str.isdigit, number)) < _DIGITS_MIN:
            continue
        judged = _judged_vat(match)
        if judged is not None:
            yield Finding(*reading.span(*match.span()), Kind.TAX_ID, *judged)


def _judged_vat(match: re.Match[str]) -> tuple[float, str] | None:
    number = _SEPARATOR.sub("", match.group())
    check = _CHECKS[number[:2]]
    if check is None:
        return None
    try:
        check.validate(_without_other_name(number))
    except InvalidChecksum:
        is_named = _is_named(_VAT_CONTEXT, match.string, match)
        return (0.65, "VAT number, checksum fails") if is_named else None
    except ValidationError:
        return None
    return 0.9, "VAT number, checksum holds"


def _without_other_name(number: str) -> str:
    """Return a number of Northern Ireland as a British one, which its check knows."""
    return "GB" + number[2:] if number.startswith("XI") else number


def _swiss(reading: Reading) -> Iterator[Finding]:
    for match in _SWISS.finditer(reading.text):
        number = re.sub(r"(?: ?(?:MWST|TVA|IVA|TPV))?$", " MWST", match.group(), count=1)
        holds = swiss_vat.is_valid(number)
        score, rule = (0.9, "checksum holds") if holds else (0.65, "checksum fails")
        yield Finding(*reading.span(*match.span()), Kind.TAX_ID, score, f"Swiss tax number, {rule}")


def _ein(reading: Reading) -> Iterator[Finding]:
    for match in _EIN.finditer(reading.text):
        if _is_named(_EIN_CONTEXT, reading.text, match):
            score = 0.6 if _EIN_UNUSED.match(match.group()) else 0.85
            yield Finding(
                *reading.span(*match.span()), Kind.TAX_ID, score, "US employer number, named"
            )


def _is_named(context: re.Pattern[str], text: str, match: re.Match[str]) -> bool:
    return context.search(text, max(0, match.start() - _CONTEXT_REACH), match.start()) is not None
