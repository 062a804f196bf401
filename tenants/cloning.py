"""Copy the template schema into a new one, so that a tenant exists in a fraction of a second.

Names of constraints and indexes are kept, because Django's migrations look for them.
Whatever kind of object this module does not know is refused, never left out in silence.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from tenants.base.roles import check_schema, search_path_of

_KINDS_KNOWN = ("r", "i", "S")

_STRANGERS = """
SELECT relname FROM pg_class
WHERE relnamespace = %s::regnamespace AND NOT relkind::text = ANY(%s)
UNION ALL
SELECT typname FROM pg_type WHERE typnamespace = %s::regnamespace AND typtype IN ('e', 'd', 'r')
UNION ALL
SELECT relname FROM pg_class
WHERE relnamespace = %s::regnamespace AND (relispartition OR reloptions IS NOT NULL)
"""
_TABLES = """
SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,
       array_agg(a.attname ORDER BY a.attnum) FILTER (WHERE a.attgenerated = ''),
       array_agg(a.attname ORDER BY a.attnum) FILTER (WHERE a.attidentity <> '')
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r'
  AND a.attnum > 0 AND NOT a.attisdropped
GROUP BY c.oid ORDER BY c.oid
"""
_KEYS = """
SELECT t.relname, format('CONSTRAINT %%I %%s', k.conname, pg_get_constraintdef(k.oid, true))
FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid
WHERE k.connamespace = %s::regnamespace AND k.contype::text = ANY(%s)
ORDER BY k.oid
"""
_INDEXES = """
SELECT pg_get_indexdef(i.indexrelid, 0, true)
FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
WHERE t.relnamespace = %s::regnamespace AND t.relkind = 'r'
  AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid
                  AND k.contype IN ('p', 'u', 'x'))
ORDER BY i.indexrelid
"""
_POLICIES = """
SELECT format('CREATE POLICY %%I ON %%I AS %%s FOR %%s TO PUBLIC', p.policyname, p.tablename,
              p.permissive, p.cmd)
       || coalesce(' USING (' || pg_get_expr(q.polqual, q.polrelid, true) || ')', '')
       || coalesce(' WITH CHECK (' || pg_get_expr(q.polwithcheck, q.polrelid, true) || ')', '')
FROM pg_policies p JOIN pg_policy q ON q.polname = p.policyname
 AND q.polrelid = format('%%I.%%I', p.schemaname, p.tablename)::regclass
