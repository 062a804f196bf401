"""An evaluation touches nothing of the tenant's, says how far it is, and leaves nothing."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections

from rag.evaluation import evaluate_retrieval
from rag.models import Document
from tenants.base.context import REGISTRY, platform_scope, scope
from tenants.base.roles import OWNER_ALIAS
from tenants.hosts import TenantRef
from tenants.scratch import PREFIX, scratch_schema, sweep_scratch_schemas
from tests.harness.documents import put_document
from tests.harness.servers import ROOT, located

PARAGRAPHS = 30
_OPEN = """
SELECT query FROM pg_stat_activity WHERE pid = ANY(%s) AND xact_start IS NOT NULL
"""
_TABLES = """
SELECT relname, pg_relation_size(relid), n_tup_ins, n_dead_tup FROM pg_stat_user_tables
WHERE schemaname = %s ORDER BY relname
"""
_HELD = """
SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
WHERE locktype = 'advisory' AND datname = current_database()
"""
_LEFT = """
SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %(prefix)s)
UNION ALL SELECT rolname FROM pg_roles
WHERE starts_with(rolname, current_database() || '_' || %(prefix)s)
"""


@pytest.fixture
def squad(tmp_path: Path) -> Path:
    return written(tmp_path / "squad.json", paragraphs=PARAGRAPHS)


@pytest.fixture
def watcher() -> Iterator[psycopg.Connection[Any]]:
    """Offer a connection that sees what every other one does."""
    database = connections[OWNER_ALIAS].settings_dict["NAME"]
    url = located().database_url("postgres", database)
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def written(path: Path, *, paragraphs: int) -> Path:
    made = [
        {
            "context": f"The keeper of lighthouse {number} is called Ada{number}. It stands on rock"
            f" {number * 7}. Its lamp turns every {number + 3} seconds.",
            "qas": [
                {
                    "question": f"Who keeps lighthouse {number}?",
                    "answers": [{"text": f"Ada{number}"}],
                }
            ],
        }
        for number in range(paragraphs)
    ]
    path.write_text(json.dumps({"data": [{"paragraphs": made}]}))
    return path


def test_an_evaluation_leaves_the_tenants_tables_as_they_were(
    tenant: TenantRef, squad: Path, watcher: psycopg.Connection[Any]
) -> None:
    put_document(tenant, "Full-time staff receive 25 days of annual leave.")
    connections.close_all()
    before = tables_of(watcher, tenant.schema)

    with scope(platform_scope(tenant.schema, "tests")):
        found = evaluate_retrieval(squad, say=lambda _line: None)
        names = list(Document.objects.values_list("name", flat=True))

    connections.close_all()
    assert tables_of(watcher, tenant.schema) == before
    assert names == ["handbook.md"]
    assert found.n == found.paragraphs == PARAGRAPHS
    assert found.modes["lexical"].recall_at_5 == 1.0
    assert left(watcher) == []


def test_no_transaction_is_open_between_two_steps_of_an_evaluation(
    tenant: TenantRef, squad: Path, watcher: psycopg.Connection[Any]
) -> None:
    said, still_open = [], []

    def say(line: str) -> None:
        said.append(line)
        still_open.extend(watcher.execute(_OPEN, [backends()]).fetchall())

    with scope(platform_scope(tenant.schema, "tests")):
        evaluate_retrieval(squad, say=say)

    assert still_open == []
    phases = dict.fromkeys(line.split(":")[0] for line in said if f" of {PARAGRAPHS}" in line)
    assert list(phases) == [
        "embedding",
        "indexing",
        "asking, lexical",
        "asking, dense",
        "asking, fused",
        "quoting",
    ]


def test_an_evaluation_that_fails_leaves_nothing(
    tenant: TenantRef, squad: Path, watcher: psycopg.Connection[Any]
) -> None:
    def say(line: str) -> None:
        if line.startswith("asking, dense"):
            raise InterruptedError

    with scope(platform_scope(tenant.schema, "tests")), pytest.raises(InterruptedError):
        evaluate_retrieval(squad, say=say)

    assert left(watcher) == []


@pytest.mark.slow
def test_what_a_killed_evaluation_left_is_swept_away_by_the_next_one(
    tenant: TenantRef, tmp_path: Path, watcher: psycopg.Connection[Any]
) -> None:
    kill_an_evaluation(tenant, written(tmp_path / "long.json", paragraphs=300))
    assert len(left(watcher)) == 2, "the test wants a schema and a role that nobody holds"
    until(lambda: not watcher.execute(_HELD).fetchall())

    squad = written(tmp_path / "short.json", paragraphs=3)
    quiet = {"stdout": io.StringIO(), "stderr": io.StringIO()}
    call_command("evaluate_retrieval", squad, tenant=tenant.slug, **quiet)

    assert left(watcher) == []


def test_what_nobody_holds_is_swept_away_by_the_next_migration(
    watcher: psycopg.Connection[Any],
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tenants.scratch._drop", lambda _schema: False)
        with scratch_schema("tests") as abandoned:
            pass
    assert abandoned.schema in left(watcher)

    told = io.StringIO()
    call_command("migrate_tenants", stdout=io.StringIO(), stderr=told)

    assert abandoned.schema in told.getvalue()
    assert left(watcher) == []


def test_a_schema_that_is_in_use_is_not_swept(watcher: psycopg.Connection[Any]) -> None:
    with scratch_schema("tests") as held:
        assert sweep_scratch_schemas() == []
        swept_elsewhere = subprocess.run(
            [sys.executable, "manage.py", "migrate_tenants"],
            cwd=ROOT,
            env=os.environ,
            capture_output=True,
            text=True,
            check=True,
        )
        assert held.schema in left(watcher)

    assert "dropped" not in swept_elsewhere.stderr
    assert left(watcher) == []


def test_a_scratch_schema_is_no_tenant() -> None:
    with scratch_schema("tests") as held:
        with scope(REGISTRY), connections[OWNER_ALIAS].cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM tenants_tenant WHERE schema_name = %s", [held.schema]
            )
            assert cursor.fetchone() == (0,)
        assert Document.objects.count() == 0


def kill_an_evaluation(tenant: TenantRef, squad: Path) -> None:
    """Kill a process in the middle of its indexing."""
    command = [sys.executable, "manage.py", "evaluate_retrieval", str(squad)]
    with subprocess.Popen(
        [*command, "--tenant", tenant.slug],
        cwd=ROOT,
        env=os.environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stderr is not None
        for line in child.stderr:
            if line.startswith("embedding: 300"):
                break
        child.send_signal(signal.SIGKILL)
    assert child.returncode == -signal.SIGKILL


def backends() -> list[int]:
    """Return what serves this process at the database."""
    opened = [connections[alias].connection for alias in connections]
    return [each.info.backend_pid for each in opened if each is not None]


def tables_of(watcher: psycopg.Connection[Any], schema: str) -> list[tuple[Any, ...]]:
    """Return size, rows ever written and dead rows of each table, once they are counted."""
    watcher.execute("SELECT pg_stat_force_next_flush()")
    return watcher.execute(_TABLES, [schema]).fetchall()


def left(watcher: psycopg.Connection[Any]) -> list[str]:
    return [name for [name] in watcher.execute(_LEFT, {"prefix": PREFIX}).fetchall()]


def until(is_so: Callable[[], bool]) -> None:
    ends = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.05)
