"""Time django-tenants in the database of DATABASE_URL: `python -m tests.bench.theirs 10 200`."""

import json
import sys
import time
from importlib import import_module
from statistics import median
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command

MIGRATIONS = 2


def main() -> None:
    created, tenants = map(int, sys.argv[1:])
    django.setup()
    # It names models, which there are only now.
    customer = import_module("tests.bench.theirs.models").Customer
    call_command("migrate_schemas", shared=True, run_syncdb=True, verbosity=0)
    times = [_create(customer, number) for number in range(created + 1)][1:]
    sys.stderr.write(f"theirs, migrated: {median(times):.2f} s\n")
    settings.TENANT_BASE_SCHEMA = "bench_0"
    settings.TENANT_CREATION_FAKES_MIGRATIONS = True
    cloned = [_create(customer, number) for number in range(created + 1, tenants)]
    sys.stderr.write(f"theirs, cloned: {median(cloned):.2f} s\n")
    figures = {
        "create_seconds": round(median(times), 4),
        "clone_seconds": round(median(cloned), 4),
        "migrate_seconds": round(median(_migrate() for _ in range(MIGRATIONS)), 3),
    }
    sys.stdout.write(json.dumps(figures) + "\n")


def _create(customer: Any, number: int) -> float:
    started = time.perf_counter()
    customer(schema_name=f"bench_{number}").save(verbosity=0)
    return time.perf_counter() - started


def _migrate() -> float:
    started = time.perf_counter()
    call_command("migrate_schemas", tenant=True, verbosity=0)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
