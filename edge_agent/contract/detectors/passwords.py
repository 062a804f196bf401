"""Passwords and codes, known by the words beside them; the span is the value alone."""

from collections.abc import Iterator

from edge_agent.contract.detectors import (
    access_codes,
    command_passwords,
    password_pairs,
    password_words,
    secret_phrases,
)
from edge_agent.contract.detectors.password_before import value_before
from edge_agent.contract.detectors.password_columns import in_columns
from edge_agent.contract.detectors.password_links import Link, value_after
from edge_agent.contract.detectors.password_words import Cue, cues
from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.readings import Reading

# What merely stands beside the word does not count in a text read backwards.
_SCORES = {Link.SIGN: 0.85, Link.VERB: 0.85, Link.SPACE: 0.65}
# Most texts have none of these, and are done with.
_MODULES = (access_codes, command_passwords, password_pairs, password_words, secret_phrases)
_WORDS = frozenset[str]().union(*(each.WORDS for each in _MODULES))
_LETTERS = sorted({*password_words.LETTERS, *secret_phrases.LETTERS, *password_pairs.LETTERS})


def find(reading: Reading) -> Iterator[Finding]:
    if not _may_hold_one(reading):
        return
    for start, end, score, rule in _found(reading):
        yield Finding(*reading.span(start, end), Kind.PASSWORD, score, rule)


def _may_hold_one(reading: Reading) -> bool:
    lowered = reading.lowered
    if not _WORDS.isdisjoint(reading.words) or any(map(lowered.__contains__, password_words.PARTS)):
        return True
    return not lowered.isascii() and any(map(lowered.__contains__, _LETTERS))


def _found(reading: Reading) -> Iterator[tuple[int, int, float, str]]:
    named = cues(reading)
    # Letters taken for digits make a password of any word.
    if named and "for digits" not in reading.how:
        yield from _beside(reading, named)
        yield from in_columns(reading, named)
    yield from secret_phrases.phrases(reading, named)
    yield from password_pairs.pairs(reading)
    yield from access_codes.codes(reading)
    yield from command_passwords.in_commands(reading)


def _beside(reading: Reading, named: list[Cue]) -> Iterator[tuple[int, int, float, str]]:
    text, lowered = reading.text, reading.lowered
    for cue in named:
        after = value_after(text, lowered, cue)
        if after is not None:
            start, end, link = after
            yield start, end, _SCORES[link], "value after password"
            continue
        before = value_before(text, cue) if cue.is_loose else None
        if before is not None:
            yield *before, _SCORES[Link.SPACE], "value before password"
