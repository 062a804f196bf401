"""The registry of tenants, kept in the schema `public`."""

from django.apps import AppConfig


class TenantsApp(AppConfig):
    name = "tenants"
    label = "tenants"
