"""One migrated database, kept as a template under a name of its migrations; a copy per worker."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from tests.harness.servers import APP, OWNER, ROOT, Servers

_SOURCES = ("*/migrations/*.py", "*/*/migrations/*.py")
_GRANTS = ("tenants/grants.py", "tenants/provisioning.py", "config/settings/__init__.py")


def worker_number() -> int:
    """Return 0 without xdist, else 1 for gw0 and so on."""
    name = os.environ.get("PYTEST_XDIST_WORKER", "")
    return int(name.removeprefix("gw")) + 1 if name else 0


def prepare_environment(servers: Servers) -> None:
    """Point the settings of this process, and of those it starts, at a fresh database."""
    template = f"t_{_fingerprint()}"
    database = f"{template}_{worker_number()}"
    files = servers.state / "files" / str(worker_number())
    # Names of tenants come back in every run, and so would the files of the run before.
    shutil.rmtree(files, ignore_errors=True)
    files.mkdir(parents=True)
    os.environ.update(
        {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DRAWBRIDGE_ENV": "test",
            "DRAWBRIDGE_SECRET_KEY": "only-for-tests-" + "k" * 40,
            "DRAWBRIDGE_STATE": str(servers.state),
            "DRAWBRIDGE_FILES": str(files),
            "REDIS_URL": servers.redis_url(worker_number()),
            "LOCAL_MODEL": "quote",
            "EMBEDDINGS": "scripted",
        }
    )
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY", "OPENAI_MODEL", "LOCAL_MODEL_URL"):
        os.environ.pop(name, None)
    with _locked(servers), _postgres(servers) as connection:
        if not _exists(connection, template):
            _build_template(servers, connection, template)
        connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        _drop_roles(connection, f"{database}_")
        connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}" OWNER {OWNER}')
    _point_at(servers, database)


def drop_database(servers: Servers) -> None:
    database = f"t_{_fingerprint()}_{worker_number()}"
    with _postgres(servers) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        _drop_roles(connection, f"{database}_")


def _point_at(servers: Servers, database: str) -> None:
    os.environ["DATABASE_URL"] = servers.database_url(APP, database)
    os.environ["DATABASE_OWNER_URL"] = servers.database_url(OWNER, database)


def _build_template(servers: Servers, connection: psycopg.Connection[Any], name: str) -> None:
    """Migrate under another name first, so that a broken run leaves no half template."""
    building = f"{name}_new"
    connection.execute(f'DROP DATABASE IF EXISTS "{building}" WITH (FORCE)')
    connection.execute(f'CREATE DATABASE "{building}" OWNER {OWNER}')
    _point_at(servers, building)
    subprocess.run(
        [sys.executable, "-m", "django", "migrate_tenants"], check=True, cwd=ROOT, env=os.environ
    )
    connection.execute(f'ALTER DATABASE "{building}" RENAME TO "{name}"')


def _drop_roles(connection: psycopg.Connection[Any], prefix: str) -> None:
    names = connection.execute(
        "SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)", [prefix]
    ).fetchall()
    for [name] in names:
        connection.execute(f'DROP ROLE "{name}"')


def _exists(connection: psycopg.Connection[Any], database: str) -> bool:
    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
    return found.fetchone() is not None


def _fingerprint() -> str:
    paths = {path for pattern in _SOURCES for path in ROOT.glob(pattern)}
    paths |= {ROOT / path for path in _GRANTS}
    digest = hashlib.sha256()
    for path in sorted(paths):
        if ".venv" not in path.parts:
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:8]


def _postgres(servers: Servers) -> psycopg.Connection[Any]:
    return psycopg.connect(servers.database_url("postgres", "postgres"), autocommit=True)


@contextmanager
def _locked(servers: Servers) -> Iterator[None]:
    """CREATE DATABASE copies a template only while nobody else is connected to it."""
    with (servers.state / "databases.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
