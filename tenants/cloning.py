"""Copy the template schema into a new one, so that a tenant exists in a fraction of a second.

Names of constraints and indexes are kept, because Django's migrations look for them.
Whatever kind of object is not known here is refused, never left out in silence.
"""

from typing import Any

from tenants.base.roles import check_schema, search_path_of
from tenants.blueprints import blueprint_of


def clone_schema(cursor: Any, source: str, target: str) -> None:
    """Create `target` with everything that `source` has, and the rows its migrations wrote.

    Runs in the caller's transaction and restores its search path.
    Raises: SchemaNotClonable.
    """
    check_schema(source)
    check_schema(target)
    cursor.execute(
        "WITH held AS MATERIALIZED (SELECT current_setting('search_path') AS path)"
        " SELECT path, set_config('search_path', %s, true) FROM held",
        [search_path_of(source)],
    )
    [(before, _path)] = cursor.fetchall()
    script = blueprint_of(cursor, source).script_for(target)
    # One message for all: each would wait for its answer.
    cursor.execute(
        f"CREATE SCHEMA {target};"
        f"SET LOCAL search_path = {search_path_of(target)};"
        # Bodies of functions may name tables that come later.
        "SET LOCAL check_function_bodies = off;"
        f"{script};"
        f"{_restoring(before)}"
    )


def _restoring(path: str) -> str:
    quoted = path.replace("'", "''")
    return f"SELECT set_config('search_path', '{quoted}', true)"
