"""The connection follows the scope, refuses without one, and says so when it cannot."""

from typing import Any

import pytest
from django.db import DataError, ProgrammingError, connection, connections, transaction

from tenants.base.context import REGISTRY, Scope, current_scope, person_scope, platform_scope, scope
from tenants.base.errors import ScopeMissing
from tenants.base.roles import role_of
from tenants.hosts import TenantRef


def ask(statement: str, alias: str = "default") -> Any:
    with connections[alias].cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()


def applied(alias: str = "default") -> tuple[str, str, str]:
    found: tuple[str, str, str] = ask(
        "SELECT current_setting('search_path'), current_setting('role'),"
        " current_setting('app.actor')",
        alias,
    )
    return found


def expected(wanted: Scope) -> tuple[str, str, str]:
    path = "" if wanted == REGISTRY else f"{wanted.schema}, "
    database = str(connection.settings_dict["NAME"])
    return f"{path}public, extensions", role_of(database, wanted.schema), wanted.actor


def test_no_transaction_of_the_app_lasts_and_a_migration_may() -> None:
    with scope(REGISTRY):
        assert ask("SHOW transaction_timeout") == ("2min",)
        assert ask("SHOW transaction_timeout", "owner") == ("0",)


def test_no_scope_is_an_error() -> None:
    with pytest.raises(ScopeMissing):
        ask("SELECT 1")
    with pytest.raises(ScopeMissing):
        current_scope()


def test_no_scope_begins_no_transaction() -> None:
    connection.close()
    with pytest.raises(ScopeMissing), transaction.atomic():
        pass
    assert not connection.in_atomic_block


def test_path_role_and_actor_follow_the_scope(tenant: TenantRef, other_tenant: TenantRef) -> None:
    person = person_scope(tenant.schema, "p1")
    for wanted in (person, platform_scope(other_tenant.schema), REGISTRY, person):
        with scope(wanted):
            assert applied() == expected(wanted)


def test_the_owner_keeps_its_own_role(tenant: TenantRef) -> None:
    with scope(platform_scope(tenant.schema)):
        assert applied("owner")[1] == "none"


def test_one_statement_per_change_of_scope(tenant: TenantRef) -> None:
    with scope(platform_scope(tenant.schema)):
        ask("SELECT 1")
        sent: list[str] = []
        raw = connection.connection
        original = raw.cursor

        def counted(*args: Any, **kwargs: Any) -> Any:
            sent.append("cursor")
            return original(*args, **kwargs)

        raw.cursor = counted
        try:
            ask("SELECT 1")
            assert len(sent) == 1
            with scope(person_scope(tenant.schema, "p1")):
                ask("SELECT 1")
                ask("SELECT 1")
            assert len(sent) == 4
        finally:
            del raw.cursor


def test_a_rollback_leads_back_to_this_scope(tenant: TenantRef, other_tenant: TenantRef) -> None:
    with scope(platform_scope(other_tenant.schema)):
        ask("SELECT 1")
    wanted = platform_scope(tenant.schema)
    with scope(wanted):
        with transaction.atomic():
            ask("SELECT 1")
            transaction.set_rollback(True)
        with connection.connection.cursor() as raw:
            raw.execute("SHOW search_path")
            assert raw.fetchone() == (f"{tenant.schema}, public, extensions",)
        assert applied() == expected(wanted)


def test_a_failed_transaction_with_a_changed_scope_rolls_back(tenant: TenantRef) -> None:
    outer, inner = platform_scope(tenant.schema), person_scope(tenant.schema, "p1")
    with scope(outer), transaction.atomic():
        ask("SELECT 1")
        with scope(inner):
            with pytest.raises(ProgrammingError), transaction.atomic():
                ask("SELECT * FROM no_such_table")
            assert applied() == expected(inner)
        assert applied() == expected(outer)


def test_a_savepoint_rolls_back_under_another_scope(tenant: TenantRef) -> None:
    outer, inner = platform_scope(tenant.schema), person_scope(tenant.schema, "p1")
    with scope(outer), transaction.atomic():
        savepoint = transaction.savepoint()
        with pytest.raises(ProgrammingError):
            ask("SELECT * FROM no_such_table")
        with scope(inner):
            transaction.savepoint_rollback(savepoint)
            assert applied() == expected(inner)


def test_committing_a_failed_transaction_is_no_news_of_the_scope(tenant: TenantRef) -> None:
    outer, inner = platform_scope(tenant.schema), person_scope(tenant.schema, "p1")
    with scope(outer):
        with transaction.atomic(), scope(inner):
            ask("SELECT 1")
            with pytest.raises(ProgrammingError):
                ask("SELECT * FROM no_such_table")
        with scope(inner):
            assert applied() == expected(inner)


def test_a_schema_without_a_role_is_refused_and_not_remembered(tenant: TenantRef) -> None:
    with scope(platform_scope("t_nowhere")), pytest.raises(DataError):
        ask("SELECT 1")
    with scope(platform_scope(tenant.schema)):
        assert applied() == expected(platform_scope(tenant.schema))


def test_a_closed_connection_is_told_again(tenant: TenantRef) -> None:
    wanted = platform_scope(tenant.schema)
    with scope(wanted):
        ask("SELECT 1")
        connection.close()
        assert applied() == expected(wanted)


def test_a_server_side_cursor_is_scoped(tenant: TenantRef, other_tenant: TenantRef) -> None:
    with scope(platform_scope(other_tenant.schema)):
        ask("SELECT 1")
    with (
        scope(platform_scope(tenant.schema)),
        transaction.atomic(),
        connection.chunked_cursor() as cursor,
    ):
        cursor.execute("SELECT current_setting('search_path')")
        assert cursor.fetchone() == (f"{tenant.schema}, public, extensions",)


@pytest.mark.parametrize(
    "name", ["", "Public", "pg_catalog", "a" * 42, 'a"b', "a b", "a;b", "1a", "a\n", "ä", "a-b"]
)
def test_a_strange_schema_name_is_no_scope(name: str) -> None:
    with pytest.raises(ValueError, match="schema"):
        platform_scope(name)
