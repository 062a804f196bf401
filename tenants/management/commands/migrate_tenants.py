"""`migrate_tenants`: the registry, the template and every tenant that is behind."""

import json
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.integrity import SchemaDamaged, require_whole_schemas
from tenants.migrating import MigrationHalted, Outcome, migrate_all
from tenants.provisioning import ensure_platform
from tenants.scratch import sweep_scratch_schemas

_NAMES_SHOWN = 5


class Command(BaseCommand):
    # Pages and routes have no part in this; `manage.py check` looks at them.
    requires_system_checks = []
    help = "Migrate the registry, the template and every tenant; halt where one fails."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.monotonic()
        say = _nothing if options["json"] else self._say
        outcomes: list[Outcome] = []
        older: list[str] = []

        def tell_older(schemas: Sequence[str]) -> None:
            older.extend(schemas)
            say(_found(schemas))

        for schema in sweep_scratch_schemas():
            self.stderr.write(f"dropped {schema}, left by a process that died")
        try:
            for outcome in migrate_all(tell_older=tell_older):
                outcomes.append(outcome)
                if outcome.was_behind:
                    say(f"migrated {outcome.schema}{_place(outcome.schema, older)}")
        except MigrationHalted as error:
            raise CommandError(
                f"{error}: {error.__cause__}. What was migrated is kept; the next run goes on there."
            ) from error
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

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _found(schemas: Sequence[str]) -> str:
    names = ", ".join(schemas[:_NAMES_SHOWN])
    more = f" and {len(schemas) - _NAMES_SHOWN} more" if len(schemas) > _NAMES_SHOWN else ""
    noun = "tenant" if len(schemas) == 1 else "tenants"
    return f"an older state was found; bringing {len(schemas)} {noun} up to date: {names}{more}"


def _place(schema: str, older: Sequence[str]) -> str:
    """Return which of how many it was; the registry and the template are not counted."""
    return f" ({older.index(schema) + 1} of {len(older)})" if schema in older else ""


def _nothing(_line: str) -> None:
    """Say nothing, for the answer is a document."""
