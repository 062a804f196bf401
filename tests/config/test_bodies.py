"""Bodies of pages: whole, bounded, in time; and slow senders hold nobody up."""

import asyncio
import contextlib
import socket
from collections.abc import Iterable
from typing import Any

import pytest
from django.test import override_settings

from config.bodies import framed_once, with_whole_body
from tenants.hosts import TenantRef
from tests.harness.processes import LiveServer

Message = dict[str, Any]


def answered(
    messages: Iterable[Message], headers: Iterable[tuple[bytes, bytes]] = ()
) -> tuple[list[bytes], list[int]]:
    """Return the bodies that the application got, and the statuses that went out."""
    got: list[bytes] = []
    sent: list[int] = []
    waiting = list(messages)

    async def page(_asgi_scope: Any, receive: Any, send: Any) -> None:
        message = await receive()
        assert not message["more_body"]
        got.append(message["body"])
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> Message:
        if waiting:
            return waiting.pop(0)
        await asyncio.sleep(60)
        raise AssertionError("nobody waits that long")

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            sent.append(message["status"])

    asgi_scope = {"type": "http", "headers": list(headers)}

    async def call() -> None:
        await framed_once(with_whole_body(page))(asgi_scope, receive, send)

    asyncio.run(call())
    return got, sent


def part(body: bytes, *, more: bool) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def test_page_gets_the_whole_body() -> None:
    parts = [part(b"one ", more=True), part(b"", more=True), part(b"two", more=False)]

    assert answered(parts) == ([b"one two"], [200])


def test_page_never_hears_of_a_body_that_is_too_large() -> None:
    parts = [part(b"x" * 1_000_000, more=True)] * 3

    assert answered(parts) == ([], [413])


def test_page_never_hears_of_a_sender_who_left() -> None:
    assert answered([part(b"one", more=True), {"type": "http.disconnect"}]) == ([], [])


@override_settings(SLOW_SECONDS=0.05)
def test_page_never_hears_of_a_sender_who_dawdles() -> None:
    assert answered([part(b"one", more=True)]) == ([], [408])


@pytest.mark.parametrize(
    "names",
    [
        (b"content-length", b"transfer-encoding"),
        (b"Content-Length", b"content-length"),
        (b"transfer-encoding", b"Transfer-Encoding"),
    ],
)
def test_length_told_twice_is_refused(names: tuple[bytes, bytes]) -> None:
    headers = [(name, b"1") for name in names]

    assert answered([part(b"x", more=False)], headers) == ([], [400])


def test_slow_senders_hold_no_page_up(server: LiveServer, tenant: TenantRef) -> None:
    head = (
        "POST /account/login/ HTTP/1.1\r\n"
        f"Host: {server.host_of(tenant)}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        "Content-Length: 1000\r\n\r\nlogin="
    ).encode()
    with contextlib.ExitStack() as lines:
        for _number in range(40):
            line = lines.enter_context(socket.create_connection(("127.0.0.1", server.port), 5))
            line.sendall(head)

        assert server.request(tenant, "GET", "/account/login/", timeout=5).status_code == 200
