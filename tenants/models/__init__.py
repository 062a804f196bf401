"""Tables of the registry: the only ones in `public`."""

from tenants.models.domain import Domain
from tenants.models.tenant import Tenant, TenantState
from tenants.models.work_item import WorkItem

__all__ = ["Domain", "Tenant", "TenantState", "WorkItem"]
