"""Ask a model behind any OpenAI-compatible endpoint, word by word.

One call is one request: retries belong to the run, so the library's own are off. Every wait has
the patience of the call, so the deadline and a stop request also reach a thread that is blocked
on a silent peer, and the connection is closed with the call.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import httpx2
import openai
from openai.types.chat import ChatCompletionChunk

from assistant.llm.chunks import ChunkReply, UsageReply
from assistant.llm.dialect import Dialect, simpler_dialect
from assistant.llm.errors import ProviderCut
from assistant.llm.failures import Failure, FailureKind, provider_error
from assistant.llm.protocol import ChatRequest, Delta, Usage
from assistant.llm.tokens import TOKENS_PER_MESSAGE, estimate_tokens
from edge_agent.contract.levels import Destination
from tenants.base.addresses import Peer, peer_of
from tenants.base.egress import CONNECT_SECONDS, EgressRefused, http_client
from tenants.base.patience import CallCancelled, OutOfTime, Patience, TooManyBytes, patience

# Room for the JSON around each token, and for a provider that sends a little more than asked.
BYTES_PER_TOKEN_MAX = 4096
BYTES_BESIDE_MAX = 1024 * 1024
# No language or code averages more characters a token: beyond it max_tokens was ignored.
CHARS_PER_TOKEN_MAX = 16
# The library refuses an empty key; servers without one ignore what they get.
NO_KEY = "none"

# Broken JSON and chunks of another shape are ValueErrors, JSON without a bottom the other one.
UNREADABLE = (ValueError, RecursionError, TooManyBytes)
FAILURES = (
    openai.OpenAIError,
    httpx2.HTTPError,
    httpx2.InvalidURL,
    EgressRefused,
    OutOfTime,
    *UNREADABLE,
)

_dialects: dict[tuple[str, str], Dialect] = {}


@dataclass(frozen=True, slots=True)
class CloudModel:
    """A `ChatModel` behind `base_url`; the key is kept out of its representation."""

    name: str
    base_url: str
    context_tokens: int
    destination: Destination
    api_key: str = field(default="", repr=False)

    def stream(
        self,
        request: ChatRequest,
        *,
        deadline_seconds: float,
        cancelled: Callable[[], bool],
    ) -> Iterator[Delta | Usage]:
        bytes_max = BYTES_BESIDE_MAX + BYTES_PER_TOKEN_MAX * request.max_tokens
        bound = Patience(seconds=deadline_seconds, cancelled=cancelled, bytes_max=bytes_max)
        answer = Answer(tokens_in=tokens_of(request), tokens_max=request.max_tokens)
        try:
            for text in self._words(request, bound, answer):
                yield Delta(text)
        except CallCancelled:
            pass
        except FAILURES as failure:
            error = provider_error(facts_of(failure), has_begun=bool(answer.characters))
            error.tokens_in, error.tokens_out = answer.tokens_in, answer.tokens_out
            # The vendor's exception carries its words, and those may repeat the key.
            raise error from None
        yield answer.usage()

    def _words(self, request: ChatRequest, bound: Patience, answer: "Answer") -> Iterator[str]:
        with patience(bound):
            chunks = self._open(request, bound)
        try:
            while not answer.is_overrun:
                with patience(bound):
                    bound.next_wait_seconds()
                    chunk = next_chunk(chunks, answer)
                if chunk is None:
                    break
                if text := answer.take(chunk):
                    yield text
        finally:
            chunks.close()

    def _open(self, request: ChatRequest, bound: Patience) -> openai.Stream[ChatCompletionChunk]:
        client = client_for(self.base_url, self.api_key or NO_KEY)
        dialect = _dialects.get((self.base_url, self.name), Dialect())
        while True:
            try:
                chunks: openai.Stream[ChatCompletionChunk] = client.chat.completions.create(
                    **self._body(request, dialect), timeout=timeout_within(bound)
                )
            except openai.BadRequestError as refusal:
                simpler = simpler_dialect(dialect, complaint_of(refusal))
                if simpler is None:
                    raise
                dialect = simpler
                _dialects[self.base_url, self.name] = simpler
            else:
                return chunks

    def _body(self, request: ChatRequest, dialect: Dialect) -> dict[str, Any]:
        messages = [{"role": each.role.value, "content": each.content} for each in request.messages]
        return {
            "model": self.name,
            "messages": messages,
            "stream": True,
            **dialect.fields(request),
        }


@dataclass(slots=True)
class Answer:
    """What has arrived so far."""

    tokens_in: int
    tokens_max: int
    words: list[str] = field(default_factory=list)
    characters: int = 0
    is_finished: bool = False
    billed: UsageReply | None = None

    def take(self, chunk: ChunkReply) -> str:
        self.is_finished = self.is_finished or chunk.is_finished
        self.billed = chunk.usage or self.billed
        self.words.append(chunk.text)
        self.characters += len(chunk.text)
        return chunk.text

    @property
    def is_overrun(self) -> bool:
        return self.characters > CHARS_PER_TOKEN_MAX * self.tokens_max

    @property
    def tokens_out(self) -> int:
        return estimate_tokens("".join(self.words))

    def usage(self) -> Usage:
        if self.billed:
            return Usage(self.billed.prompt_tokens, self.billed.completion_tokens, estimated=False)
        return Usage(self.tokens_in, self.tokens_out, estimated=True)


def next_chunk(chunks: openai.Stream[ChatCompletionChunk], answer: Answer) -> ChunkReply | None:
    """Return the next chunk, None at the end.

    Raises: ProviderCut when the stream ends before the answer does; whatever in FAILURES.
    """
    try:
        chunk = next(chunks, None)
    except FAILURES:
        # The answer was complete; only what follows it, such as the usage, is missing.
        if answer.is_finished:
            return None
        raise
    if chunk is not None:
        return ChunkReply.model_validate(chunk, from_attributes=True)
    if not answer.is_finished:
        error = ProviderCut(reason="no finish_reason")
        error.tokens_in, error.tokens_out = answer.tokens_in, answer.tokens_out
        raise error
    return None


def timeout_within(bound: Patience) -> httpx2.Timeout:
    """Let a host that does not even answer the telephone cost seconds, not the whole deadline."""
    left = bound.left_seconds()
    return httpx2.Timeout(left, connect=min(CONNECT_SECONDS, left), pool=min(CONNECT_SECONDS, left))


def facts_of(failure: Exception) -> Failure:
    name = type(failure).__name__
    match failure:
        case openai.APIStatusError():
            retry_after = failure.response.headers.get("retry-after", "")
            return Failure(FailureKind.STATUS, name, failure.status_code, failure.code, retry_after)
        case openai.APITimeoutError(__cause__=httpx2.ConnectTimeout() | httpx2.PoolTimeout()):
            return Failure(FailureKind.CONNECTION, name)
        case OutOfTime() | openai.APITimeoutError() | httpx2.TimeoutException():
            return Failure(FailureKind.TIMEOUT, name)
        case EgressRefused():
            return Failure(FailureKind.FORBIDDEN_ADDRESS, name)
        case httpx2.InvalidURL() | httpx2.UnsupportedProtocol():
            return Failure(FailureKind.BAD_ADDRESS, name)
        case openai.APIError():
            return Failure(FailureKind.CONNECTION, name, code=failure.code)
        case _ if isinstance(failure, UNREADABLE):
            return Failure(FailureKind.UNREADABLE, name)
    return Failure(FailureKind.CONNECTION, name)


def tokens_of(request: ChatRequest) -> int:
    return sum(estimate_tokens(each.content) + TOKENS_PER_MESSAGE for each in request.messages)


def complaint_of(refusal: openai.BadRequestError) -> str:
    """Return which parameter the endpoint refuses, as far as it says so."""
    body = refusal.body
    if isinstance(body, Mapping):
        return f"{body.get('param') or ''} {body.get('message') or ''}"
    return ""


@lru_cache(maxsize=16)
def client_for(base_url: str, api_key: str) -> openai.OpenAI:
    """Return the process's client for an endpoint the operator configured.

    That the operator named it is what allows it to lie in a private network. Connections are
    kept only where they are dear, under TLS: llama.cpp's server says that it keeps them and
    then closes every tenth, and the next question would be lost in it.
    """
    allow: list[Peer] = []
    with suppress(ValueError):
        allow.append(peer_of(base_url))
    road = http_client(allow=allow, keeps_connections=base_url.startswith("https://"))
    return openai.OpenAI(base_url=base_url, api_key=api_key, max_retries=0, http_client=road)
