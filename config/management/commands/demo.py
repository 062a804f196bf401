"""`manage.py demo`: see config.stack.supervisor."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from config.stack.supervisor import demo


class Command(BaseCommand):
    # The servers that a check might look for are started by the command itself.
    requires_system_checks = []
    help = "Start everything, ask two questions over the HTTP API, stop everything."

    def handle(self, *args: Any, **options: Any) -> None:
        sys.exit(demo(Path(__file__).resolve().parents[3]))
