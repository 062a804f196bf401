"""One who asks, loads pages and calls `/v1`, alone and beside a flood from another process."""

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from tenants.base.context import platform_scope, scope
from tenants.hosts import TenantRef
from tenants.people.keys import issue_key
from tenants.people.models import Person
from tests.bench.asking import TEXT, Asker, ask, spread
from tests.harness.documents import put_document
from tests.harness.fixtures import new_tenant
from tests.harness.people import add_person, owner_of
from tests.harness.processes import LiveServer, LiveWorker, free_port
from tests.harness.servers import ROOT
from tests.harness.web import WebClient

WARM_UP, ROUNDS = 3, 20
# A site without shares lets the other wait half a minute for each answer.
DOOR_SECONDS_MAX = 30.0
FLOOD_PEOPLE = 5
FLOOD = dict.fromkeys(("questions", "uploads", "completions", "streams", "pages"), 10)
FLOOD_STARTS_SECONDS = 5.0
# As many as the site has threads of pages, and five times as many.
CAPACITY = 8
OVERLOAD_SECONDS = 10.0
BACK_SECONDS_MAX = 60.0


def measure() -> dict[str, Any]:
    with _provider() as base_url:
        environment = {
            "OPENAI_BASE_URL": base_url,
            "OPENAI_API_KEY": "scripted-key",
            "OPENAI_MODEL": "scripted",
            "LOCAL_MODEL": "auto",
        }
        with ExitStack() as running:
            server = running.enter_context(LiveServer(**environment))
            # As `make up` starts them: one for answers, one for files.
            for queue in settings.WORKER_QUEUES:
                worker = LiveWorker(queue=queue.lower())
                worker.environment |= environment | {"DRAWBRIDGE_WORKER_QUEUES": queue}
                running.enter_context(worker)
            return _measured(server)


def _measured(server: LiveServer) -> dict[str, Any]:
    flooding, other, third = (new_tenant("load") for _number in range(3))
    for tenant in (flooding, other, third):
        put_document(tenant, TEXT)
    crowd = [_person(server, flooding, person) for person in _people(flooding)]
    visitor = Visitor(server, _person(server, other, owner_of(other)))
    guests = [_person(server, third, person) for person in _people(third)]
    overload = _overload([who for pair in zip(crowd, guests, strict=True) for who in pair])
    visitor.visit(rounds=WARM_UP)
    alone = visitor.visit()
    with _flood(crowd, FLOOD) as flood:
        time.sleep(FLOOD_STARTS_SECONDS)
        flooded = visitor.visit()
    _tell({"alone": alone, "flooded": flooded, "flood": flood.answers})
    return {
        "alone": alone,
        "flooded": flooded,
        "flood": flood.answers,
        "errors": visitor.errors,
        "overload": overload,
    }


