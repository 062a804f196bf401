"""Versions of the tenant's policy."""

from tenants.policies.models.policy_version import PolicyVersion

__all__ = ["PolicyVersion"]
