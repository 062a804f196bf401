"""What every language model looks like from inside: a request in, a stream of words out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from assistant.llm.enums import Role
from edge_agent.contract.levels import Destination, Level


@dataclass(frozen=True, slots=True)
class Origin:
    """Where words of a message come from, as a policy judges it; `floor` was judged before."""

    label: str = ""
    path: str = ""
    collection: str = ""
    floor: Level = Level.L0


@dataclass(frozen=True, slots=True)
class ChatMessage:
    role: Role
    content: str
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True)
class ChatRequest:
    messages: tuple[ChatMessage, ...]
    max_tokens: int
    temperature: float = 0.2
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Delta:
    """The next few characters of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What the call cost; `estimated` when the provider did not say."""

    tokens_in: int
    tokens_out: int
    estimated: bool


class ChatModel(Protocol):
    """A model that can be asked.

    `stream` yields any number of `Delta` and then exactly one `Usage` as its last item;
    a cancelled call ends early, with an estimated `Usage`.

    Raises: a `ProviderError` for everything that goes wrong on the way.
    """

    @property
    def name(self) -> str: ...

    @property
    def context_tokens(self) -> int: ...

    @property
    def destination(self) -> Destination: ...

    def stream(
        self,
        request: ChatRequest,
        *,
        deadline_seconds: float,
        cancelled: Callable[[], bool],
    ) -> Iterator[Delta | Usage]: ...
