"""DUR-06: web and worker live two days apart, and no lease, delay or order minds."""

from pathlib import Path

import pytest

from tenants.hosts import TenantRef
from tenants.people.models import Person
from tests.harness.processes import LiveServer, Process
from tests.harness.provider_replies import Reply
from tests.harness.scripted_provider import ScriptedProvider
from tests.trials.live import Caller, assert_ended_once, eventually, worker_for

WORDS = ("One ", "two ", "three.")
TEXT = "".join(WORDS)


def shift(process: Process, days: str) -> None:
    """Let a process see another day; how long things take stays true."""
    python, _option, *module = process.command
    process.command = [python, "-m", "tests.harness.shifted", days, *module]


@pytest.mark.slow
@pytest.mark.parametrize(("web_days", "worker_days"), [("+2", "-2"), ("-2", "+2")])
def test_dur_06_clocks_four_days_apart_lose_and_repeat_nothing(
    web_days: str, worker_days: str, tenant: TenantRef, owner: Person
) -> None:
    with ScriptedProvider() as provider:
        server = LiveServer()
        worker = worker_for(provider, DRAWBRIDGE_RUN_LEASE_SECONDS="4")
        # It lives in the future of the other, and would see every lease of it as run out.
        rival = worker_for(provider, queue="rival", DRAWBRIDGE_RUN_LEASE_SECONDS="4")
        shift(server, web_days)
        shift(worker, worker_days)
        shift(rival, web_days)
        with server, worker, rival:
            caller = Caller(server, tenant, owner)
            # Longer than a lease, so that it lives by being renewed.
            provider.script(Reply(words=WORDS, pause_seconds=2.5))
            long = assert_ended_once(caller, caller.ask(), TEXT, provider)
            # Refused at first, so that it waits for its moment.
            provider.script(Reply(status=429, retry_after="1"), Reply(words=WORDS))
            provider.requests.clear()
            again = caller.wait_for_end(caller.ask())
            document = _upload(caller)
            eventually(lambda: _state(caller, document) == "READY", "the document is not read")
            eventually(lambda: caller.open_work() == 0, "work is left")

    assert (long.attempt, again.attempt, again.state) == (1, 2, "DONE")


def _upload(caller: Caller) -> str:
    path = Path(__file__).resolve().parents[2] / "README.md"
    collection = caller.call("POST", "/api/v1/collections", json={"name": "Clocks"}).json()
    answer = caller.call(
        "POST",
        "/api/v1/documents",
        files={"file": ("readme.md", path.read_bytes(), "text/markdown")},
        data={"collection": collection["id"]},
    )
    assert answer.status_code in {201, 202}, answer.text
    return str(answer.json()["id"])


def _state(caller: Caller, document: str) -> str:
    return str(caller.call("GET", f"/api/v1/documents/{document}").json()["state"])
