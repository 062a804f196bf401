"""What may leave the house: one decision over everything that would travel together.

The second gate asks here before a text goes to a model of a third party, whatever the text is:
a prompt, or passages on their way to an embedding service.
"""

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from edge_agent.contract.judging import Judgement, Part, Reason, judge, judge_within
from edge_agent.contract.levels import Destination, Level, Passage
from edge_agent.contract.masking import EMPTY_BOOK, MaskBook, mask
from edge_agent.contract.policy import Policy, decide
from tenants.base.errors import Forbidden
from tenants.policies.standing import policy_in_force
from tenants.policies.wording import named

logger = logging.getLogger(__name__)

ENTROPY_BYTES = 32
REASONS_KEPT = 8
# Of UTF-8, some three times the longest prompt: whatever is written in it, a thread has decided
# within about two seconds of its processor.
GATE_BYTES_MAX = 64_000
IN_HOUSE = frozenset({Destination.NODE, Destination.PREMISES})


class BoundaryRefused(Forbidden):
    """Nothing was sent; the same words would be refused again."""

    code = "boundary_refused"
    message = _(
        "Nothing was sent: this holds %(what)s, which must not go to a model outside this house."
        " Leave it out, or ask a model that runs here."
    )

    def __init__(self, *, what: object, verdict: "Verdict") -> None:
        super().__init__(what=what)
        self.verdict = verdict


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided about a text, for the receipt; it never holds the text."""

    level: Level
    destination: Destination
    passage: Passage
    rule: str
    reasons: tuple[Reason, ...] = ()
    # Where it was not allowed to go, so that it was answered here.
    refused: Destination | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "level": self.level.name,
            "destination": self.destination.value,
            "passage": self.passage.value,
            "rule": self.rule,
            "refused": self.refused.value if self.refused else "",
            "reasons": [
                {"level": each.level.name, "what": str(each.what), "rule": each.rule}
                for each in self.reasons
            ],
        }


@dataclass(frozen=True, slots=True)
class Cleared:
    """The texts as they may travel, and the names by which what was masked comes back."""

    texts: tuple[str, ...]
    book: MaskBook
    verdict: Verdict


def clear(parts: Sequence[Part], destination: Destination) -> Cleared:
    """Return the parts as they may go there: as they are, or masked.

    Masks are drawn anew for each call and judged once more, as the stranger will see them.

    Raises: BoundaryRefused, before anything is sent.
    """
    policy, now = policy_in_force(), datetime.now(UTC)
    judgement = judge_within(parts, policy, now=now, bytes_max=GATE_BYTES_MAX)
    verdict = _verdict(judgement, destination, policy, now)
    logger.info(
        "gate level=%s passage=%s destination=%s findings=%s",
        verdict.level.name,
        verdict.passage,
        destination,
        sum(map(len, judgement.findings)),
    )
    texts = tuple(part.text for part in parts)
    if verdict.passage is Passage.NO:
        raise BoundaryRefused(what=named(judgement), verdict=verdict)
    if verdict.passage is Passage.YES:
        return Cleared(texts, EMPTY_BOOK, verdict)
    masked, book = _masked(texts, judgement)
    again = judge([Part(text) for text in masked], policy, now=now)
    if any(again.findings):
        raise BoundaryRefused(what=named(again), verdict=verdict)
    return Cleared(masked, book, verdict)


def verdict_on(parts: Sequence[Part], destination: Destination, policy: Policy) -> Verdict:
    """Say how secret this is and what may become of it, without sending or asking anything."""
    now = datetime.now(UTC)
    judgement = judge_within(parts, policy, now=now, bytes_max=GATE_BYTES_MAX)
    return _verdict(judgement, destination, policy, now)


def _verdict(
    judgement: Judgement, destination: Destination, policy: Policy, now: datetime
) -> Verdict:
    decision = decide(judgement.level, destination, policy, now=now)
    return Verdict(
        decision.level, destination, decision.passage, decision.rule, telling(judgement.reasons)
    )


def telling(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """Return the reasons worth telling: the strictest first, none twice."""
    ordered = sorted(reasons, key=lambda each: (-each.level, -each.score))
    first = {(each.what, each.rule): each for each in reversed(ordered)}
    return tuple(each for each in ordered if first[each.what, each.rule] is each)[:REASONS_KEPT]


def _masked(texts: Sequence[str], judgement: Judgement) -> tuple[tuple[str, ...], MaskBook]:
    book, entropy = EMPTY_BOOK, os.urandom(ENTROPY_BYTES)
    masked = []
    for text, findings in zip(texts, judgement.findings, strict=True):
        said, book = mask(text, findings, book, entropy=entropy)
        masked.append(said)
    return tuple(masked), book
