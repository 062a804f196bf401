"""How secret is this? One judgement over everything that would travel together.

Read each part, look for what the policy names, take the strictest, and say why. What is longer
than a piece is judged piece by piece, here or wherever the pieces are sent.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase

from edge_agent.contract.detecting import find_all
from edge_agent.contract.excerpts import Excerpt, size_of
from edge_agent.contract.findings import Finding
from edge_agent.contract.levels import Level, strictest
from edge_agent.contract.pieces import OVERLAP_CHARS, PIECE_BYTES_MAX, Piece, pieces_of
from edge_agent.contract.policy import Policy, is_in_force
from edge_agent.contract.precedence import without_overlaps
from edge_agent.contract.windows import RULE as PUT_TOGETHER


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


@dataclass(frozen=True, slots=True)
class PartsPiece:
    """Some of several parts, to be judged apart; `excerpts[i]` says where `parts[i]` comes from."""

    parts: tuple[Part, ...]
    excerpts: Piece


def judge(
    parts: Sequence[Part],
    policy: Policy,
    *,
    now: datetime,
    piece_bytes_max: int = PIECE_BYTES_MAX,
    overlap_chars: int = OVERLAP_CHARS,
) -> Judgement:
    """Judge everything that would travel together; what cannot be judged is L2."""
    if _are_short(parts, piece_bytes_max):
        return _judged(parts, find_all([part.text for part in parts], policy), policy, now)
    pieces = cut_parts(parts, piece_bytes_max=piece_bytes_max, overlap_chars=overlap_chars)
    judged = ((piece, judge_piece(piece, policy, now=now)) for piece in pieces)
    return combined(parts, judged, policy, now=now)


def judge_within(
    parts: Sequence[Part], policy: Policy, *, now: datetime, bytes_max: int
) -> Judgement:
    """Judge as `judge` does what is no longer than this; what is longer is L2, whatever it says."""
    if _are_short(parts, bytes_max):
        return judge(parts, policy, now=now)
    known = _judged(parts, [()] * len(parts), policy, now)
    too_long = Reason(Level.L2, "SIZE", "longer than is judged at once")
    return Judgement(Level.L2, known.findings, (too_long, *known.reasons))


def cut_parts(
    parts: Sequence[Part],
    *,
    piece_bytes_max: int = PIECE_BYTES_MAX,
    overlap_chars: int = OVERLAP_CHARS,
) -> Iterator[PartsPiece]:
    """Yield the parts in pieces that may be judged one by one, or each somewhere else."""
    texts = [part.text for part in parts]
    for piece in pieces_of(texts, bytes_max=piece_bytes_max, overlap_chars=overlap_chars):
        excerpts = (replace(parts[each.index], text=each.text) for each in piece)
        yield PartsPiece(tuple(excerpts), piece)


def judge_piece(piece: PartsPiece, policy: Policy, *, now: datetime) -> Judgement:
    """Judge a piece; findings have their places in the whole text of which the excerpt is."""
    found = find_all([part.text for part in piece.parts], policy)
    placed = (
        [*_placed(findings, excerpt)]
        for findings, excerpt in zip(found, piece.excerpts, strict=True)
    )
    return _judged(piece.parts, placed, policy, now)


def combined(
    parts: Sequence[Part],
    judged: Iterable[tuple[PartsPiece, Judgement]],
    policy: Policy,
    *,
    now: datetime,
) -> Judgement:
    """Return what the judgements of all pieces say together, each finding once."""
    found: list[set[Finding]] = [set() for _ in parts]
    for piece, judgement in judged:
        for excerpt, findings in zip(piece.excerpts, judgement.findings, strict=True):
            found[excerpt.index].update(findings)
    apart = (without_overlaps(findings, policy) for findings in found)
    return _judged(parts, apart, policy, now)


def _are_short(parts: Sequence[Part], bytes_max: int) -> bool:
    letters = sum(len(part.text) for part in parts)
    # No letter takes more than four bytes.
    return letters * 4 <= bytes_max or (
        letters <= bytes_max and sum(size_of(part.text) for part in parts) <= bytes_max
    )


def _placed(findings: Iterable[Finding], excerpt: Excerpt) -> Iterator[Finding]:
    for finding in findings:
        span = excerpt.span(finding.start, finding.end)
        # Of what was brought along only what goes on after it is new.
        if span is not None and (not excerpt.is_brought or finding.rule == PUT_TOGETHER):
            yield replace(finding, start=span[0], end=span[1])


def _judged(
    parts: Sequence[Part], each_found: Iterable[Sequence[Finding]], policy: Policy, now: datetime
) -> Judgement:
    found = tuple(map(tuple, each_found))
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
