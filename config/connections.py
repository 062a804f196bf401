"""How many connections to the database this site may open, compared with what it allows."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Info
from django.db import connections

from config.page_groups import Group, bounds_of
from tenants.base.context import REGISTRY, scope

# Migrating, a shell and a look from outside must still find room.
SPARE = 5
# Beside its slots a worker has its poller; a document that is read has a keeper of its lease.
POLLERS = 1


def connections_needed() -> dict[str, int]:
    """Return how many connections each process holds at most: one for each of its threads."""
    pages = sum(bounds_of(group).slots for group in Group)
    return {
        "web": pages + settings.LANE_THREADS,
        "answers": settings.ANSWER_SLOTS + POLLERS,
        "files": 2 * settings.INGESTION_SLOTS + POLLERS,
    }


def check_connections(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Say how many are needed and how many there are; too few is an error before it is an outage."""
    if "default" not in (databases or ()):
        return []
    needed = connections_needed()
    total = sum(needed.values())
    allowed = connections_allowed()
    parts = ", ".join(f"{process} {count}" for process, count in needed.items())
    said = f"{total} connections to the database at most ({parts}) of {allowed} allowed"
    if total + SPARE > allowed:
        return [Error(said, hint=f"{SPARE} must be left to others", id="config.E001")]
    return [Info(said, id="config.I001")]


def connections_allowed() -> int:
    """Return how many PostgreSQL lets ordinary logins have."""
    with scope(REGISTRY), connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('max_connections')::int"
            " - current_setting('superuser_reserved_connections')::int"
            " - current_setting('reserved_connections')::int"
        )
        [count] = cursor.fetchone()
    return int(count)
