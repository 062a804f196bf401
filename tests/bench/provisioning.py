"""How long a tenant takes to come into being, and a migration with nothing to do.

    python -m tests.bench.provisioning

Beside ours stands django-tenants with the same apps and migrations, on the same PostgreSQL,
used as its manual says: a schema migrated on save, or cloned from a base schema, and
`migrate_schemas` over all tenants.
"""

import json
import os
import subprocess
import sys
from importlib import import_module
from typing import Any

import psycopg

from tests.bench.fresh import fresh_database, print_figures
from tests.harness.servers import OWNER, ROOT, Servers

CREATED = 25
TENANTS = 200
THEIR_DATABASE = "theirs"


def main() -> None:
    with fresh_database() as servers:
        # It names models, which there are only now.
        ours = import_module("tests.bench.provisioning_ours").measure(CREATED, TENANTS)
        sys.stderr.write(f"ours: {ours}\n")
        theirs = _theirs(servers)
    creation = theirs["create_seconds"] / ours["create_seconds"]
    migration = theirs["migrate_seconds"] / ours["migrate_seconds"]
    print_figures(
        "tests.bench.provisioning",
        {
            "tenants": TENANTS,
            "ours": ours,
            "theirs": theirs,
            "creation_times_faster": round(creation, 1),
            "migration_times_faster": round(migration, 1),
        },
    )


def _theirs(servers: Servers) -> dict[str, Any]:
    superuser = servers.database_url("postgres", "postgres")
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{THEIR_DATABASE}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{THEIR_DATABASE}" OWNER {OWNER}')
        try:
            return _run_theirs(servers)
        finally:
            connection.execute(f'DROP DATABASE "{THEIR_DATABASE}" WITH (FORCE)')


def _run_theirs(servers: Servers) -> dict[str, Any]:
    environment = {
        "DJANGO_SETTINGS_MODULE": "tests.bench.theirs.settings",
        "DATABASE_URL": servers.database_url(OWNER, THEIR_DATABASE),
    }
    command = [sys.executable, "-m", "tests.bench.theirs", str(CREATED), str(TENANTS)]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.PIPE, check=True
    )
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


if __name__ == "__main__":
    main()
