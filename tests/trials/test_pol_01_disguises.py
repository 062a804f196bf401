"""POL-01: no structured identifier passes the boundary, however it is disguised."""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random

from edge_agent.contract.default_policy import default_document
from edge_agent.contract.findings import Kind
from edge_agent.contract.judging import Part, judge
from edge_agent.contract.policy_document import policy_of
from tests.boundary_sets.carriers import place
from tests.boundary_sets.disguises import TRANSFORMS
from tests.boundary_sets.secrets import secrets

SECRETS = int(os.environ.get("POL_01_SECRETS", "60"))
SEED = int(os.environ.get("POL_01_SEED", "20261121"))
EXAMPLES_MAX = 20
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
POLICY = policy_of(default_document("tenant"))
# Words alone must not excuse a number that nobody saw.
WORD_KINDS = {
    Kind.PERSON,
    Kind.ADDRESS,
    Kind.MEDICAL,
    Kind.SALARY,
    Kind.CONTRACT,
    Kind.TENANT_WORD,
}
AS_WRITTEN = "as written"


@dataclass(frozen=True, slots=True)
class Passed:
    """One secret that nobody noticed."""

    transform: str
    kind: Kind
    format: str
    text: str


def test_pol_01_there_are_forty_disguises_and_eight_double_ones() -> None:
    layers = Counter(disguise.layers for disguise in TRANSFORMS.values())

    assert len(TRANSFORMS) >= 40
    assert layers[2] >= 8


def test_pol_01_the_two_halves_share_no_way_of_writing() -> None:
    seen, unseen = (
        {(secret.format, secret.lead) for secret in secrets(1000, SEED, held_out=held_out)}
        for held_out in (False, True)
    )

    assert (
        len({secret.kind for secret in secrets(SECRETS, SEED)}) == len(Kind) - len(WORD_KINDS) - 1
    )
    assert not seen & unseen


def test_pol_01_an_undisguised_secret_does_not_pass() -> None:
    passed = list(_passed(SECRETS * 4, disguised=False))

    assert not passed, report(passed, SECRETS * 4)


def test_pol_01_a_disguised_secret_does_not_pass() -> None:
    passed = list(_passed(SECRETS, disguised=True))

    assert not passed, report(passed, SECRETS)


def report(passed: list[Passed], count: int) -> str:
    """Say how many passed by disguise and kind, with a few of the made-up texts."""
    by_transform: dict[str, Counter[str]] = {}
    for one in passed:
        by_transform.setdefault(one.transform, Counter())[one.kind] += 1
    rows = sorted(by_transform.items(), key=lambda row: -row[1].total())
    table = (
        f"{name} {kinds.total()}: " + ", ".join(f"{kind} {n}" for kind, n in kinds.most_common())
        for name, kinds in rows
    )
    step = max(1, len(passed) // EXAMPLES_MAX)
    examples = (
        f"{one.transform} / {one.kind} / {one.format}: {one.text[:160]!r}"
        for one in passed[::step][:EXAMPLES_MAX]
    )
    return "\n".join((f"{len(passed)} passed, of {count} secrets", *table, "examples:", *examples))


def _passed(count: int, *, disguised: bool) -> Iterator[Passed]:
    for held_out in (False, True):
        rng = Random(SEED)
        for secret in secrets(count // 2, SEED, held_out=held_out):
            for name, hint, written in ways_to_write(secret.kind, secret.text, disguised=disguised):
                hinted = replace(secret, lead=hint + secret.lead)
                labelled = place(hinted, written, rng, held_out=held_out)
                (span,) = labelled.spans
                if not _is_seen(labelled.text, span.start, span.end):
                    yield Passed(name, secret.kind, secret.format, labelled.text)


def ways_to_write(kind: Kind, text: str, *, disguised: bool) -> Iterator[tuple[str, str, str]]:
    if not disguised:
        yield AS_WRITTEN, "", text
        return
    for name, disguise in TRANSFORMS.items():
        if disguise.applies(kind, text):
            yield name, disguise.hint, disguise(text)


def _is_seen(text: str, start: int, end: int) -> bool:
    (findings,) = judge([Part(text)], POLICY, now=NOW).findings
    return any(
        finding.start < end and start < finding.end and finding.kind not in WORD_KINDS
        for finding in findings
    )
