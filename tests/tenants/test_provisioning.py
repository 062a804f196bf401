from tenants.hosts import TenantRef, resolve_host
from tenants.people.models import Person
from tenants.people.models.person import Role


def test_provisioned_tenant_is_found_by_its_host(tenant: TenantRef) -> None:
    assert resolve_host(tenant.host) == tenant


def test_provisioned_tenant_has_its_owner(tenant: TenantRef, owner: Person) -> None:
    assert owner.role == Role.OWNER
