"""Sessions of one tenant: rows in its schema, signed with its name."""

import re

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore

from tenants.base.context import current_scope

# As Django makes them; whatever else a cookie holds is looked up nowhere.
_KEY = re.compile(r"[a-z0-9]{32}")


class SessionStore(DatabaseSessionStore):
    @property
    def key_salt(self) -> str:
        """Salt the stored data, so that a row copied to another tenant says nothing there."""
        return f"tenants.people.sessions.{current_scope().schema}"

    def _validate_session_key(self, key: str | None) -> bool:
        return bool(key) and _KEY.fullmatch(str(key)) is not None
