"""What waits and what runs: of one tenant for its owners, of all for whoever operates the house."""

from dataclasses import dataclass

from django.db import connection

from tenants.base.context import REGISTRY, scope

_OF_ALL = """
SELECT kind,
       count(*) FILTER (WHERE due_at <= statement_timestamp()),
       count(*) FILTER (WHERE due_at > statement_timestamp() AND taken_at IS NOT NULL),
       count(*) FILTER (WHERE due_at > statement_timestamp() AND taken_at IS NULL),
       coalesce(max(extract(epoch FROM statement_timestamp() - due_at))
           FILTER (WHERE due_at <= statement_timestamp()), 0)::double precision,
       coalesce(max(extract(epoch FROM statement_timestamp() - taken_at))
           FILTER (WHERE due_at > statement_timestamp()), 0)::double precision
FROM public.work_item GROUP BY kind ORDER BY kind
"""


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
    return _read("SELECT * FROM public.work_summary() ORDER BY kind")


def line_of_all() -> list[KindState]:
    """Return the state of the work of all tenants together; nobody is named."""
    with scope(REGISTRY):
        return _read(_OF_ALL)


def _read(statement: str) -> list[KindState]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [
            KindState(kind, waiting, running, later, round(oldest, 1), round(longest, 1))
            for kind, waiting, running, later, oldest, longest in cursor.fetchall()
        ]
