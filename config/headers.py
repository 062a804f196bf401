"""Headers that every answer carries: what a browser may load, keep and tell others."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

_SOURCES = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    # Icons of the bundled style sheets are drawn in data: addresses.
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
CONTENT_SECURITY_POLICY = "; ".join(f"{name} {value}" for name, value in _SOURCES.items())
# Unless an answer says otherwise: nothing a tenant owns lies in a cache.
NOT_KEPT = "no-store"
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": PERMISSIONS_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": NOT_KEPT,
}

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]


class SecurityHeadersMiddleware:
    """The headers of Django's answers; an answer that set one itself keeps it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


def with_security_headers(app: AsgiApp) -> AsgiApp:
    """Wrap a plain ASGI route, so that it answers with the same headers."""
    wanted = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]

    async def answer(asgi_scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _completed(list(message.get("headers", ())), wanted)
            await send(message)

        await app(asgi_scope, receive, send_with_headers)

    return answer


def _completed(
    present: list[tuple[bytes, bytes]], wanted: list[tuple[bytes, bytes]]
) -> list[tuple[bytes, bytes]]:
    names = {name.lower() for name, _value in present}
    return present + [(name, value) for name, value in wanted if name not in names]
