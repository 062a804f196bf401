"""How secret is this? One judgement over everything that would travel together.

Read each part, look for what the policy names, take the strictest, and say why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

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
    found = tuple(tuple(find_all(part.text, policy)) for part in parts)
    if not is_in_force(policy, now=now):
        return Judgement(Level.L2, found, (Reason(Level.L2, "POLICY", "no policy in force"),))
    reasons = tuple(
        Reason(policy.kinds[each.kind].level, each.kind, each.rule, each.score, part.where)
        for part, findings in zip(parts, found, strict=True)
        for each in findings
    )
    floors = (part.floor for part in parts)
    return Judgement(
        strictest([policy.default, *floors, *(reason.level for reason in reasons)]), found, reasons
    )
