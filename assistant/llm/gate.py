"""The second gate: what a prompt may say to a model of a third party.

Everything that would leave is judged together, right before it leaves: no caller can forget it,
because the router hands out models of third parties only behind this gate. What is restricted
travels masked, under names drawn anew for each call, and is put back in the words that return.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.llm.errors import ProviderError
from assistant.llm.protocol import ChatMessage, ChatModel, ChatRequest, Delta, Usage
from edge_agent.contract.judging import Part, Where
from edge_agent.contract.levels import Destination
from edge_agent.contract.masking import MaskBook
from edge_agent.contract.restoring import Restorer
from tenants.boundary import IN_HOUSE, Verdict, clear


@dataclass(frozen=True, slots=True)
class Crossing:
    """What goes out, the names by which the masked parts come back, and why it may go."""

    request: ChatRequest
    book: MaskBook
    verdict: Verdict


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

    def cleared(self, request: ChatRequest) -> "ClearedModel":
        """Judge this request now, so that who plans an answer knows whether it may be asked.

        Raises: BoundaryRefused.
        """
        return ClearedModel(self.model, request, cross(request, self.destination))

    def stream(
        self,
        request: ChatRequest,
        *,
        deadline_seconds: float,
        cancelled: Callable[[], bool],
    ) -> Iterator[Delta | Usage]:
        """Raises: BoundaryRefused before anything is sent; ProviderError."""
        yield from self.cleared(request).stream(
            request, deadline_seconds=deadline_seconds, cancelled=cancelled
        )


@dataclass(frozen=True, slots=True)
class ClearedModel:
    """The same model for one request that was judged; another request is judged first."""

    model: ChatModel
    request: ChatRequest
    crossing: Crossing

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
        """Raises: BoundaryRefused, ProviderError."""
        is_same = request is self.request
        crossing = self.crossing if is_same else cross(request, self.destination)
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
    return model if model.destination in IN_HOUSE else GuardedModel(model)


def cross(request: ChatRequest, destination: Destination) -> Crossing:
    """Return the request as it may travel.

    Raises: BoundaryRefused.
    """
    told = request.messages
    cleared = clear([*parts_of(told)], destination)
    messages = tuple(
        replace(message, content=text) for message, text in zip(told, cleared.texts, strict=False)
    )
    return Crossing(replace(request, messages=messages), cleared.book, cleared.verdict)


def parts_of(messages: Sequence[ChatMessage]) -> Iterator[Part]:
    """Yield the words of each message in their order, then where they come from."""
    yield from (Part(message.content) for message in messages)
    yield from origin_parts(messages)


def origin_parts(messages: Sequence[ChatMessage]) -> Iterator[Part]:
    """Yield what is known of where the words come from; the words are judged as they stand."""
    for origin in dict.fromkeys(origin for message in messages for origin in message.origins):
        yield Part(
            "",
            where=Where.PASSAGE,
            floor=origin.floor,
            label=origin.label,
            path=origin.path,
            collection=origin.collection,
        )


def _words(text: str) -> Iterator[Delta]:
    if text:
        yield Delta(text)
