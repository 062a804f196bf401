"""Whose turn it is: tenants in turn, then their people, under caps; and nothing is ever stuck."""

import itertools
import random
import threading
import time
from collections.abc import Callable, Iterator
from typing import TypeVar
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.utils import timezone

from tenants.base import poller as polling
from tenants.base import work
from tenants.base.context import REGISTRY, person_scope, platform_scope, scope
from tenants.base.jobs import Queue, body_of
from tenants.base.poller import ATTEMPTS_MAX, Caps, Item, Poller, take
from tenants.hosts import TenantRef
from tenants.models import WorkItem
from tests.harness.fixtures import end_work, new_tenant
from tests.harness.people import put_canary
from tests.harness.probe_tasks import BROKEN, PROBE, seen_by

T = TypeVar("T")
CAPS = Caps(slots=4, tenant=4, person=4)


@pytest.fixture(autouse=True)
def _empty_list() -> None:
    with scope(REGISTRY):
        WorkItem.objects.all().delete()


@pytest.fixture(scope="module")
def three() -> Iterator[tuple[TenantRef, ...]]:
    made = tuple(new_tenant("line") for _ in range(3))
    yield made
    for each in made:
        end_work(each)


def ask(tenant: TenantRef, person: str, *names: str) -> None:
    with scope(person_scope(tenant.schema, person)):
        for name in names:
            work.enqueue(PROBE, name)


def ran(items: list[Item]) -> None:
    """End what was taken, as its body does."""
    for item in items:
        with scope(platform_scope(item.schema)):
            work.complete(PROBE, item.object_id)


def taken(caps: Caps, *, room: int = 100) -> list[Item]:
    # A statement that changes rows returns them in no order.
    return sorted(take(Queue.ANSWERS, caps, room=room), key=lambda item: item.object_id)


def names(items: list[Item]) -> str:
    return " ".join(item.object_id for item in items)


def test_tenants_are_begun_in_turn_then_their_people(three: tuple[TenantRef, ...]) -> None:
    a, b, c = three
    wide = Caps(slots=100, tenant=100, person=100)
    ask(a, "1", "a1", "a2", "a3", "a4")
    ask(a, "2", "a5")
    ask(b, "1", "b1", "b2")
    ask(c, "1", "c1")

    assert names(taken(wide, room=3)) == "a1 b1 c1"
    # A and B have one running each; the other person of A comes before the second of the first.
    assert names(taken(wide, room=2)) == "a5 b2"
    assert names(taken(wide, room=2)) == "a2 a3"


def test_nobody_has_more_running_than_the_caps_say(three: tuple[TenantRef, ...]) -> None:
    a, b, _ = three
    caps = Caps(slots=100, tenant=3, person=2)
    ask(a, "1", *(f"a1{number}" for number in range(9)))
    ask(a, "2", *(f"a2{number}" for number in range(9)))
    ask(b, "1", "b")

    first = taken(caps)
    assert names(first) == "a10 a11 a20 b"
    assert taken(caps) == []
    ran([item for item in first if item.object_id == "a11"])
    assert names(taken(caps)) == "a12"


def test_what_failed_or_waits_counts_no_more(three: tuple[TenantRef, ...]) -> None:
    a, _, _ = three
    caps = Caps(slots=100, tenant=1, person=1)
    ask(a, "1", "one", "two", "three")
    [one] = taken(caps)
    with scope(platform_scope(a.schema)):
        work.enqueue(PROBE, one.object_id, delay_seconds=60)

    [two] = taken(caps)
    assert two.object_id in {"two", "three"}
    Poller(Queue.ANSWERS, caps)._give_back(two)
    assert len(taken(caps)) == 1


def test_the_place_in_line_is_the_order_of_beginning(three: tuple[TenantRef, ...]) -> None:
    a, b, c = three
    ask(a, "1", *(f"a{number}" for number in range(40)))
    ask(b, "1", "b")

    def place(tenant: TenantRef, name: str) -> int:
        with scope(person_scope(tenant.schema, "9")):
            return work.place_in_line(PROBE, name)

    assert (place(a, "a0"), place(b, "b"), place(a, "a1"), place(a, "a39")) == (1, 2, 3, 41)
    assert place(c, "a0") == 0
    taken(CAPS, room=1)
    assert (place(a, "a0"), place(b, "b"), place(a, "a39")) == (0, 1, 40)


@pytest.mark.parametrize("seed", range(12))
def test_whoever_asks_is_begun_within_one_round_of_all(
    seed: int, three: tuple[TenantRef, ...]
) -> None:
    """However the others flood, a new tenant's first item is begun by the next look."""
    rolls = random.Random(seed)
    a, b, c = three
    caps = Caps(slots=6, tenant=rolls.randint(2, 4), person=rolls.randint(1, 2))
    for number in range(30):
        ask(rolls.choice((a, b)), str(rolls.randint(1, 3)), f"flood-{number}")
    running = taken(caps, room=caps.slots)
    for tenant, count in _counts(running, lambda item: item.schema).items():
        assert count <= caps.tenant, tenant
    ask(c, "1", "mine")
    ran(running[:1])

    begun = taken(caps, room=1)
    assert names(begun) == "mine"


