"""Claims, leases and fences: one writer at a time, whoever is thought dead."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models.functions import Now
from django.utils import timezone

from assistant.conversations import ask, stop_run
from assistant.errors import FenceLost
from assistant.finishing import NOTHING_SPENT, Outcome, finish_run
from assistant.llm.protocol import Usage
from assistant.models import Message, MessageRole, Run, RunState
from assistant.runs import (
    ATTEMPTS_MAX,
    Claim,
    checkpoint,
    claim_run,
    release_run,
)
from tenants.base.context import REGISTRY, platform_scope, scope
from tenants.hosts import TenantRef
from tenants.models import WorkItem
from tenants.people.models import Person
from tests.harness.fixtures import AsPerson


@pytest.fixture
def run_id(tenant: TenantRef, owner: Person, as_person: AsPerson) -> str:
    with as_person(tenant, owner):
        return ask("How long is leave?", conversation_id=None, person_id=str(owner.pk)).run_id


def claimed(tenant: TenantRef, run_id: str) -> Claim:
    with scope(platform_scope(tenant.schema)):
        claim = claim_run(run_id)
    assert claim is not None
    return claim


def expire_lease(tenant: TenantRef, run_id: str) -> None:
    with scope(platform_scope(tenant.schema)):
        Run.objects.filter(id=run_id).update(lease_expires_at=Now() - timedelta(seconds=1))


def run_of(tenant: TenantRef, run_id: str) -> Run:
    with scope(platform_scope(tenant.schema)):
        return Run.objects.get(id=run_id)


def test_claim_takes_a_run_once(tenant: TenantRef, run_id: str, owner: Person) -> None:
    claim = claimed(tenant, run_id)

    with scope(platform_scope(tenant.schema)):
        assert claim_run(run_id) is None
    assert (claim.fence, claim.actor.actor) == (1, f"PERSON:{owner.pk}")
    assert run_of(tenant, run_id).state == RunState.RUNNING


def test_claim_moves_the_work_item_behind_the_lease(tenant: TenantRef, run_id: str) -> None:
    claimed(tenant, run_id)

    with scope(REGISTRY):
        due_at = WorkItem.objects.get(schema=tenant.schema).due_at
    assert (
        settings.RUN_LEASE_SECONDS - 2
        < (due_at - timezone.now()).total_seconds()
        <= settings.RUN_LEASE_SECONDS + 1
    )


def test_claim_follows_a_dead_writer_and_fences_it_off(tenant: TenantRef, run_id: str) -> None:
    first = claimed(tenant, run_id)
    with scope(first.actor):
        checkpoint(run_id, fence=first.fence, text="Half", tokens=1)
    expire_lease(tenant, run_id)
    second = claimed(tenant, run_id)

    assert second.fence == 2
    assert run_of(tenant, run_id).partial_text == ""
    with scope(first.actor):
        with pytest.raises(FenceLost):
            checkpoint(run_id, fence=first.fence, text="Late", tokens=9)
        with pytest.raises(FenceLost):
            finish_run(run_id, fence=1, outcome=Outcome(RunState.DONE, "Late"), usage=NOTHING_SPENT)
        with pytest.raises(FenceLost):
            release_run(first, wait_seconds=0)
    assert run_of(tenant, run_id).attempt == 2


def test_checkpoint_keeps_words_renews_and_reads_the_stop(
    tenant: TenantRef, run_id: str, owner: Person, as_person: AsPerson
) -> None:
    claim = claimed(tenant, run_id)
    with scope(claim.actor):
        assert checkpoint(run_id, fence=1, text="", tokens=0) is False
        assert Run.objects.get(id=run_id).first_delta_at is None
        assert checkpoint(run_id, fence=1, text="One", tokens=1) is False
        first_delta_at = Run.objects.get(id=run_id).first_delta_at
        stop_run(run_id)
        assert checkpoint(run_id, fence=1, text="One two", tokens=2) is True

    run = run_of(tenant, run_id)
    assert (run.partial_text, run.tokens_out, run.state) == ("One two", 2, RunState.RUNNING)
    assert first_delta_at is not None
    assert run.first_delta_at == first_delta_at
    assert run.lease_expires_at is not None
    assert (run.lease_expires_at - timezone.now()).total_seconds() > settings.RUN_LEASE_SECONDS - 2


def test_the_third_death_fails_the_run_and_keeps_its_words(tenant: TenantRef, run_id: str) -> None:
    for fence in range(1, ATTEMPTS_MAX + 1):
        claim = claimed(tenant, run_id)
        assert claim.fence == fence
        assert claim.is_last is (fence == ATTEMPTS_MAX)
        with scope(claim.actor):
            checkpoint(run_id, fence=fence, text=f"Words of {fence}", tokens=fence)
        expire_lease(tenant, run_id)
    with scope(platform_scope(tenant.schema)):
        assert claim_run(run_id) is None
        assert claim_run(run_id) is None
        answers = list(Message.objects.filter(role=MessageRole.ASSISTANT))

    run = run_of(tenant, run_id)
    assert (run.state, run.error_code) == (RunState.FAILED, "attempts_exhausted")
    assert [answer.text for answer in answers] == ["Words of 3"]
    assert run.tokens_out == 3
    with scope(REGISTRY):
        assert not WorkItem.objects.filter(schema=tenant.schema).exists()


def test_release_puts_the_run_back_for_later(tenant: TenantRef, run_id: str) -> None:
    with scope(claimed(tenant, run_id).actor) as actor:
        release_run(Claim(run_id, 1, actor, stop_requested=False), wait_seconds=30)

    assert run_of(tenant, run_id).state == RunState.QUEUED
    with scope(REGISTRY):
        due_at = WorkItem.objects.get(schema=tenant.schema).due_at
    assert 25 < (due_at - timezone.now()).total_seconds() <= 30


def test_finish_happens_once(tenant: TenantRef, run_id: str) -> None:
    claim = claimed(tenant, run_id)
    outcome = Outcome(RunState.DONE, "25 days.", model="m", mode="CHAT", passages_seen=6)
    usage = Usage(tokens_in=100, tokens_out=3, estimated=False)
    with scope(claim.actor):
        finish_run(run_id, fence=1, outcome=outcome, usage=usage)
        with pytest.raises(FenceLost):
            finish_run(run_id, fence=1, outcome=outcome, usage=usage)
        answers = list(Message.objects.filter(role=MessageRole.ASSISTANT))

    run = run_of(tenant, run_id)
    assert [(answer.id, answer.position, answer.text) for answer in answers] == [
        (run.answer_id, 1, "25 days.")
    ]
    assert (run.state, run.tokens_in, run.tokens_out, run.model, run.mode, run.passages_seen) == (
        RunState.DONE,
        100,
        3,
        "m",
        "CHAT",
        6,
    )
    assert run.finished_at is not None
    with scope(REGISTRY):
        assert not WorkItem.objects.filter(schema=tenant.schema).exists()
