"""HTTP as uvicorn speaks it, for peers that are slow, silent or gone.

Given to `uvicorn --http`. A head that does not come is cut, an answer that is not read is cut, and
nothing is written to a reader that has left.
"""

import asyncio
from http import HTTPStatus
from typing import Any

import h11
from django.conf import settings
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from config.headers import AsgiApp, Message, Receive, Send

# Of all connections of this process, those without a whole head, the oldest first.
_headless: "dict[HttpProtocol, None]" = {}
_ANSWERED = frozenset({h11.DONE, h11.MUST_CLOSE, h11.CLOSED})


class ReaderLeft(ConnectionError):
    """What is written now is read by nobody: the answer may end."""


class HttpProtocol(H11Protocol):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._site: AsgiApp = self.app
        self.app = self._answer
        self._head_timer: asyncio.TimerHandle | None = None
        self._drain_timer: asyncio.TimerHandle | None = None
        self._written_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._look_for_head()
        if len(_headless) > settings.HEADLESS_CONNECTIONS_MAX:
            next(iter(_headless)).cut_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._look_for_head()

    def eof_received(self) -> None:
        super().eof_received()
        # Closing waits until the rest is read; who has left reads no more.
        self._watch_drain()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_head()
        self._forget_drain()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._look_for_head()
        self._watch_drain()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch_drain()

    def cut_head(self) -> None:
        """End a connection whose head did not come, or whose body goes on after the answer."""
        self._forget_head()
        if self.transport.is_closing():
            return
        has_begun = bool(self.conn.trailing_data[0])
        if has_begun and self.conn.our_state is h11.IDLE:
            status = HTTPStatus.REQUEST_TIMEOUT
            headers = [(b"connection", b"close"), (b"content-length", b"0")]
            answer = h11.Response(
                status_code=status, headers=headers, reason=status.phrase.encode()
            )
            self.transport.write(self.conn.send(answer) or b"")
        self.transport.close()

    async def _answer(self, asgi_scope: Any, receive: Receive, send: Send) -> None:
        cycle = self.cycle

        async def send_to_reader(message: Message) -> None:
            if self.transport.is_closing():
                raise ReaderLeft
            await send(message)
            self._written_bytes += len(message.get("body", b""))

        try:
            await self._site(asgi_scope, receive, send_to_reader)
        except ReaderLeft:
            self._end_unread(cycle)
        else:
            if not cycle.response_complete and self.flow.write_paused:
                self._end_unread(cycle)

    def _end_unread(self, cycle: RequestResponseCycle) -> None:
        """Let go of an answer that nobody reads to its end, without a word in the log."""
        cycle.disconnected = True
        self.transport.abort()

    # --- The head ---------------------------------------------------------------------------------

    def _look_for_head(self) -> None:
        is_over = self.transport.is_closing() or self.transport.get_protocol() is not self
        if is_over or not self._waits_for_head():
            self._forget_head()
        elif self._head_timer is None:
            self._head_timer = self.loop.call_later(settings.HEAD_SECONDS, self.cut_head)
            _headless[self] = None

    def _waits_for_head(self) -> bool:
        if self.conn.their_state is h11.IDLE:
            # Between two requests uvicorn's own patience counts, until the first byte comes.
            return self.timeout_keep_alive_task is None
        return self.conn.their_state is h11.SEND_BODY and self.conn.our_state in _ANSWERED

    def _forget_head(self) -> None:
        _headless.pop(self, None)
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    # --- The answer -------------------------------------------------------------------------------

    def _watch_drain(self) -> None:
        """Begin to measure a reader who takes less than is sent: the kernel's buffers are full."""
        rest_bytes = self.transport.get_write_buffer_size()
        if rest_bytes and self._drain_timer is None:
            taken_bytes = self._written_bytes - rest_bytes
            self._drain_timer = self.loop.call_later(
                settings.SLOW_SECONDS, self._judge_drain, taken_bytes
            )

    def _judge_drain(self, taken_before_bytes: int) -> None:
        self._drain_timer = None
        rest_bytes = self.transport.get_write_buffer_size()
        taken_bytes = self._written_bytes - rest_bytes - taken_before_bytes
        is_slow = taken_bytes < settings.SLOW_SECONDS * settings.SLOWEST_BYTES_PER_SECOND
        if rest_bytes and is_slow:
            self.transport.abort()
        else:
            self._watch_drain()

    def _forget_drain(self) -> None:
        if self._drain_timer is not None:
            self._drain_timer.cancel()
            self._drain_timer = None
