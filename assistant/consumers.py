"""Run events over a socket: the same relay, for clients that want one."""

import asyncio
import contextlib
from typing import Any

from channels.exceptions import DenyConnection
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from assistant.relay import relay
from assistant.sse import to_json
from assistant.streams import LAST_ID_CHARS_MAX, first_done, until_unwelcome
from tenants.base.errors import AppError
from tenants.people.gatekeeping import Principal, authenticate_asgi

FRAMES_MAX = 64
_REVOKED = 4401
_ENDED = 1000


class RunConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """Sends `{"id", "event", "data"}` per event; hears nothing but the leaving."""

    _following: "asyncio.Task[None] | None" = None
    _frames = 0

    async def connect(self) -> None:
        # Before anything is looked up, and before accepting: a foreign page gets no socket.
        if not has_own_origin(self.scope):
            raise DenyConnection
        try:
            principal = await authenticate_asgi(self.scope, "COOKIE")
            events = relay(principal.scope, self.scope["params"]["run_id"], self._last_event_id())
            first = await anext(events)
        except AppError as error:
            raise DenyConnection from error
        await self.accept()
        await self._tell(first)
        self._following = asyncio.create_task(self._follow(events, principal))

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        self._frames += 1
        if self._frames > FRAMES_MAX:
            await self.close(_REVOKED)

    async def disconnect(self, code: int) -> None:
        if self._following is not None:
            self._following.cancel()

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
        await self.close(_ENDED if finished else _REVOKED)

    async def _tell(self, event: Any) -> None:
        body = {"id": event.id, "event": event.kind.value, "data": event.data}
        await self.send(text_data=to_json(body))

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