WHERE p.schemaname = %s ORDER BY q.oid
"""
# LIKE keeps the bounds of an identity's sequence, yet makes each a bigint.
_SEQUENCES = """
SELECT format('ALTER SEQUENCE %%I AS %%s', sequencename, data_type)
FROM pg_sequences WHERE schemaname = %s AND data_type <> 'bigint'::regtype ORDER BY sequencename
"""
_FUNCTIONS = """
SELECT pg_get_functiondef(oid) FROM pg_proc
WHERE pronamespace = %s::regnamespace AND prokind IN ('f', 'p') ORDER BY oid
"""
_TRIGGERS = """
SELECT pg_get_triggerdef(g.oid, true) FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
WHERE t.relnamespace = %s::regnamespace AND NOT g.tgisinternal ORDER BY g.oid
"""


class SchemaNotClonable(RuntimeError):
    """The template holds a kind of object that the clone function does not know."""


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    is_secured: bool
    is_forced: bool
    columns: tuple[str, ...]
    identities: tuple[str, ...]


def clone_schema(cursor: Any, source: str, target: str) -> None:
    """Create `target` with everything that `source` has, rows included.

    Runs in the caller's transaction and restores its search path.
    """
    check_schema(source)
    check_schema(target)
    cursor.execute("SELECT current_setting('search_path')")
    [before] = cursor.fetchone()
    # With the source on the path, PostgreSQL prints its names without the schema.
    _set_path(cursor, search_path_of(source))
    statements = _read(cursor, source, target)
    cursor.execute(f"CREATE SCHEMA {target}")
    _set_path(cursor, search_path_of(target))
    # Bodies of functions may name tables that come later.
    cursor.execute("SET LOCAL check_function_bodies = off")
    cursor.execute(";\n".join(statements))
    _set_path(cursor, before)


def _read(cursor: Any, source: str, target: str) -> list[str]:
    _refuse_strangers(cursor, source)
    cursor.execute(_TABLES, [source])
    tables = [
        Table(name, secured, forced, tuple(columns or ()), tuple(identities or ()))
        for name, secured, forced, columns, identities in cursor.fetchall()
    ]
    keys = _keys(cursor, source, ["p", "u", "x"])
    functions = [
        definition.replace(f" {source}.", f" {target}.", 1)
        for definition in _column(cursor, _FUNCTIONS, [source])
    ]
    return [
        *(_creation(table, source, target, keys[table.name]) for table in tables),
        *_column(cursor, _SEQUENCES, [source]),
        *functions,
        *_seeding(cursor, tables, source, target),
        *_column(cursor, _INDEXES, [source]),
        *_referring(_keys(cursor, source, ["f"])),
        *_column(cursor, _TRIGGERS, [source]),
        *_column(cursor, _POLICIES, [source]),
        *filter(None, (_securing(table, target) for table in tables)),
    ]


def _refuse_strangers(cursor: Any, source: str) -> None:
    strangers = _column(cursor, _STRANGERS, [source, list(_KINDS_KNOWN), source, source])
    if strangers:
        raise SchemaNotClonable(f"{source} holds {', '.join(strangers)}")


def _creation(table: Table, source: str, target: str, keys: list[str]) -> str:
    name = _quoted(table.name)
    copied = (
        f"LIKE {source}.{name} INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING GENERATED"
        " INCLUDING STORAGE INCLUDING COMMENTS INCLUDING CONSTRAINTS"
    )
    return f"CREATE TABLE {target}.{name} ({', '.join([copied, *keys])})"


def _referring(keys: dict[str, list[str]]) -> list[str]:
    """Add the foreign keys of a table in one statement: each would rewrite its description."""
    return [
        f"ALTER TABLE {_quoted(name)} " + ", ".join(f"ADD {key}" for key in clauses)
        for name, clauses in keys.items()
    ]


def _seeding(cursor: Any, tables: list[Table], source: str, target: str) -> list[str]:
    """Copy what migrations wrote: their own history and any rows of theirs."""
    asked = " UNION ALL ".join(
        f"SELECT {_literal(table.name)} WHERE EXISTS (SELECT 1 FROM {source}.{_quoted(table.name)})"  # noqa: S608
        for table in tables
    )
    filled = set(_column(cursor, asked, []))
    return [
        statement
        for table in tables
        if table.name in filled
        for statement in _copying(table, source, target)
    ]


def _copying(table: Table, source: str, target: str) -> list[str]:
    name = _quoted(table.name)
    columns = ", ".join(_quoted(column) for column in table.columns)
    copied = (
        f"INSERT INTO {target}.{name} ({columns}) OVERRIDING SYSTEM VALUE"  # noqa: S608
        f" SELECT {columns} FROM {source}.{name}"
    )
    counted = [
        f"SELECT setval(pg_get_serial_sequence({_literal(f'{target}.{name}')},"  # noqa: S608
        f" {_literal(column)}), (SELECT max({_quoted(column)}) FROM {target}.{name}))"
        for column in table.identities
    ]
    return [copied, *counted]


def _securing(table: Table, target: str) -> str:
    enabled = ["ENABLE ROW LEVEL SECURITY"] if table.is_secured else []
    forced = ["FORCE ROW LEVEL SECURITY"] if table.is_forced else []
    changes = ", ".join(enabled + forced)
    return f"ALTER TABLE {target}.{_quoted(table.name)} {changes}" if changes else ""


def _keys(cursor: Any, source: str, kinds: list[str]) -> dict[str, list[str]]:
    """Return the constraints of these kinds by table, as they stand in its definition."""
    cursor.execute(_KEYS, [source, kinds])
    found: dict[str, list[str]] = defaultdict(list)
    for table, definition in cursor.fetchall():
        found[table].append(definition)
    return found


def _column(cursor: Any, statement: str, params: list[Any]) -> list[str]:
    cursor.execute(statement, params)
    return [row[0] for row in cursor.fetchall()]


def _set_path(cursor: Any, path: str) -> None:
    cursor.execute("SELECT set_config('search_path', %s, true)", [path])


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
