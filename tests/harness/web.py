"""A client of one tenant's pages, without a network."""

from typing import Any

from django.test import Client

from tenants.base.context import scope, visitor_scope
from tenants.hosts import TenantRef
from tenants.people.models import Person


class WebClient(Client):
    """Django's test client at the host of one tenant."""

    def __init__(self, tenant: TenantRef, **options: Any) -> None:
        super().__init__(headers={"host": tenant.host}, **options)
        self.tenant = tenant

    def sign_in(self, person: Person) -> None:
        with scope(visitor_scope(self.tenant.schema)):
            self.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
