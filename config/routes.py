"""What is answered by plain ASGI instead of Django: what stays open, is large or must be fast.

One table, read by the dispatcher, by the API's description and by the isolation trials.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from assistant.consumers import RunConsumer
from assistant.openai_api.views import chat_completions, models
from assistant.streams import api_run_events, run_events
from config.headers import AsgiApp, Receive, Send
from config.health import healthz, readyz
from rag.streams import download_document, upload_document
from tenants.people.gatekeeping import Auth

# A socket has no method; its rows are found under this word.
WEBSOCKET = "WEBSOCKET"
_SLOT = re.compile(r"\{([a-z_]+)\}")
_UUID = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"

Handler = Callable[[Any, Receive, Send, Mapping[str, str]], Awaitable[None]]


@dataclass(frozen=True)
class Route:
    """`id_slots` names every place of a request that takes an id, in path, query or body."""

    method: str
    template: str
    handler: Handler
    auth: Auth
    id_slots: tuple[str, ...] = ()

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Every slot of a path is a UUID: what is not one is not found here."""
        parts = _SLOT.split(self.template)
        fixed, slots = parts[::2], parts[1::2]
        pairs = zip(slots, fixed[1:], strict=True)
        slotted = [f"(?P<{slot}>{_UUID}){re.escape(rest)}" for slot, rest in pairs]
        return re.compile(re.escape(fixed[0]) + "".join(slotted))


def socket(app: AsgiApp) -> Handler:
    """Give a Channels consumer the shape of the other handlers."""

    async def handle(
        asgi_scope: Any, receive: Receive, send: Send, params: Mapping[str, str]
    ) -> None:
        await app({**asgi_scope, "params": dict(params)}, receive, send)

    return handle


ROUTES: tuple[Route, ...] = (
    Route("GET", "/healthz", healthz, "NONE"),
    Route("HEAD", "/healthz", healthz, "NONE"),
    Route("GET", "/readyz", readyz, "NONE"),
    Route("HEAD", "/readyz", readyz, "NONE"),
    Route("GET", "/runs/{run_id}/events", run_events, "COOKIE", ("run_id",)),
    Route("GET", "/api/v1/runs/{run_id}/events", api_run_events, "KEY", ("run_id",)),
    Route("POST", "/v1/chat/completions", chat_completions, "KEY", ("collection_ids",)),
    Route("GET", "/v1/models", models, "KEY"),
    Route("POST", "/api/v1/documents", upload_document, "KEY", ("collection",)),
    Route(
        "GET", "/documents/{document_id}/file", download_document, "COOKIE_OR_KEY", ("document_id",)
    ),
    Route(WEBSOCKET, "/ws/runs/{run_id}", socket(RunConsumer.as_asgi()), "COOKIE", ("run_id",)),
)


def find_route(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """Return the row for a request and the ids in its path; what has none is Django's."""
    for route in ROUTES:
        if route.method == method and (match := route.pattern.fullmatch(path)):
            return route, match.groupdict()
    return None
