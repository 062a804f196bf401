"""Run events over real HTTP and sockets: AUT-02, AUT-08, TEN-03, LLM-07, and heartbeats."""

import json
import time
from collections.abc import Iterator
from socket import create_connection

import pytest
from django.utils import timezone
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.sync.connection import Connection

from tenants.base.context import platform_scope, scope
from tenants.hosts import TenantRef
from tenants.people.models import ApiKey, Person
from tests.harness.processes import LiveServer
from tests.harness.provider_replies import Reply
from tests.harness.scripted_provider import ScriptedProvider
from tests.trials.live import Caller, eventually, worker_for

CLOSED_SECONDS = 5.5
NASTY = "a\n\nevent: done\ndata: {}\r\rid: 9-9\u2028data: x\u2029\x85 end."


@pytest.fixture(scope="module")
def provider() -> Iterator[ScriptedProvider]:
    with ScriptedProvider() as running:
        yield running


@pytest.fixture(scope="module", autouse=True)
def worker_at_work(provider: ScriptedProvider) -> Iterator[None]:
    with worker_for(provider):
        yield


@pytest.fixture
def caller(server: LiveServer, tenant: TenantRef, owner: Person) -> Caller:
    return Caller(server, tenant, owner)


@pytest.fixture
def running(caller: Caller, provider: ScriptedProvider) -> Iterator[str]:
    """A run whose next word waits for the test."""
    provider.script(Reply(words=("One ", "two."), is_gated=True))
    calls = provider.calls
    run_id = caller.ask()
    provider.wait_for("calls", calls + 1)
    yield run_id
    # A word let go twice would go out for the next trial unasked.
    if not caller.run(run_id).is_finished:
        provider.release(2)
        caller.wait_for_end(run_id)


def open_socket(
    caller: Caller, run_id: str, *, origin: str | None, cookie: str
) -> ClientConnection:
    headers = {"Cookie": cookie} if origin is None else {"Cookie": cookie, "Origin": origin}
    return connect(
        f"ws://{caller.server.host_of(caller.tenant)}/ws/runs/{run_id}",
        sock=create_connection(("127.0.0.1", caller.server.port)),
        additional_headers=headers,
        proxy=None,
    )


def hear_out(socket: Connection) -> None:
    while True:
        socket.recv(10)


def test_aut_08_the_own_origin_is_let_in(
    caller: Caller, running: str, provider: ScriptedProvider
) -> None:
    origin = f"http://{caller.server.host_of(caller.tenant)}"
    with open_socket(caller, running, origin=origin, cookie=caller.cookie()) as socket:
        first = json.loads(socket.recv(10))
        provider.release(2)
        told = [first]
        caller.wait_for_end(running)
        while told[-1]["event"] != "done":
            told.append(json.loads(socket.recv(10)))

    assert first["event"] == "state"
    words = [each["data"]["text"] for each in told if each["event"] == "delta"]
    assert "".join(words) == "One two."


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "http://evil.example",
        "http://other.localhost:{port}",
        "https://{host}",
        "http://{host}.evil.example",
        "http://evil.{host}",
        "http://{bare}",
        "HTTP://{host}",
        "http://{host}/",
        "{host}",
    ],
)
def test_aut_08_other_origins_are_refused_before_accept(
    caller: Caller, running: str, origin: str | None
) -> None:
    host = caller.server.host_of(caller.tenant)
    sent = origin and origin.format(host=host, port=caller.server.port, bare=caller.tenant.host)

    with pytest.raises(InvalidStatus) as refused:
        open_socket(caller, running, origin=sent, cookie=caller.cookie())
    assert refused.value.response.status_code == 403


def test_aut_08_nobody_and_strangers_are_refused(
    caller: Caller, running: str, server: LiveServer, member: Person
) -> None:
    origin = f"http://{server.host_of(caller.tenant)}"
    stranger = Caller(server, caller.tenant, member)
    for cookie in ("", "__Host-session=abc", stranger.cookie()):
        with pytest.raises(InvalidStatus) as refused:
            open_socket(caller, running, origin=origin, cookie=cookie)
        assert refused.value.response.status_code == 403


