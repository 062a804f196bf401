"""A tenant comes into being: one transaction from its row to its first person."""

import re
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, ProgrammingError, connections, transaction
from django.utils.translation import gettext_lazy as _

from tenants.base.context import REGISTRY, platform_scope, scope
from tenants.base.errors import BadRequest, Conflict
from tenants.base.roles import OWNER_ALIAS, TEMPLATE_SCHEMA
from tenants.base.text import clean_text
from tenants.cloning import clone_schema
from tenants.grants import grant_tenant
from tenants.hosts import TenantRef, forget_hosts
from tenants.models import Domain, Tenant, TenantState
from tenants.people.models import Person
from tenants.people.models.person import Role
from tenants.signals import tenant_provisioned

PLATFORM_SLUG = "platform"
SLUG_CHARS_MAX = 38
RESERVED_SLUGS = frozenset({"admin", "api", "mail", "public", "static", "template", "www"})

_DUPLICATE_SCHEMA = "42P06"
_SLUG = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


class TenantExists(Conflict):
    code = "tenant_exists"
    message = _("A tenant of this name exists already.")


@dataclass(frozen=True, slots=True)
class Owner:
    email: str
    password_hash: str


def create_tenant(
    slug: str, *, name: str, owner_email: str, owner_password: str | None = None
) -> TenantRef:
    """Create a tenant with its owner and return where it is found.

    Without a password the owner chooses one through the reset by e-mail.

    Raises:
        BadRequest: the slug, name or address is not usable.
        TenantExists: the slug is taken.
    """
    owner = Owner(_checked_email(owner_email), make_password(owner_password))
    return _provision(_checked_slug(slug), name=clean_text(name, max_chars=120), owner=owner)


def ensure_platform() -> TenantRef | None:
    """Create the reserved tenant of the operators, empty of people, where it is missing."""
    with scope(REGISTRY):
        if Tenant.objects.using(OWNER_ALIAS).filter(slug=PLATFORM_SLUG).exists():
            return None
    return _provision(PLATFORM_SLUG, name="Drawbridge", owner=None)


def schema_of(slug: str) -> str:
    """Return the schema of a slug; no two slugs share one, as a slug holds no underscore."""
    return f"t_{slug.replace('-', '_')}"


def host_of(slug: str) -> str:
    if slug == PLATFORM_SLUG:
        return str(settings.PUBLIC_HOST)
    return f"{slug}.{settings.TENANT_BASE_DOMAIN}"


def _provision(slug: str, *, name: str, owner: Owner | None) -> TenantRef:
    with scope(REGISTRY), transaction.atomic(using=OWNER_ALIAS):
        tenant = _register(slug, name=name)
        _build_schema(tenant.schema_name)
        if owner is not None:
            _add_owner(tenant.schema_name, owner)
    host = host_of(slug)
    ref = TenantRef(str(tenant.id), tenant.schema_name, tenant.slug, tenant.name, host, host)
    forget_hosts()
    tenant_provisioned.send(sender=Tenant, tenant=ref)
    return ref


def _register(slug: str, *, name: str) -> Tenant:
    try:
        tenant = Tenant.objects.using(OWNER_ALIAS).create(
            slug=slug, schema_name=schema_of(slug), name=name, state=TenantState.ACTIVE
        )
        Domain.objects.using(OWNER_ALIAS).create(tenant=tenant, host=host_of(slug), is_primary=True)
    except IntegrityError as error:
        raise TenantExists from error
    return tenant


def _build_schema(schema: str) -> None:
    # The platform sees every row, so the rows of the template are copied as well.
    with scope(platform_scope(TEMPLATE_SCHEMA, "provisioning")):
        try:
            with connections[OWNER_ALIAS].cursor() as cursor:
                clone_schema(cursor, TEMPLATE_SCHEMA, schema)
                grant_tenant(cursor, schema)
        except ProgrammingError as error:
            if getattr(error.__cause__, "sqlstate", "") != _DUPLICATE_SCHEMA:
                raise
            raise TenantExists from error


def _add_owner(schema: str, owner: Owner) -> None:
    with scope(platform_scope(schema, "provisioning")):
        person = Person.objects.using(OWNER_ALIAS).create(
            email=owner.email, password=owner.password_hash, role=Role.OWNER
        )
        # Whoever creates a tenant vouches for its owner's address.
        EmailAddress.objects.using(OWNER_ALIAS).create(
            user=person, email=owner.email, primary=True, verified=True
        )


def _checked_slug(slug: str) -> str:
    if len(slug) > SLUG_CHARS_MAX or not _SLUG.fullmatch(slug) or slug in RESERVED_SLUGS:
        raise BadRequest(
            _("A short name has small letters, digits and single hyphens."), field="slug"
        )
    return slug


def _checked_email(email: str) -> str:
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise BadRequest(_("This is not an e-mail address."), field="owner_email") from error
    return address
