"""People, kept in each tenant's own schema."""

from django.apps import AppConfig


class PeopleApp(AppConfig):
    name = "tenants.people"
    label = "people"
