"""CLD-01: whatever happens to Valkey, no accepted question is lost."""

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.fixtures import new_tenant
from tests.harness.people import owner_of
from tests.harness.processes import LiveServer
from tests.harness.provider_replies import Reply
from tests.harness.scripted_provider import ScriptedProvider
from tests.trials.live import Caller, assert_ended_once, worker_for
from tests.trials.valkeys import OwnValkey

HEAL_SECONDS = 30
# The long profile keeps it away for 60 s.
AWAY_SECONDS = float(os.environ.get("CLD_01_AWAY_SECONDS", "6"))
WORDS = ("One ", "two ", "three ", "four.")
TEXT = "".join(WORDS)


class House:
    """Web, worker and provider around a Valkey of their own."""

    def __init__(self, valkey: OwnValkey, provider: ScriptedProvider, caller: Caller) -> None:
        self.valkey = valkey
        self.provider = provider
        self.caller = caller

    def ask(self, count: int) -> list[str]:
        return [self.caller.ask() for _ in range(count)]

    def assert_all_answered(self, run_ids: list[str]) -> None:
        ends_at = time.monotonic() + HEAL_SECONDS
        for run_id in run_ids:
            left = max(ends_at - time.monotonic(), 0.1)
            self.caller.wait_for_end(run_id, timeout_seconds=left)
        for run_id in run_ids:
            assert self.caller.answers(run_id) == [TEXT]
        attempts = [self.caller.run(run_id).attempt for run_id in run_ids]
        assert attempts == [1] * len(run_ids)


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    tenant = new_tenant("valkeys")
    with (
        tempfile.TemporaryDirectory(prefix="v-") as folder,
        ScriptedProvider() as provider,
        OwnValkey(Path(folder)) as valkey,
        LiveServer(REDIS_URL=valkey.url) as server,
        worker_for(provider, REDIS_URL=valkey.url),
    ):
        provider.default = Reply(words=WORDS)
        yield House(valkey, provider, Caller(server, tenant, owner_of(tenant)))


@pytest.fixture(autouse=True)
def in_health(house: House) -> Iterator[None]:
    """Begin and end each trial with a question that streams as it should."""
    assert_streams(house)
    yield
    assert_streams(house)


def assert_streams(house: House) -> None:
    house.provider.requests.clear()
    run_id = house.caller.ask()
    listener = house.caller.follow(run_id)
    assert_ended_once(house.caller, run_id, TEXT, house.provider)
    listener.wait_for("done")
    assert listener.events[-1].data["text"] == TEXT


@pytest.mark.slow
def test_cld_01_kill_and_restart(house: House) -> None:
    before = house.ask(2)
    house.valkey.kill()
    during = house.ask(3)
    house.assert_all_answered(before + during)
    still_down = house.ask(1)
    house.valkey.start()
    after = house.ask(2)

    house.assert_all_answered(still_down + after)


@pytest.mark.slow
def test_cld_01_away_under_load(house: House) -> None:
    """Nobody rings, and everything accepted meanwhile is answered meanwhile."""
    before = house.ask(3)
    house.valkey.kill()
    ends_at = time.monotonic() + AWAY_SECONDS
    during: list[str] = []
    while time.monotonic() < ends_at:
        during += house.ask(1)
        time.sleep(0.5)
    try:
        house.assert_all_answered(before + during)
    finally:
        house.valkey.start()
    print(f"CLD-01: {len(during)} questions in {AWAY_SECONDS:.0f} s without Valkey")

    house.assert_all_answered(house.ask(2))


@pytest.mark.slow
def test_cld_01_flush(house: House) -> None:
    asked = house.ask(3)
    house.valkey.flush()
    asked += house.ask(3)
    house.valkey.flush()

    house.assert_all_answered(asked)


@pytest.mark.slow
def test_cld_01_frozen(house: House) -> None:
    asked = house.ask(1)
    house.valkey.signal(signal.SIGSTOP)
    try:
        asked += house.ask(2)
    finally:
        house.valkey.signal(signal.SIGCONT)

    house.assert_all_answered(asked)


@pytest.mark.slow
def test_cld_01_out_of_memory(house: House) -> None:
    house.valkey.limit_memory(1)
    try:
        house.assert_all_answered(house.ask(3))
    finally:
        house.valkey.limit_memory(0)


@pytest.mark.slow
def test_cld_01_a_reader_hears_the_whole_answer_across_a_loss(house: House) -> None:
    house.provider.script(Reply(words=WORDS, is_gated=True))
    run_id = house.caller.ask()
    listener = house.caller.follow(run_id)
    house.provider.release()
    listener.wait_for("delta")
    house.valkey.kill()
    house.provider.release()
    time.sleep(3)
    house.valkey.start()
    house.provider.release(2)
    house.caller.wait_for_end(run_id)
    listener.wait_for("done")

    assert listener.events[-1].data["text"] == TEXT
    told = [event.data["text"] for event in listener.events if event.kind == "snapshot"]
    assert all(TEXT.startswith(text) for text in told)
    assert TEXT.startswith(listener.text)
