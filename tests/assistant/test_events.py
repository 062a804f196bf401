"""The stream of a run: refuses late writers, survives the loss of Valkey, hides no hole."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings

from assistant.enums import EventKind
from assistant.errors import FenceLost
from assistant.events import Publisher, stream_key
from tenants.base import valkey
from tenants.base.context import platform_scope, scope
from tenants.hosts import TenantRef

RUN = "8f7de0f0-0000-4000-8000-000000000001"


@pytest.fixture(autouse=True)
def in_scope(tenant: TenantRef) -> Iterator[None]:
    with scope(platform_scope(tenant.schema)):
        yield


@pytest.fixture
def no_valkey() -> Iterator[None]:
    valkey.client.cache_clear()
    with override_settings(REDIS_URL="unix:///nowhere/valkey.sock"):
        yield
    valkey.client.cache_clear()


def stored() -> list[tuple[str, str]]:
    rows: Any = valkey.client().xrange(stream_key(RUN))
    return [(event_id, fields["kind"]) for event_id, fields in rows]


def test_events_get_the_fence_and_a_number(tenant: TenantRef) -> None:
    publisher = Publisher(RUN, 2)
    publisher.emit(EventKind.RESTART, {})
    publisher.emit(EventKind.DELTA, {"text": "a"})

    assert stored() == [("2-1", "restart"), ("2-2", "delta")]
    assert stream_key(RUN) == f"t:{tenant.schema}:run:{RUN}"
    assert 3500 < valkey.client().ttl(stream_key(RUN)) <= 3600


def test_a_late_writer_is_refused_by_the_stream_itself() -> None:
    late = Publisher(RUN, 1)
    late.emit(EventKind.STATE, {})
    Publisher(RUN, 2).emit(EventKind.RESTART, {})

    with pytest.raises(FenceLost):
        late.emit(EventKind.DELTA, {"text": "late"})
    assert stored() == [("1-1", "state"), ("2-1", "restart")]


def test_a_flushed_stream_begins_again_with_the_whole_text() -> None:
    publisher = Publisher(RUN, 1)
    publisher.emit(EventKind.STATE, {})
    valkey.client().delete(stream_key(RUN))
    publisher.emit(EventKind.DELTA, {"text": "b"})
    publisher.emit(EventKind.DELTA, {"text": "c"})
    publisher.emit(EventKind.SNAPSHOT, {"text": "abc"})
    publisher.emit(EventKind.DELTA, {"text": "d"})

    assert not publisher.is_broken
    assert stored() == [("1-3", "snapshot"), ("1-4", "delta")]


@pytest.mark.usefixtures("no_valkey")
def test_without_valkey_the_writer_goes_on_and_says_so_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    now = [0.0]
    publisher = Publisher(RUN, 1, clock=lambda: now[0])
    for second in range(10):
        now[0] = float(second)
        publisher.emit(EventKind.DELTA, {"text": "a"})
        publisher.emit(EventKind.SNAPSHOT, {"text": "a"})
    publisher.emit(EventKind.DONE, {})

    assert publisher.is_broken
    # The process listens to Valkey elsewhere, too, and says so in its own time.
    said = [record for record in caplog.records if record.name == "assistant.events"]
    assert [record.message.split()[0] for record in said] == ["events_lost"]


def test_after_an_outage_the_first_event_stands_alone() -> None:
    now = [0.0]
    publisher = Publisher(RUN, 1, clock=lambda: now[0])
    publisher.emit(EventKind.DELTA, {"text": "a"})
    valkey.client.cache_clear()
    with override_settings(REDIS_URL="unix:///nowhere/valkey.sock"):
        publisher.emit(EventKind.DELTA, {"text": "b"})
    valkey.client.cache_clear()
    publisher.emit(EventKind.SNAPSHOT, {"text": "too early to ask again"})
    now[0] = 60.0
    publisher.emit(EventKind.DELTA, {"text": "c"})
    publisher.emit(EventKind.SNAPSHOT, {"text": "abc"})

    assert stored() == [("1-1", "delta"), ("1-3", "snapshot")]