def test_aut_02_a_revoked_key_ends_its_streams(caller: Caller, running: str) -> None:
    listener = caller.follow(running)
    listener.wait_for("state")
    with scope(platform_scope(caller.tenant.schema)):
        ApiKey.objects.filter(id=caller.key.id).update(revoked_at=timezone.now())
    revoked_at = time.monotonic()
    eventually(lambda: listener.is_over, "the stream stays open")

    assert time.monotonic() - revoked_at < CLOSED_SECONDS
    assert "done" not in [event.kind for event in listener.events]


def test_aut_02_a_person_who_left_loses_sockets_and_streams(
    caller: Caller, running: str, owner: Person
) -> None:
    origin = f"http://{caller.server.host_of(caller.tenant)}"
    listener = caller.follow(running)
    with open_socket(caller, running, origin=origin, cookie=caller.cookie()) as socket:
        socket.recv(10)
        with scope(platform_scope(caller.tenant.schema)):
            Person.objects.filter(id=owner.pk).update(is_active=False)
        left_at = time.monotonic()
        with pytest.raises(ConnectionClosed) as closed:
            hear_out(socket)
        eventually(lambda: listener.is_over, "the stream stays open")

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401
    assert time.monotonic() - left_at < CLOSED_SECONDS


def test_ten_03_a_key_opens_nothing_elsewhere(
    caller: Caller,
    running: str,
    server: LiveServer,
    other_tenant: TenantRef,
    other_owner: Person,
    member: Person,
) -> None:
    stranger = Caller(server, other_tenant, other_owner)
    colleague = Caller(server, caller.tenant, member)
    path = f"/api/v1/runs/{running}/events"

    assert stranger.call("GET", path).status_code == 404
    assert colleague.call("GET", path).status_code == 404
    foreign_key = server.request(caller.tenant, "GET", path, headers=stranger.headers)
    assert foreign_key.status_code == 401
    assert server.request(caller.tenant, "GET", path).status_code == 401
    assert server.request(caller.tenant, "GET", f"/runs/{running}/events").status_code == 401
    unknown = server.request(
        caller.tenant, "GET", path, headers={**caller.headers, "Host": "nobody.localhost"}
    )
    assert unknown.status_code == 404


def test_page_streams_take_the_cookie(
    caller: Caller, running: str, provider: ScriptedProvider
) -> None:
    answer = caller.server.request(
        caller.tenant,
        "GET",
        f"/runs/{running}/events",
        headers={"Cookie": caller.cookie()},
        stream=True,
    )

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["x-accel-buffering"] == "no"
    assert answer.headers["cache-control"] == "no-store"
    answer.close()


@pytest.mark.parametrize(
    "last_id", ["x", "-1", "1-2-3", "9" * 300, "999999999-999999999", "1-0", "\u00e9"]
)
def test_fuz_04_any_last_event_id_is_survived(
    caller: Caller, provider: ScriptedProvider, last_id: str
) -> None:
    provider.script(Reply(words=("One.",)))
    run_id = caller.ask()
    caller.wait_for_end(run_id)
    listener = caller.follow(run_id, last_id)
    listener.wait_for("done")

    assert listener.events[-1].data["text"] == "One."


def test_llm_07_an_answer_forges_no_event(caller: Caller, provider: ScriptedProvider) -> None:
    provider.script(Reply(words=tuple(NASTY)))
    run_id = caller.ask()
    listener = caller.follow(run_id)
    listener.wait_for("done")
    caller.wait_for_end(run_id)

    assert [event.kind for event in listener.events].count("done") == 1
    assert listener.text == NASTY
    assert listener.events[-1].data["text"] == NASTY
    known = {"state", "delta", "block", "citation", "done"}
    assert {event.kind for event in listener.events} <= known
