"""The second gate: what a prompt may say to a model of a third party.

Everything that would leave is judged together, right before it leaves: no caller can forget it,
because the router hands out models of third parties only behind this gate. What is restricted
travels masked, under names drawn anew for each call, and is put back in the words that return.
"""

import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from assistant.llm.errors import ProviderError
from assistant.llm.protocol import ChatModel, ChatRequest, Delta, Usage
from edge_agent.contract.judging import Judgement, Part, judge
from edge_agent.contract.levels import Destination, Passage
from edge_agent.contract.masking import EMPTY_BOOK, MaskBook, mask
from edge_agent.contract.policy import Policy, decide
from edge_agent.contract.restoring import Restorer
from tenants.base.errors import AppError
from tenants.boundary import KIND_LABELS, policy_in_force

logger = logging.getLogger(__name__)

ENTROPY_BYTES = 32


class BoundaryRefused(AppError):
    """Nothing was sent; the same words would be refused again."""

    code = "boundary_refused"
    status = 403
    message = _(
        "Nothing was sent: this holds %(what)s, which must not go to a model outside this house."
        " Leave it out, or ask a model that runs here."
    )


@dataclass(frozen=True, slots=True)
class Crossing:
    """What goes out, and the names by which the masked parts come back."""

    request: ChatRequest
    book: MaskBook


@dataclass(frozen=True, slots=True)
class GuardedModel:
    """A model of a third party, as everybody but the gate sees it."""

    model: ChatModel

    @property
    def name(self) -> str:
        return self.model.name

    @property
    def context_tokens(self) -> int:
        return self.model.context_tokens

    @property
    def destination(self) -> Destination:
        return self.model.destination

    def stream(
        self,
        request: ChatRequest,
        *,
        deadline_seconds: float,
        cancelled: Callable[[], bool],
    ) -> Iterator[Delta | Usage]:
        """Raises: BoundaryRefused before anything is sent; ProviderError."""
        crossing = cross(request, self.destination)
        restorer = Restorer(crossing.book)
        pieces = self.model.stream(
            crossing.request, deadline_seconds=deadline_seconds, cancelled=cancelled
        )
        try:
            for piece in pieces:
                if isinstance(piece, Usage):
                    yield from _words(restorer.close())
                    yield piece
                else:
                    yield from _words(restorer.feed(piece.text))
        except ProviderError:
            # What was held back as a half placeholder is all there will be of it.
            yield from _words(restorer.close())
            raise


def guarded(model: ChatModel) -> ChatModel:
    """Put the gate before a model of a third party; others stand inside it."""
    if model.destination in {Destination.NODE, Destination.PREMISES}:
        return model
    return GuardedModel(model)


def cross(request: ChatRequest, destination: Destination) -> Crossing:
    """Return the request as it may travel.

    Raises: BoundaryRefused.
    """
    policy, now = policy_in_force(), datetime.now(UTC)
    judgement = judge([Part(each.content) for each in request.messages], policy, now=now)
    decision = decide(judgement.level, destination, policy, now=now)
    logger.info(
        "gate level=%s passage=%s destination=%s findings=%s",
        decision.level.name,
        decision.passage,
        destination,
        sum(map(len, judgement.findings)),
    )
    if decision.passage is Passage.NO:
        raise BoundaryRefused(what=_named(judgement))
    if decision.passage is Passage.YES:
        return Crossing(request, EMPTY_BOOK)
    return _masked(request, judgement, policy, now)


def _masked(request: ChatRequest, judgement: Judgement, policy: Policy, now: datetime) -> Crossing:
    book, entropy = EMPTY_BOOK, os.urandom(ENTROPY_BYTES)
    messages = []
    for message, findings in zip(request.messages, judgement.findings, strict=True):
        text, book = mask(message.content, findings, book, entropy=entropy)
        messages.append(replace(message, content=text))
    # Looked at once more, as the stranger will see it: a mask may not uncover anything.
    again = judge([Part(each.content) for each in messages], policy, now=now)
    if any(again.findings):
        raise BoundaryRefused(what=_named(again))
    return Crossing(replace(request, messages=tuple(messages)), book)


def _named(judgement: Judgement) -> object:
    """Name what made it so, in the reader's language, without repeating it."""
    strictest = [each.what for each in judgement.reasons if each.level is judgement.level]
    labels = [KIND_LABELS[what] for what in dict.fromkeys(strictest) if what in KIND_LABELS]
    if not labels:
        return _("something the policy does not allow")
    return format_lazy("{}" + ", {}" * (len(labels) - 1), *labels)


def _words(text: str) -> Iterator[Delta]:
    if text:
        yield Delta(text)
