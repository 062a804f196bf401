"""Sessions of one tenant: rows in its schema, signed with its name."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore

from tenants.base.context import current_scope


class SessionStore(DatabaseSessionStore):
    @property
    def key_salt(self) -> str:
        """Salt the stored data, so that a row copied to another tenant says nothing there."""
        return f"tenants.people.sessions.{current_scope().schema}"
