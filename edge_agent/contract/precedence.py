"""Which finding wins where several overlap.

The stricter level first; then what is sure before what is likely; then the kind, in the order
below; then the longer. The winner takes the whole stretch that the overlapping ones cover, so
that nothing of a loser is left standing beside a mask.
"""

from collections.abc import Iterable
from dataclasses import replace

from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.policy import Policy

ORDER = (
    Kind.PRIVATE_KEY,
    Kind.JWT,
    Kind.URL_CREDENTIALS,
    Kind.API_KEY,
    Kind.RESIDENT_ID,
    Kind.SOCIAL_CREDIT_CODE,
    Kind.BANK_CARD,
    Kind.IBAN,
    Kind.NATIONAL_ID,
    Kind.TAX_ID,
    Kind.PASSPORT,
    Kind.PASSWORD,
    Kind.EMAIL,
    Kind.PHONE,
    Kind.IP_ADDRESS,
    Kind.LICENSE_PLATE,
    Kind.DATE_OF_BIRTH,
    Kind.TENANT_WORD,
    Kind.ADDRESS,
    Kind.PERSON,
    Kind.MEDICAL,
    Kind.SALARY,
    Kind.CONTRACT,
    Kind.OPAQUE,
)
SURE = 0.9
_RANK = {kind: rank for rank, kind in enumerate(ORDER)}


def without_overlaps(findings: Iterable[Finding], policy: Policy) -> list[Finding]:
    """Return what stands after overlaps are resolved, by place."""
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda each: (each.start, each.end)):
        if not kept or finding.start >= kept[-1].end:
            kept.append(finding)
            continue
        both = kept[-1], finding
        winner = min(both, key=lambda each: _standing(each, policy))
        kept[-1] = replace(
            winner, start=min(each.start for each in both), end=max(each.end for each in both)
        )
    return kept


def _standing(finding: Finding, policy: Policy) -> tuple[int, bool, int, int]:
    level = policy.level_of_finding(finding)
    width = finding.end - finding.start
    return -level, finding.score < SURE, _RANK[finding.kind], -width
