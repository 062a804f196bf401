"""Run events over HTTP, as plain ASGI: nothing is held while waiting, however many listen."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, MutableMapping
from typing import Any

from assistant.relay import Event, relay
from assistant.sse import BEAT, encode_event
from tenants.base.errors import AppError
from tenants.base.shares import STREAMS
from tenants.people.gatekeeping import Auth, Principal, authenticate_asgi
from tenants.people.models import KeyScope
from tenants.people.welcome import until_unwelcome

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

BEAT_SECONDS = 15.0
CANCEL_AGAIN_SECONDS = 0.5
LAST_ID_CHARS_MAX = 40
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; sandbox"),
]


async def run_events(scope: Scope, receive: Receive, send: Send, params: Mapping[str, str]) -> None:
    """Stream a run to the page of the person who asked."""
    await _stream_run("COOKIE", scope, receive, send, params)


async def api_run_events(
    scope: Scope, receive: Receive, send: Send, params: Mapping[str, str]
) -> None:
    """Stream a run to a program that holds a key."""
    await _stream_run("KEY", scope, receive, send, params)


async def _stream_run(
    auth: Auth, scope: Scope, receive: Receive, send: Send, params: Mapping[str, str]
) -> None:
    principal = await authenticate_asgi(scope, auth)
    principal.require(KeyScope.READ)
    async with STREAMS.place(principal.scope):
        events = relay(principal.scope, params["run_id"], _last_event_id(scope))
        await _tell_events(events, principal, receive, send)


async def _tell_events(
    events: AsyncGenerator[Event, None], principal: Principal, receive: Receive, send: Send
) -> None:
    # The first event is fetched before the answer begins: a run one may not see is a 404.
    first = await anext(events)
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    line = _Line(send)
    await line.tell(first)

    async def tell_all() -> None:
        with contextlib.suppress(AppError):
            async with contextlib.aclosing(events):
                async for event in events:
                    await line.tell(event)

    await first_done(tell_all(), line.beat(), until_unwelcome(principal), _until_left(receive))
    await line.close()


class _Line:
    """The way out: one piece at a time, whoever speaks."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._turn = asyncio.Lock()

    async def tell(self, event: Event) -> None:
        await self._write(encode_event(event.kind, event.data, event.id))

    async def beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            await self._write(BEAT)

    async def close(self) -> None:
        # A reader that stopped reading must not hold the line open after its end.
        with contextlib.suppress(TimeoutError, OSError):
            ending = {"type": "http.response.body", "body": b"", "more_body": False}
            await asyncio.wait_for(self._send(ending), 1.0)

    async def _write(self, body: bytes) -> None:
        async with self._turn:
            await self._send({"type": "http.response.body", "body": body, "more_body": True})
            # Sending need not wait for anything; a reader that left is heard of only in between.
            await asyncio.sleep(0)


async def first_done(*doings: Awaitable[None]) -> None:
    """Do all at once until one is over; the others end with it.

    Raises: what the one that ended raised.
    """
    tasks = [asyncio.ensure_future(doing) for doing in doings]
    try:
        done, _pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await end_all(tasks)
    for task in done:
        task.result()


async def _until_left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def end_all(tasks: Iterable["asyncio.Future[None]"]) -> None:
    """Cancel the tasks and wait for their end.

    Told again as long as one goes on: `asyncio.wait_for`, which the client of Valkey uses, loses a
    cancellation that comes together with what it waited for.
    """
    told = going_on = set(tasks)
    while going_on:
        for task in going_on:
            task.cancel()
        _over, going_on = await asyncio.wait(going_on, timeout=CANCEL_AGAIN_SECONDS)
    # Their failures are heard, so that asyncio does not complain of them.
    await asyncio.gather(*told, return_exceptions=True)


def _last_event_id(scope: Scope) -> str:
    found = [value for name, value in scope["headers"] if name == b"last-event-id"]
    return found[0].decode("latin-1")[:LAST_ID_CHARS_MAX] if len(found) == 1 else ""
