"""The bounded threads behind which Django answers: a request's turn comes before it enters them."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Iterable, Iterator
from functools import lru_cache, partial
from typing import Any, TypeVar, cast

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.template import loader

from config.bodies import beginning_with
from config.headers import HEADERS, AsgiApp, Receive, Send
from config.page_groups import Group, bounds_of, group_of
from tenants.api.problems import PROBLEM_TYPE, problem_document
from tenants.base.claims import claimed_asker
from tenants.base.errors import AppError, answer_headers
from tenants.base.fair_line import Bounds
from tenants.base.slots import Patience, Slots

# So many pieces of an answer wait in memory for a slow reader that its thread need not.
PIECES_MAX = 4096
_API = "/api/"
_GIVE_BACK = "drawbridge.give_back_slot"

T = TypeVar("T")

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]


def behind_threads(pages: WsgiApp) -> AsgiApp:
    """Return the pages as an application of several groups of threads."""
    groups = {group: in_turn(pages, bounds_of(group)) for group in Group}

    async def answer(asgi_scope: Any, receive: Receive, send: Send) -> None:
        await groups[group_of(asgi_scope["path"])](asgi_scope, receive, send)

    return answer


def in_turn(pages: WsgiApp, bounds: Bounds) -> AsgiApp:
    """Let a request in when its turn has come: there are as many slots as threads."""
    slots = Slots(bounds)
    # Each library has types of its own for one and the same protocol.
    threads = cast(
        "AsgiApp",
        WSGIMiddleware(
            cast("Any", _giving_back(pages)), workers=bounds.slots, send_queue_size=PIECES_MAX
        ),
    )

    async def answer(asgi_scope: Any, receive: Receive, send: Send) -> None:
        # The body has come as a whole; what may follow is that its sender leaves.
        body = await receive()
        async with contextlib.AsyncExitStack() as holding:
            held = slots.held(claimed_asker(), Patience(settings.PAGE_WAIT_SECONDS_MAX))
            try:
                turn = await _unless_left(holding.enter_async_context(held), receive)
            except AppError as error:
                await _refuse(error, asgi_scope["path"], send)
                return
            if turn is not None:
                asgi_scope[_GIVE_BACK] = partial(slots.give_back, turn)
                await threads(asgi_scope, beginning_with(body, receive), send)

    return answer


async def _unless_left(turn: Coroutine[Any, Any, T], receive: Receive) -> T | None:
    """Wait for the turn, or return None when whoever asked is gone before it comes."""
    waiting, leaving = asyncio.ensure_future(turn), asyncio.ensure_future(receive())
    try:
        await asyncio.wait((waiting, leaving), return_when=asyncio.FIRST_COMPLETED)
        return waiting.result() if waiting.done() else None
    finally:
        waiting.cancel()
        leaving.cancel()
        await asyncio.gather(waiting, leaving, return_exceptions=True)


def _giving_back(pages: WsgiApp) -> WsgiApp:
    """Free the slot when the thread is free, not when a slow reader has read."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        try:
            with contextlib.closing(cast("Any", pages(environ, start_response))) as pieces:
                yield from pieces
        finally:
            environ["asgi.scope"][_GIVE_BACK]()

    return answer


async def _refuse(error: AppError, path: str, send: Send) -> None:
    if path.startswith(_API):
        body, kind = problem_document(error).encode(), PROBLEM_TYPE
    else:
        body, kind = _refusal_page(), "text/html; charset=utf-8"
    named = {
        **HEADERS,
        **answer_headers(error),
        "Content-Type": kind,
        "Content-Length": str(len(body)),
    }
    headers = [(name.lower().encode(), value.encode()) for name, value in named.items()]
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@lru_cache(maxsize=1)
def _refusal_page() -> bytes:
    # Made once: a flood must not cost a page each.
    return loader.get_template("503.html").render().encode()
