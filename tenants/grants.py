"""Which role may touch which schema; everything else is refused by PostgreSQL itself.

The app's login owns nothing and inherits nothing: it may only step into the role of one
tenant, or of the registry, at a time.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from tenants.base.roles import OWNER_ALIAS, PUBLIC_SCHEMA, check_schema, role_of

_REGISTRY_READS = ("tenants_tenant", "tenants_domain", "django_content_type", "django_migrations")
_REGISTRY_WORKS = ("work_item",)
_CLOSED = """
SELECT wanted.schema
FROM unnest(%(schemas)s::text[]) AS wanted(schema)
LEFT JOIN pg_roles r ON r.rolname = current_database() || '_' || wanted.schema
WHERE r.oid IS NULL
   OR NOT pg_has_role(%(login)s, r.oid, 'SET')
   OR NOT has_table_privilege(r.oid, wanted.schema || '.django_migrations', 'SELECT')
"""


def grant_tenant(cursor: Any, schema: str) -> None:
    """Let the tenant's role use its schema, with the tables of later migrations too."""
    role, making = _role(cursor, schema)
    rows, numbers = "SELECT, INSERT, UPDATE, DELETE", "USAGE, SELECT"
    cursor.execute(
        f"{making}"
        f"GRANT USAGE ON SCHEMA {schema} TO {role};"
        f"GRANT {rows} ON ALL TABLES IN SCHEMA {schema} TO {role};"
        f"REVOKE INSERT, UPDATE, DELETE ON {schema}.django_migrations FROM {role};"
        f"GRANT {numbers} ON ALL SEQUENCES IN SCHEMA {schema} TO {role};"
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT {rows} ON TABLES TO {role};"
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT {numbers} ON SEQUENCES TO {role}"
    )


def grant_registry(cursor: Any) -> None:
    """Let the registry's role read the registry and take up work; nothing more."""
    role, making = _role(cursor, PUBLIC_SCHEMA)
    cursor.execute(
        f"{making}"
        f"GRANT USAGE ON SCHEMA {PUBLIC_SCHEMA} TO {role};"
        f"GRANT SELECT ON {', '.join(_REGISTRY_READS)} TO {role};"
        f"GRANT SELECT, UPDATE, DELETE ON {', '.join(_REGISTRY_WORKS)} TO {role};"
        # Names of models, which every tenant's tables refer to; nobody's secret.
        "GRANT SELECT ON django_content_type TO PUBLIC"
    )


def drop_role(cursor: Any, schema: str) -> None:
    """Take away the role of a schema that has been dropped, with the app's way into it."""
    role = role_of(connections[OWNER_ALIAS].settings_dict["NAME"], check_schema(schema))
    cursor.execute(f"DROP ROLE IF EXISTS {connections[OWNER_ALIAS].ops.quote_name(role)}")


def schemas_closed(cursor: Any, schemas: Sequence[str]) -> set[str]:
    """Return the schemas the app cannot enter, as after a dump restored without privileges."""
    login = settings.DATABASES[DEFAULT_DB_ALIAS]["USER"]
    cursor.execute(_CLOSED, {"schemas": list(schemas), "login": login})
    return {row[0] for row in cursor.fetchall()}


def _role(cursor: Any, schema: str) -> tuple[str, str]:
    """Return the quoted role of the schema, and what lets the app's login step into it."""
    name = role_of(connections[OWNER_ALIAS].settings_dict["NAME"], check_schema(schema))
    quote = connections[OWNER_ALIAS].ops.quote_name
    role, login = quote(name), quote(settings.DATABASES[DEFAULT_DB_ALIAS]["USER"])
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
    making = "" if cursor.fetchone() else f"CREATE ROLE {role} NOLOGIN;"
    return role, f"{making}GRANT {role} TO {login} WITH INHERIT FALSE, SET TRUE;"
