"""LOD-01: asked for five times what it can take, the site refuses the rest and says when to come back.

The site is made narrow, so that a few dozen requests are far too many. What was admitted is
answered, what was not is refused in the words of its door, and nothing stays behind.
"""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tenants.hosts import TenantRef
from tenants.people.models import Person
from tests.harness.fixtures import end_work, new_tenant
from tests.harness.people import add_person, owner_of
from tests.harness.processes import LiveServer
from tests.harness.provider_replies import Reply
from tests.harness.scripted_provider import ScriptedProvider
from tests.trials.live import Caller, eventually, model_environment

NARROW = {
    "DRAWBRIDGE_PAGE_THREADS": "2",
    "DRAWBRIDGE_PAGE_THREADS_PER_TENANT": "2",
    "DRAWBRIDGE_PAGE_THREADS_PER_PERSON": "1",
    "DRAWBRIDGE_PAGES_WAITING_MAX": "8",
    "DRAWBRIDGE_PAGES_WAITING_PER_TENANT": "6",
    "DRAWBRIDGE_COMPLETION_THREADS": "4",
    "DRAWBRIDGE_COMPLETIONS_PER_TENANT": "2",
    "DRAWBRIDGE_COMPLETIONS_PER_PERSON": "2",
}
THREADS = 2
PAGES_AT_ONCE = THREADS + 8
COMPLETIONS_AT_ONCE = 4
REFUSED = {429, 503}
MODEL = {"model": "scripted", "messages": [{"role": "user", "content": "Hello!"}]}


@pytest.fixture(scope="module")
def provider() -> Iterator[ScriptedProvider]:
    with ScriptedProvider() as running:
        yield running


@pytest.fixture(scope="module")
def site(provider: ScriptedProvider) -> Iterator[LiveServer]:
    with LiveServer(**model_environment(provider), **NARROW) as running:
        yield running


@pytest.fixture(scope="module")
def callers(site: LiveServer) -> Iterator[list[Caller]]:
    """Offer two people in each of three tenants."""
    tenants = [new_tenant("load") for _number in range(3)]
    people: list[tuple[TenantRef, Person]] = []
    for tenant in tenants:
        people += [(tenant, owner_of(tenant)), (tenant, add_person(tenant, "two@example.org"))]
    yield [Caller(site, tenant, person) for tenant, person in people]
    for tenant in tenants:
        end_work(tenant)


def told_when(answers: list[Any]) -> bool:
    """Return whether each refusal says when to come back."""
    return all(
        int(answer.headers["retry-after"]) > 0
        for answer in answers
        if answer.status_code in REFUSED
    )


def test_lod_01_pages(callers: list[Caller]) -> None:
    crowd = 5 * PAGES_AT_ONCE
    with ThreadPoolExecutor(crowd) as pool:
        answers = list(
            pool.map(
                lambda number: callers[number % len(callers)].call("GET", "/api/v1/documents"),
                range(4 * crowd),
            )
        )

    counted = Counter(answer.status_code for answer in answers)
    assert set(counted) <= {200, *REFUSED}
    assert counted[200] >= THREADS
    assert counted[429] + counted[503] >= crowd - PAGES_AT_ONCE
    assert told_when(answers)
    assert [caller.call("GET", "/api/v1/documents").status_code for caller in callers] == [200] * 6


def test_lod_01_completions(
    site: LiveServer, provider: ScriptedProvider, callers: list[Caller]
) -> None:
    provider.default = Reply(words=("One.",), is_gated=True)
    # Two tenants take two places each; of the third's share nothing is left in this process.
    crowd = [callers[0]] * 8 + [callers[2]] * 8
    with ThreadPoolExecutor(len(crowd)) as pool:
        asked = [
            pool.submit(each.call, "POST", "/v1/chat/completions", json=MODEL) for each in crowd
        ]
        provider.wait_for("calls", COMPLETIONS_AT_ONCE)
        eventually(
            lambda: sum(each.done() for each in asked) == len(crowd) - COMPLETIONS_AT_ONCE,
            "the rest is not refused",
        )
        third = callers[4].call("POST", "/v1/chat/completions", json=MODEL)
        provider.release(COMPLETIONS_AT_ONCE)
        answers = [each.result() for each in asked]

    assert Counter(answer.status_code for answer in answers) == {200: 4, 429: 12}
    assert (third.status_code, third.json()["error"]["type"]) == (503, "server_error")
    assert told_when([*answers, third])
    provider.default = Reply(words=("Back.",))
    for caller in callers[::2]:
        assert caller.call("POST", "/v1/chat/completions", json=MODEL).status_code == 200