def _counts(items: list[Item], key: Callable[[Item], str]) -> dict[str, int]:
    ordered = sorted(items, key=key)
    return {name: len(list(group)) for name, group in itertools.groupby(ordered, key)}


def test_the_poller_does_what_is_due_without_any_bell(tenant: TenantRef) -> None:
    object_id = str(uuid4())
    expected = [f"{tenant.schema} {put_canary(tenant)}"]
    with scope(platform_scope(tenant.schema)):
        work.enqueue(PROBE, object_id)
    assert Poller(Queue.ANSWERS, CAPS).take_round() == 1
    assert _until(lambda: seen_by(object_id)) == expected


def test_the_poller_outlives_a_body_that_fails(
    tenant: TenantRef, caplog: pytest.LogCaptureFixture
) -> None:
    object_id = str(uuid4())
    put_canary(tenant)
    with scope(platform_scope(tenant.schema)):
        work.enqueue(BROKEN, "broken")
        work.enqueue(PROBE, object_id)
    assert Poller(Queue.ANSWERS, CAPS).take_round() == 2
    assert len(_until(lambda: seen_by(object_id))) == 1
    assert _until(lambda: "work_failed" in caplog.text)
    assert _until(lambda: [item.kind for item in _left()] == ["BROKEN"])
    assert [item.attempts for item in _left()] == [1]


def test_cld_02_a_look_that_fails_costs_no_slot(
    tenant: TenantRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kind: whatever a look raises, later looks have as much room as before."""
    object_id = str(uuid4())
    put_canary(tenant)
    poller = Poller(Queue.ANSWERS, CAPS)

    def broken(*_arguments: object, **_options: object) -> list[Item]:
        raise OperationalError("the connection is lost")

    with monkeypatch.context() as patched:
        patched.setattr(polling, "take", broken)
        for _ in range(CAPS.slots + 1):
            with pytest.raises(OperationalError):
                poller.take_round()
            poller._turn()
    with scope(platform_scope(tenant.schema)):
        work.enqueue(PROBE, object_id)
    assert poller.take_round() == 1
    assert len(_until(lambda: seen_by(object_id))) == 1


def test_a_full_poller_takes_nothing_and_looks_again_when_a_slot_is_free(
    tenant: TenantRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    done: list[str] = []

    def slow(object_id: str) -> None:
        go_on.wait(10)
        body_of("PROBE_REALLY")(object_id)

    def real(object_id: str) -> None:
        work.complete(PROBE, object_id)
        done.append(object_id)

    monkeypatch.setattr("tenants.base.jobs._bodies", {"PROBE": slow, "PROBE_REALLY": real})
    poller = Poller(Queue.ANSWERS, Caps(slots=1, tenant=1, person=1))
    ask(tenant, "1", "one", "two")
    assert (poller.take_round(), poller.take_round()) == (1, 0)
    go_on.set()
    assert _until(poller._news.is_set)
    assert poller.take_round() == 1
    assert _until(lambda: len(done) == 2)


def test_what_still_runs_here_is_not_taken_from_here_again(
    tenant: TenantRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process so busy that it renews late does not interrupt its own work; another may."""
    go_on = threading.Event()
    monkeypatch.setattr("tenants.base.jobs._bodies", {"PROBE": lambda _object_id: go_on.wait(10)})
    poller = Poller(Queue.ANSWERS, CAPS)
    ask(tenant, "1", "slow")
    assert poller.take_round() == 1
    with scope(REGISTRY):
        WorkItem.objects.update(due_at=timezone.now())

    assert poller.take_round() == 0
    monkeypatch.setattr(polling, "HELD_SECONDS_MAX", 0.0)
    assert poller.take_round() == 1
    go_on.set()
    assert _until(lambda: not poller._running)


def test_work_that_always_fails_is_buried_and_told(
    tenant: TenantRef, caplog: pytest.LogCaptureFixture
) -> None:
    with scope(platform_scope(tenant.schema)):
        work.enqueue(BROKEN, "hopeless")
    with scope(REGISTRY):
        WorkItem.objects.update(attempts=ATTEMPTS_MAX - 1)
    assert Poller(Queue.ANSWERS, CAPS).take_round() == 1
    assert _until(lambda: "work_buried" in caplog.text)
    with scope(REGISTRY):
        rest = WorkItem.objects.get(object_id="hopeless").due_at - timezone.now()
    assert rest.total_seconds() > polling.BURIED_SECONDS - 60


def _left() -> list[WorkItem]:
    with scope(REGISTRY):
        return list(WorkItem.objects.order_by("id"))


def _until(ask_for: Callable[[], T]) -> T:
    ends = time.monotonic() + 10
    while not (found := ask_for()) and time.monotonic() < ends:
        time.sleep(0.02)
    return found
