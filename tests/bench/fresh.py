"""A database of one's own for one bench, and where its figures come from."""

import json
import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.db import connections

from tests.harness import databases, servers


@contextmanager
def fresh_database(**environment: str) -> Iterator[servers.Servers]:
    """Start servers, migrate an empty database, set Django up; stop all at the end.

    Modules that name models can be imported inside only.
    """
    os.environ["DRAWBRIDGE_TEST_FSYNC"] = "on"
    running = servers.start()
    try:
        databases.prepare_environment(running.servers)
        os.environ.update(environment)
        django.setup()
        call_command("migrate_tenants", stdout=sys.stderr)
        yield running.servers
        connections.close_all()
        databases.drop_database(running.servers)
    finally:
        running.stop()


def print_figures(module: str, figures: dict[str, Any]) -> None:
    """End with one line of JSON, which `python -m tests.bench` reads."""
    document = {
        "command": f"python -m {module}",
        "machine": machine(),
        "date": datetime.now(UTC).date().isoformat(),
        **figures,
    }
    sys.stdout.write(json.dumps(document) + "\n")


def machine() -> str:
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{_processor()}, {os.cpu_count()} cores, {memory_gb:.0f} GB"


def _processor() -> str:
    """Return its name where Linux tells it, else its kind."""
    told = Path("/proc/cpuinfo")
    for line in told.read_text().splitlines() if told.exists() else ():
        key, _, value = line.partition(":")
        if key.strip() == "model name":
            return value.strip()
    return platform.machine()
