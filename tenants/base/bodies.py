"""The body of a request as it comes, from senders who are neither too slow nor gone."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tenants.base.errors import AppError, BadRequest, TooLarge

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]


class SenderTooSlow(AppError):
    code = "sender_too_slow"
    status = 408
    message = _("The body of the request came too slowly.")


class SenderLeft(BadRequest):
    """Nobody hears this any more."""

    code = "sender_left"


async def body_parts(receive: Receive) -> AsyncIterator[bytes]:
    """Yield the parts of the body until it is whole.

    Only the waiting for the sender counts: what the reader does with a part takes its own time.

    Raises:
        SenderTooSlow: for so many seconds less came than the slowest sender may send.
        SenderLeft: before the end.
    """
    pace = _Pace(settings.SLOW_SECONDS, settings.SLOW_SECONDS * settings.SLOWEST_BYTES_PER_SECOND)
    is_more = True
    while is_more:
        message = await pace.next(receive)
        if message["type"] == "http.disconnect":
            raise SenderLeft
        is_more = message.get("more_body", False)
        yield message.get("body", b"")


async def whole_body(receive: Receive, *, bytes_max: int) -> bytes:
    """Return the body. Raises: TooLarge, SenderTooSlow, SenderLeft."""
    body = bytearray()
    async for part in body_parts(receive):
        body += part
        if len(body) > bytes_max:
            raise TooLarge
    return bytes(body)


class _Pace:
    """How much came in the present stretch of waiting, and how long that still lasts."""

    def __init__(self, stretch_seconds: float, bytes_min: int) -> None:
        self._stretch_seconds = stretch_seconds
        self._bytes_min = bytes_min
        self._left_seconds = stretch_seconds
        self._came_bytes = 0

    async def next(self, receive: Receive) -> Message:
        """Raises: SenderTooSlow."""
        while True:
            message = await self._within_stretch(receive)
            if message is not None:
                self._came_bytes += len(message.get("body", b""))
            is_whole = message is not None and not message.get("more_body", False)
            if self._left_seconds <= 0 and not is_whole:
                self._begin_stretch()
            if message is not None:
                return message

    async def _within_stretch(self, receive: Receive) -> Message | None:
        clock = asyncio.get_running_loop().time
        began_at = clock()
        try:
            async with asyncio.timeout(self._left_seconds):
                return await receive()
        except TimeoutError:
            return None
        finally:
            self._left_seconds -= clock() - began_at

    def _begin_stretch(self) -> None:
        if self._came_bytes < self._bytes_min:
            raise SenderTooSlow
        self._left_seconds, self._came_bytes = self._stretch_seconds, 0
