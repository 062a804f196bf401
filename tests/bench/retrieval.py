"""How search time and index size grow: `python -m tests.bench.retrieval [--sizes 1000 40000]`.

Passages are synthetic: words by Zipf's law, random vectors of 384 numbers. What is timed is
the whole `search`, fused, with the scripted embedder, on a fresh PostgreSQL.
"""

import argparse
import json
import os
import platform
import sys
from datetime import UTC, datetime
from importlib import import_module

import django
from django.core.management import call_command
from django.db import connections

from tests.harness import databases, servers


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 40_000])
    sizes = sorted(parser.parse_args().sizes)
    running = servers.start()
    try:
        databases.prepare_environment(running.servers)
        django.setup()
        call_command("migrate_tenants", stdout=sys.stderr)
        # It names models, which there are only now.
        figures = import_module("tests.bench.retrieval_sizes").measure(sizes)
        connections.close_all()
        databases.drop_database(running.servers)
    finally:
        running.stop()
    document = {
        "command": "python -m tests.bench.retrieval",
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "date": datetime.now(UTC).date().isoformat(),
        "sizes": figures,
    }
    sys.stdout.write(json.dumps(document) + "\n")


if __name__ == "__main__":
    main()
