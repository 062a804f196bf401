"""Pages before their threads: in turn, bounded, and never in the way of files and probes."""

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import override_settings

from config.claiming import with_claim
from config.dispatching import Dispatcher
from config.page_threads import behind_threads
from tenants.base.claims import know_host
from tests.trials.live import eventually

HOSTS = {"a.localhost": "tenant_a", "b.localhost": "tenant_b"}
NARROW = {
    "PAGE_THREADS": 3,
    "PAGE_THREADS_PER_TENANT": 2,
    "PAGE_THREADS_PER_PERSON": 1,
    "PAGES_WAITING_MAX": 6,
    "PAGES_WAITING_PER_TENANT": 4,
}


class Site:
    """Pages that end when the test lets them, behind the threads of the real site."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.gate = threading.Event()
        self.app: Any = with_claim(Dispatcher(behind_threads(self._pages)))

    def _pages(self, environ: dict[str, Any], start_response: Any) -> HttpResponse:
        self.begun.append(environ["HTTP_HOST"])
        if environ["PATH_INFO"].startswith("/page"):
            assert self.gate.wait(20)
        start_response("200 OK", [])
        return HttpResponse(b"x" * 10)


class Call:
    """One request of somebody, on its way."""

    def __init__(
        self, site: Site, host: str, address: str, path: str = "/page", session: str = ""
    ) -> None:
        self.start: dict[str, Any] = {}
        self.may_send = asyncio.Event()
        self.may_send.set()
        self._inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._inbox.put_nowait({"type": "http.request", "body": b"", "more_body": False})
        scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "query_string": b"",
            "http_version": "1.1",
            "headers": [
                (b"host", host.encode()),
                (b"cookie", f"__Host-session={session}".encode()),
            ],
            "client": (address, 1),
        }
        self.task = asyncio.ensure_future(site.app(scope, self._inbox.get, self._send))

    def leave(self) -> None:
        self._inbox.put_nowait({"type": "http.disconnect"})

    async def status(self) -> int:
        await asyncio.wait_for(asyncio.shield(self.task), 20)
        return int(self.start.get("status", 0))

    def header(self, name: str) -> str:
        return str(dict(self.start["headers"]).get(name.encode(), b"").decode())

    async def _send(self, message: Any) -> None:
        await self.may_send.wait()
        if message["type"] == "http.response.start":
            self.start = message


@pytest.fixture
def site() -> Iterator[Site]:
    for host, schema in HOSTS.items():
        know_host(host, schema)
    with override_settings(**NARROW):
        made = Site()
        yield made
        made.gate.set()


async def begun(site: Site, count: int) -> None:
    await asyncio.to_thread(
        eventually, lambda: len(site.begun) >= count, f"{site.begun}, not {count}"
    )


async def quiet() -> None:
    """Let whatever could begin begin."""
    await asyncio.sleep(0.1)


async def test_a_tenant_and_a_person_hold_no_more_threads_than_their_caps(site: Site) -> None:
    calls = [Call(site, "a.localhost", f"10.0.0.{number // 2}") for number in range(6)]
    await begun(site, 2)
    await quiet()
    assert Counter(site.begun) == {"a.localhost": 2}

    calls.append(Call(site, "b.localhost", "10.0.0.9"))
    await begun(site, 3)
    site.gate.set()

    assert [await call.status() for call in calls] == [200] * 7
    assert site.begun[2] == "b.localhost"


async def test_files_and_probes_are_answered_while_every_page_thread_is_busy(site: Site) -> None:
    pages = [Call(site, host, f"10.0.0.{n}") for n in range(3) for host in HOSTS]
    await begun(site, 3)

    for path in ("/healthz", "/readyz", "/static/css/base.css"):
        assert await Call(site, "a.localhost", "10.0.0.1", path).status() == 200
    site.gate.set()
    assert [await page.status() for page in pages] == [200] * 6


async def test_what_is_too_much_of_one_tenant_is_shed_at_once(site: Site) -> None:
    calls = [Call(site, "a.localhost", f"10.0.0.{number}") for number in range(10)]
    await begun(site, 2)
    shed = [call for call in calls if call.task.done()]
    other = Call(site, "b.localhost", "10.0.1.1")
    await begun(site, 3)
    site.gate.set()

    # Two at work and four in line are what one tenant may have.
    assert [await call.status() for call in shed] == [429] * 4
    assert {call.header("retry-after") for call in shed} == {"2"}
    assert [await call.status() for call in calls if call not in shed] == [200] * 6
    assert await other.status() == 200


async def test_one_that_waited_too_long_is_told_to_come_back(site: Site) -> None:
    with override_settings(PAGE_WAIT_SECONDS_MAX=0.05):
        holding = Call(site, "a.localhost", "10.0.0.1")
        await begun(site, 1)
        waiting = Call(site, "a.localhost", "10.0.0.1", "/page/later")

        assert await waiting.status() == 503
    assert waiting.header("retry-after") == "2"
    site.gate.set()
    assert await holding.status() == 200
    assert len(site.begun) == 1


async def test_one_that_leaves_gives_its_place_in_line_back(site: Site) -> None:
    holding = Call(site, "a.localhost", "10.0.0.1")
    await begun(site, 1)
    gone = [Call(site, "a.localhost", "10.0.0.1") for _number in range(4)]
    await quiet()
    for call in gone:
        call.leave()
    assert [await call.status() for call in gone] == [0] * 4

    stays = Call(site, "a.localhost", "10.0.0.1")
    site.gate.set()
    assert [await holding.status(), await stays.status()] == [200, 200]
    assert len(site.begun) == 2


async def test_a_slow_reader_holds_no_thread(site: Site) -> None:
    site.gate.set()
    slow = Call(site, "a.localhost", "10.0.0.1")
    slow.may_send.clear()
    await begun(site, 1)

    # The same person, who may have one thread only.
    assert await Call(site, "a.localhost", "10.0.0.1").status() == 200
    slow.may_send.set()
    assert await slow.status() == 200


async def test_invented_hosts_have_one_share_together(site: Site) -> None:
    strangers = [Call(site, f"x{number}.localhost", f"10.0.0.{number}") for number in range(6)]
    await begun(site, 2)
    known = Call(site, "b.localhost", "10.0.0.99")
    await begun(site, 3)

    assert site.begun[2] == "b.localhost"
    site.gate.set()
    assert {await call.status() for call in (*strangers, known)} == {200}


async def test_invented_credentials_are_no_persons(site: Site) -> None:
    """One address that shows a new cookie each time is one person, and has one thread."""
    calls = [
        Call(site, "a.localhost", "10.0.0.1", session=f"invented-{number}") for number in range(4)
    ]
    await begun(site, 1)
    await quiet()

    assert len(site.begun) == 1
    site.gate.set()
    assert [await call.status() for call in calls] == [200] * 4
