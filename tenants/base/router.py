"""Which app's tables belong into which schema."""

from typing import Any

from django.apps import apps
from django.conf import settings

from tenants.base.context import scope_or_none
from tenants.base.roles import OWNER_ALIAS, PUBLIC_SCHEMA


class SchemaRouter:
    """Migrate shared apps into `public` and tenant apps into every other schema."""

    def allow_migrate(
        self, db: str, app_label: str, model_name: str | None = None, **hints: Any
    ) -> bool | None:
        if db != OWNER_ALIAS:
            return False
        found = scope_or_none()
        if found is None:
            # `makemigrations` only asks; whoever migrates meets the connection's own refusal.
            return False
        in_public = found.schema == PUBLIC_SCHEMA
        wanted = settings.SHARED_APPS if in_public else settings.TENANT_APPS
        return apps.get_app_config(app_label).name in wanted
