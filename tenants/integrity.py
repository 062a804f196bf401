"""Is every tenant's schema whole? A missing table must stop the start, not fall to `public`."""

from dataclasses import dataclass

from django.db import connections

from tenants.base.context import REGISTRY, scope
from tenants.base.roles import OWNER_ALIAS, TEMPLATE_SCHEMA

_MISSING = """
SELECT tenant.schema_name, array_agg(wanted.tablename::text ORDER BY wanted.tablename)
FROM public.tenants_tenant AS tenant
CROSS JOIN (SELECT tablename FROM pg_tables WHERE schemaname = %(template)s) AS wanted
WHERE NOT EXISTS (
    SELECT 1 FROM pg_tables AS held
    WHERE held.schemaname = tenant.schema_name AND held.tablename = wanted.tablename)
GROUP BY tenant.schema_name ORDER BY tenant.schema_name
"""


@dataclass(frozen=True, slots=True)
class Damage:
    schema: str
    missing_tables: tuple[str, ...]


class SchemaDamaged(RuntimeError):
    """Tenants lack tables that the template has; nothing may be served before that is mended."""

    def __init__(self, damages: list[Damage]) -> None:
        self.damages = damages
        told = "; ".join(f"{each.schema}: {', '.join(each.missing_tables)}" for each in damages)
        super().__init__(f"tables are missing in {told}")


def require_whole_schemas() -> None:
    """Compare every tenant with the template in one statement.

    Raises:
        SchemaDamaged: at least one tenant is not whole.
    """
    with scope(REGISTRY), connections[OWNER_ALIAS].cursor() as cursor:
        cursor.execute(_MISSING, {"template": TEMPLATE_SCHEMA})
        damages = [Damage(schema, tuple(tables)) for schema, tables in cursor.fetchall()]
    if damages:
        raise SchemaDamaged(damages)
