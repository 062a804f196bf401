"""Programs of several people, and one conversation with an answer to look at."""

from dataclasses import dataclass

import pytest

from assistant.conversations import ask
from assistant.models import Conversation, Message, MessageRole, Run, RunState
from tenants.base.context import person_scope, scope
from tenants.hosts import TenantRef
from tenants.people.models import Person
from tests.api.calling import Program, program_of


@dataclass(frozen=True)
class Talk:
    conversation_id: str
    run_id: str


@pytest.fixture
def program(tenant: TenantRef, owner: Person) -> Program:
    """The one who owns `stored`."""
    return program_of(tenant, owner)


@pytest.fixture
def colleague(tenant: TenantRef, member: Person) -> Program:
    return program_of(tenant, member)


@pytest.fixture
def stranger(other_tenant: TenantRef, other_owner: Person) -> Program:
    return program_of(other_tenant, other_owner)


@pytest.fixture
def stored(tenant: TenantRef, owner: Person) -> Talk:
    """A conversation of the owner: one question, answered."""
    with scope(person_scope(tenant.schema, str(owner.pk))):
        asked = ask("When do lockers open?", conversation_id=None, person_id=str(owner.pk))
        conversation = Conversation.objects.get(pk=asked.conversation_id)
        answer = Message.objects.create(
            conversation=conversation, position=1, role=MessageRole.ASSISTANT, text="At seven."
        )
        Run.objects.filter(pk=asked.run_id).update(state=RunState.DONE, answer=answer)
    return Talk(asked.conversation_id, asked.run_id)
