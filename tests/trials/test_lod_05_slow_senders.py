"""LOD-05: who sends slowly, silently or without end is cut, and others are answered meanwhile."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings

from rag.models import Document
from tenants.base.context import platform_scope, scope
from tenants.hosts import TenantRef
from tenants.people.models import Person
from tests.harness.processes import LiveServer
from tests.trials.live import Caller, eventually
from tests.trials.wires import wires

HEAD_SECONDS = 2
SLOW_SECONDS = 2
HEADLESS_MAX = 40
# How much later than its limit a cut may come on a busy machine.
GRACE_SECONDS = 8


@pytest.fixture(scope="module")
def strict() -> Iterator[LiveServer]:
    """The server with limits that a trial can wait for."""
    limits = {
        "DRAWBRIDGE_HEAD_SECONDS": str(HEAD_SECONDS),
        "DRAWBRIDGE_SLOW_SECONDS": str(SLOW_SECONDS),
        "DRAWBRIDGE_HEADLESS_CONNECTIONS_MAX": str(HEADLESS_MAX),
    }
    with LiveServer(**limits) as running:
        yield running


@pytest.fixture
def caller(strict: LiveServer, tenant: TenantRef, owner: Person) -> Caller:
    return Caller(strict, tenant, owner)


def assert_answers(server: LiveServer, tenant: TenantRef) -> None:
    assert server.request(tenant, "GET", "/account/login/", timeout=10).status_code == 200


def head_of(caller: Caller, path: str, content_type: str, length: int = 100_000) -> bytes:
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: {caller.server.host_of(caller.tenant)}",
        *(f"{name}: {value}" for name, value in caller.headers.items()),
        f"Content-Type: {content_type}",
        f"Content-Length: {length}",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def test_lod_05_heads_that_drip_are_cut(strict: LiveServer, tenant: TenantRef) -> None:
    drips = b"GET / HTTP/1.1\r\nHost: " + b"x" * 500
    with wires(strict, 20) as slow, ThreadPoolExecutor(len(slow)) as pool:
        limits = {"every_seconds": 0.2, "for_seconds": HEAD_SECONDS + GRACE_SECONDS}
        ends = [pool.submit(wire.drip, drips, **limits) for wire in slow]
        assert_answers(strict, tenant)
        took = [end.result() for end in ends]

    print(f"LOD-05: {len(slow)} dripping heads were cut after {min(took):.1f} to {max(took):.1f} s")
    assert all(wire.is_over for wire in slow)
    assert {wire.status for wire in slow} == {408}
    assert min(took) > HEAD_SECONDS / 2


def test_lod_05_silent_connections_are_cut(strict: LiveServer, tenant: TenantRef) -> None:
    with wires(strict, 20) as silent:
        assert_answers(strict, tenant)
        eventually(
            lambda: all(wire.hear() == b"" and wire.is_over for wire in silent),
            "silent connections stay",
            timeout_seconds=HEAD_SECONDS + GRACE_SECONDS,
        )


def test_lod_05_a_second_head_has_no_more_time_than_the_first(
    strict: LiveServer, tenant: TenantRef
) -> None:
    with wires(strict, 1) as [wire]:
        host = strict.host_of(tenant)
        wire.send(f"GET /account/login/ HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        eventually(lambda: b"</html>" in wire.hear() or b"</html>" in wire.heard, "no page")
        assert wire.status == 200
        wire.heard = b""
        wire.drip(
            b"GET / HTTP/1.1\r\nX: " + b"x" * 500,
            every_seconds=0.2,
            for_seconds=HEAD_SECONDS + GRACE_SECONDS,
        )

        assert wire.is_over
        assert wire.status == 408


def test_lod_05_a_flood_of_heads_holds_few_connections(
    strict: LiveServer, tenant: TenantRef
) -> None:
    with wires(strict, HEADLESS_MAX * 5) as flood:
        for wire in flood:
            wire.send(b"GET / HTTP/1.1\r\nX-Flood: 1\r\n")
        assert_answers(strict, tenant)
        began_at = time.monotonic()
        for wire in flood[: HEADLESS_MAX * 4]:
            wire.hear(seconds=1)
        is_early = time.monotonic() - began_at < HEAD_SECONDS
        over = sum(wire.is_over or bool(wire.heard) for wire in flood)
        print(f"LOD-05: of {len(flood)} flooding connections {over} were cut")
        assert over >= HEADLESS_MAX * 4
        assert is_early
        assert_answers(strict, tenant)


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/account/login/", "application/x-www-form-urlencoded"),
        ("/api/v1/documents", "multipart/form-data; boundary=b"),
        ("/api/v1/runs", "application/json"),
        ("/v1/chat/completions", "application/json"),
    ],
)
def test_lod_05_bodies_that_drip_are_cut_and_nothing_is_kept(
    caller: Caller, path: str, content_type: str
) -> None:
    before = files_kept()
    with wires(caller.server, 1) as [wire]:
        wire.send(head_of(caller, path, content_type))
        limits = {"every_seconds": 0.2, "for_seconds": SLOW_SECONDS + GRACE_SECONDS}
        with ThreadPoolExecutor(1) as pool:
            end = pool.submit(wire.drip, b"x", **limits)
            assert_answers(caller.server, caller.tenant)
            took = end.result()

    print(f"LOD-05: a dripping body for {path} was cut after {took:.1f} s")
    assert wire.is_over
    assert wire.status == 408
    assert b"connection: close" in wire.heard.lower()
    assert b"sender_too_slow" in wire.heard
    assert files_kept() == before
    with scope(platform_scope(caller.tenant.schema)):
        assert not Document.objects.exists()


def test_lod_05_a_body_that_goes_on_after_its_answer_is_cut(caller: Caller) -> None:
    caller.headers = {"Authorization": "Bearer nothing"}
    with wires(caller.server, 1) as [wire]:
        wire.send(head_of(caller, "/api/v1/documents", "multipart/form-data; boundary=b"))
        wire.drip(b"x", every_seconds=0.2, for_seconds=HEAD_SECONDS + GRACE_SECONDS)

        assert wire.status == 401
        assert wire.is_over


def test_lod_05_a_steady_sender_may_take_its_time(caller: Caller) -> None:
    body = b'{"question": "' + b"x" * 9000
    ending = b'"}'
    with wires(caller.server, 1) as [wire]:
        wire.send(head_of(caller, "/api/v1/runs", "application/json", len(body) + len(ending)))
        # Three times the limit's length, at about twice its rate.
        for at in range(0, len(body), 300):
            wire.send(body[at : at + 300])
            time.sleep(SLOW_SECONDS * 3 / (len(body) / 300))
        wire.send(ending)
        wire.hear(seconds=10)

        assert wire.status not in {0, 408}


def files_kept() -> list[Path]:
    folder = Path(settings.FILES_ROOT)
    return sorted(path for path in folder.rglob("*") if path.is_file())
