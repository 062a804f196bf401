"""LOD-02: one tenant floods a door fifty times, and another's turn comes within the slots there are.

Counted, not timed: how many of the flood are begun after the other asked and before it is served.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from django.conf import settings
from django.core.signals import request_started

from tenants.base.claims import claim_of, claiming, know_host
from tenants.base.context import current_scope, person_scope
from tenants.base.lanes import in_registry, in_tenant
from tenants.hosts import TenantRef
from tenants.people.models import Person
from tests.harness.asgi import Answer, ask
from tests.harness.people import add_person
from tests.harness.processes import LiveServer
from tests.harness.provider_replies import Reply
from tests.harness.scripted_provider import ScriptedProvider
from tests.harness.web import WebClient
from tests.trials.live import Caller, eventually, model_environment

T = TypeVar("T")

FLOOD = 50
CALLS = 200
BUSY_SECONDS = 0.005
MODEL = {"model": "scripted", "messages": [{"role": "user", "content": "Hello!"}]}


class Begun:
    """Who began, in order; how many of the flood came between the other's asking and its turn."""

    def __init__(self) -> None:
        self.order: list[str] = []
        self._asked_at = 0

    def note_asking(self) -> None:
        self._asked_at = len(self.order)

    def between(self, other: str) -> int:
        return self.order.index(other) - self._asked_at


async def until(begun: Begun, count: int) -> None:
    await asyncio.to_thread(eventually, lambda: len(begun.order) >= count, "nothing begins")


@pytest.fixture
def people(tenant: TenantRef, owner: Person) -> list[Person]:
    """Offer five people of the tenant that floods: more than one fills its share."""
    return [owner, *(add_person(tenant, f"flood-{number}@example.org") for number in range(4))]


@pytest.fixture
def cookies(tenant: TenantRef, people: list[Person]) -> list[dict[str, str]]:
    return [_signed_in(tenant, person) for person in people]


@pytest.fixture
def theirs(other_tenant: TenantRef, other_owner: Person) -> dict[str, str]:
    return _signed_in(other_tenant, other_owner)


async def test_lod_02_page_loads(
    other_tenant: TenantRef, cookies: list[dict[str, str]], theirs: dict[str, str]
) -> None:
    for headers in (*cookies, theirs):
        assert (await ask("GET", "/documents/", headers)).status == 200
    begun = Begun()

    def note(sender: Any, environ: dict[str, Any], **_kwargs: Any) -> None:
        begun.order.append(environ["HTTP_HOST"])

    request_started.connect(note)
    try:
        flood = [_later(ask("GET", "/documents/", cookies[n % 5])) for n in range(FLOOD)]
        await until(begun, settings.PAGE_THREADS_PER_TENANT)
        begun.note_asking()
        answer = await ask("GET", "/documents/", theirs)
        answers: list[Answer] = await asyncio.gather(*flood)
    finally:
        request_started.disconnect(note)

    assert begun.between(other_tenant.host) <= settings.PAGE_THREADS + 1
    assert answer.status == 200
    assert {each.status for each in answers} == {200}


async def test_lod_02_calls_that_lead_into_the_database(
    tenant: TenantRef, other_tenant: TenantRef
) -> None:
    """Streams, uploads and `/v1` lead there."""

    def call(who: TenantRef) -> Callable[[Begun], Awaitable[None]]:
        scopes = [person_scope(who.schema, str(number)) for number in range(20)]
        turns = iter(range(CALLS))

        async def in_scope(begun: Begun) -> None:
            wanted = scopes[next(turns) % len(scopes)]
            await in_tenant(wanted, lambda: _work(begun, current_scope().schema))

        return in_scope

    assert await _flooded(call(tenant), call(other_tenant), other_tenant.schema) <= (
        settings.LANE_THREADS + 1
    )


async def test_lod_02_signing_in(tenant: TenantRef, other_tenant: TenantRef) -> None:
    """Before anybody is known, the host is asked about in turn."""

    for each in (tenant, other_tenant):
        know_host(each.host, each.schema)

    def call(who: TenantRef) -> Callable[[Begun], Awaitable[None]]:
        keys = iter(range(CALLS))

        async def at_host(begun: Begun) -> None:
            number = next(keys)
            claim = claim_of(
                host=who.host, credentials=(f"{number}".encode(),), address=f"10.0.0.{number % 9}"
            )
            with claiming(claim):
                await in_registry(_work, begun, who.schema)

        return at_host

    assert await _flooded(call(tenant), call(other_tenant), other_tenant.schema) <= (
        settings.LANE_THREADS + 1
    )


@pytest.fixture(scope="module")
def provider() -> Iterator[ScriptedProvider]:
    with ScriptedProvider() as running:
        yield running


@pytest.fixture(scope="module")
def site(provider: ScriptedProvider) -> Iterator[LiveServer]:
    with LiveServer(**model_environment(provider)) as running:
        yield running


def test_lod_02_completions(
    site: LiveServer,
    provider: ScriptedProvider,
    tenant: TenantRef,
    other_tenant: TenantRef,
    people: list[Person],
    other_owner: Person,
) -> None:
    flooders = [Caller(site, tenant, person) for person in people]
    other = Caller(site, other_tenant, other_owner)
    provider.default = Reply(words=("One.",), is_gated=True)

    with ThreadPoolExecutor(FLOOD) as pool:
        flood = [
            pool.submit(flooders[number % 5].call, "POST", "/v1/chat/completions", json=MODEL)
            for number in range(FLOOD)
        ]
        refused = FLOOD - settings.COMPLETIONS_PER_TENANT
        eventually(lambda: sum(each.done() for each in flood) == refused, "others are not refused")
        provider.wait_for("calls", settings.COMPLETIONS_PER_TENANT)
        provider.script(*[Reply(words=("Mine.",))] * 8)
        answers = [other.call("POST", "/v1/chat/completions", json=MODEL) for _n in range(8)]
        assert provider.calls == settings.COMPLETIONS_PER_TENANT + len(answers)
        provider.release(settings.COMPLETIONS_PER_TENANT)
        ended = [each.result() for each in flood]

    assert [each.status_code for each in answers] == [200] * 8
    statuses = sorted(each.status_code for each in ended)
    assert statuses == [200] * settings.COMPLETIONS_PER_TENANT + [429] * refused
    for each in ended:
        if each.status_code == 429:
            assert int(each.headers["retry-after"]) > 0
            assert each.json()["error"]["type"] == "rate_limit_error"


async def _flooded(
    call: Callable[[Begun], Awaitable[None]], others: Callable[[Begun], Awaitable[None]], other: str
) -> int:
    """Return how many calls of the flood are begun between the other's asking and its turn."""
    begun = Begun()
    flood = [_later(call(begun)) for _number in range(CALLS)]
    await until(begun, 1)
    begun.note_asking()
    await others(begun)
    between = begun.between(other)
    await asyncio.gather(*flood)
    assert len(begun.order) == CALLS + 1
    return between


def _work(begun: Begun, name: str) -> None:
    begun.order.append(name)
    time.sleep(BUSY_SECONDS)


def _later(doing: Awaitable[T]) -> "asyncio.Future[T]":
    return asyncio.ensure_future(doing)


def _signed_in(tenant: TenantRef, person: Person) -> dict[str, str]:
    web = WebClient(tenant)
    web.sign_in(person)
    session = web.cookies[settings.SESSION_COOKIE_NAME]
    return {"host": tenant.host, "cookie": f"{session.key}={session.value}"}
