"""Labels travel from the file to the prompt, and what may not leave is answered in the house."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from assistant.models import Message, RunState
from rag.documents import label_document
from tenants.base.context import platform_scope, scope
from tenants.hosts import TenantRef
from tenants.people.models import Person
from tenants.policies.publishing import publish_policy
from tenants.policies.standing import document_in_force
from tests.harness.documents import put_document
from tests.harness.processes import LiveServer
from tests.harness.provider_replies import Reply
from tests.harness.scripted_provider import ScriptedProvider
from tests.trials.live import Caller, worker_for

DOCUMENT = "Parental leave lasts 18 weeks for the canary team. Ask early."
QUESTION = "How many weeks does parental leave last?"


@pytest.fixture(scope="module")
def provider() -> Iterator[ScriptedProvider]:
    with ScriptedProvider() as running:
        running.default = Reply(words=["It", " lasts", " long."])
        yield running


@pytest.fixture(scope="module", autouse=True)
def worker_at_work(provider: ScriptedProvider) -> Iterator[None]:
    """A worker whose only model belongs to a third party."""
    with worker_for(provider, OPENAI_DESTINATION="PROVIDER"):
        yield


@pytest.fixture
def caller(server: LiveServer, tenant: TenantRef, owner: Person) -> Caller:
    return Caller(server, tenant, owner)


def ask(caller: Caller, question: str, **more: Any) -> dict[str, Any]:
    """Ask, wait for the end and return the run as the API tells it."""
    answer = caller.call("POST", "/api/v1/runs", json={"question": question, **more})
    assert answer.status_code == 202, answer.text
    caller.wait_for_end(answer.json()["id"])
    run: dict[str, Any] = caller.call("GET", f"/api/v1/runs/{answer.json()['id']}").json()
    return run


def seen_by(provider: ScriptedProvider) -> str:
    return json.dumps(provider.requests, ensure_ascii=False)


def label(tenant: TenantRef, name: str) -> None:
    document = put_document(tenant, DOCUMENT)
    with scope(platform_scope(tenant.schema, "trials")):
        label_document(str(document.pk), name)


def test_pol_01_a_public_document_goes_to_the_provider_and_the_receipt_says_so(
    caller: Caller, tenant: TenantRef, provider: ScriptedProvider
) -> None:
    label(tenant, "public")

    run = ask(caller, QUESTION)

    assert (run["text"], run["mode"]) == ("It lasts long.", "CHAT")
    assert run["boundary"] == {
        "level": "L0",
        "destination": "PROVIDER",
        "passage": "YES",
        "rule": "policy 1",
        "refused": "",
        "reasons": [{"level": "L0", "what": "LABEL", "rule": "label public"}],
    }


def test_pol_01_a_confidential_document_is_quoted_in_the_house(
    caller: Caller, tenant: TenantRef, provider: ScriptedProvider
) -> None:
    label(tenant, "confidential")
    calls = provider.calls

    run = ask(caller, QUESTION)

    assert (run["state"], run["mode"]) == (RunState.DONE, "QUOTE")
    assert "18 weeks" in run["text"]
    assert provider.calls == calls
    told = run["boundary"]
    assert (told["level"], told["destination"], told["refused"]) == ("L2", "PREMISES", "PROVIDER")
    assert {"level": "L2", "what": "LABEL", "rule": "label confidential"} in told["reasons"]


def test_pol_01_an_answer_keeps_the_level_of_what_it_was_made_of(
    caller: Caller, tenant: TenantRef, provider: ScriptedProvider
) -> None:
    label(tenant, "confidential")
    first = ask(caller, QUESTION)
    with scope(platform_scope(tenant.schema, "trials")):
        assert Message.objects.get(id=first["answer_message_id"]).level == 2

    wish = "Please translate good morning"
    second = ask(caller, wish, conversation_id=first["conversation_id"])

    # Nobody in the house can chat: the provider is asked, and hears nothing of the talk so far.
    assert second["state"] == RunState.DONE
    [_rules, told] = provider.requests[-1]["messages"]
    assert told["content"] == wish


def test_pol_01_a_person_keeps_a_question_in_the_house(
    caller: Caller, tenant: TenantRef, provider: ScriptedProvider
) -> None:
    label(tenant, "public")
    calls = provider.calls

    run = ask(caller, QUESTION, keep_in_house=True)

    assert (run["mode"], provider.calls) == ("QUOTE", calls)
    assert run["boundary"]["level"] == "L2"


def test_pol_10_a_tightened_policy_counts_for_what_is_asked_next(
    caller: Caller, tenant: TenantRef, owner: Person, provider: ScriptedProvider
) -> None:
    label(tenant, "public")
    with scope(platform_scope(tenant.schema, "trials")):
        fields = {**document_in_force(), "paths": {"handbook.*": "L2"}}
        publish_policy(fields, author=owner, based_on=1, note="The handbook stays here")
    calls = provider.calls

    run = ask(caller, QUESTION)

    assert (run["mode"], provider.calls) == ("QUOTE", calls)
    assert {"level": "L2", "what": "PATH", "rule": "path handbook.*"} in run["boundary"]["reasons"]
    assert run["boundary"]["rule"] == "policy 2"
