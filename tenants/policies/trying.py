"""Try a policy on a text before it matters: what would be found, masked, sent, and why."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.functional import Promise

from edge_agent.contract.findings import Finding
from edge_agent.contract.judging import Part, Reason, judge
from edge_agent.contract.levels import Destination, Level, Passage
from edge_agent.contract.policy import Policy, decide
from tenants.policies.publishing import completed, read_policy
from tenants.policies.standing import document_in_force, policy_in_force
from tenants.policies.wording import DESTINATION_LABELS, KIND_LABELS, reason_label

TEXT_CHARS_MAX = 20_000
# A mark in a page, not a placeholder that travels: those are random, and drawn for each call.
_MASK = "[{}]"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of the text; `label` says what was found there, `mask` what would travel instead."""

    text: str
    kind: str = ""
    label: str | Promise = ""
    mask: str = ""
    level: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A reason: its level, what it is about, and the rule in the contract's own words."""

    level: str
    label: str | Promise
    rule: str
    score: float
    where: str


@dataclass(frozen=True, slots=True)
class Way:
    """What would become of the text on its way to one destination."""

    destination: str
    label: str | Promise
    passage: Passage


@dataclass(frozen=True, slots=True)
class Trial:
    """`stretches` covers the first part whole; the other parts show in `reasons` only."""

    level: Level
    stretches: tuple[Stretch, ...]
    reasons: tuple[Told, ...]
    ways: tuple[Way, ...]
    # Why a file could not be read, if it could not.
    unreadable: str | Promise = ""


def try_text(text: str, fields: Mapping[str, Any] | None = None) -> Trial:
    """Judge a text by the policy in force, or by a draft of one that is not published.

    Raises: PolicyRefused.
    """
    return try_parts([Part(text[:TEXT_CHARS_MAX])], fields)


def try_parts(parts: Sequence[Part], fields: Mapping[str, Any] | None = None) -> Trial:
    """Raises: PolicyRefused."""
    policy = policy_to_try(fields)
    judgement = judge(parts, policy, now=datetime.now(UTC))
    return Trial(
        level=judgement.level,
        stretches=tuple(_stretches(parts[0].text, judgement.findings[0], policy)) if parts else (),
        reasons=told_of_all(judgement.reasons),
        ways=ways_of(judgement.level, policy),
    )


def policy_to_try(fields: Mapping[str, Any] | None) -> Policy:
    """Return the policy in force, or the draft of one.

    Raises: PolicyRefused.
    """
    return policy_in_force() if fields is None else read_policy(document_to_try(fields))


def document_to_try(fields: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Return the same as plain values."""
    document = document_in_force()
    return document if fields is None else completed(fields, version=int(document["version"]) + 1)


def ways_of(level: Level, policy: Policy) -> tuple[Way, ...]:
    """Return what may become of a text of this level on its way to each destination."""
    now = datetime.now(UTC)
    decisions = (decide(level, each, policy, now=now) for each in Destination)
    return tuple(
        Way(each.destination, DESTINATION_LABELS[each.destination], each.passage)
        for each in decisions
    )


def told_of_all(reasons: Iterable[Reason]) -> tuple[Told, ...]:
    """Return each reason once, the strictest first."""
    ordered = sorted(reasons, key=lambda each: (-each.level, -each.score))
    first = {(each.what, each.rule, each.where): each for each in reversed(ordered)}
    told = (each for each in ordered if first[each.what, each.rule, each.where] is each)
    return tuple(
        Told(each.level.name, reason_label(each), each.rule, each.score, each.where.value)
        for each in told
    )


def _stretches(text: str, findings: Sequence[Finding], policy: Policy) -> Iterator[Stretch]:
    done = 0
    for each in findings:
        if each.start > done:
            yield Stretch(text[done : each.start])
        label = KIND_LABELS.get(each.kind, each.kind)
        level = policy.level_of_finding(each)
        mask = _MASK.format(each.kind) if level is Level.L1 else ""
        yield Stretch(text[each.start : each.end], each.kind, label, mask, level.name)
        done = each.end
    if done < len(text):
        yield Stretch(text[done:])
