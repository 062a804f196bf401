"""`manage.py evaluate_retrieval SQUAD.json --tenant demo --json`: how well passages are found."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rag.evaluation import evaluate_retrieval
from rag.management.entering import scope_of
from tenants.base.context import scope


class Command(BaseCommand):
    help = "Index a SQuAD file in a scratch schema, ask all its questions, print the figures."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--tenant", required=True, help="the tenant whose policy rules")
        parser.add_argument("--json", action="store_true", help="end with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["path"].is_file():
            raise CommandError(f"There is no file {options['path']}.")
        with scope(scope_of(options["tenant"], what="evaluation")):
            evaluation = evaluate_retrieval(options["path"], say=self.stderr.write)
        document = evaluation.as_document()
        if options["json"]:
            self.stdout.write(json.dumps(document, ensure_ascii=False))
            return
        for name, value in document.items():
            self.stdout.write(f"{name}: {value}")
