"""A cloned tenant is what a migrated one would be, and comes into being faster."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connections, transaction

from tenants.base.context import REGISTRY, platform_scope, scope
from tenants.base.roles import OWNER_ALIAS, TEMPLATE_SCHEMA
from tenants.blueprints import SchemaNotClonable
from tenants.cloning import clone_schema
from tenants.hosts import TenantRef
from tenants.migrating import migrate_schema
from tests.tenants.catalog import PARTS, Rows, catalog_of, seeds_of

FRESH, CLONE = "t_freshly_migrated", "t_just_cloned"


@pytest.fixture(scope="module")
def fresh() -> Iterator[str]:
    """Offer a schema that Django's own migrations made from nothing."""
    _run(f"CREATE SCHEMA {FRESH}")
    migrate_schema(platform_scope(FRESH))
    yield FRESH
    _run(f"DROP SCHEMA {FRESH} CASCADE")


def _run(statement: str) -> None:
    with scope(REGISTRY), connections[OWNER_ALIAS].cursor() as cursor:
        cursor.execute(statement)


def everything_in(schema: str) -> tuple[dict[str, Rows], dict[str, int]]:
    with scope(platform_scope(schema)):
        catalog = catalog_of(schema)
        return catalog, seeds_of(schema, {row[0] for row in catalog["security"]})


@pytest.fixture(scope="module")
def clone() -> Iterator[str]:
    """Offer a copy of the template, nobody in it."""
    with (
        scope(platform_scope(TEMPLATE_SCHEMA)),
        transaction.atomic(using=OWNER_ALIAS),
        connections[OWNER_ALIAS].cursor() as cursor,
    ):
        clone_schema(cursor, TEMPLATE_SCHEMA, CLONE)
    yield CLONE
    _run(f"DROP SCHEMA {CLONE} CASCADE")


@pytest.mark.parametrize("part", sorted(PARTS))
def test_drift_template_fresh_and_clone_are_alike(fresh: str, clone: str, part: str) -> None:
    expected = everything_in(fresh)[0][part]

    assert everything_in(TEMPLATE_SCHEMA)[0][part] == expected
    assert everything_in(clone)[0][part] == expected
    print(f"drift: {len(expected)} {part}")
    assert part in {"functions", "triggers"} or expected


def test_drift_rows_of_migrations_are_alike(fresh: str, clone: str) -> None:
    expected = everything_in(fresh)[1]

    assert everything_in(TEMPLATE_SCHEMA)[1] == expected
    assert everything_in(clone)[1] == expected
    assert expected["django_migrations"] > 0


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE {0}.rag_document ADD COLUMN extra int",
        "ALTER TABLE {0}.assistant_run NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY by_actor ON {0}.assistant_message",
        "DROP INDEX {0}.run_waiting",
        "ALTER TABLE {0}.rag_document ALTER COLUMN attempt DROP DEFAULT",
    ],
)
def test_drift_is_noticed(tenant: TenantRef, change: str) -> None:
    before = everything_in(tenant.schema)
    _run(change.format(tenant.schema))
    assert everything_in(tenant.schema) != before


@pytest.mark.parametrize(
    "stranger",
    [
        "CREATE VIEW {0}.stranger AS SELECT 1",
        "CREATE TYPE {0}.stranger AS ENUM ('a')",
        "CREATE TABLE {0}.stranger (id int) PARTITION BY HASH (id)",
        "CREATE TABLE {0}.stranger (id int) WITH (fillfactor = 50)",
    ],
)
def test_what_the_clone_does_not_know_is_refused(tenant: TenantRef, stranger: str) -> None:
    _run(stranger.format(tenant.schema))
    with (
        scope(platform_scope(tenant.schema)),
        pytest.raises(SchemaNotClonable, match="stranger"),
        transaction.atomic(using=OWNER_ALIAS),
        connections[OWNER_ALIAS].cursor() as cursor,
    ):
        clone_schema(cursor, tenant.schema, "t_never")


