"""Which kind of code answers: a row of the ASGI table, or Django behind its bounded threads."""

import contextlib
import logging
from typing import Any

from django.db import InterfaceError, OperationalError

from config.headers import AsgiApp, Message, Receive, Send, with_security_headers
from config.http_protocol import ReaderLeft
from config.outages import with_retry_after
from config.routes import WEBSOCKET, Route, find_route
from config.storable import check_surroundings
from tenants.api.problems import PROBLEM_TYPE, problem_document
from tenants.base import valkey
from tenants.base.beats import beat_for, leave
from tenants.base.errors import AppError, Unavailable, answer_headers
from tenants.base.loops import watch
from tenants.base.text import Unstorable

logger = logging.getLogger(__name__)

WEB = "web"
_NOT_FOUND_CLOSE = 4404


class Dispatcher:
    def __init__(self, pages: AsgiApp) -> None:
        self._pages = pages

    async def __call__(self, asgi_scope: Any, receive: Receive, send: Send) -> None:
        if asgi_scope["type"] == "lifespan":
            await _live(receive, send)
            return
        is_socket = asgi_scope["type"] == "websocket"
        send = send if is_socket else with_retry_after(send)
        method = WEBSOCKET if is_socket else asgi_scope["method"]
        found = find_route(method, asgi_scope["path"])
        if is_socket:
            await _open(found, asgi_scope, receive, send)
        elif found is not None:
            await _answer(*found, asgi_scope, receive, send)
        else:
            await self._pages(asgi_scope, receive, _to_anybody(send))


async def _open(
    found: tuple[Route, dict[str, str]] | None, asgi_scope: Any, receive: Receive, send: Send
) -> None:
    try:
        check_surroundings(asgi_scope)
    except Unstorable:
        found = None
    if found is None:
        await send({"type": "websocket.close", "code": _NOT_FOUND_CLOSE})
        return
    await found[0].handler(asgi_scope, receive, send, found[1])


async def _answer(
    route: Route, params: dict[str, str], asgi_scope: Any, receive: Receive, send: Send
) -> None:
    """Run the handler; an error becomes an answer as long as none has begun."""
    has_begun = False

    async def handle(asgi_scope: Any, receive: Receive, send: Send) -> None:
        async def send_and_note(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            check_surroundings(asgi_scope)
            await route.handler(asgi_scope, receive, send_and_note, params)
        except AppError as error:
            await _refuse(error, send, has_begun=has_begun)
        except (OperationalError, InterfaceError):
            logger.warning("database_away route=%s", route.template)
            await _refuse(Unavailable(), send, has_begun=has_begun)
        except ReaderLeft:
            raise
        except Exception:
            # The edge of the process: the server would only drop the connection.
            logger.exception("route_broke route=%s", route.template)
            await _refuse(AppError(), send, has_begun=has_begun)

    await with_security_headers(handle)(asgi_scope, receive, send)


async def _refuse(error: AppError, send: Send, *, has_begun: bool) -> None:
    if has_begun:
        # The reader sees a stream without its end and comes back with the last id it knows.
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        return
    told = {"Content-Type": PROBLEM_TYPE, **answer_headers(error)}
    headers = [(name.lower().encode(), value.encode()) for name, value in told.items()]
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": problem_document(error).encode()})


def _to_anybody(send: Send) -> Send:
    """Let a page be said to its end: its thread would wait for ever for a sender that broke."""

    async def send_or_drop(message: Message) -> None:
        with contextlib.suppress(ReaderLeft):
            await send(message)

    return send_or_drop


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            watch.keep(beat_for(WEB))
            await send({"type": "lifespan.startup.complete"})
        else:
            with contextlib.suppress(valkey.Away):
                leave(WEB)
            await send({"type": "lifespan.shutdown.complete"})
            return
