"""`create_tenant SLUG --name … --owner-email …`: a tenant, its schema and its owner."""

import json
import os
import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.base.errors import AppError
from tenants.provisioning import create_tenant

PASSWORD_VARIABLE = "DRAWBRIDGE_OWNER_PASSWORD"  # noqa: S105


class Command(BaseCommand):
    # Pages and routes have no part in this; `manage.py check` looks at them.
    requires_system_checks = []
    help = (
        "Create a tenant. The owner's password is taken from "
        f"{PASSWORD_VARIABLE}, or made and printed once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--name", required=True)
        parser.add_argument("--owner-email", required=True)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        given = os.environ.get(PASSWORD_VARIABLE, "")
        password = given or secrets.token_urlsafe(15)
        try:
            tenant = create_tenant(
                options["slug"],
                name=options["name"],
                owner_email=options["owner_email"],
                owner_password=password,
            )
        except AppError as error:
            raise CommandError(str(error)) from error
        shown = {
            "tenant": tenant.slug,
            "schema": tenant.schema,
            "host": tenant.host,
            "owner": options["owner_email"],
        } | ({} if given else {"password": password})
        if options["json"]:
            self.stdout.write(json.dumps(shown))
            return
        for what, value in shown.items():
            self.stdout.write(f"{what:10}{value}")
