"""Following a run: every event once, in order, and the end in any case."""

import asyncio
from collections.abc import Iterator

import pytest
from django.test import override_settings

from assistant import hub as hubs
from assistant.enums import EventKind
from assistant.errors import RunNotFound
from assistant.events import stream_key
from assistant.models import RunState
from assistant.relay import Event, relay
from tenants.base import valkey
from tenants.base.context import person_scope, scope
from tenants.hosts import TenantRef
from tenants.people.models import Person
from tests.assistant.following import (
    TIMEOUT_SECONDS,
    Writing,
    following,
    told,
    until_followed,
    words,
)


@pytest.fixture
def writing(tenant: TenantRef, owner: Person) -> Writing:
    return Writing(tenant, owner)


@pytest.fixture
def second(writing: Writing, tenant: TenantRef, owner: Person) -> Writing:
    return Writing(tenant, owner)


@pytest.fixture
def no_valkey() -> Iterator[None]:
    valkey.client.cache_clear()
    with override_settings(REDIS_URL="unix:///nowhere/valkey.sock"):
        yield
    valkey.client.cache_clear()


async def test_relay_tells_what_was_and_what_comes(writing: Writing) -> None:
    await writing.claim()
    await writing.say("One ", "two ")
    reading = following(writing.reader, writing.run_id)
    await until_followed()
    await writing.say("three ", "four.")
    await writing.finish()

    events = await reading
    assert told(events) == [
        ("", "state"),
        ("1-1", "delta"),
        ("1-2", "delta"),
        ("1-3", "delta"),
        ("1-4", "delta"),
        ("1-5", "done"),
    ]
    assert words(events) == "One two three four."


async def test_cld_03_relay_goes_on_after_the_id_it_is_given(writing: Writing) -> None:
    await writing.claim()
    await writing.say("One ", "two ", "three.")
    reading = following(writing.reader, writing.run_id, "1-2")
    await until_followed()
    await writing.finish()

    assert told(await reading) == [("", "state"), ("1-3", "delta"), ("1-4", "done")]


async def test_relay_of_a_finished_run_replays_its_last_attempt(writing: Writing) -> None:
    await writing.claim()
    await writing.say("One ", "two.")
    await writing.finish()

    assert told(await following(writing.reader, writing.run_id)) == [
        ("1-1", "delta"),
        ("1-2", "delta"),
        ("1-3", "done"),
    ]
    assert told(await following(writing.reader, writing.run_id, "1-2")) == [("1-3", "done")]


async def test_relay_of_a_run_whose_stream_is_gone_tells_its_end(writing: Writing) -> None:
    await writing.claim()
    await writing.say("One.")
    await writing.finish()
    with scope(writing.platform):
        valkey.client().delete(stream_key(writing.run_id))

    [event] = await following(writing.reader, writing.run_id, "1-1")
    assert (event.id, event.kind, event.data["text"]) == ("", EventKind.DONE, "One.")


async def test_relay_ends_although_the_last_event_never_came(writing: Writing) -> None:
    await writing.claim()
    await writing.say("One.")
    reading = following(writing.reader, writing.run_id)
    await until_followed()
    await writing.finish(RunState.STOPPED, tell=False)

    events = await reading
    assert told(events) == [("", "state"), ("1-1", "delta"), ("", "done")]
    assert (events[-1].data["state"], events[-1].data["text"]) == ("STOPPED", "One.")


async def test_relay_tells_the_whole_text_after_a_flush(writing: Writing) -> None:
    await writing.claim()
    await writing.say("One ")
    reading = following(writing.reader, writing.run_id)
    await until_followed()
    await asyncio.sleep(0.1)
    with scope(writing.platform):
        valkey.client().delete(stream_key(writing.run_id))
    await writing.say("two ")
    await writing.emit(EventKind.SNAPSHOT, text=writing.text)
    await writing.say("three.")
    await writing.finish()

    events = await reading
    assert told(events)[2:] == [("1-3", "snapshot"), ("1-4", "delta"), ("1-5", "done")]
    assert events[2].data["text"] == "One two "


async def test_relay_never_shows_words_across_a_hole(writing: Writing) -> None:
    await writing.claim()
    await writing.say("One ", "two ")
    await writing.keep()
    with scope(writing.platform):
        valkey.client().xdel(stream_key(writing.run_id), "1-1")
    reading = following(writing.reader, writing.run_id)
    await until_followed()
    await asyncio.sleep(1.2)
    await writing.say("three.")
    await writing.finish()

    events = await reading
    assert words(events) == ""
    assert [event.data["text"] for event in events if "text" in event.data] == [
        "One two ",
        "One two three.",
    ]


@pytest.mark.usefixtures("no_valkey")
async def test_relay_without_valkey_reads_the_row(writing: Writing) -> None:
    await writing.claim()
    reading = following(writing.reader, writing.run_id)
    await until_followed()
    writing.text = "One two"
    await writing.keep()
    await asyncio.sleep(3.5)
    writing.text = "One two three."
    await writing.finish(tell=False)

    events = await reading
    assert told(events) == [("", "state"), ("", "snapshot"), ("", "done")]
    assert [event.data["text"] for event in events[1:]] == ["One two", "One two three."]


async def test_relay_clears_the_words_of_a_dead_attempt(writing: Writing) -> None:
    await writing.claim()
    await writing.say("Lost ")
    reading = following(writing.reader, writing.run_id)
    await until_followed()
    writing.fence, writing.text = 2, ""
    writing.publish_as(2)
    await writing.emit(EventKind.RESTART)
    await writing.say("Kept.")
    writing.fence = 1
    await writing.finish()

    assert told(await reading)[1:] == [
        ("1-1", "delta"),
        ("2-1", "restart"),
        ("2-2", "delta"),
        ("2-3", "done"),
    ]


async def test_cld_10_a_slow_reader_misses_nothing(
    writing: Writing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "PENDING_MAX", 10)
    await writing.claim()
    said = [f"{number} " for number in range(500)]

    async def read_slowly() -> list[Event]:
        events = []
        async with asyncio.timeout(TIMEOUT_SECONDS):
            async for event in relay(writing.reader, writing.run_id):
                events.append(event)
                await asyncio.sleep(0.001)
        return events

    reading = asyncio.create_task(read_slowly())
    await until_followed()
    await writing.say(*said)
    await writing.finish()

    assert words(await reading) == "".join(said)


async def test_relay_says_how_many_wait_before(writing: Writing, second: Writing) -> None:
    first = writing
    reading = following(second.reader, second.run_id)
    await until_followed()
    await first.claim()
    await asyncio.sleep(2.5)
    await second.claim()
    await second.finish()

    positions = [event.data["position"] for event in await reading if "position" in event.data]
    assert positions == [2, 1]


async def test_ten_02_relay_shows_nobody_elses_run(
    writing: Writing, tenant: TenantRef, member: Person
) -> None:
    for run_id in (writing.run_id, "x", "00000000-0000-0000-0000-000000000000"):
        with pytest.raises(RunNotFound):
            await following(person_scope(tenant.schema, str(member.pk)), run_id)


async def test_followers_leave_nothing_behind(writing: Writing) -> None:
    await writing.claim()
    events = relay(writing.reader, writing.run_id)
    await anext(events)
    reading = asyncio.create_task(anext(events))
    await until_followed()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await events.aclose()

    assert hubs.hub()._followers == set()
