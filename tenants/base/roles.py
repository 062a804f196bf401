"""Names of schemas and of the database roles that may enter them."""

import re

PUBLIC_SCHEMA = "public"
EXTENSIONS_SCHEMA = "extensions"
TEMPLATE_SCHEMA = "template_tenant"
OWNER_ALIAS = "owner"

_SCHEMA = re.compile(r"(?!pg_)[a-z][a-z0-9_]{0,40}")
_IDENTIFIER_BYTES_MAX = 63


def check_schema(schema: str) -> str:
    """Return the name unchanged, or refuse one that PostgreSQL could read otherwise."""
    if not _SCHEMA.fullmatch(schema):
        raise ValueError(f"not a schema name: {schema!r}")
    return schema


def role_of(database: str, schema: str) -> str:
    """Return the role that owns nothing and may use one schema of one database.

    Roles belong to the whole cluster, so the database's name comes first.
    """
    role = f"{database}_{check_schema(schema)}"
    if len(role.encode()) > _IDENTIFIER_BYTES_MAX:
        raise ValueError(f"the role name {role!r} is longer than PostgreSQL allows")
    return role


def search_path_of(schema: str) -> str:
    """Return the search path of a schema; `public` holds only the registry."""
    if check_schema(schema) == PUBLIC_SCHEMA:
        return f"{PUBLIC_SCHEMA}, {EXTENSIONS_SCHEMA}"
    return f"{schema}, {PUBLIC_SCHEMA}, {EXTENSIONS_SCHEMA}"
