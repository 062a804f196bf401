"""`migrate_tenants`: the registry, the template and every tenant that is behind."""

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.integrity import SchemaDamaged, require_whole_schemas
from tenants.migrating import MigrationHalted, Outcome, migrate_all
from tenants.provisioning import ensure_platform
from tenants.scratch import sweep_scratch_schemas


class Command(BaseCommand):
    # Pages and routes have no part in this; `manage.py check` looks at them.
    requires_system_checks = []
    help = "Migrate the registry, the template and every tenant; halt where one fails."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.monotonic()
        outcomes: list[Outcome] = []
        for schema in sweep_scratch_schemas():
            self.stderr.write(f"dropped {schema}, left by a process that died")
        try:
            for outcome in migrate_all():
                outcomes.append(outcome)
                if outcome.was_behind and not options["json"]:
                    self.stdout.write(f"migrated {outcome.schema}")
        except MigrationHalted as error:
            raise CommandError(f"{error}: {error.__cause__}") from error
        ensure_platform()
        try:
            require_whole_schemas()
        except SchemaDamaged as error:
            raise CommandError(str(error)) from error
        migrated = [outcome.schema for outcome in outcomes if outcome.was_behind]
        seconds = round(time.monotonic() - begun, 3)
        if options["json"]:
            shown = {"schemas": len(outcomes), "migrated": migrated, "seconds": seconds}
            self.stdout.write(json.dumps(shown))
            return
        self.stdout.write(f"{len(outcomes)} schemas, {len(migrated)} migrated, {seconds} s")
