"""Try a policy on a text before it matters: what would be found, masked, sent, and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.functional import Promise

from edge_agent.contract.findings import Finding
from edge_agent.contract.judging import Judgement, Part, Reason, Where, judge
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
        reasons=tuple(_told(judgement)),
        ways=ways_of(judgement.level, policy),
    )


def policy_to_try(fields: Mapping[str, Any] | None) -> Policy:
    """Return the policy in force, or the draft of one.

    Raises: PolicyRefused.
    """
    if fields is None:
        return policy_in_force()
    return read_policy(completed(fields, version=int(document_in_force()["version"]) + 1))


def ways_of(level: Level, policy: Policy) -> tuple[Way, ...]:
    """Return what may become of a text of this level on its way to each destination."""
    now = datetime.now(UTC)
    decisions = (decide(level, each, policy, now=now) for each in Destination)
    return tuple(
        Way(each.destination, DESTINATION_LABELS[each.destination], each.passage)
        for each in decisions
    )


def told_of(reason: Reason) -> Told:
    return Told(
        reason.level.name, reason_label(reason), reason.rule, reason.score, reason.where.value
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


def _told(judgement: Judgement) -> Iterator[Told]:
    ordered = sorted(judgement.reasons, key=lambda each: (-each.level, -each.score))
    said: set[tuple[str, str, Where]] = set()
    for each in ordered:
        key = (each.what, each.rule, each.where)
        if key not in said:
            said.add(key)
            yield told_of(each)
