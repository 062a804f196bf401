"""A schema for a while: all the tables of a tenant without a tenant, dropped at the end.

No row of the registry names it, so it is in no list and no host leads to it. Whoever made it
holds an advisory lock until it is dropped; one that nobody holds was left by a process that
died, and is swept away.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, transaction

from tenants.base.context import REGISTRY, Scope, platform_scope, scope
from tenants.base.roles import OWNER_ALIAS, TEMPLATE_SCHEMA
from tenants.cloning import clone_schema
from tenants.grants import drop_role, grant_tenant

PREFIX = "scratch_"
# The first half of the advisory lock; the second is a hash of the schema's name.
_LOCK = 0x5C7A7C4
_ABANDONED = """
SELECT nspname FROM pg_namespace
WHERE starts_with(nspname, %(prefix)s) AND NOT EXISTS (
    SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE locktype = 'advisory' AND datname = current_database() AND classid = %(lock)s
      AND objid::bigint = hashtext(nspname)::bigint & 4294967295)
ORDER BY nspname
"""


@contextmanager
def scratch_schema(what: str) -> Iterator[Scope]:
    """Run the block as the platform in a new schema, of which nothing is left after it."""
    sweep_scratch_schemas()
    wanted = platform_scope(f"{PREFIX}{secrets.token_hex(6)}", what)
    # Held before the schema can be seen, so that nobody takes it for abandoned.
    _ask("SELECT pg_advisory_lock(%s, hashtext(%s))", wanted.schema)
    try:
        _build(wanted.schema)
        with scope(wanted):
            yield wanted
    finally:
        _drop(wanted.schema)
        _ask("SELECT pg_advisory_unlock(%s, hashtext(%s))", wanted.schema)


def sweep_scratch_schemas() -> list[str]:
    """Drop what processes that died left behind; return the names of the schemas."""
    with scope(REGISTRY), connections[OWNER_ALIAS].cursor() as cursor:
        cursor.execute(_ABANDONED, {"prefix": PREFIX, "lock": _LOCK})
        abandoned = [name for [name] in cursor.fetchall()]
    return [schema for schema in abandoned if _drop(schema)]


def _build(schema: str) -> None:
    # The platform sees every row, so the rows of the template are copied as well.
    with (
        scope(platform_scope(TEMPLATE_SCHEMA, "provisioning")),
        transaction.atomic(using=OWNER_ALIAS),
        connections[OWNER_ALIAS].cursor() as cursor,
    ):
        clone_schema(cursor, TEMPLATE_SCHEMA, schema)
        grant_tenant(cursor, schema)


def _drop(schema: str) -> bool:
    """Drop schema and role together; return False where another process is at it."""
    with (
        scope(REGISTRY),
        transaction.atomic(using=OWNER_ALIAS),
        connections[OWNER_ALIAS].cursor() as cursor,
    ):
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [_LOCK, schema])
        if cursor.fetchone() != (True,):
            return False
        cursor.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        drop_role(cursor, schema)
    return True


def _ask(statement: str, schema: str) -> None:
    with scope(REGISTRY), connections[OWNER_ALIAS].cursor() as cursor:
        cursor.execute(statement, [_LOCK, schema])
