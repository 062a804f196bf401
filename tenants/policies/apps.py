"""Policies, kept in each tenant's own schema."""

from django.apps import AppConfig


class PoliciesApp(AppConfig):
    name = "tenants.policies"
    label = "policies"
