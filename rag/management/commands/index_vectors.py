"""`manage.py index_vectors [--tenant demo]`: keep searches in large tenants fast."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from rag.management.entering import active_slugs, scope_of
from rag.vector_index import build_vector_indexes
from tenants.base.context import scope


class Command(BaseCommand):
    help = "Build the missing vector indexes of one tenant, or of all; searches go on meanwhile."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tenant", default="", help="the tenant's short name; all if left out")

    def handle(self, *args: Any, **options: Any) -> None:
        slugs = [options["tenant"]] if options["tenant"] else active_slugs()
        for slug in slugs:
            with scope(scope_of(slug, what="maintenance")):
                names = build_vector_indexes()
            self.stdout.write(f"{slug}: {', '.join(names) or 'no index needed'}")
