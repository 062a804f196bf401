"""Migration operations that put the wall between people inside one tenant.

A policy compares `app.actor` with the owner of the row. Foreign-key checks pass
row-level security, so a child's policy asks whether its parent is visible: else anyone
could hang a message on another person's conversation.
"""

import re

from django.db.migrations import RunSQL

POLICY = "by_actor"

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_SEES_ALL = "current_setting('app.actor', true) LIKE 'PLATFORM:%'"
_ACTOR_ID = "substr(current_setting('app.actor', true), strpos(current_setting('app.actor', true), ':') + 1)"


def owner_policy(table: str, column: str = "owner_id") -> RunSQL:
    """Show a row to the person named in its column and to the platform."""
    return _policy(table, f"{_SEES_ALL} OR {_checked(column)}::text = {_ACTOR_ID}")


def child_policy(table: str, fk_column: str, parent_table: str) -> RunSQL:
    """Show a row where its parent is visible under the parent's own policy."""
    parent, column = _checked(parent_table), _checked(fk_column)
    visible = f"EXISTS (SELECT 1 FROM {parent} parent WHERE parent.id = {_checked(table)}.{column})"  # noqa: S608
    return _policy(table, f"{_SEES_ALL} OR {visible}")


def _policy(table: str, condition: str) -> RunSQL:
    _checked(table)
    return RunSQL(
        sql=[
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY {POLICY} ON {table} USING ({condition}) WITH CHECK ({condition})",
        ],
        reverse_sql=[
            f"DROP POLICY {POLICY} ON {table}",
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        ],
    )


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a plain column or table name: {name!r}")
    return name
