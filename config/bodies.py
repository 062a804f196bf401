"""What a request must be before any code of ours sees it: framed once, and for pages, whole.

A page is answered by one of few threads, and reading a body there would hold it for as long as
a slow sender likes. So the body of a page is gathered here first, bounded in size and slowness.
"""

from typing import Any

from django.conf import settings

from config.headers import AsgiApp, Message, Receive, Send
from tenants.api.problems import PROBLEM_TYPE, problem_document
from tenants.base.bodies import SenderLeft, SenderTooSlow, whole_body
from tenants.base.errors import AppError, BadRequest, TooLarge


def framed_once(app: AsgiApp) -> AsgiApp:
    """Refuse a request whose length is told in two ways: the next server may believe the other."""

    async def answer(asgi_scope: Any, receive: Receive, send: Send) -> None:
        if asgi_scope["type"] == "http" and _is_ambiguous(asgi_scope):
            await _refuse(send, BadRequest())
            return
        await app(asgi_scope, receive, send)

    return answer


def with_whole_body(app: AsgiApp) -> AsgiApp:
    """Call the application once the body has arrived as a whole."""

    async def answer(asgi_scope: Any, receive: Receive, send: Send) -> None:
        try:
            body = await whole_body(receive, bytes_max=settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        except SenderLeft:
            return
        except (SenderTooSlow, TooLarge) as error:
            await _refuse(send, error)
            return
        whole = {"type": "http.request", "body": body, "more_body": False}
        await app(asgi_scope, beginning_with(whole, receive), send)

    return answer


def beginning_with(first: Message, receive: Receive) -> Receive:
    """Return what hands on this message, and then whatever comes."""
    waiting = [first]

    async def receive_again() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_again


def _is_ambiguous(asgi_scope: Any) -> bool:
    names = [name.lower() for name, _value in asgi_scope["headers"]]
    lengths = names.count(b"content-length")
    encodings = names.count(b"transfer-encoding")
    return lengths + encodings > 1


async def _refuse(send: Send, error: AppError) -> None:
    body = problem_document(error).encode()
    headers = [
        (b"content-type", PROBLEM_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
