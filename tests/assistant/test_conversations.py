"""Asking, stopping, asking again: what is accepted, what is refused, what is written."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from assistant.conversations import (
    QUESTION_CHARS_MAX,
    AskResult,
    ask,
    delete_conversation,
    rename_conversation,
    retry_run,
    stop_run,
)
from assistant.errors import (
    ConversationNotFound,
    IdempotencyConflict,
    RunNotFound,
    RunNotRetryable,
    TurnInProgress,
)
from assistant.finishing import NOTHING_SPENT, Outcome, finish_run
from assistant.models import Conversation, Message, Run, RunState
from assistant.runs import claim_run
from assistant.selectors import conversation_detail, conversations_of, run_detail
from tenants.base.context import REGISTRY, platform_scope, scope
from tenants.base.errors import BadRequest
from tenants.hosts import TenantRef
from tenants.models import WorkItem
from tenants.people.models import Person
from tests.harness.fixtures import AsPerson

Asking = Callable[..., AskResult]


@pytest.fixture
def asking(tenant: TenantRef, owner: Person, as_person: AsPerson) -> Asking:
    def _ask(question: str = "How long is leave?", **options: Any) -> AskResult:
        options.setdefault("conversation_id", None)
        with as_person(tenant, owner):
            return ask(question, person_id=str(owner.pk), **options)

    return _ask


def work_of(tenant: TenantRef) -> list[tuple[str, str]]:
    with scope(REGISTRY):
        rows = WorkItem.objects.filter(schema=tenant.schema)
        return [(row.kind, row.object_id) for row in rows]


def end(tenant: TenantRef, run_id: str, state: RunState, text: str = "") -> None:
    with scope(platform_scope(tenant.schema)):
        claim = claim_run(run_id)
        assert claim is not None
        finish_run(run_id, fence=claim.fence, outcome=Outcome(state, text), usage=NOTHING_SPENT)


def test_ask_writes_everything_at_once(
    asking: Asking, tenant: TenantRef, owner: Person, as_person: AsPerson
) -> None:
    asked = asking("  How long is\nleave?  ")

    with as_person(tenant, owner):
        view = conversation_detail(asked.conversation_id)
    assert asked.created
    assert view.title == "How long is leave?"
    assert [(message.role, message.text) for message in view.messages] == [
        ("USER", "How long is\nleave?")
    ]
    assert view.active_run is not None
    assert (view.active_run.id, view.active_run.state) == (asked.run_id, RunState.QUEUED)
    assert work_of(tenant) == [("RUN_TURN", asked.run_id)]


@pytest.mark.parametrize(
    "question",
    ["", "  \n ", "a\x00b", "a\ud800b", "x" * (QUESTION_CHARS_MAX + 1), "x" * 1_000_000, 7, None],
)
def test_ask_refuses_what_is_no_question(asking: Asking, tenant: TenantRef, question: Any) -> None:
    with pytest.raises(BadRequest):
        asking(question)

    assert work_of(tenant) == []


@pytest.mark.parametrize("collections", [[0], [-1], [True], ["1"], [2**31], list(range(1, 200))])
def test_ask_refuses_what_is_no_list_of_collections(asking: Asking, collections: Any) -> None:
    with pytest.raises(BadRequest):
        asking(collection_ids=collections)


def test_ask_twice_with_one_key_is_one_run(asking: Asking) -> None:
    first = asking(idempotency_key="k")
    again = asking(idempotency_key="k")

    assert (again.run_id, again.created) == (first.run_id, False)


def test_ask_with_a_used_key_and_other_words_is_a_conflict(asking: Asking) -> None:
    asking(idempotency_key="k")

    with pytest.raises(IdempotencyConflict):
        asking("Another question?", idempotency_key="k")


def test_ask_with_one_key_from_many_threads_is_one_run(asking: Asking, tenant: TenantRef) -> None:
    results: list[AskResult] = []
    start = threading.Barrier(8)

    def go() -> None:
        start.wait()
        results.append(asking(idempotency_key="raced"))
        connections.close_all()

    threads = [threading.Thread(target=go) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({result.run_id for result in results}) == 1
    assert [result.created for result in results].count(True) == 1
    with scope(platform_scope(tenant.schema)):
        assert (Run.objects.count(), Message.objects.count()) == (1, 1)
        assert Conversation.objects.count() == 1


def test_ask_waits_for_the_turn_before(asking: Asking) -> None:
    first = asking()

    with pytest.raises(TurnInProgress):
        asking("And then?", conversation_id=first.conversation_id)


def test_ask_follows_up_after_the_answer(
    asking: Asking, tenant: TenantRef, owner: Person, as_person: AsPerson
) -> None:
    first = asking()
    end(tenant, first.run_id, RunState.DONE, "25 days.")
    asking("And then?", conversation_id=first.conversation_id)

    with as_person(tenant, owner):
        view = conversation_detail(first.conversation_id)
    assert [(message.position, message.text) for message in view.messages] == [
        (0, "How long is leave?"),
        (1, "25 days."),
        (2, "And then?"),
    ]


def test_ten_02_conversations_are_their_owners_alone(
    asking: Asking, tenant: TenantRef, member: Person, as_person: AsPerson
) -> None:
    asked = asking()

    with as_person(tenant, member):
        assert conversations_of() == ()
        for refused in (
            lambda: conversation_detail(asked.conversation_id),
            lambda: rename_conversation(asked.conversation_id, "Mine"),
            lambda: delete_conversation(asked.conversation_id),
            lambda: ask("Hello?", conversation_id=asked.conversation_id, person_id=str(member.pk)),
        ):
            with pytest.raises(ConversationNotFound):
                refused()
        for hidden in (
            lambda: run_detail(asked.run_id),
            lambda: stop_run(asked.run_id),
            lambda: retry_run(asked.run_id),
        ):
            with pytest.raises(RunNotFound):
                hidden()


@pytest.mark.parametrize("bad_id", ["", "x", "1", "00000000-0000-0000-0000-000000000000"])
def test_unknown_ids_are_not_found(
    tenant: TenantRef, owner: Person, as_person: AsPerson, bad_id: str
) -> None:
    with as_person(tenant, owner):
        with pytest.raises(RunNotFound):
            run_detail(bad_id)
        with pytest.raises(RunNotFound):
            stop_run(bad_id)
        with pytest.raises(ConversationNotFound):
            conversation_detail(bad_id)
        with pytest.raises(ConversationNotFound):
            delete_conversation(bad_id)


def test_stop_of_a_waiting_run_ends_it(
    asking: Asking, tenant: TenantRef, owner: Person, as_person: AsPerson
) -> None:
    asked = asking()
    with as_person(tenant, owner):
        stop_run(asked.run_id)
        stop_run(asked.run_id)
        view = run_detail(asked.run_id)

    assert view.state == RunState.STOPPED
    assert work_of(tenant) == []


def test_retry_keeps_the_old_words_until_new_ones_come(
    asking: Asking, tenant: TenantRef, owner: Person, as_person: AsPerson
) -> None:
    asked = asking()
    end(tenant, asked.run_id, RunState.FAILED, "Half an ans")
    with as_person(tenant, owner):
        again = retry_run(asked.run_id)
        waiting = [message.text for message in conversation_detail(asked.conversation_id).messages]
        with pytest.raises(RunNotRetryable):
            retry_run(asked.run_id)
    end(tenant, again.run_id, RunState.DONE, "A whole answer.")

    with as_person(tenant, owner):
        answered = [message.text for message in conversation_detail(asked.conversation_id).messages]
    assert again.question_message_id == asked.question_message_id
    assert waiting == ["How long is leave?"]
    assert answered == ["How long is leave?", "A whole answer."]


def test_retry_of_an_answer_that_came_is_refused(
    asking: Asking, tenant: TenantRef, owner: Person, as_person: AsPerson
) -> None:
    asked = asking()
    with as_person(tenant, owner), pytest.raises(RunNotRetryable):
        retry_run(asked.run_id)
    end(tenant, asked.run_id, RunState.DONE, "25 days.")

    with as_person(tenant, owner), pytest.raises(RunNotRetryable):
        retry_run(asked.run_id)


def test_conversations_are_renamed_and_deleted(
    asking: Asking, tenant: TenantRef, owner: Person, as_person: AsPerson
) -> None:
    asked = asking()
    with as_person(tenant, owner):
        rename_conversation(asked.conversation_id, "Leave")
        with pytest.raises(BadRequest):
            rename_conversation(asked.conversation_id, " ")
        titles = [row.title for row in conversations_of()]
        delete_conversation(asked.conversation_id)
        left = conversations_of()

    assert titles == ["Leave"]
    assert left == ()
    with scope(platform_scope(tenant.schema)):
        assert claim_run(asked.run_id) is None
        assert Run.objects.count() == 0
    assert work_of(tenant) == []
