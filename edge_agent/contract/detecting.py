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
from edge_agent.contract.findings import Finding
from edge_agent.contract.flattening import flat, spoken
from edge_agent.contract.policy import Policy
from edge_agent.contract.precedence import without_overlaps
from edge_agent.contract.readings import Reading
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
# Digits that were spoken or spread prove themselves, or they are only numbers.
SPOKEN_SCORE_MIN = 0.9
NUMBERS: tuple[Find, ...] = (resident_ids.find, bank_cards.find)


def find_all(texts: Sequence[str], policy: Policy) -> list[list[Finding]]:
    """Return for each text what counts under the policy, by place, without overlaps.

    Positions count code points of the text as it was given.
    """
    readings = [flat(text) for text in texts]
    found = [[*_in_words(reading, policy), *_in_speech(reading)] for reading in readings]
    for index, finding in split_numbers(readings, NUMBERS):
        found[index].append(finding)
    return [
        without_overlaps(
            (each for each in findings if policy.counts(each.kind, each.score)), policy
        )
        for findings in found
    ]


def _in_words(reading: Reading, policy: Policy) -> Iterator[Finding]:
    for find in (*FORMS, *PROSE):
        yield from find(reading)
    yield from terms.find_terms(reading, policy.terms)
    for rule, finding in terms.find_words(reading, policy.words):
        # Its level is that of the rule, which the policy finds again by its name.
        yield replace(finding, rule=rule.name)


def _in_speech(reading: Reading) -> Iterator[Finding]:
    """Yield numbers that were spelt out; only what proves itself, as any count is spelt so."""
    said = spoken(reading)
    if said is not None:
        for find in NUMBERS:
            yield from (each for each in find(said) if each.score >= SPOKEN_SCORE_MIN)
