"""Every route and every place in it that takes an id: what is not listed here is unprobed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.urls import URLPattern, URLResolver

from config.routes import ROUTES

Place = Literal["path", "query", "form", "json", "multipart", "header"]

# The kind of row that a slot of a path names.
KINDS = {
    "conversation_id": "conversation",
    "run_id": "run",
    "document_id": "document",
    "key_id": "key",
    "chunk_id": "chunk",
    "collection_id": "collection",
}
# Slots of a path that name no row at all.
NOT_AN_ID = {"rest"}
ENDING = 9


@dataclass(frozen=True, slots=True)
class Slot:
    place: Place
    name: str
    kind: str
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Probe:
    """What is sent to a route besides the id; `order` puts what destroys after what reads."""

    methods: tuple[str, ...]
    slots: tuple[Slot, ...] = ()
    body: Mapping[str, Any] = field(default_factory=dict)
    order: int = 0


QUESTION = "How many days of leave does the gardener get?"
_CONVERSATION = Slot("json", "conversation_id", "conversation")
_CURSOR = Slot("query", "cursor", "cursor")
_COLLECTIONS = Slot("json", "collection_ids", "collection", is_list=True)
_CHAT = {"model": "documents", "messages": [{"role": "user", "content": QUESTION}]}

PROBES: dict[str, Probe] = {
    "status/": Probe(("GET", "POST")),
    "account/login/": Probe(("GET", "POST"), order=ENDING - 1),
    "account/login/code/": Probe(("GET",)),
    "account/login/code/confirm/": Probe(("GET", "POST")),
    "account/logout/": Probe(("GET", "POST"), order=ENDING),
    "account/inactive/": Probe(("GET",)),
    "account/signup/": Probe(("GET", "POST")),
    "account/reauthenticate/": Probe(("GET", "POST")),
    "account/email/": Probe(("GET", "POST")),
    "account/confirm-email/": Probe(("GET", "POST")),
    "account/password/change/": Probe(("GET", "POST")),
    "account/password/set/": Probe(("GET", "POST")),
    "account/password/reset/": Probe(("GET",)),
    "account/password/reset/confirm/": Probe(("GET", "POST")),
    "account/password/reset/complete/": Probe(("GET", "POST")),
    "account/password/reset/done/": Probe(("GET",)),
    "account/keys/": Probe(("GET", "POST")),
    "account/keys/<uuid:key_id>/revoke": Probe(("GET", "POST"), order=5),
    "api/v1/conversations": Probe(("GET", "POST"), (_CURSOR,)),
    "api/v1/conversations/<uuid:conversation_id>": Probe(
        ("GET", "PATCH", "PUT", "DELETE"), body={"title": "renamed"}, order=3
    ),
    "api/v1/runs": Probe(
        ("GET", "POST"),
        (_CONVERSATION, _COLLECTIONS, Slot("header", "Idempotency-Key", "idempotency")),
        {"question": QUESTION},
        order=1,
    ),
    "api/v1/runs/<uuid:run_id>": Probe(("GET", "DELETE")),
    "api/v1/runs/<uuid:run_id>/stop": Probe(("GET", "POST"), order=2),
    "api/v1/runs/<uuid:run_id>/retry": Probe(("GET", "POST"), order=2),
    "api/v1/documents": Probe(("GET",), (_CURSOR,)),
    "api/v1/documents/<uuid:document_id>": Probe(
        ("GET", "PATCH", "DELETE"), body={"label": "internal"}, order=4
    ),
    "api/v1/documents/<uuid:document_id>/retry": Probe(("GET", "POST"), order=3),
    "api/v1/collections": Probe(("GET", "POST"), body={"name": "from a probe"}),
    "api/v1/collections/<int:collection_id>": Probe(("GET", "PATCH", "DELETE"), order=4),
    "api/v1/search": Probe(("GET", "POST"), (_COLLECTIONS,), {"query": QUESTION}),
    "api/schema/": Probe(("GET",)),
    "api/docs/": Probe(("GET",)),
    "api/<rest>": Probe(("GET", "POST")),
    "v1/<rest>": Probe(("GET", "POST")),
    "": Probe(("GET", "POST")),
    "c/<uuid:conversation_id>": Probe(("GET", "POST")),
    "c/<uuid:conversation_id>/rename": Probe(("GET", "POST"), body={"title": "renamed"}, order=3),
    "c/<uuid:conversation_id>/delete": Probe(("GET", "POST"), order=5),
    "conversations": Probe(("GET",), (Slot("query", "here", "conversation"),)),
    "ask": Probe(
        ("GET", "POST"),
        (
            Slot("form", "conversation_id", "conversation"),
            Slot("form", "collection_ids", "collection"),
            Slot("form", "key", "idempotency"),
        ),
        {"question": QUESTION},
        order=1,
    ),
    "runs/<uuid:run_id>/turn": Probe(("GET",)),
    "runs/<uuid:run_id>/stop": Probe(("GET", "POST"), order=2),
    "runs/<uuid:run_id>/retry": Probe(("GET", "POST"), order=2),
    "language": Probe(("GET", "POST"), body={"language": "en"}),
    "documents/": Probe(("GET",), (Slot("query", "collection", "collection"),)),
    "documents/ticket": Probe(("GET", "POST")),
    "documents/<uuid:document_id>/delete": Probe(("GET", "POST"), body={"name": "a.md"}, order=5),
    "documents/<uuid:document_id>/label": Probe(
        ("GET", "POST"), body={"label": "internal"}, order=3
    ),
    "documents/<uuid:document_id>/retry": Probe(("GET", "POST"), order=3),
    "policy/try-file": Probe(("GET", "POST")),
    "passages/<int:chunk_id>": Probe(("GET", "POST")),
    "policy/": Probe(("GET", "POST"), body={"based_on": "1"}),
    "policy/try": Probe(("GET", "POST"), body={"text": "a probe"}),
    "policy/yaml": Probe(("GET", "POST"), body={"based_on": "1"}),
    "policy/policy.yaml": Probe(("GET", "POST")),
    # Rows of the ASGI table.
    "GET /runs/{run_id}/events": Probe(("GET",), (Slot("header", "Last-Event-ID", "event"),)),
    "GET /api/v1/runs/{run_id}/events": Probe(
        ("GET",), (Slot("header", "Last-Event-ID", "event"),)
    ),
    "POST /v1/chat/completions": Probe(("POST",), (_COLLECTIONS,), _CHAT),
    "GET /v1/models": Probe(("GET",)),
    "GET /healthz": Probe(("GET",)),
    "HEAD /healthz": Probe(("HEAD",)),
    "GET /readyz": Probe(("GET",)),
    "HEAD /readyz": Probe(("HEAD",)),
    "POST /api/v1/documents": Probe(
        ("POST",), (Slot("multipart", "collection", "collection"),), order=1
    ),
    "GET /documents/{document_id}/file": Probe(("GET",)),
    "WEBSOCKET /ws/runs/{run_id}": Probe(
        ("WEBSOCKET",), (Slot("query", "last_event_id", "event"),)
    ),
}

_DJANGO_SLOT = re.compile(r"<(?:\w+:)?(\w+)>")
_REST = re.compile(r"\^?([\w/]*)\(\?P<rest>.*\)(?:\$|\\Z)?")
_ASGI_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class KnownRoute:
    """A route as the code declares it, with every slot of its path and of its table row."""

    key: str
    template: str
    path_slots: tuple[str, ...]
    declared_slots: tuple[str, ...] = ()


def known_routes(patterns: Sequence[URLPattern | URLResolver]) -> list[KnownRoute]:
    pages = [
        KnownRoute(key, _template_of(key), tuple(_DJANGO_SLOT.findall(key)))
        for key in _walk(patterns, "")
    ]
    table = [
        KnownRoute(
            f"{route.method} {route.template}",
            route.template,
            tuple(_ASGI_SLOT.findall(route.template)),
            route.id_slots,
        )
        for route in ROUTES
    ]
    return pages + table


def unprobed(routes: list[KnownRoute]) -> list[str]:
    """Return every route and id slot that no probe would reach."""
    missing = [route.key for route in routes if route.key not in PROBES]
    for route in routes:
        probe = PROBES.get(route.key, Probe(()))
        reached = {slot.name for slot in probe.slots} | set(KINDS) | NOT_AN_ID
        names = (*route.path_slots, *route.declared_slots)
        missing += [f"{route.key}: {name}" for name in names if name not in reached]
    known = {route.key for route in routes}
    return missing + [f"no such route: {key}" for key in PROBES if key not in known]


def _template_of(key: str) -> str:
    """Return the pattern as a path with named places."""
    return "/" + _DJANGO_SLOT.sub(r"{\1}", key)


def _walk(patterns: Sequence[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, prefix + str(pattern.pattern))
        else:
            # A regular expression that takes the rest reads like any other slot.
            yield prefix + _REST.sub(r"\1<rest>", str(pattern.pattern))
