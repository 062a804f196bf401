"""A tenant that asks over HTTP, and when it hears the first event and the first word."""

import http.client
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from tenants.base.context import platform_scope, scope
from tenants.people.keys import issue_key
from tests.harness.documents import put_document
from tests.harness.fixtures import new_tenant
from tests.harness.people import owner_of
from tests.harness.processes import LiveServer

QUESTION = "How many weeks of parental leave do part-time staff get?"
TEXT = "Every parent is entitled to 18 weeks of parental leave. Part-time staff have the same."


@dataclass(frozen=True, slots=True)
class Asker:
    """Where a tenant answers, and with which headers."""

    port: int
    headers: dict[str, str]

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)


@dataclass(frozen=True, slots=True)
class Heard:
    """Milliseconds since the question was sent."""

    first_event_ms: float
    first_word_ms: float
    end_ms: float


def asker_of_new_tenant(server: LiveServer) -> Asker:
    tenant = new_tenant("bench")
    put_document(tenant, TEXT)
    with scope(platform_scope(tenant.schema, "bench")):
        _key, secret = issue_key(
            owner_of(tenant), name="bench", scopes=["READ", "WRITE"], expires_at=None
        )
    headers = {
        "Host": server.host_of(tenant),
        "Authorization": f"Bearer {secret}",
        "Content-Type": "application/json",
    }
    return Asker(server.port, headers)


def ask(asker: Asker, *, seconds_max: float = 600) -> Heard:
    """Ask and hear the answer out.

    Raises: RuntimeError when it is refused or ends badly; TimeoutError.
    """
    started = time.perf_counter()
    asking = asker.connection()
    asking.request("POST", "/api/v1/runs", json.dumps({"question": QUESTION}), asker.headers)
    response = asking.getresponse()
    accepted = json.loads(response.read())
    if response.status != http.client.ACCEPTED:
        raise RuntimeError(f"the question was refused: {accepted}")
    at: dict[str, float] = {}
    # On the same connection, as browsers and clients do.
    asking.request("GET", accepted["events"], headers=asker.headers)
    for kind, is_of_worker in _events(asking, ends_at=started + seconds_max):
        now = (time.perf_counter() - started) * 1000
        if is_of_worker:
            at.setdefault("event", now)
        at.setdefault(kind, now)
    asking.close()
    if "done" not in at:
        raise RuntimeError(f"the run did not end well: {list(at)}")
    return Heard(at["event"], at["delta"], at["done"])


def _events(
    connection: http.client.HTTPConnection, *, ends_at: float
) -> Iterator[tuple[str, bool]]:
    """Yield each event's kind, and whether the worker wrote it (then it has an id)."""
    response = connection.getresponse()
    kind, has_id = "", False
    while line := response.readline().decode():
        if time.perf_counter() > ends_at:
            raise TimeoutError("the answer does not end")
        name, _, value = line.rstrip("\r\n").partition(": ")
        if name == "event":
            kind = value
        elif name == "id":
            has_id = bool(value)
        elif not name and kind:
            yield kind, has_id
            kind, has_id = "", False


def spread(values: Sequence[float]) -> dict[str, float]:
    return {"p50": round(median(values), 1), "p95": round(quantiles(values, n=20)[-1], 1)}
