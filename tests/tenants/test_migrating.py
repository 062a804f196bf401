"""Who is behind is one question; a failure halts; the next run goes on from there."""

import io
import json
import time

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from tenants.base.context import REGISTRY, platform_scope, scope
from tenants.base.roles import OWNER_ALIAS, role_of
from tenants.hosts import TenantRef
from tenants.migrating import schemas_behind
from tests.harness.fixtures import new_tenant

HARMLESS = ("auth", "0012_alter_user_first_name_max_length")
COLLIDING = ("assistant", "0004_renditions")
MANY = 20


def forget(tenant: TenantRef, migration: tuple[str, str]) -> None:
    _run(
        f"DELETE FROM {tenant.schema}.django_migrations WHERE app = %s AND name = %s",
        list(migration),
    )


def remember(tenant: TenantRef, migration: tuple[str, str]) -> None:
    _run(
        f"INSERT INTO {tenant.schema}.django_migrations (app, name, applied)"
        " VALUES (%s, %s, now())",
        list(migration),
    )


def _run(statement: str, params: list[str] | None = None) -> None:
    with scope(REGISTRY), connections[OWNER_ALIAS].cursor() as cursor:
        cursor.execute(statement, params)


def migrate() -> list[str]:
    said = io.StringIO()
    call_command("migrate_tenants", "--json", stdout=said)
    migrated: list[str] = json.loads(said.getvalue().splitlines()[-1])["migrated"]
    return migrated


@pytest.fixture
def three() -> list[TenantRef]:
    return [new_tenant(f"m{letter}") for letter in "abc"]


def test_who_is_behind_is_one_question(three: list[TenantRef]) -> None:
    forget(three[0], HARMLESS)
    forget(three[2], HARMLESS)
    with scope(REGISTRY):
        asked = len(_queries_of_owner(schemas_behind))
    assert schemas_behind() == [three[0].schema, three[2].schema]
    # The list of tenants, then the question.
    assert asked == 2
    assert migrate() == [three[0].schema, three[2].schema]
    assert schemas_behind() == []


def test_an_older_state_is_named_and_counted_before_it_is_touched(
    three: list[TenantRef],
) -> None:
    first, _second, third = three
    forget(first, HARMLESS)
    forget(third, HARMLESS)

    said = io.StringIO()
    call_command("migrate_tenants", stdout=said)
    said_again = io.StringIO()
    call_command("migrate_tenants", stdout=said_again)

    lines = said.getvalue().splitlines()
    assert lines[:3] == [
        f"an older state was found; bringing 2 tenants up to date: {first.schema}, {third.schema}",
        f"migrated {first.schema} (1 of 2)",
        f"migrated {third.schema} (2 of 2)",
    ]
    assert "older" not in said_again.getvalue()


def _queries_of_owner(call: object) -> list[str]:
    sent: list[str] = []

    def note(execute: object, sql: str, params: object, many: bool, context: object) -> object:
        sent.append(sql)
        assert callable(execute)
        return execute(sql, params, many, context)

    assert callable(call)
    with connections[OWNER_ALIAS].execute_wrapper(note):
        call()
    return sent


def test_a_failure_halts_and_the_next_run_goes_on(three: list[TenantRef]) -> None:
    first, second, third = three
    forget(first, HARMLESS)
    forget(second, COLLIDING)
    forget(third, HARMLESS)
    try:
        with pytest.raises(CommandError, match=f"{second.schema} failed.*already exists"):
            migrate()
        assert schemas_behind() == [second.schema, third.schema]
    finally:
        remember(second, COLLIDING)
    assert migrate() == [third.schema]


def test_a_tenant_the_app_cannot_enter_is_opened_again(tenant: TenantRef) -> None:
    with scope(platform_scope(tenant.schema)), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_person")
    role = role_of(str(connection.settings_dict["NAME"]), tenant.schema)
    _run(f'REVOKE ALL ON ALL TABLES IN SCHEMA {tenant.schema} FROM "{role}"')

    assert migrate() == [tenant.schema]
    with scope(platform_scope(tenant.schema)), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_person")
        assert cursor.fetchone() == (1,)


@pytest.mark.slow
def test_nothing_to_do_costs_the_same_for_many_tenants() -> None:
    migrate()
    few = _seconds_of_migrate()
    for _number in range(MANY):
        new_tenant("many")
    many = _seconds_of_migrate()
    print(f"no-op: {few:.3f} s before, {many:.3f} s with {MANY} tenants more")
    assert many < few + 0.5


def _seconds_of_migrate() -> float:
    begun = time.perf_counter()
    assert migrate() == []
    return time.perf_counter() - begun
