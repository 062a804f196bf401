"""A model in memory that says what a test tells it to: the twin of every other adapter."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from assistant.llm.errors import ProviderError, ProviderTimeout
from assistant.llm.protocol import ChatRequest, Delta, Usage
from assistant.llm.tokens import TOKENS_PER_MESSAGE, estimate_tokens
from edge_agent.contract.levels import Destination

Step = str | ProviderError | Callable[[], object]


@dataclass(slots=True)
class ScriptedModel:
    """Takes one list of steps a call, in order; the last one serves all further calls.

    A step is a word to say, an error to raise, or something to do before going on, such as
    waiting for the test. `elapsed_seconds` stands in for the clock of the deadline.
    """

    scripts: Sequence[Sequence[Step]]
    name: str = "scripted"
    context_tokens: int = 8192
    destination: Destination = Destination.PREMISES
    elapsed_seconds: Callable[[], float] = lambda: 0.0
    requests: list[ChatRequest] = field(default_factory=list)

    def stream(
        self,
        request: ChatRequest,
        *,
        deadline_seconds: float,
        cancelled: Callable[[], bool],
    ) -> Iterator[Delta | Usage]:
        steps = self.scripts[min(len(self.requests), len(self.scripts) - 1)]
        self.requests.append(request)
        tokens_in = sum(
            estimate_tokens(each.content) + TOKENS_PER_MESSAGE for each in request.messages
        )
        said: list[str] = []
        is_estimated = False
        for step in steps:
            if is_estimated := cancelled():
                break
            if self.elapsed_seconds() > deadline_seconds:
                raise ProviderTimeout
            yield from self._take(step, said)
        yield Usage(tokens_in, estimate_tokens("".join(said)), estimated=is_estimated)

    def _take(self, step: Step, said: list[str]) -> Iterator[Delta]:
        if isinstance(step, ProviderError):
            raise step
        if isinstance(step, str):
            said.append(step)
            yield Delta(step)
        else:
            step()
