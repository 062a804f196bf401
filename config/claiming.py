"""Reads of each request, at the very edge, who claims to ask."""

from collections.abc import Iterable, MutableMapping
from typing import Any

from django.conf import settings
from django.http import parse_cookie

from config.headers import AsgiApp, Receive, Send
from tenants.base.claims import Claim, claim_of, claiming
from tenants.hosts import canonical_host
from tenants.people.peers import peer_behind


def with_claim(app: AsgiApp) -> AsgiApp:
    """Call the application with the claim of its request at hand."""

    async def answer(asgi_scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if asgi_scope["type"] == "lifespan":
            await app(asgi_scope, receive, send)
            return
        with claiming(_claim(asgi_scope)):
            await app(asgi_scope, receive, send)

    return answer


def _claim(asgi_scope: MutableMapping[str, Any]) -> Claim:
    headers = asgi_scope["headers"]
    cookies = parse_cookie(_header(headers, b"cookie"))
    session = cookies.get(settings.SESSION_COOKIE_NAME, "")
    connected, _port = asgi_scope.get("client") or ("", 0)
    return claim_of(
        host=canonical_host(_header(headers, b"host")) or "",
        credentials=(session.encode(), _header(headers, b"authorization").encode()),
        address=peer_behind(_header(headers, b"x-forwarded-for"), connected),
    )


def _header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in headers if key.lower() == name), "")
