"""The two logins, the database and its extensions: made once, checked at every start."""

from collections.abc import Callable
from typing import Any

import psycopg
from psycopg import sql

from config.stack.errors import StackError

DATABASE = "drawbridge"
OWNER = "drawbridge_owner"
APP = "drawbridge_app"
EXTENSIONS = ("vector", "pg_trgm", "unaccent")

Connect = Callable[[str], psycopg.Connection[Any]]


def bootstrap(connect: Connect, *, owner_password: str, app_password: str) -> None:
    """Bring our own cluster to the state the application expects; safe to repeat.

    `connect(database)` opens a connection that may create roles and databases.
    """
    with connect("postgres") as connection:
        _make_role(connection, OWNER, owner_password, "CREATEROLE")
        _make_role(connection, APP, app_password, "NOINHERIT")
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,))
        if found.fetchone() is None:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(DATABASE), sql.Identifier(OWNER)
                )
            )
    with connect(DATABASE) as connection:
        _prepare_logins(connection, OWNER, APP)
        _make_extensions(connection)
        _check_trigrams(connection)


def bootstrap_within(
    connection: psycopg.Connection[Any], database: str, *, owner_password: str, app_password: str
) -> tuple[str, str]:
    """Do the same in a database that somebody else made; return the two logins' names.

    Roles belong to the whole cluster, so the database's name comes first in theirs.
    """
    owner, app = f"{database}_owner", f"{database}_app"
    _make_role(connection, owner, owner_password, "CREATEROLE")
    _make_role(connection, app, app_password, "NOINHERIT")
    for statement in (
        "GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {database} TO {owner}",
        "GRANT CONNECT ON DATABASE {database} TO {app}",
        "GRANT USAGE, CREATE ON SCHEMA public TO {owner}",
    ):
        names = {"database": database, "owner": owner, "app": app}
        connection.execute(
            sql.SQL(statement).format(**{key: sql.Identifier(name) for key, name in names.items()})
        )
    _prepare_logins(connection, owner, app)
    _make_extensions(connection)
    _check_trigrams(connection)
    return owner, app


def _prepare_logins(connection: psycopg.Connection[Any], owner: str, app: str) -> None:
    # A role it makes must be one it may give to the app's login and act as.
    connection.execute(
        sql.SQL("ALTER ROLE {} SET createrole_self_grant = 'set'").format(sql.Identifier(owner))
    )
    # Without a scope no table is found, not even by accident.
    connection.execute(sql.SQL("ALTER ROLE {} SET search_path = ''").format(sql.Identifier(app)))


def _make_role(connection: psycopg.Connection[Any], name: str, password: str, rights: str) -> None:
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone()
    verb = "ALTER" if found else "CREATE"
    connection.execute(
        sql.SQL("{} ROLE {} LOGIN {} PASSWORD {}").format(
            sql.SQL(verb), sql.Identifier(name), sql.SQL(rights), sql.Literal(password)
        )
    )


def _make_extensions(connection: psycopg.Connection[Any]) -> None:
    connection.execute("CREATE SCHEMA IF NOT EXISTS extensions")
    connection.execute("GRANT USAGE ON SCHEMA extensions TO PUBLIC")
    connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    for name in EXTENSIONS:
        statement = sql.SQL("CREATE EXTENSION IF NOT EXISTS {} SCHEMA extensions").format(
            sql.Identifier(name)
        )
        try:
            connection.execute(statement)
        except psycopg.errors.InsufficientPrivilege as error:
            raise StackError(
                f"the login of DATABASE_URL may not create the extension {name}; let an "
                f"administrator run in this database: {statement.as_string(connection)}"
            ) from error


def _check_trigrams(connection: psycopg.Connection[Any]) -> None:
    row = connection.execute("SELECT extensions.show_trgm('会议室')").fetchone()
    if not row or not row[0]:
        raise StackError(
            "this PostgreSQL cannot index Chinese: its locale gives no trigrams. "
            "Make the cluster with --locale-provider=builtin --builtin-locale=C.UTF-8."
        )
