"""`manage.py search "days of leave" --tenant demo`: the passages a question finds, and why."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from rag.evaluation import MODES
from rag.management.entering import scope_of
from rag.retrieval import SearchResult, search
from tenants.base.context import scope
from tenants.base.text import clean_text

QUERY_CHARS_MAX = 2_000
_SHOWN_CHARS = 300


class Command(BaseCommand):
    help = "Search a tenant's documents and print the passages with their scores."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("query")
        parser.add_argument("--tenant", required=True, help="the tenant's short name")
        parser.add_argument("--limit", type=int, default=6)
        parser.add_argument("--mode", choices=MODES, default="fused")
        parser.add_argument("--json", action="store_true", help="end with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        query = clean_text(options["query"], max_chars=QUERY_CHARS_MAX)
        with scope(scope_of(options["tenant"], what="search")):
            found = search(query, collection_ids=None, limit=options["limit"], mode=options["mode"])
        if options["json"]:
            self.stdout.write(json.dumps(_document(found), ensure_ascii=False))
        else:
            self._print(found)

    def _print(self, found: SearchResult) -> None:
        for rank, passage in enumerate(found.passages, start=1):
            page = f", page {passage.page}" if passage.page else ""
            heading = f" · {passage.heading}" if passage.heading else ""
            self.stdout.write(f"{rank}. {passage.document_name}{page}{heading}")
            self.stdout.write(
                f"   score {passage.score:.2f}  words {passage.lexical:.2f}"
                f"  meaning {passage.dense:.3f}"
            )
            self.stdout.write(f"   {passage.text[:_SHOWN_CHARS]}")
        answerable = "yes" if found.answerable else "no"
        self.stdout.write(f"the documents hold an answer: {answerable}")


def _document(found: SearchResult) -> dict[str, object]:
    return {
        "query": found.query,
        "mode": found.mode,
        "answerable": found.answerable,
        "passages": [asdict(passage) for passage in found.passages],
        "timings_ms": {step: round(value, 2) for step, value in found.timings_ms.items()},
    }