def test_functions_triggers_and_generated_columns_are_cloned(tenant: TenantRef) -> None:
    schema = tenant.schema
    _run(f"""
        CREATE TABLE {schema}.extra (
            id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "Odd name" text,
            doubled int GENERATED ALWAYS AS (2 * 21) STORED);
        COMMENT ON COLUMN {schema}.extra.id IS 'a number';
        CREATE FUNCTION {schema}.touch() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN NEW."Odd name" = 'touched'; RETURN NEW; END $$;
        CREATE TRIGGER touching BEFORE INSERT ON {schema}.extra
            FOR EACH ROW EXECUTE FUNCTION {schema}.touch();
        INSERT INTO {schema}.extra DEFAULT VALUES;
    """)
    with (
        scope(platform_scope(schema)),
        transaction.atomic(using=OWNER_ALIAS),
        connections[OWNER_ALIAS].cursor() as cursor,
    ):
        clone_schema(cursor, schema, "t_copied")
        cursor.execute('INSERT INTO t_copied.extra ("Odd name") VALUES (NULL)')
        cursor.execute('SELECT id, "Odd name", doubled FROM t_copied.extra ORDER BY id')
        assert cursor.fetchall() == [(1, "touched", 42), (2, "touched", 42)]
    assert everything_in("t_copied")[0]["triggers"] == everything_in(schema)[0]["triggers"]
    _run("DROP SCHEMA t_copied CASCADE")


CHANGES = {
    "a table": "CREATE TABLE {0}.later (id int)",
    "a column": "ALTER TABLE {0}.rag_document ADD COLUMN later int",
    "a default": "ALTER TABLE {0}.rag_document ALTER COLUMN attempt DROP DEFAULT",
    "an index": "CREATE INDEX later ON {0}.rag_document (name)",
    "an index's name": "ALTER INDEX {0}.run_waiting RENAME TO later",
    "a constraint": "ALTER TABLE {0}.rag_document ADD CONSTRAINT later CHECK (attempt < 9)",
    "a key": "ALTER TABLE {0}.rag_document ADD CONSTRAINT later UNIQUE (storage_key)",
    "a policy": "DROP POLICY by_actor ON {0}.assistant_message",
    "a policy's words": "ALTER POLICY by_actor ON {0}.assistant_message USING (false)",
    "a security": "ALTER TABLE {0}.assistant_run NO FORCE ROW LEVEL SECURITY",
    "a function": "CREATE FUNCTION {0}.later() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "a trigger": "CREATE TRIGGER later BEFORE UPDATE ON {0}.rag_document"
    " FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "a row": "INSERT INTO {0}.django_migrations (app, name, applied)"
    " VALUES ('rag', '9999_later', now());"
    "INSERT INTO {0}.people_person (id, email, name, role, password, is_active,"
    " created_at) SELECT gen_random_uuid(), 'later@example.org', '', 'OWNER', '', true, now()",
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_read_is_not_used_after_the_template_has_changed(change: str) -> None:
    with template_for_a_while() as cursor:
        clone_schema(cursor, TEMPLATE_SCHEMA, "t_before")
        cursor.execute(CHANGES[change].format(TEMPLATE_SCHEMA))
        clone_schema(cursor, TEMPLATE_SCHEMA, "t_after")
        # Read as the schema's own: PostgreSQL prints what is on the path without its schema.
        before, after = everything_in("t_before"), everything_in("t_after")
        changed = everything_in(TEMPLATE_SCHEMA)

    assert after == changed
    assert before != changed


def test_a_template_that_has_not_changed_is_read_once() -> None:
    asked: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with template_for_a_while() as cursor:
        clone_schema(cursor, TEMPLATE_SCHEMA, "t_first")
        with connections[OWNER_ALIAS].execute_wrapper(note):
            clone_schema(cursor, TEMPLATE_SCHEMA, "t_second")

    # Where it stands, whether it has changed, and everything at once.
    assert len(asked) == 3


@contextmanager
def template_for_a_while() -> Iterator[Any]:
    """Offer the template, whose changes and clones are forgotten at the end."""
    with scope(platform_scope(TEMPLATE_SCHEMA)), transaction.atomic(using=OWNER_ALIAS):
        with connections[OWNER_ALIAS].cursor() as cursor:
            # Migrations that were forgotten and done again by other tests leave it further on.
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('django_migrations', 'id'), max(id))"
                " FROM django_migrations"
            )
            yield cursor
        transaction.set_rollback(True, using=OWNER_ALIAS)


def test_a_clone_takes_a_fraction_of_a_migration(tenant: TenantRef) -> None:
    with template_for_a_while() as cursor:
        begun = time.perf_counter()
        clone_schema(cursor, TEMPLATE_SCHEMA, "t_timed")
        seconds = time.perf_counter() - begun
    print(f"clone: {seconds:.3f} s")
    assert seconds < 2
