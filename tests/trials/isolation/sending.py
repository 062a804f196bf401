"""Turn a probe into requests: one for each credential, each method and each id."""

import itertools
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from tests.harness.asgi import Answer, ask
from tests.harness.world import Credential
from tests.trials.isolation.table import KINDS, PROBES, KnownRoute, Probe, Slot

BOUNDARY = "probe-boundary"


@dataclass(frozen=True, slots=True)
class Aim:
    """One id in one place: `is_foreign` when only the other tenant has such a row."""

    slot: Slot | None
    value: str = ""
    is_foreign: bool = False


@dataclass(frozen=True, slots=True)
class Shot:
    """One request of the trial."""

    route: KnownRoute
    probe: Probe
    method: str
    aim: Aim
    credential: Credential

    @property
    def order(self) -> tuple[int, bool, bool]:
        # What destroys comes last, and strangers come before those who may.
        is_deleting = self.method == "DELETE"
        return self.probe.order, is_deleting, not self.aim.is_foreign

    def __str__(self) -> str:
        slot = (
            f" {self.aim.slot.place}:{self.aim.slot.name}={self.aim.value}" if self.aim.slot else ""
        )
        return f"{self.credential.who}/{self.credential.kind} {self.method} {self.route.key}{slot}"


def shots(
    routes: list[KnownRoute],
    credentials: list[Credential],
    foreign: dict[str, str],
    shared: dict[str, str],
) -> list[Shot]:
    """Return every route × id slot × id × method × credential, in the order of damage done."""
    found = [
        Shot(route, PROBES[route.key], method, aim, credential)
        for route in routes
        for aim in _aims(route, foreign, shared)
        for method in PROBES[route.key].methods
        for credential in credentials
    ]
    return sorted(found, key=lambda shot: shot.order)


def slots_of(route: KnownRoute) -> tuple[Slot, ...]:
    in_path = [Slot("path", name, KINDS[name]) for name in route.path_slots if name in KINDS]
    return (*in_path, *PROBES[route.key].slots)


def _aims(route: KnownRoute, foreign: dict[str, str], shared: dict[str, str]) -> Iterator[Aim]:
    slots = slots_of(route)
    if not slots:
        yield Aim(None)
    for slot, (ids, is_foreign) in itertools.product(slots, ((foreign, True), (shared, False))):
        yield Aim(slot, ids[slot.kind], is_foreign)


async def send(shot: Shot, host: str, fallback: dict[str, str]) -> Answer:
    """Send the request to the host; slots that are not aimed at hold ids of its own tenant."""
    headers = {"host": host, **shot.credential.headers()}
    if shot.method == "WEBSOCKET":
        headers["origin"] = f"http://{host}"
    target = shot.route.template.replace("{rest}", "nowhere")
    for name in shot.route.path_slots:
        if name in KINDS:
            target = target.replace(f"{{{name}}}", _value(shot, "path", name, fallback))
    slot = shot.aim.slot
    if slot is not None and slot.place == "query":
        target += "?" + urlencode({slot.name: shot.aim.value})
    if slot is not None and slot.place == "header":
        headers[slot.name] = shot.aim.value
    body = _body(shot, headers)
    return await ask(shot.method, target, headers, body)


def _value(shot: Shot, place: str, name: str, fallback: dict[str, str]) -> str:
    slot = shot.aim.slot
    if slot is not None and (slot.place, slot.name) == (place, name):
        return shot.aim.value
    return fallback[KINDS[name]]


def _body(shot: Shot, headers: dict[str, str]) -> bytes:
    if shot.method in {"GET", "WEBSOCKET"}:
        return b""
    content: dict[str, Any] = dict(shot.probe.body)
    slot = shot.aim.slot
    if slot is not None and slot.place in {"json", "form"}:
        value: Any = int(shot.aim.value) if _is_number(slot) else shot.aim.value
        content[slot.name] = [value] if slot.is_list else value
    if any(each.place == "multipart" for each in shot.probe.slots):
        headers["content-type"] = f"multipart/form-data; boundary={BOUNDARY}"
        return _multipart({slot.name: shot.aim.value} if slot else {})
    if shot.route.template.startswith(("/api/", "/v1/")):
        headers["content-type"] = "application/json"
        return json.dumps(content).encode()
    headers["content-type"] = "application/x-www-form-urlencoded"
    return urlencode(content).encode()


def _is_number(slot: Slot) -> bool:
    return slot.place == "json" and slot.kind in {"collection", "chunk"}


def _multipart(fields: dict[str, str]) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    file = (
        f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="probe.md"\r\n'
        f"content-type: text/markdown\r\n\r\nfrom a probe {uuid.uuid4()}\r\n"
    )
    return "".join([*parts, file, f"--{BOUNDARY}--\r\n"]).encode()


def with_kind(credential: Credential, who: str) -> Credential:
    return replace(credential, who=who)
