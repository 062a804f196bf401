"""The few things that happen to a tenant, told after the fact; receivers get `tenant`, a TenantRef."""

from django.dispatch import Signal

tenant_provisioned = Signal()
tenant_suspended = Signal()
tenant_closing = Signal()
