"""A database connection that follows the scope, or refuses.

Search path, role and actor belong to one scope and travel in one statement, sent when
this connection has something else applied. PostgreSQL takes all three back when the
transaction that set them is rolled back, so after any rollback they are sent anew.
"""

from typing import Any

from django.utils.functional import cached_property
from django_tenants.postgresql_backend import base as django_tenants_backend
from psycopg.pq import TransactionStatus

from tenants.base.context import Scope, current_scope
from tenants.base.roles import OWNER_ALIAS, role_of, search_path_of

_APPLY = (
    "SELECT set_config('search_path', %s, false),"
    " set_config('role', %s, false),"
    " set_config('app.actor', %s, false)"
)


class DatabaseWrapper(django_tenants_backend.DatabaseWrapper):  # type: ignore[misc]
    """The django-tenants backend, told by the scope instead of by a setter."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._applied: Scope | None = None
        super().__init__(*args, **kwargs)

    @property
    def schema_name(self) -> str:
        """The schema that introspection looks into."""
        return current_scope().schema

    @schema_name.setter
    def schema_name(self, name: str | None) -> None:
        """Ignore what the base class writes; the scope alone decides."""

    def set_schema_to_public(self) -> None:
        """Start unset: the base class calls this on construction."""

    def set_tenant(self, tenant: object, include_public: bool = True) -> None:
        raise TypeError("a connection follows the scope; use tenants.base.context.scope")

    @cached_property
    def pg_version(self) -> int:
        """The server's version, asked without a cursor so that connecting needs no scope."""
        self.ensure_connection()
        version: int = self.connection.info.server_version
        return version

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self._applied = None
        return super().get_new_connection(conn_params)

    def _cursor(self, name: str | None = None) -> Any:
        # Asked before anything else, so that a missing scope does not even connect.
        current_scope()
        return super()._cursor(name)

    def _handle_search_path(self, cursor: object = None) -> None:
        """Apply the scope; the base class calls this for each cursor, named or not."""
        wanted = current_scope()
        if wanted == self._applied:
            return
        # Forgotten first: if the statement fails, nothing is known of this connection.
        self._applied = None
        with self.wrap_database_errors, self.connection.cursor() as own_cursor:
            own_cursor.execute(
                _APPLY, (search_path_of(wanted.schema), self._role_of(wanted), wanted.actor)
            )
        self._applied = wanted

    def _role_of(self, wanted: Scope) -> str:
        if self.alias == OWNER_ALIAS:
            return "none"
        return role_of(self.settings_dict["NAME"], wanted.schema)

    def _set_autocommit(self, autocommit: bool) -> None:
        # Applied before the transaction begins, so that its rollback leads back to this
        # scope and never to the one that used the connection before.
        if not autocommit:
            self._handle_search_path()
        super()._set_autocommit(autocommit)

    def _commit(self) -> None:
        # Committing a failed transaction is a rollback that raises nothing.
        if self.connection is not None and not _is_sound(self.connection.info.transaction_status):
            self._applied = None
        super()._commit()

    def _rollback(self) -> None:
        self._applied = None
        super()._rollback()

    def _close(self) -> None:
        self._applied = None
        super()._close()

    def _savepoint_rollback(self, sid: str) -> None:
        # A cursor of the wrapper would apply a changed scope first, which a failed
        # transaction refuses; the way back must stay open.
        self._applied = None
        self._raw(self.ops.savepoint_rollback_sql(sid))

    def _savepoint_commit(self, sid: str) -> None:
        self._raw(self.ops.savepoint_commit_sql(sid))

    def _raw(self, statement: str) -> None:
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            cursor.execute(statement)


def _is_sound(status: TransactionStatus) -> bool:
    return status in {TransactionStatus.IDLE, TransactionStatus.INTRANS}
