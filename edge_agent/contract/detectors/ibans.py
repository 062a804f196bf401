"""International bank account numbers."""

import re
from collections.abc import Iterator
from functools import lru_cache

from stdnum import numdb

from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.readings import Reading

# The two digits are found first and what stands before them after, so that the search runs fast.
_CANDIDATE = re.compile(
    r"[0-9][0-9](?<=[A-Za-z]{2}..)(?<![A-Za-z0-9].{4})"
    r"(?:[ -]?[A-Za-z0-9]{4}){2,7}(?:[ -]?[A-Za-z0-9]{1,4})?(?![A-Za-z0-9])"
)
_CONTEXT = re.compile(r"iban|account|konto|compte|cuenta|账户|帐户|账号|帐号|汇款", re.IGNORECASE)
_CONTEXT_REACH = 40
# Shorter account numbers are all digits and look like order numbers ("NO2024…").
_LENGTH_WITHOUT_CONTEXT = 18
_LENGTH_MIN = 14
_HEAD = 4
_SEPARATORS = str.maketrans("", "", " -")
_SIGNS_OF_FORM = {"n": "[0-9]", "a": "[A-Z]", "c": "[0-9A-Z]"}
# The forms of all countries, as the registry of the format writes them.
_FORMS = numdb.get("iban")


def find(reading: Reading) -> Iterator[Finding]:
    for match in _CANDIDATE.finditer(reading.text):
        start = match.start() - 2
        judged = _judged(reading.text, start, match.end())
        if judged is not None:
            end, score, rule = judged
            yield Finding(*reading.span(start, end), Kind.IBAN, score, rule)


def _judged(text: str, start: int, end: int) -> tuple[int, float, str] | None:
    """Return where the number ends, how sure it is one, and why."""
    run = text[start:end]
    form = _form(run[:2].upper())
    if form is None:
        return None
    for end_in_run in _possible_ends(run):
        number = run[:end_in_run].translate(_SEPARATORS).upper()
        # In each country all numbers are of one length, so that one end fits at most.
        if not form.fullmatch(number, _HEAD):
            continue
        end = start + end_in_run
        if _is_checked(number):
            return end, 0.98, "checksum holds"
        before = text[max(0, start - _CONTEXT_REACH) : start]
        is_likely = len(number) >= _LENGTH_WITHOUT_CONTEXT or _CONTEXT.search(before)
        return end, 0.7 if is_likely else 0.4, "checksum fails"
    return None


def _possible_ends(run: str) -> list[int]:
    """Return the ends of its groups, longest first: a word of four letters may follow a number."""
    spaces = [at for at, each in enumerate(run) if each in " -" and at >= _LENGTH_MIN]
    return [len(run), *reversed(spaces)]


@lru_cache(maxsize=1024)
def _form(country: str) -> re.Pattern[str] | None:
    """Return the form of what follows country and check digits; None where there is none."""
    parts = _FORMS.info(country + "00")[0][1].get("bban", "")
    if not parts:
        return None
    sizes = re.findall(r"([1-9][0-9]*)!([nac])", parts)
    return re.compile("".join(f"{_SIGNS_OF_FORM[sign]}{{{size}}}" for size, sign in sizes))


def _is_checked(number: str) -> bool:
    """Say whether the number leaves one when divided by 97, as ISO 7064 has it."""
    turned = number[_HEAD:] + number[:_HEAD]
    return int("".join(str(int(each, 36)) for each in turned)) % 97 == 1
