"""Create tenants by the clone function, then migrate all of them with nothing to do."""

import sys
import time
from statistics import median

from tenants.migrating import migrate_all
from tenants.provisioning import create_tenant

MIGRATIONS = 3


def measure(created: int, tenants: int) -> dict[str, float]:
    # The first one pays for imports and connections.
    times = [_create(number) for number in range(created + 1)][1:]
    for number in range(created + 1, tenants):
        _create(number)
    sys.stderr.write(f"{tenants} tenants of ours\n")
    return {
        "create_seconds": round(median(times), 4),
        "migrate_seconds": round(median(_migrate() for _ in range(MIGRATIONS)), 3),
    }


def _create(number: int) -> float:
    started = time.perf_counter()
    create_tenant(f"bench-{number}", name="Bench", owner_email="owner@bench.example")
    return time.perf_counter() - started


def _migrate() -> float:
    started = time.perf_counter()
    outcomes = list(migrate_all())
    seconds = time.perf_counter() - started
    if any(outcome.was_behind for outcome in outcomes):
        raise RuntimeError("there was something to migrate, so this is no figure")
    return seconds
