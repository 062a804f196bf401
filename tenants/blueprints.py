"""What a schema consists of, as the statements that build another one like it.

Reading it is kept until the schema changes. What changes is asked of the catalogue by its
indexes, so the question costs a millisecond however many tenants there are.
"""

import secrets
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

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
# Every object of the schema by its number and the transaction that wrote it last, and the rows
# that say which migrations were applied. Columns and defaults are missing: LIKE reads them anew.
_FINGERPRINT = """
WITH held AS MATERIALIZED (
    SELECT classid, objid FROM pg_depend
    WHERE refclassid = 'pg_namespace'::regclass AND refobjid = %(schema)s::regnamespace),
relation AS MATERIALIZED (
    SELECT c.oid, c.xmin FROM held JOIN pg_class c ON c.oid = held.objid
    WHERE held.classid = 'pg_class'::regclass),
version (part, id, written) AS (
    SELECT 'held', objid, classid::text FROM held
    UNION ALL SELECT 'relation', oid, xmin::text FROM relation
    UNION ALL SELECT 'index', i.indexrelid, i.xmin::text
        FROM relation JOIN pg_index i ON i.indrelid = relation.oid
    UNION ALL SELECT 'index', i.indexrelid, c.xmin::text
        FROM relation JOIN pg_index i ON i.indrelid = relation.oid
        JOIN pg_class c ON c.oid = i.indexrelid
    UNION ALL SELECT 'constraint', k.oid, k.xmin::text
        FROM relation JOIN pg_constraint k ON k.conrelid = relation.oid
    UNION ALL SELECT 'policy', p.oid, p.xmin::text
        FROM relation JOIN pg_policy p ON p.polrelid = relation.oid
    UNION ALL SELECT 'trigger', g.oid, g.xmin::text
        FROM relation JOIN pg_trigger g ON g.tgrelid = relation.oid
    UNION ALL SELECT 'function', f.oid, f.xmin::text FROM held
        JOIN pg_proc f ON f.oid = held.objid AND held.classid = 'pg_proc'::regclass)
SELECT %(schema)s::regnamespace::oid,
       (SELECT sum(hashtextextended(version::text, 0)) FROM version),
       (SELECT sum(hashtextextended(row::text, 0)) FROM {schema}.django_migrations AS row)
"""


class SchemaNotClonable(RuntimeError):
    """The template holds a kind of object that the clone function does not know."""


@dataclass(frozen=True, slots=True)
class Blueprint:
    """The statements, in which `placeholder` stands for the name of the new schema."""

    database: str
    source: str
    fingerprint: tuple[Any, ...]
    script: str
    placeholder: str

    def script_for(self, target: str) -> str:
        return self.script.replace(self.placeholder, target)


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    is_secured: bool
    is_forced: bool
    columns: tuple[str, ...]
    identities: tuple[str, ...]


_kept: list[Blueprint] = []


def blueprint_of(cursor: Any, source: str) -> Blueprint:
    """Return how to build a schema like `source`, read anew when that has changed.

    The source must be first on the search path: PostgreSQL then prints its names without it.
    Raises: SchemaNotClonable.
    """
    database = str(cursor.db.settings_dict["NAME"])
    fingerprint = _fingerprint_of(cursor, source)
    asked = database, source, fingerprint
    for kept in _kept:
        if (kept.database, kept.source, kept.fingerprint) == asked:
            return kept
    # No name of anything in the schema, for it is made now.
    placeholder = f"t_{secrets.token_hex(16)}"
    script = ";\n".join(_read(cursor, source, placeholder))
    read = Blueprint(database, source, fingerprint, script, placeholder)
    # The template alone is cloned again and again: one is enough.
    _kept[:] = [read]
    return read


def _fingerprint_of(cursor: Any, source: str) -> tuple[Any, ...]:
    cursor.execute(_FINGERPRINT.replace("{schema}", source), {"schema": source})
    [found] = cursor.fetchall()
    return tuple(found)


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


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
