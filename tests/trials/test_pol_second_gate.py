"""POL-01 at the second gate, over the whole road: what a third party's recorder has seen."""

import json
from collections.abc import Iterator

import pytest

from assistant.models import Message, RunState
from tenants.base.context import platform_scope, scope
from tenants.hosts import TenantRef
from tenants.people.models import Person
from tests.harness.documents import put_document
from tests.harness.processes import LiveServer
from tests.harness.provider_replies import Reply
from tests.harness.scripted_provider import ScriptedProvider
from tests.trials.live import Caller, worker_for

MAIL = "canary.lee@secret-clinic.example"
PASSWORD = "the password is canary-7!hunter2"
DOCUMENT = f"Parental leave lasts 18 weeks. Ask {MAIL} for the form."


@pytest.fixture(scope="module")
def provider() -> Iterator[ScriptedProvider]:
    with ScriptedProvider() as running:
        running.default = Reply(words=lambda request: list(request["messages"][-1]["content"]))
        yield running


@pytest.fixture(scope="module", autouse=True)
def worker_at_work(provider: ScriptedProvider) -> Iterator[None]:
    """A worker whose only model belongs to a third party."""
    with worker_for(provider, OPENAI_DESTINATION="PROVIDER"):
        yield


@pytest.fixture
def caller(server: LiveServer, tenant: TenantRef, owner: Person) -> Caller:
    return Caller(server, tenant, owner)


def seen_by(provider: ScriptedProvider) -> str:
    return json.dumps(provider.requests, ensure_ascii=False)


def test_pol_01_an_address_travels_masked_and_the_answer_holds_it(
    caller: Caller, provider: ScriptedProvider
) -> None:
    run = caller.wait_for_end(caller.ask(f"Hello! I am {MAIL}"))

    # The scripted model repeats the question, so what it was told comes back.
    [answer] = caller.answers(str(run.id))
    assert run.state == RunState.DONE
    assert MAIL in answer
    assert "canary" not in seen_by(provider)


def test_pol_01_a_passage_travels_masked(
    caller: Caller, tenant: TenantRef, provider: ScriptedProvider
) -> None:
    put_document(tenant, DOCUMENT)

    run = caller.wait_for_end(caller.ask("How many weeks does parental leave last?"))

    assert run.state == RunState.DONE
    assert "18 weeks" in seen_by(provider)
    assert "canary" not in seen_by(provider)


def test_pol_01_a_secret_is_refused_and_the_question_kept(
    caller: Caller, tenant: TenantRef, provider: ScriptedProvider
) -> None:
    calls = provider.calls

    run_id = caller.ask(f"Hello! {PASSWORD}")
    listener = caller.follow(run_id)
    run = caller.wait_for_end(run_id)
    listener.wait_for("failed")

    assert (run.state, run.error_code) == (RunState.FAILED, "boundary_refused")
    assert provider.calls == calls
    assert "Nothing was sent" in json.dumps(listener.events[-1].data)
    with scope(platform_scope(tenant.schema, "trials")):
        assert Message.objects.get(asked_runs=run).text.endswith(PASSWORD)
