"""A provider the test speaks for, and runs that ask it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import override_settings

from assistant import turns
from assistant.conversations import ask
from assistant.models import Run
from assistant.selectors import RunView, run_detail
from tenants.base import valkey
from tenants.base.context import person_scope, platform_scope, scope
from tenants.hosts import TenantRef
from tenants.people.models import Person
from tests.harness.scripted_provider import ScriptedProvider


@dataclass(frozen=True)
class Talk:
    """One person's talk with the assistant, each turn taken when the test says so."""

    tenant: TenantRef
    person_id: str

    def ask(self, question: str = "Hello!", *, conversation_id: str | None = None) -> str:
        with scope(person_scope(self.tenant.schema, self.person_id)):
            asked = ask(question, conversation_id=conversation_id, person_id=self.person_id)
        return asked.run_id

    def work(self, run_id: str) -> None:
        with scope(platform_scope(self.tenant.schema)):
            turns.run_turn(run_id)

    def view(self, run_id: str) -> RunView:
        with scope(person_scope(self.tenant.schema, self.person_id)):
            return run_detail(run_id)

    def events(self, run_id: str) -> list[tuple[str, str, str]]:
        with scope(platform_scope(self.tenant.schema)):
            rows: Any = valkey.client().xrange(valkey.key("run", run_id))
        return [(event_id, fields["kind"], fields["data"]) for event_id, fields in rows]

    def change(self, run_id: str, **values: object) -> None:
        with scope(platform_scope(self.tenant.schema)):
            Run.objects.filter(id=run_id).update(**values)


@pytest.fixture
def talk(tenant: TenantRef, owner: Person) -> Talk:
    return Talk(tenant, str(owner.pk))


@pytest.fixture
def provider() -> Iterator[ScriptedProvider]:
    with (
        ScriptedProvider() as running,
        override_settings(
            OPENAI_BASE_URL=running.base_url,
            OPENAI_API_KEY="scripted-key",
            OPENAI_MODEL="scripted",
            LOCAL_MODEL="auto",
            MODEL_DEADLINE_SECONDS=10,
        ),
    ):
        yield running
