"""How a command enters the tenant it was told."""

from django.core.management.base import CommandError

from tenants.base.context import REGISTRY, Scope, platform_scope, scope
from tenants.models import Tenant, TenantState


def scope_of(slug: str, *, what: str) -> Scope:
    """Return the platform's scope in the active tenant of this name.

    Raises: CommandError.
    """
    with scope(REGISTRY):
        found = Tenant.objects.filter(slug=slug, state=TenantState.ACTIVE).first()
    if found is None:
        raise CommandError(f"There is no tenant {slug}.")
    return platform_scope(found.schema_name, what)


def active_slugs() -> list[str]:
    with scope(REGISTRY):
        active = Tenant.objects.filter(state=TenantState.ACTIVE).order_by("slug")
        return list(active.values_list("slug", flat=True))
