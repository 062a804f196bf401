"""`manage.py welcome`: where the site is, how to sign in, and who answers."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from assistant.llm.routing import describe_model
from tenants.people.mail import is_logged, mail_log


class Command(BaseCommand):
    requires_system_checks = []
    help = "Print the addresses, the demo's sign-in and which model answers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seconds", default="", help="how long the start took")

    def handle(self, *args: Any, **options: Any) -> None:
        kept = json.loads((settings.STATE_DIR / "demo-signin.json").read_text())
        site = f"http://demo.{settings.TENANT_BASE_DOMAIN}:{settings.WEB_PORT}"
        notice = describe_model()
        took = f" in {options['seconds']} s" if options["seconds"] else ""
        lines = [
            "",
            f"Drawbridge is ready{took}",
            f"  chat       {site}/",
            f"  documents  {site}/documents/",
            f"  API        {site}/api/docs/",
            f"  sign in    {kept['email']}  password {kept['password']}",
            f"  API key    {settings.STATE_DIR / 'demo-key'}",
            f"  answers    {notice.name}. {notice.limits}".rstrip(". ") + ".",
        ]
        if notice.wished_for:
            lines.append(f"             {notice.wished_for} was asked for and is not here.")
        if notice.how_to_improve:
            lines.append(f"             {notice.how_to_improve}")
        if is_logged():
            lines.append(f"  mail       no server is set; codes are in {mail_log()}")
        lines += ["  stop       Ctrl-C", ""]
        self.stdout.write("\n".join(lines))
