"""Call the plain ASGI routes as a server would, with forms as a browser sends them."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from config.dispatching import Dispatcher
from tenants.hosts import TenantRef

BOUNDARY = "edge"


class Answer:
    """What an ASGI application sent, put together."""

    def __init__(self, messages: list[dict[str, Any]]) -> None:
        self.status: int = messages[0]["status"]
        self.headers = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
        self.body = b"".join(message.get("body", b"") for message in messages[1:])

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def call(
    tenant: TenantRef,
    method: str,
    path: str,
    headers: Mapping[str, str],
    *bodies: bytes,
    leaves: bool = False,
) -> Answer:
    waiting: list[dict[str, Any]] = [
        {"type": "http.request", "body": body, "more_body": True} for body in bodies
    ]
    waiting.append({"type": "http.disconnect"} if leaves else {"type": "http.request"})
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    async def pages(*_unused: object) -> None:
        raise AssertionError("the route is not in the table")

    named = {"host": tenant.host, **headers}
    asgi_scope = {
        "type": "http",
        "method": method,
        "path": path,
        "headers": [(name.encode(), value.encode()) for name, value in named.items()],
    }
    asyncio.run(Dispatcher(pages)(asgi_scope, receive, send))
    return Answer(sent)


def form(content: bytes, *, name: str = "handbook.md", field: str = "file") -> bytes:
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
        "Content-Type: text/markdown\r\n\r\n"
    )
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def form_headers(**more: str) -> dict[str, str]:
    return {"content-type": f"multipart/form-data; boundary={BOUNDARY}", **more}
