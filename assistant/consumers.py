"""Run events over a socket: the same relay, for clients that want one."""

import asyncio
import contextlib
from typing import Any

from channels.exceptions import DenyConnection
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from assistant.relay import relay
from assistant.sse import to_json
from assistant.streams import LAST_ID_CHARS_MAX, end_all, first_done
from tenants.base.errors import AppError
from tenants.base.shares import STREAMS
from tenants.people.gatekeeping import Principal, authenticate_asgi
from tenants.people.welcome import until_unwelcome

FRAMES_MAX = 64
_REVOKED = 4401
_ENDED = 1000


class RunConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """Sends `{"id", "event", "data"}` per event; hears nothing but the leaving."""

    _following: "asyncio.Task[None] | None" = None
    _held: contextlib.AsyncExitStack | None = None
    _frames = 0

    async def connect(self) -> None:
        # Before anything is looked up, and before accepting: a foreign page gets no socket.
        if not has_own_origin(self.scope):
            raise DenyConnection
        async with contextlib.AsyncExitStack() as stack:
            try:
                principal = await authenticate_asgi(self.scope, "COOKIE")
                await stack.enter_async_context(STREAMS.place(principal.scope))
                run_id = self.scope["params"]["run_id"]
                events = relay(principal.scope, run_id, self._last_event_id())
                first = await anext(events)
            except AppError as error:
                raise DenyConnection from error
            await self.accept()
            await self._tell(first)
            self._held = stack.pop_all()
        self._following = asyncio.create_task(self._follow(events, principal))

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        self._frames += 1
        if self._frames > FRAMES_MAX:
            await self.close(_REVOKED)

    async def disconnect(self, code: int) -> None:
        if self._following is not None:
            await end_all([self._following])
        # Also here: a task that is cancelled before it began lets nothing go.
        await self._let_go()

    async def _follow(self, events: Any, principal: Principal) -> None:
        finished = False

        async def tell_all() -> None:
            nonlocal finished
            async with contextlib.aclosing(events):
                async for event in events:
                    await self._tell(event)
            finished = True

        try:
            await first_done(tell_all(), until_unwelcome(principal))
        except AppError:
            finished = False
        except OSError:
            # The reader left, and the server has nobody to close it for.
            return
        finally:
            await self._let_go()
        with contextlib.suppress(OSError):
            await self.close(_ENDED if finished else _REVOKED)

    async def _let_go(self) -> None:
        """Give the place among the streams back; twice is once."""
        if self._held is not None:
            await self._held.aclose()

    async def _tell(self, event: Any) -> None:
        body = {"id": event.id, "event": event.kind.value, "data": event.data}
        await self.send(text_data=to_json(body))
        # Sending need not wait for anything; a reader that left is heard of only in between.
        await asyncio.sleep(0)

    def _last_event_id(self) -> str:
        query = bytes(self.scope.get("query_string", b"")).decode("latin-1")
        name, _equals, value = query.partition("=")
        return value[:LAST_ID_CHARS_MAX] if name == "last_event_id" else ""


def has_own_origin(scope: dict[str, Any]) -> bool:
    """Say whether the page that asks came from this very host, scheme and port included."""
    origins = [value for name, value in scope["headers"] if name == b"origin"]
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    if len(origins) != 1 or len(hosts) != 1:
        return False
    wanted = f"{settings.SITE_SCHEME}://{hosts[0].decode('latin-1')}"
    return bool(origins[0].decode("latin-1") == wanted)
