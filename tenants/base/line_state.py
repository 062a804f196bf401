"""What waits and what runs: of one tenant for its owners, of all for whoever operates the house."""

from dataclasses import dataclass

from django.db import connection

from tenants.base.context import REGISTRY, scope


@dataclass(frozen=True, slots=True)
class KindState:
    """One kind of work: how much waits, runs, or comes later, and for how long it has."""

    kind: str
    waiting: int
    running: int
    later: int
    oldest_seconds: float
    longest_seconds: float


def line_of_tenant() -> list[KindState]:
    """Return the state of the work of the current tenant."""
    return _read("SELECT * FROM public.work_summary()")


def line_of_all() -> list[KindState]:
    """Return the state of the work of all tenants together; nobody is named."""
    with scope(REGISTRY):
        return _read("SELECT * FROM public.work_state(NULL)")


def _read(statement: str) -> list[KindState]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [
            KindState(kind, waiting, running, later, round(oldest, 1), round(longest, 1))
            for kind, waiting, running, later, oldest, longest in cursor.fetchall()
        ]
