"""`/v1` as plain ASGI routes: they parse, make one call, and answer in the OpenAI shape."""

import asyncio
import logging
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.db import InterfaceError, OperationalError

from assistant.answers import Support
from assistant.llm.errors import ProviderError
from assistant.llm.protocol import Usage
from assistant.llm.routing import available_models
from assistant.openai_api.completions import (
    DOCUMENTS_MODEL,
    Spoken,
    Telling,
    Words,
    prepare,
    speaking,
)
from assistant.openai_api.replies import (
    DONE,
    Document,
    Envelope,
    error_document,
    json_bytes,
    sse,
)
from assistant.openai_api.requests import CompletionRequest, parse_completion
from assistant.sse import BEAT
from assistant.streams import Receive, Send, first_done
from tenants.api.parsers import BODY_BYTES_MAX
from tenants.base.bodies import whole_body
from tenants.base.errors import AppError, Unavailable, answer_headers
from tenants.base.lanes import in_tenant
from tenants.base.shares import COMPLETIONS
from tenants.people.gatekeeping import Principal, authenticate_asgi
from tenants.people.keys import KeyRefused
from tenants.people.models import KeyScope
from tenants.people.welcome import until_unwelcome

logger = logging.getLogger(__name__)

BEAT_SECONDS = 10.0
NOTHING_SPENT = Usage(tokens_in=0, tokens_out=0, estimated=True)
_STREAM_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]

Handler = Callable[[Any, Receive, Send, Mapping[str, str]], Awaitable[None]]


def _in_their_words(handler: Handler) -> Handler:
    """Answer an error in the shape that OpenAI's clients read."""

    async def handle(
        asgi_scope: Any, receive: Receive, send: Send, params: Mapping[str, str]
    ) -> None:
        try:
            await handler(asgi_scope, receive, send, params)
        except AppError as error:
            await _refuse(send, error)
        except (OperationalError, InterfaceError):
            logger.warning("database_away route=v1")
            await _refuse(send, Unavailable())

    return handle


@_in_their_words
async def chat_completions(
    asgi_scope: Any, receive: Receive, send: Send, params: Mapping[str, str]
) -> None:
    """Answer a conversation that is kept nowhere."""
    principal = await _admit(asgi_scope)
    request = parse_completion(await whole_body(receive, bytes_max=BODY_BYTES_MAX))
    envelope = Envelope(
        id=f"chatcmpl-{uuid.uuid4().hex}",
        created=int(time.time()),
        model=request.model,
        origin=principal.tenant.origin,
    )
    # Held from before the search, which costs as much as anything here.
    async with COMPLETIONS.place(principal.scope):
        speech = await prepare(request, principal)
        with speaking(speech, principal) as telling:
            answer = _Answer(request, envelope, telling, send)
            try:
                await first_done(answer.give(), _until_refused(principal), _left(receive))
            except AppError as error:
                if not answer.has_begun:
                    raise
                # The status is long sent; clients read the error out of the stream.
                await answer.break_off(error)


@_in_their_words
async def models(asgi_scope: Any, receive: Receive, send: Send, params: Mapping[str, str]) -> None:
    """List who may be asked: the tenant's documents first, then each model by its own name."""
    principal = await _admit(asgi_scope)
    found = await in_tenant(principal.scope, available_models)
    ids = [DOCUMENTS_MODEL, *(model.id for model in found)]
    items = [
        {"id": name, "object": "model", "created": 0, "owned_by": principal.tenant.slug}
        for name in ids
    ]
    await _reply(send, 200, {"object": "list", "data": items})


class _Answer:
    """One answer on its way out: whole, or piece by piece."""

    def __init__(
        self, request: CompletionRequest, envelope: Envelope, telling: Telling, send: Send
    ) -> None:
        self._request = request
        self._envelope = envelope
        self._telling = telling
        self._send = send
        self._usage = NOTHING_SPENT
        self.has_begun = False

    async def give(self) -> None:
        if self._request.wants_stream:
            await self._stream()
        else:
            await self._whole()

    async def _whole(self) -> None:
        texts: list[str] = []
        supports: list[Support] = []
        while (piece := await self._telling.next()) is not None:
            if isinstance(piece, Usage):
                self._usage = piece
            else:
                texts.append(piece.text)
                supports += piece.supports
        document = self._envelope.completion(
            "".join(texts), supports, self._usage, finish_reason=self._finish_reason
        )
        self.has_begun = True
        await _reply(self._send, 200, document)

    async def break_off(self, error: AppError) -> None:
        await self._end(sse(error_document(error)))

    async def _stream(self) -> None:
        # Nothing is sent before the first piece: a provider that refuses is a status.
        while (piece := await self._next()) is not None:
            await self._begin()
            await self._tell(piece)
        await self._begin()
        ending = self._envelope.chunk({}, finish_reason=self._finish_reason)
        if self._request.wants_usage:
            ending += self._envelope.usage_chunk(self._usage)
        await self._end(ending + DONE)

    async def _next(self) -> Spoken | None:
        """Wait for the next piece, saying now and then that somebody still does."""
        while True:
            try:
                async with asyncio.timeout(BEAT_SECONDS):
                    return await self._telling.next()
            except TimeoutError:
                await self._begin()
                await self._write(BEAT)

    async def _begin(self) -> None:
        if self.has_begun:
            return
        self.has_begun = True
        start = {"type": "http.response.start", "status": 200, "headers": list(_STREAM_HEADERS)}
        await self._send(start)
        await self._write(self._envelope.chunk({"role": "assistant", "content": ""}))

    async def _tell(self, piece: Spoken) -> None:
        if isinstance(piece, Usage):
            self._usage = piece
            return
        await self._write(self._envelope.chunk(_delta(piece, self._envelope)))

    @property
    def _finish_reason(self) -> str:
        wanted = self._request.tokens_wanted
        is_cut = wanted is not None and self._usage.tokens_out >= wanted
        return "length" if is_cut else "stop"

    async def _write(self, body: bytes) -> None:
        await self._send({"type": "http.response.body", "body": body, "more_body": True})

    async def _end(self, body: bytes) -> None:
        await self._send({"type": "http.response.body", "body": body, "more_body": False})


def _delta(words: Words, envelope: Envelope) -> Document:
    delta: Document = {"content": words.text}
    if words.supports:
        delta["annotations"] = [envelope.annotation(support) for support in words.supports]
    return delta


async def _admit(asgi_scope: Any) -> Principal:
    principal = await authenticate_asgi(asgi_scope, "KEY")
    principal.require(KeyScope.READ)
    return principal


async def _until_refused(principal: Principal) -> None:
    """Raises: KeyRefused, soon after the key was revoked."""
    await until_unwelcome(principal)
    raise KeyRefused


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(send: Send, error: AppError) -> None:
    told = answer_headers(error)
    headers = [(name.lower().encode(), value.encode()) for name, value in told.items()]
    if isinstance(error, ProviderError) and error.permanent:
        # The client would otherwise try the same again.
        headers.append((b"x-should-retry", b"false"))
    await _reply(send, error.status, error_document(error), headers)


async def _reply(
    send: Send, status: int, document: Document, headers: list[tuple[bytes, bytes]] | None = None
) -> None:
    body = json_bytes(document)
    all_headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        *(headers or []),
    ]
    await send({"type": "http.response.start", "status": status, "headers": all_headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
