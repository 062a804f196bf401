"""How secret is this? One judgement over everything that would travel together.

Read each part, look for what the policy names, take the strictest, and say why.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase

from edge_agent.contract.detecting import find_all
from edge_agent.contract.findings import Finding
from edge_agent.contract.levels import Level, strictest
from edge_agent.contract.policy import Policy, is_in_force


class Where(StrEnum):
    """What a part is, for the reasons; judgement spans them all."""

    MESSAGE = "MESSAGE"
    PASSAGE = "PASSAGE"
    FILE = "FILE"
    NAME = "NAME"
    METADATA = "METADATA"
    ARGUMENT = "ARGUMENT"


@dataclass(frozen=True, slots=True)
class Part:
    """One text of several that travel together, with what is known of where it comes from.

    `floor` is the least level it may have: a person or an earlier judgement raised it.
    """

    text: str
    where: Where = Where.MESSAGE
    floor: Level = Level.L0
    label: str = ""
    path: str = ""
    collection: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a level: what was found or said, by which rule, how sure; never the text itself."""

    level: Level
    what: str
    rule: str
    score: float = 1.0
    where: Where = Where.MESSAGE


@dataclass(frozen=True, slots=True)
class Judgement:
    """`findings[i]` are those of `parts[i]`, in order, without overlaps, those that count only."""

    level: Level
    findings: tuple[tuple[Finding, ...], ...]
    reasons: tuple[Reason, ...]


def judge(parts: Sequence[Part], policy: Policy, *, now: datetime) -> Judgement:
    """Judge everything that would travel together; what cannot be judged is L2."""
    found = tuple(map(tuple, find_all([part.text for part in parts], policy)))
    reasons = (
        *_of_policy(policy, now),
        *(reason for part in parts for reason in _of_origin(part, policy)),
        *_of_findings(parts, found, policy),
    )
    level = strictest([policy.default, *(reason.level for reason in reasons)])
    return Judgement(level, found, reasons)


def _of_policy(policy: Policy, now: datetime) -> Iterator[Reason]:
    if not is_in_force(policy, now=now):
        yield Reason(Level.L2, "POLICY", "no policy in force")


def _of_origin(part: Part, policy: Policy) -> Iterator[Reason]:
    """Yield what is known before a word is read: where the text comes from, and what it is called."""
    if part.floor > Level.L0:
        yield Reason(part.floor, "FLOOR", "raised by a person or an earlier judgement")
    if part.label:
        # A label nobody explained might mean anything.
        level = policy.labels.get(part.label, Level.L2)
        yield Reason(level, "LABEL", f"label {part.label}", where=part.where)
    if part.collection in policy.collections:
        level = policy.collections[part.collection]
        yield Reason(level, "COLLECTION", f"collection {part.collection}", where=part.where)
    for pattern, level in policy.paths:
        if part.path and fnmatchcase(part.path, pattern):
            yield Reason(level, "PATH", f"path {pattern}", where=part.where)


def _of_findings(
    parts: Sequence[Part], found: Sequence[Sequence[Finding]], policy: Policy
) -> Iterator[Reason]:
    for part, findings in zip(parts, found, strict=True):
        for each in findings:
            level = policy.level_of_finding(each)
            yield Reason(level, each.kind, each.rule, each.score, part.where)
