"""Every detector over every reading of a text, with overlaps resolved."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from edge_agent.contract.assembling import assembled
from edge_agent.contract.composing import composed
from edge_agent.contract.detectors import (
    addresses,
    bank_cards,
    birth_dates,
    credentials,
    emails,
    ibans,
    ip_addresses,
    keys,
    license_plates,
    national_ids,
    passports,
    passwords,
    persons,
    phones,
    resident_ids,
    social_credit_codes,
    tax_ids,
    terms,
)
from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.flattening import flat
from edge_agent.contract.levels import Level
from edge_agent.contract.opacity import opaque_runs
from edge_agent.contract.parting import parted
from edge_agent.contract.policy import Policy
from edge_agent.contract.precedence import without_overlaps
from edge_agent.contract.readings import Reading, Spans
from edge_agent.contract.resembling import resembled
from edge_agent.contract.speaking import spoken
from edge_agent.contract.spelling import spelt
from edge_agent.contract.spreading import grouped, joined
from edge_agent.contract.turning import shifted, turned
from edge_agent.contract.unwrapping import unwrapped
from edge_agent.contract.windows import split_numbers

Find = Callable[[Reading], Iterator[Finding]]
Read = Callable[[Reading], Iterator[Reading]]

# Strings with a form of their own are looked for in everything that a text may hide; each has so
# many digits at least.
FORMS: tuple[tuple[Find, int], ...] = (
    (resident_ids.find, 6),
    (social_credit_codes.find, 7),
    (phones.find, 6),
    (bank_cards.find, 12),
    (passports.find, 4),
    (license_plates.find, 2),
    (ibans.find, 4),
    (emails.find, 0),
    (ip_addresses.find, 1),
    (national_ids.find, 4),
    (tax_ids.find, 7),
    (birth_dates.find, 2),
    (credentials.find, 0),
    (keys.find, 0),
    (passwords.find, 0),
)
# What is known by its words only is looked for where words are.
PROSE: tuple[Find, ...] = (persons.find, addresses.find)
# What proves itself: with these a text is searched that is read some other way than written.
PROVEN_SCORE_MIN = 0.9
TURNED_SCORE_MIN = 0.7
PULLED_SCORE = 0.2
NUMBERS: tuple[Find, ...] = (resident_ids.find, bank_cards.find)
LAYERS_MAX = 2
# Of a long text each reading has little, so that all of them are no more than a few of a short one.
READINGS_MIN, READINGS_MAX = 12, 60
_DIGITS_MAX = max(digits for _, digits in FORMS)
# Those to ask of a text with 0, 1, 2 … digits; of one with more, those of the last.
_BY_DIGITS = tuple(
    tuple(find for find, digits in FORMS if digits <= count) for count in range(_DIGITS_MAX + 1)
)
# What rot13 leaves recognisable: digits stay, and words that name a secret come back.
SHIFTED: tuple[Find, ...] = (
    resident_ids.find,
    social_credit_codes.find,
    ibans.find,
    emails.find,
    credentials.find,
    keys.find,
    passwords.find,
)
# Readings in which any text looks like noise.
_ORDERS = ("backwards", "rot13")
_ARRANGED = (*_ORDERS, "parted", "put together", "pulled apart", "line end", "for digits", "spoken")
# After these nothing is turned, shifted or pulled apart again.
_LAST = ("backwards", "line end", "for digits", "spoken words")
_SCORES_MIN = {"groups put together": PROVEN_SCORE_MIN, "backwards": TURNED_SCORE_MIN}


def find_all(texts: Sequence[str], policy: Policy) -> list[list[Finding]]:
    """Return for each text what counts under the policy, by place, without overlaps.

    Positions count code points of the text as it was given.
    """
    readings = [flat(text) for text in texts]
    found = [_in_reading(reading, policy) for reading in readings]
    for index, finding in split_numbers(readings, NUMBERS):
        found[index].append(finding)
    return [without_overlaps(findings, policy) for findings in found]


def _in_reading(reading: Reading, policy: Policy) -> list[Finding]:
    """Return what counts, in whatever order."""
    found = [*_counting(_in_text(reading, policy), policy)]
    layer = [reading]
    for _ in range(LAYERS_MAX):
        undone = (inner for outer in layer for inner in _undone(outer))
        layer = [*_affordable(undone, READINGS_MIN * len(reading.text))]
        for inner in layer:
            others = [*_counting(_in_other(inner, policy), policy)]
            if others and any(how in inner.how for how in _ARRANGED):
                said = {level: _Said(found, level, policy) for level in Level}
                others = [
                    each for each in others if each not in said[policy.level_of_finding(each)]
                ]
            found += others
    return found


def _affordable(readings: Iterable[Reading], chars_max: int) -> Iterator[Reading]:
    """Yield a few readings, and more as long as they are no longer together than this."""
    for count, reading in enumerate(islice(readings, READINGS_MAX)):
        chars_max -= len(reading.text)
        if count >= READINGS_MIN and chars_max < 0:
            return
        yield reading


def _counting(findings: Iterable[Finding], policy: Policy) -> Iterator[Finding]:
    return (each for each in findings if policy.counts(each.kind, each.score))


class _Said:
    """What says as much as it is written: most numbers are one backwards, too."""

    def __init__(self, findings: Iterable[Finding], level: Level, policy: Policy) -> None:
        self._spans = Spans(
            (finding.start, finding.end)
            for finding in findings
            if policy.level_of_finding(finding) >= level
        )

    def __contains__(self, finding: Finding) -> bool:
        return self._spans.reach(finding.start + 1) >= finding.end


def _undone(reading: Reading) -> Iterator[Reading]:
    """Yield what else the same characters may say: decoded, put together, turned round."""
    is_first = reading.how == "as written"
    for read in _readers(reading.how):
        for inner in read(reading):
            yield inner if is_first else replace(inner, how=f"{inner.how} in {reading.how}")


def _readers(how: str) -> tuple[Read, ...]:
    """Return what may be tried next: nobody turns twice, and what was turned is no prose."""
    if "rot13" in how:
        return ()
    if any(each in how for each in _LAST):
        return (unwrapped, grouped)
    return (
        unwrapped,
        parted,
        spoken,
        spelt,
        grouped,
        assembled,
        composed,
        resembled,
        joined,
        turned,
        shifted,
    )


def _in_words(reading: Reading, policy: Policy) -> Iterator[Finding]:
    yield from _in_forms(reading)
    for find in PROSE:
        yield from find(reading)
    yield from terms.find_terms(reading, policy.terms)
    for rule, finding in terms.find_words(reading, policy.words):
        yield replace(finding, rule=rule.name)


def _in_other(reading: Reading, policy: Policy) -> Iterator[Finding]:
    """Yield what is found in what was undone; the rest was read as it is written."""
    score_min = max((_SCORES_MIN[how] for how in _SCORES_MIN if how in reading.how), default=0.0)
    is_arranged = any(how in reading.how for how in _ARRANGED)
    # What was only put together or turned round is a number or a key, and no prose.
    found = _in_forms(reading) if is_arranged else _in_text(reading, policy)
    raised = PULLED_SCORE if "pulled apart" in reading.how else 0.0
    for each in found:
        # Who pulls a number apart has a reason: what might be one counts as one then.
        finding = replace(each, score=min(1.0, round(each.score + raised, 2)))
        if finding.score >= score_min and reading.touches(finding.start, finding.end):
            # The rule of a tenant's word is its name, by which the policy finds its level.
            is_named = finding.kind is Kind.TENANT_WORD
            yield finding if is_named else replace(finding, rule=f"{finding.rule}, {reading.how}")


def _finders(reading: Reading) -> tuple[Find, ...]:
    how = reading.how
    if "rot13" in how:
        return SHIFTED
    # What is put together and turned round proves itself by a check digit, or is any number.
    if "groups put together" in how and "backwards" in how:
        return NUMBERS
    return _BY_DIGITS[min(reading.digits, _DIGITS_MAX)]


def _in_forms(reading: Reading) -> Iterator[Finding]:
    for find in _finders(reading):
        yield from find(reading)


def _in_text(reading: Reading, policy: Policy) -> Iterator[Finding]:
    yield from _in_words(reading, policy)
    yield from opaque_runs(reading)
