"""What the roles of the database let through: the wall behind the wall."""

import pytest
from django.conf import settings
from django.db import IntegrityError, ProgrammingError, connection

from assistant.models import Conversation, Message
from tenants.base.context import REGISTRY, person_scope, platform_scope, scope, visitor_scope
from tenants.hosts import TenantRef
from tenants.models import Tenant, WorkItem
from tenants.people.models import Person
from tests.harness.fixtures import AsPerson


def refuse(statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_tenant_cannot_name_another_tenants_table(
    tenant: TenantRef, other_tenant: TenantRef
) -> None:
    with scope(platform_scope(tenant.schema)):
        refuse(f"SELECT * FROM {other_tenant.schema}.rag_document")
        refuse("SELECT * FROM template_tenant.rag_document")


@pytest.mark.parametrize("table", ["tenants_tenant", "tenants_domain", "work_item"])
def test_a_tenant_cannot_read_the_registry(tenant: TenantRef, table: str) -> None:
    with scope(platform_scope(tenant.schema)):
        refuse(f"SELECT * FROM public.{table}")


def test_a_tenant_cannot_make_tables_or_rewrite_its_history(tenant: TenantRef) -> None:
    with scope(platform_scope(tenant.schema)):
        refuse(f"CREATE TABLE {tenant.schema}.mine (id int)")
        refuse("CREATE TABLE public.mine (id int)")
        refuse("DELETE FROM django_migrations")


def test_the_registry_sees_tenants_and_no_tenants_rows(tenant: TenantRef) -> None:
    with scope(REGISTRY):
        assert Tenant.objects.filter(schema_name=tenant.schema).exists()
        refuse(f"SELECT * FROM {tenant.schema}.people_person")
        refuse("INSERT INTO tenants_tenant (id) VALUES (gen_random_uuid())")


def test_the_login_itself_may_nothing(tenant: TenantRef) -> None:
    with scope(platform_scope(tenant.schema)), connection.cursor() as cursor:
        cursor.execute("SELECT session_user, pg_has_role(session_user, current_user, 'USAGE')")
        assert cursor.fetchone() == (settings.DATABASES["default"]["USER"], False)
        cursor.execute("SET ROLE none")
        refuse(f"SELECT * FROM {tenant.schema}.people_person")
        # The wrapper was not told, so this connection must not be used again.
        connection.close()


def test_people_of_one_tenant_do_not_see_each_others_conversations(
    tenant: TenantRef, owner: Person, member: Person, as_person: AsPerson
) -> None:
    with as_person(tenant, owner):
        mine = Conversation.objects.create(owner=owner, title="mine")
        Message.objects.create(conversation=mine, role="USER", text="secret", position=0)
    with as_person(tenant, member):
        assert (Conversation.objects.count(), Message.objects.count()) == (0, 0)
    with scope(visitor_scope(tenant.schema)):
        assert Conversation.objects.count() == 0
    with as_person(tenant, owner):
        assert (Conversation.objects.count(), Message.objects.count()) == (1, 1)
    with scope(platform_scope(tenant.schema)):
        assert Conversation.objects.count() == 1


def test_nobody_hangs_a_message_on_anothers_conversation(
    tenant: TenantRef, owner: Person, member: Person, as_person: AsPerson
) -> None:
    with as_person(tenant, owner):
        mine = Conversation.objects.create(owner=owner, title="mine")
    with as_person(tenant, member):
        with pytest.raises(ProgrammingError, match="row-level security"):
            Message.objects.create(conversation=mine, role="USER", text="intruder", position=0)
        with pytest.raises(ProgrammingError, match="row-level security"):
            Conversation.objects.create(owner=owner, title="in another's name")


def test_tables_of_the_registry_and_of_tenants_share_only_the_history(tenant: TenantRef) -> None:
    statement = "SELECT tablename FROM pg_tables WHERE schemaname = %s"
    with scope(REGISTRY), connection.cursor() as cursor:
        names = []
        for schema in ("public", "template_tenant"):
            cursor.execute(statement, [schema])
            names.append({row[0] for row in cursor.fetchall()})
    assert names[0] & names[1] == {"django_migrations"}


def test_every_table_with_an_owner_forces_row_security(tenant: TenantRef) -> None:
    with scope(REGISTRY), connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace"
            " AND relrowsecurity AND relforcerowsecurity",
            [tenant.schema],
        )
        secured = {row[0] for row in cursor.fetchall()}
    assert secured >= {
        "assistant_conversation",
        "assistant_message",
        "assistant_run",
        "assistant_citation",
    }


def test_work_is_written_in_the_tenants_own_name_only(tenant: TenantRef) -> None:
    with scope(person_scope(tenant.schema, "p1")), connection.cursor() as cursor:
        cursor.execute("SELECT public.enqueue_work('PROBE', 'one', now())")
    with scope(REGISTRY):
        assert list(
            WorkItem.objects.filter(kind="PROBE", object_id="one").values_list("schema", flat=True)
        ) == [tenant.schema]
        refused = pytest.raises(ProgrammingError, match="work belongs to a tenant")
        with refused, connection.cursor() as cursor:
            cursor.execute("SELECT public.enqueue_work('PROBE', 'two', now())")


def test_a_person_is_unique_whatever_the_case(tenant: TenantRef, owner: Person) -> None:
    with scope(platform_scope(tenant.schema)), pytest.raises(IntegrityError):
        Person.objects.create(email=owner.email.upper())
