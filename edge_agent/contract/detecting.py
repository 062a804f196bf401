"""Every detector over every reading of a text, with overlaps resolved."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

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
from edge_agent.contract.flattening import flat, spoken
from edge_agent.contract.opacity import opaque_runs
from edge_agent.contract.policy import Policy
from edge_agent.contract.precedence import without_overlaps
from edge_agent.contract.readings import Reading
from edge_agent.contract.spreading import grouped, joined, shifted, turned
from edge_agent.contract.unwrapping import unwrapped
from edge_agent.contract.windows import split_numbers

Find = Callable[[Reading], Iterator[Finding]]

# Strings with a form of their own are looked for in everything that a text may hide.
FORMS: tuple[Find, ...] = (
    resident_ids.find,
    social_credit_codes.find,
    phones.find,
    bank_cards.find,
    passports.find,
    license_plates.find,
    ibans.find,
    emails.find,
    ip_addresses.find,
    national_ids.find,
    tax_ids.find,
    birth_dates.find,
    credentials.find,
    keys.find,
    passwords.find,
)
# What is known by its words only is looked for where words are.
PROSE: tuple[Find, ...] = (persons.find, addresses.find)
# Read some other way than it is written, a text says what it says only if that proves itself.
PROVEN_SCORE_MIN = 0.9
NUMBERS: tuple[Find, ...] = (resident_ids.find, bank_cards.find)
PROVEN: tuple[Find, ...] = (
    *NUMBERS,
    social_credit_codes.find,
    phones.find,
    ibans.find,
    emails.find,
    credentials.find,
    keys.find,
)
SHIFTED: tuple[Find, ...] = (
    resident_ids.find,
    social_credit_codes.find,
    ibans.find,
    keys.find,
    passwords.find,
)


def find_all(texts: Sequence[str], policy: Policy) -> list[list[Finding]]:
    """Return for each text what counts under the policy, by place, without overlaps.

    Positions count code points of the text as it was given.
    """
    readings = [flat(text) for text in texts]
    found = [[*_in_reading(reading, policy)] for reading in readings]
    for index, finding in split_numbers(readings, NUMBERS):
        found[index].append(finding)
    return [
        without_overlaps(
            (each for each in findings if policy.counts(each.kind, each.score)), policy
        )
        for findings in found
    ]


def _in_reading(reading: Reading, policy: Policy) -> Iterator[Finding]:
    yield from _in_words(reading, policy)
    yield from _otherwise(reading)
    yield from opaque_runs(reading)
    for inner in unwrapped(reading):
        for finding in (*_in_words(inner, policy), *_otherwise(inner)):
            # The rule of a tenant's word is its name, by which the policy finds its level.
            is_named = finding.kind is Kind.TENANT_WORD
            yield finding if is_named else replace(finding, rule=f"{finding.rule}, {inner.how}")


def _in_words(reading: Reading, policy: Policy) -> Iterator[Finding]:
    for find in (*FORMS, *PROSE):
        yield from find(reading)
    yield from terms.find_terms(reading, policy.terms)
    for rule, finding in terms.find_words(reading, policy.words):
        yield replace(finding, rule=rule.name)


def _otherwise(reading: Reading) -> Iterator[Finding]:
    """Yield what proves itself when the same characters are read in some other way."""
    for other, finders in _other_readings(reading):
        for find in finders:
            for finding in find(other):
                if finding.score >= PROVEN_SCORE_MIN:
                    yield replace(finding, rule=f"{finding.rule}, {other.how}")


def _other_readings(reading: Reading) -> Iterator[tuple[Reading, tuple[Find, ...]]]:
    if (said := spoken(reading)) is not None:
        yield said, (*NUMBERS, phones.find)
    if (together := grouped(reading)) is not None:
        yield together, (*NUMBERS, phones.find)
    for whole in joined(reading):
        yield whole, PROVEN
    if (backwards := turned(reading)) is not None:
        yield backwards, PROVEN
    if (thirteen_on := shifted(reading)) is not None:
        yield thirteen_on, SHIFTED
