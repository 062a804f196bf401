"""`manage.py ask "How many days of leave?" --tenant demo`: one question, its words as they come."""

import asyncio
import json
import sys
import threading
import time
from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from assistant import turns
from assistant.conversations import ask
from assistant.endings import citation_data, receipt_of
from assistant.enums import EventKind
from assistant.models import RunState
from assistant.relay import Event, relay
from assistant.selectors import RunView, run_detail
from tenants.base.context import REGISTRY, Scope, person_scope, platform_scope, scope
from tenants.base.errors import AppError
from tenants.models import Tenant
from tenants.people.models import Person, Role

# A running worker has taken the question by then; without one it is answered in here.
WORKER_GRACE_SECONDS = 1.0
LOOK_SECONDS = 0.5


class Command(BaseCommand):
    help = "Ask one question as a person of a tenant and print the answer while it is written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("question")
        parser.add_argument("--tenant", required=True, help="the tenant's short name")
        parser.add_argument("--email", default="", help="who asks; the first owner if left out")
        parser.add_argument("--json", action="store_true", help="end with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        asker = asker_of(options["tenant"], options["email"])
        started_at = time.monotonic()
        try:
            with scope(asker):
                asked = ask(options["question"], conversation_id=None, person_id=asker.actor_id)
        except AppError as error:
            raise CommandError(str(error)) from error
        answering = _Answering(asker.schema, asked.run_id)
        printed = _Printed(self.stdout.write, started_at)
        with answering:
            asyncio.run(_follow(asker, asked.run_id, printed))
        with scope(asker):
            view = run_detail(asked.run_id)
        connections.close_all()
        self._report(view, printed, as_json=options["json"])

    def _report(self, view: RunView, printed: "_Printed", *, as_json: bool) -> None:
        self.stdout.write("")
        for citation in view.citations:
            page = f", page {citation.page}" if citation.page else ""
            self.stdout.write(f"[{citation.ordinal}] {citation.document_name}{page}")
        if view.state == RunState.FAILED:
            self.stderr.write(f"{view.error_code}: {view.error_detail}")
        if as_json:
            self.stdout.write(json.dumps(_document(view, printed), ensure_ascii=False))
        if view.state != RunState.DONE:
            sys.exit(1)


class _Answering:
    """Answers the question in this process if nobody else does."""

    def __init__(self, schema: str, run_id: str) -> None:
        self._scope = platform_scope(schema, "ask")
        self._run_id = run_id
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        pause_seconds = WORKER_GRACE_SECONDS
        try:
            with scope(self._scope):
                while not self._over.wait(pause_seconds):
                    if run_detail(self._run_id).is_finished:
                        return
                    # The claim decides who writes: with a worker at it, this does nothing.
                    turns.run_turn(self._run_id)
                    pause_seconds = LOOK_SECONDS
        finally:
            connections.close_all()


class _Printed:
    """What stands on the terminal, and when its first word came."""

    def __init__(self, write: Any, started_at: float) -> None:
        self._write = write
        self._started_at = started_at
        self._text = ""
        self.first_word_seconds: float | None = None

    def take(self, event: Event) -> None:
        if event.kind == EventKind.DELTA:
            self._print(str(event.data["text"]))
        elif event.kind == EventKind.RESTART and self._text:
            self._write("\n", ending="")
            self._text = ""
        elif event.kind in {EventKind.SNAPSHOT, EventKind.DONE}:
            self._catch_up(str(event.data["text"]))

    def _catch_up(self, whole: str) -> None:
        if whole.startswith(self._text):
            self._print(whole.removeprefix(self._text))
        else:
            self._write("\n", ending="")
            self._text = ""
            self._print(whole)

    def _print(self, words: str) -> None:
        if not words:
            return
        if self.first_word_seconds is None:
            self.first_word_seconds = round(time.monotonic() - self._started_at, 3)
        self._text += words
        self._write(words, ending="")
        sys.stdout.flush()


async def _follow(asker: Scope, run_id: str, printed: _Printed) -> None:
    async for event in relay(asker, run_id):
        printed.take(event)


def asker_of(slug: str, email: str) -> Scope:
    """Return the scope of the person who asks.

    Raises: CommandError.
    """
    with scope(REGISTRY):
        tenant = Tenant.objects.filter(slug=slug).first()
    if tenant is None:
        raise CommandError(f"There is no tenant {slug!r}.")
    with scope(platform_scope(tenant.schema_name, "ask")):
        people = Person.objects.filter(is_active=True).order_by("created_at", "id")
        chosen = people.filter(email__iexact=email) if email else people.filter(role=Role.OWNER)
        person = chosen.first()
    if person is None:
        raise CommandError(f"The tenant {slug!r} has no such person.")
    return person_scope(tenant.schema_name, str(person.pk))


def _document(view: RunView, printed: _Printed) -> dict[str, object]:
    citations: Iterable[dict[str, object]] = map(citation_data, view.citations)
    return {
        "run_id": view.id,
        "conversation_id": view.conversation_id,
        "state": view.state.value,
        "text": view.text,
        "citations": list(citations),
        "receipt": receipt_of(view),
        "first_word_seconds": printed.first_word_seconds,
        "error": {"code": view.error_code, "message": view.error_detail}
        if view.error_code
        else None,
    }
