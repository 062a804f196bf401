"""Bring the registry, the template and every tenant to the migrations of this release.

Who is behind is one question to the database. A tenant that fails stops the rest, and the
next run goes on where this one stopped.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from tenants.base.context import REGISTRY, Scope, platform_scope, scope
from tenants.base.roles import OWNER_ALIAS, TEMPLATE_SCHEMA, check_schema
from tenants.grants import grant_registry, grant_tenant, schemas_closed
from tenants.models import Tenant

_DIGEST = "md5(coalesce(string_agg(app || '.' || name, ',' ORDER BY app, name), ''))"

TellOlder = Callable[[Sequence[str]], None]


class MigrationHalted(RuntimeError):
    """One schema could not be migrated; those after it were left alone."""

    def __init__(self, schema: str) -> None:
        self.schema = schema
        super().__init__(f"the migration of {schema} failed; the tenants after it wait")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One schema and whether anything had to be done there."""

    schema: str
    was_behind: bool


def migrate_all(*, tell_older: TellOlder | None = None) -> Iterator[Outcome]:
    """Migrate the registry, the template, then each tenant that is behind the template.

    `tell_older` hears, before any tenant is touched, which of them an older release has left.
    """
    yield Outcome(REGISTRY.schema, _migrate_registry())
    yield Outcome(TEMPLATE_SCHEMA, _migrate_template())
    schemas = _schemas()
    older = schemas_behind()
    if older and tell_older is not None:
        tell_older(older)
    behind = {*older, *_closed(schemas)}
    for schema in schemas:
        if schema in behind:
            _migrate_tenant(schema)
        yield Outcome(schema, schema in behind)


def schemas_behind() -> list[str]:
    """Return the tenants whose applied migrations differ from the template's."""
    schemas = [TEMPLATE_SCHEMA, *_schemas()]
    asked = " UNION ALL ".join(
        f"SELECT '{check_schema(schema)}', {_DIGEST} FROM {schema}.django_migrations"  # noqa: S608
        for schema in schemas
    )
    with scope(REGISTRY), connections[OWNER_ALIAS].cursor() as cursor:
        cursor.execute(asked)
        digests: dict[str, str] = dict(cursor.fetchall())
    wanted = digests.pop(TEMPLATE_SCHEMA)
    return [schema for schema in schemas[1:] if digests[schema] != wanted]


def migrate_schema(wanted: Scope) -> bool:
    """Migrate one schema; return whether there was anything to do."""
    with scope(wanted):
        executor = MigrationExecutor(connections[OWNER_ALIAS])
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        call_command(
            "migrate", database=OWNER_ALIAS, interactive=False, verbosity=0, skip_checks=True
        )
        return True


def _migrate_registry() -> bool:
    was_behind = migrate_schema(REGISTRY) or bool(_closed([REGISTRY.schema]))
    if was_behind:
        with scope(REGISTRY), connections[OWNER_ALIAS].cursor() as cursor:
            grant_registry(cursor)
    return was_behind


def _migrate_template() -> bool:
    with scope(REGISTRY), connections[OWNER_ALIAS].cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {TEMPLATE_SCHEMA}")
    return migrate_schema(platform_scope(TEMPLATE_SCHEMA, "migrating"))


def _migrate_tenant(schema: str) -> None:
    wanted = platform_scope(schema, "migrating")
    try:
        migrate_schema(wanted)
        with scope(wanted), connections[OWNER_ALIAS].cursor() as cursor:
            grant_tenant(cursor, schema)
    except Exception as error:
        # Whatever went wrong there, nothing after it may start.
        raise MigrationHalted(schema) from error


def _closed(schemas: Sequence[str]) -> set[str]:
    with scope(REGISTRY), connections[OWNER_ALIAS].cursor() as cursor:
        return schemas_closed(cursor, schemas)


def _schemas() -> list[str]:
    with scope(REGISTRY):
        return list(
            Tenant.objects.using(OWNER_ALIAS).order_by("slug").values_list("schema_name", flat=True)
        )
