"""DUR-08: a state of the first release, with 500 promises in it, is brought up to date and kept."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db.migrations.loader import MigrationLoader

from config.stack.services import plans
from tests.harness.databases import worker_number
from tests.harness.processes import Process
from tests.harness.servers import APP, OWNER, ROOT, located
from tests.trials.old_state import ITEMS, LAST_MIGRATIONS, RUNS, TENANTS, UPLOADS

# Of each kind: they take one look a second each, and the trial need not wait for one alone.
WORKERS = 2
# Nothing ends a trial that is only slow.
STILL_SECONDS = 60
SCHEMAS = tuple(f"t_{slug.replace('-', '_')}" for slug in TENANTS)


class OldState:
    """A database of its own, and the environment in which our programs find it."""

    def __init__(self, files: Path) -> None:
        self._servers = located()
        self._name = f"dur_08_{worker_number()}"
        self.environ = {
            **os.environ,
            "DATABASE_URL": self._servers.database_url(APP, self._name),
            "DATABASE_OWNER_URL": self._servers.database_url(OWNER, self._name),
            "REDIS_URL": self._servers.redis_url(8 + worker_number()),
            "DRAWBRIDGE_FILES": str(files),
        }

    def make(self) -> None:
        self.remove()
        with self._superuser("postgres") as connection:
            connection.execute(f'CREATE DATABASE "{self._name}" OWNER {OWNER}')
        self.run("tests.trials.old_state")

    def remove(self) -> None:
        with self._superuser("postgres") as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{self._name}" WITH (FORCE)')
            roles = connection.execute(
                "SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)", [f"{self._name}_"]
            ).fetchall()
            for [role] in roles:
                connection.execute(f'DROP ROLE "{role}"')

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def counted(self, table: str, column: str = "state") -> dict[str, int]:
        """Count the rows of all tenants by a column; the superuser sees every row."""
        found: dict[str, int] = {}
        with self._superuser(self._name) as connection:
            for schema in SCHEMAS:
                rows = connection.execute(
                    f"SELECT {column}::text, count(*) FROM {schema}.{table} GROUP BY 1"
                ).fetchall()
                for value, count in rows:
                    found[value] = found.get(value, 0) + count
        return found

    def promises(self) -> int:
        with self._superuser(self._name) as connection:
            [(count,)] = connection.execute("SELECT count(*) FROM public.work_item").fetchall()
        return int(count)

    def _superuser(self, database: str) -> psycopg.Connection[Any]:
        return psycopg.connect(self._servers.database_url("postgres", database), autocommit=True)


@pytest.fixture
def old(tmp_path: Path) -> Iterator[OldState]:
    state = OldState(tmp_path)
    state.make()
    yield state
    state.remove()


def drain(old: OldState) -> None:
    """Run what `make up` runs beside the site until nothing is promised any more."""
    with ExitStack() as running:
        for plan in plans(0):
            if plan.name == "web":
                continue
            for number in range(WORKERS):
                process = Process(f"dur-08-{plan.name}-{number}", plan.name)
                process.command = plan.command
                process.environment = old.environ | dict(plan.environ)
                running.enter_context(process)
        left, moved = ITEMS, time.monotonic()
        while left:
            time.sleep(0.5)
            before, left = left, old.promises()
            moved = time.monotonic() if left != before else moved
            assert time.monotonic() - moved < STILL_SECONDS, f"{left} of {ITEMS} are not kept"


def are_newer_migrations() -> bool:
    """Tell whether today's release brings anything; of the one that follows the first it may not."""
    newest = MigrationLoader(None).graph.leaf_nodes()
    return not set(LAST_MIGRATIONS) <= set(newest)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_dur_08_an_older_state_is_brought_up_to_date_and_every_promise_is_kept(
    old: OldState, tmp_path: Path
) -> None:
    assert (old.promises(), ITEMS) == (500, 500)

    said = old.run("django", "migrate_tenants")
    said_again = old.run("django", "migrate_tenants")
    assert old.promises() == ITEMS
    drain(old)

    found = f"an older state was found; bringing {len(SCHEMAS)} tenants up to date: "
    assert (found + ", ".join(SCHEMAS) in said) is are_newer_migrations()
    assert "older state" not in said_again
    assert old.counted("assistant_run") == {"DONE": RUNS * len(TENANTS)}
    assert old.counted("assistant_message", "role") == {
        "USER": RUNS * len(TENANTS),
        "ASSISTANT": RUNS * len(TENANTS),
    }
    assert old.counted("rag_document") == {"READY": UPLOADS * len(TENANTS)}
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == UPLOADS * len(TENANTS)
