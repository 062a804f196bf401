"""Make a personal API key and print it, once."""

import json
import sys
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tenants.base.context import REGISTRY, person_scope, scope, visitor_scope
from tenants.base.errors import AppError
from tenants.models import Tenant, TenantState
from tenants.people.keys import issue_key
from tenants.people.models import ApiKey, KeyScope, Person


class Command(BaseCommand):
    help = "Make an API key for a person of a tenant; its secret is printed and kept nowhere."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", required=True, help="the tenant's slug")
        parser.add_argument("--email", required=True, help="whose key it is")
        parser.add_argument("--name", required=True, help="what it is for")
        parser.add_argument("--read-only", action="store_true", help="the key may change nothing")
        parser.add_argument("--days", type=int, default=90, help="how long it lives; 0: for ever")
        parser.add_argument("--json", action="store_true", help="the last line is one document")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            key, secret = _make(**_wanted(options))
        except AppError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            document = {"key": secret, "id": str(key.pk), "prefix": key.prefix}
            self.stdout.write(json.dumps(document))
            return
        print("Keep this key; it is not shown again:", file=sys.stderr)
        self.stdout.write(secret)


def _wanted(options: dict[str, Any]) -> dict[str, Any]:
    return {name: options[name] for name in ("tenant", "email", "name", "read_only", "days")}


def _make(*, tenant: str, email: str, name: str, read_only: bool, days: int) -> tuple[ApiKey, str]:
    scopes = [KeyScope.READ] if read_only else [KeyScope.READ, KeyScope.WRITE]
    expires_at = timezone.now() + timedelta(days=days) if days else None
    schema = _schema_of(tenant)
    with scope(visitor_scope(schema)):
        person = Person.objects.filter(email__iexact=email).first()
    if person is None:
        raise CommandError(f"Nobody in {tenant} has the address {email}.")
    with scope(person_scope(schema, str(person.pk))):
        return issue_key(person, name=name, scopes=scopes, expires_at=expires_at)


def _schema_of(slug: str) -> str:
    with scope(REGISTRY):
        found = Tenant.objects.filter(slug=slug, state=TenantState.ACTIVE).first()
    if found is None:
        raise CommandError(f"There is no tenant {slug}.")
    return found.schema_name
