"""The whole site as an ASGI application, asked without a network."""

import asyncio
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from config.asgi import application

ANSWER_SECONDS = 20.0
STREAM_SECONDS = 0.3
LEAVE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; a stream is cut after a moment, a refused socket has its close code."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def everything(self) -> bytes:
        return repr((self.status, self.headers)).encode() + self.body

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")


async def ask(
    method: str,
    target: str,
    headers: dict[str, str],
    body: bytes = b"",
) -> Answer:
    """Send one request; `target` is path and query. A WEBSOCKET answers 101 or its close code."""
    path, _mark, query = target.partition("?")
    is_socket = method == "WEBSOCKET"
    asgi_scope: dict[str, Any] = {
        "type": "websocket" if is_socket else "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "ws" if is_socket else "http",
        "path": path,
        "raw_path": quote(path).encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [
            (key.lower().encode(), value.encode("latin-1")) for key, value in headers.items()
        ],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "subprotocols": [],
    }
    if is_socket:
        del asgi_scope["method"]
        return await _ask_socket(asgi_scope)
    asgi_scope["headers"].append((b"content-length", str(len(body)).encode()))
    return await _ask_http(asgi_scope, body)


async def _ask_http(asgi_scope: dict[str, Any], body: bytes) -> Answer:
    inbox: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
    outbox: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
    inbox.put_nowait({"type": "http.request", "body": body, "more_body": False})
    running = asyncio.ensure_future(application(asgi_scope, inbox.get, outbox.put))
    start: MutableMapping[str, Any] = {}
    parts: list[bytes] = []
    try:
        while True:
            is_stream = b"text/event-stream" in dict(start.get("headers", [])).get(
                b"content-type", b""
            )
            seconds = STREAM_SECONDS if is_stream and parts else ANSWER_SECONDS
            try:
                message = await asyncio.wait_for(outbox.get(), seconds)
            except TimeoutError:
                if not is_stream:
                    raise
                break
            if message["type"] == "http.response.start":
                start = message
                continue
            parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                break
    finally:
        inbox.put_nowait({"type": "http.disconnect"})
        await _end(running)
    return Answer(start["status"], _decoded(start.get("headers", [])), b"".join(parts))


async def _ask_socket(asgi_scope: dict[str, Any]) -> Answer:
    inbox: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
    outbox: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
    inbox.put_nowait({"type": "websocket.connect"})
    running = asyncio.ensure_future(application(asgi_scope, inbox.get, outbox.put))
    first = await asyncio.wait_for(outbox.get(), ANSWER_SECONDS)
    if first["type"] != "websocket.accept":
        await _end(running)
        # A close before the accept is what a server turns into 403.
        return Answer(403, (), repr(first).encode())
    parts: list[bytes] = []
    try:
        while True:
            message = await asyncio.wait_for(outbox.get(), STREAM_SECONDS)
            parts.append(repr(message).encode())
            if message["type"] == "websocket.close":
                break
    except TimeoutError:
        pass
    inbox.put_nowait({"type": "websocket.disconnect", "code": 1000})
    await _end(running)
    return Answer(101, (), b"".join(parts))


async def _end(running: "asyncio.Future[None]") -> None:
    """Wait for the application to hear of the leaving, and insist after a moment."""
    _done, pending = await asyncio.wait([running], timeout=LEAVE_SECONDS)
    for task in pending:
        task.cancel()
    await asyncio.gather(running, return_exceptions=True)


def _decoded(headers: list[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    return tuple((key.decode("latin-1"), value.decode("latin-1")) for key, value in headers)