class Visitor:
    """Somebody of another tenant, who does one thing after the other."""

    def __init__(self, server: LiveServer, who: dict[str, Any]) -> None:
        self._port = server.port
        self._page_headers = {"Host": who["host"], "Cookie": who["cookie"]}
        self._headers = {
            "Host": who["host"],
            "Authorization": who["key"],
            "Content-Type": "application/json",
        }
        self.errors: list[str] = []

    def visit(self, rounds: int = ROUNDS) -> dict[str, dict[str, float]]:
        """Return the wait at each door in milliseconds."""
        doors: dict[str, Callable[[], float]] = {
            "question": self._question,
            "page": self._page,
            "completion": self._completion,
        }
        return {name: self._waits(name, door, rounds) for name, door in doors.items()}

    def _waits(self, name: str, door: Callable[[], float], rounds: int) -> dict[str, float]:
        waits: list[float] = []
        ends_at = time.monotonic() + DOOR_SECONDS_MAX
        while len(waits) < rounds and time.monotonic() < ends_at:
            try:
                waits.append(door())
            except (OSError, RuntimeError, http.client.HTTPException) as error:
                self.errors.append(f"{name}: {error}")
                # An error is no quick answer: it counts as long as one waits at most.
                waits.append(DOOR_SECONDS_MAX * 1000)
        # One round alone has no spread.
        found = {"rounds": len(waits), **spread([*waits, *waits[-1:]])}
        _tell({name: found})
        return found

    def _question(self) -> float:
        asker = Asker(self._port, self._headers)
        return ask(asker, seconds_max=DOOR_SECONDS_MAX).first_event_ms

    def _page(self) -> float:
        return self._answered("GET", "/documents/", None, self._page_headers)

    def _completion(self) -> float:
        asked = {"model": "scripted", "messages": [{"role": "user", "content": "When is lunch?"}]}
        return self._answered("POST", "/v1/chat/completions", json.dumps(asked), self._headers)

    def _answered(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> float:
        started = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        response.read()
        connection.close()
        if response.status != http.client.OK:
            raise RuntimeError(f"{path} answered {response.status}")
        return (time.perf_counter() - started) * 1000


def _overload(crowd: list[dict[str, Any]]) -> dict[str, Any]:
    """Load pages as fast as the site can, then five times as fast, then see when it is back."""
    found: dict[str, Any] = {}
    for name, clients in (("at_capacity", CAPACITY), ("five_times", 5 * CAPACITY)):
        with _flood(crowd, {"pages": clients}) as flood:
            time.sleep(OVERLOAD_SECONDS)
        found[name] = flood.answers["pages"]
    started = time.monotonic()
    while not _is_answered(crowd[0]) and time.monotonic() < started + BACK_SECONDS_MAX:
        time.sleep(0.1)
    found["back_seconds"] = round(time.monotonic() - started, 2)
    _tell(found)
    return found


def _is_answered(who: dict[str, Any]) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", who["port"], timeout=BACK_SECONDS_MAX)
    headers = {"Host": who["host"], "Cookie": who["cookie"]}
    connection.request("GET", "/documents/", headers=headers)
    return connection.getresponse().status == http.client.OK


@dataclass
class _Flooding:
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)


@contextmanager
def _flood(crowd: list[dict[str, Any]], clients: dict[str, int]) -> Iterator[_Flooding]:
    """Flood while the block runs; afterwards `answers` holds what the flood was answered."""
    flooding = _Flooding()
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.flood"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin is not None
    child.stdin.write(json.dumps({"people": crowd, "clients": clients}) + "\n")
    child.stdin.flush()
    try:
        yield flooding
    finally:
        told, _errors = child.communicate()
        flooding.answers = json.loads(told)


@contextmanager
def _provider() -> Iterator[str]:
    port = free_port()
    command = ["tests.harness.scripted_provider", "--port", str(port), "--words-per-second", "100"]
    with subprocess.Popen(
        [sys.executable, "-m", *command], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        _ready, _space, base_url = child.stdout.readline().strip().partition(" ")
        try:
            yield base_url
        finally:
            child.terminate()


def _people(tenant: TenantRef) -> list[Person]:
    names = (f"crowd-{number}@example.org" for number in range(FLOOD_PEOPLE - 1))
    return [owner_of(tenant), *(add_person(tenant, name) for name in names)]


def _person(server: LiveServer, tenant: TenantRef, person: Person) -> dict[str, Any]:
    with scope(platform_scope(tenant.schema, "bench")):
        _key, secret = issue_key(person, name="bench", scopes=["READ", "WRITE"], expires_at=None)
    web = WebClient(tenant)
    web.sign_in(person)
    session = web.cookies[settings.SESSION_COOKIE_NAME]
    return {
        "port": server.port,
        "host": server.host_of(tenant),
        "key": f"Bearer {secret}",
        "cookie": f"{session.key}={session.value}",
    }


def _tell(figures: dict[str, Any]) -> None:
    sys.stderr.write(json.dumps(figures) + "\n")
