"""People of a tenant, made quickly: one password, hashed once per run."""

from functools import lru_cache

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from rag.models import Collection
from tenants.base.context import platform_scope, scope
from tenants.hosts import TenantRef
from tenants.people.models import Person
from tenants.people.models.person import Role

PASSWORD = "correct horse battery staple"


def add_person(tenant: TenantRef, email: str, role: Role = Role.MEMBER) -> Person:
    with scope(platform_scope(tenant.schema, "tests")):
        person = Person.objects.create(email=email, role=role, password=password_hash())
        EmailAddress.objects.create(user=person, email=email, primary=True, verified=True)
    return person


def owner_of(tenant: TenantRef) -> Person:
    """Return the first owner, able to sign in with PASSWORD."""
    with scope(platform_scope(tenant.schema, "tests")):
        person = Person.objects.filter(role=Role.OWNER).earliest("created_at")
        person.password = password_hash()
        person.save(update_fields=["password"])
    return person


@lru_cache(maxsize=1)
def password_hash() -> str:
    return make_password(PASSWORD)


def put_canary(tenant: TenantRef) -> str:
    """Leave one unmistakable row in the tenant and return what it says."""
    canary = f"canary-{tenant.schema}"
    with scope(platform_scope(tenant.schema, "tests")):
        Collection.objects.all().delete()
        Collection.objects.create(name=canary)
    return canary
