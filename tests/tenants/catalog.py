"""What a schema consists of, as PostgreSQL prints it, with the schema's own name removed."""

from typing import Any

from django.db import connections

from tenants.base.roles import OWNER_ALIAS

PARTS = {
    "columns": """
        SELECT c.relname, a.attname, a.attnum, format_type(a.atttypid, a.atttypmod), a.attnotnull,
               a.attidentity::text, a.attgenerated::text, a.attstorage::text, a.attcollation,
               pg_get_expr(d.adbin, d.adrelid, true), col_description(c.oid, a.attnum)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r' AND NOT a.attisdropped""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, contype::text, condeferrable, condeferred,
               convalidated, pg_get_constraintdef(oid, true)
        FROM pg_constraint WHERE connamespace = %s::regnamespace""",
    "indexes": """
        SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid, 0, true), i.indisvalid
        FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
        WHERE t.relnamespace = %s::regnamespace AND t.relkind = 'r'""",
    "policies": """
        SELECT tablename, policyname, permissive, roles::text, cmd, qual, with_check
        FROM pg_policies WHERE schemaname = %s""",
    "security": """
        SELECT relname, relrowsecurity, relforcerowsecurity, reloptions::text
        FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind = 'r'""",
    "sequences": """
        SELECT sequencename, data_type::text, start_value, min_value, max_value, increment_by,
               last_value
        FROM pg_sequences WHERE schemaname = %s""",
    "functions": """
        SELECT proname, pg_get_functiondef(oid) FROM pg_proc
        WHERE pronamespace = %s::regnamespace""",
    "triggers": """
        SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(g.oid, true)
        FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
        WHERE t.relnamespace = %s::regnamespace AND NOT tgisinternal""",
}

Rows = set[tuple[str, ...]]


def catalog_of(schema: str) -> dict[str, Rows]:
    """Return every definition in the schema; call it inside a scope of that schema."""
    with connections[OWNER_ALIAS].cursor() as cursor:
        return {part: _rows(cursor, asked, schema) for part, asked in PARTS.items()}


def seeds_of(schema: str, tables: set[str]) -> dict[str, int]:
    with connections[OWNER_ALIAS].cursor() as cursor:
        found = {}
        for table in sorted(tables):
            cursor.execute(f'SELECT count(*) FROM {schema}."{table}"')
            [found[table]] = cursor.fetchone()
    return found


def _rows(cursor: Any, asked: str, schema: str) -> Rows:
    cursor.execute(asked, [schema])
    return {
        tuple(str(value).replace(f"{schema}.", "") for value in row) for row in cursor.fetchall()
    }
