"""What a tenant calls secret, and the one table of what may travel where."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from edge_agent.contract.findings import Finding, Kind
from edge_agent.contract.levels import Destination, Level, Passage

_TABLE: dict[Level, dict[Destination, Passage]] = {
    Level.L0: dict.fromkeys(Destination, Passage.YES),
    Level.L1: {
        Destination.NODE: Passage.YES,
        Destination.PREMISES: Passage.YES,
        Destination.CLOUD: Passage.MASKED,
        Destination.PROVIDER: Passage.MASKED,
    },
    Level.L2: {
        Destination.NODE: Passage.YES,
        Destination.PREMISES: Passage.YES,
        Destination.CLOUD: Passage.NO,
        Destination.PROVIDER: Passage.NO,
    },
}


SCORE_MIN = 0.5


@dataclass(frozen=True, slots=True)
class KindRule:
    """What is found with a lower score than `score_min` counts as not found.

    An L1 text may travel only with what made it so masked; a kind that is not masked is L2.
    """

    level: Level
    score_min: float = SCORE_MIN
    is_masked: bool = True


@dataclass(frozen=True, slots=True)
class WordRule:
    """A word or pattern of the tenant's own; `name` is what reasons call it."""

    name: str
    pattern: str
    level: Level
    is_regex: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """`default` is the level of a text in which nothing was found; an empty policy says L2.

    `paths` maps glob patterns, `labels` and `collections` names, to the least level of a text
    that comes from there. A kind without a rule is L2: what nobody decided does not travel.
    """

    tenant: str = ""
    version: int = 0
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    default: Level = Level.L2
    kinds: Mapping[Kind, KindRule] = field(default_factory=dict)
    words: tuple[WordRule, ...] = ()
    terms: Mapping[Kind, tuple[str, ...]] = field(default_factory=dict)
    paths: tuple[tuple[str, Level], ...] = ()
    labels: Mapping[str, Level] = field(default_factory=dict)
    collections: Mapping[str, Level] = field(default_factory=dict)

    def level_of(self, kind: Kind) -> Level:
        """Return what a finding of this kind makes of a text; without a rule, or unmasked, L2."""
        rule = self.kinds.get(kind)
        if rule is None or not rule.is_masked:
            return Level.L2 if rule is None or rule.level is not Level.L0 else Level.L0
        return rule.level

    def level_of_finding(self, finding: Finding) -> Level:
        """Return the level of its kind; a word of the tenant's own has that of its rule."""
        if finding.kind is not Kind.TENANT_WORD:
            return self.level_of(finding.kind)
        levels = [word.level for word in self.words if word.name == finding.rule]
        return max(levels, default=Level.L2)

    def counts(self, kind: Kind, score: float) -> bool:
        rule = self.kinds.get(kind)
        return score >= (SCORE_MIN if rule is None else rule.score_min)


DENY_ALL = Policy()


@dataclass(frozen=True, slots=True)
class Decision:
    """`rule` says in stable words which row of which policy decided."""

    level: Level
    destination: Destination
    passage: Passage
    rule: str


def decide(level: Level, destination: Destination, policy: Policy, *, now: datetime) -> Decision:
    """Say whether a text of this level may go there; a policy out of its time makes all L2."""
    if not is_in_force(policy, now=now):
        return _decided(Level.L2, destination, "no policy in force")
    return _decided(level, destination, f"policy {policy.version}")


def is_in_force(policy: Policy, *, now: datetime) -> bool:
    """Say whether the policy says anything now; one without both its dates never does."""
    if policy.valid_from is None or policy.valid_until is None:
        return False
    return policy.valid_from <= now < policy.valid_until


def _decided(level: Level, destination: Destination, rule: str) -> Decision:
    return Decision(level, destination, _TABLE[level][destination], rule)
