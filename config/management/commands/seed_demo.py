"""`manage.py seed_demo`: the demo tenant, its sign-in, its key and its documents; safe to repeat."""

import json
import secrets
import shutil
import time
from argparse import ArgumentParser
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.stack.progress import NothingMoves, Wait
from config.stack.records import write_private
from rag import samples
from rag.documents import accept_upload, begin_upload
from rag.ingestion import ingest_document
from rag.models import Document, DocumentState
from rag.selectors import failure_sentence
from tenants.base.context import REGISTRY, person_scope, platform_scope, scope
from tenants.models import Tenant
from tenants.people.keys import issue_key
from tenants.people.models import KeyScope, Person
from tenants.provisioning import create_tenant

SLUG = "demo"
OWNER_EMAIL = "owner@demo.example"
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".md": "text/markdown",
}
_LOOK_SECONDS = 0.5
_IDLE_SECONDS = 5.0
_ADVICE = (
    "the documents are not ready yet; the worker goes on with them, and the portal shows how far"
)
_SETTLED = (DocumentState.READY, DocumentState.FAILED)


class Command(BaseCommand):
    requires_system_checks = []
    help = "Create the demo tenant with its documents, where they are missing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--wait", action="store_true", help="until every document is ready")

    def handle(self, *args: Any, **options: Any) -> None:
        schema = self._tenant()
        with scope(platform_scope(schema, "seed")):
            owner = Person.objects.get(email=OWNER_EMAIL)
        key_file = settings.STATE_DIR / "demo-key"
        with scope(person_scope(schema, str(owner.pk))):
            if not key_file.exists():
                _key, secret = issue_key(
                    owner, name="Demo", scopes=KeyScope.values, expires_at=None
                )
                write_private(key_file, secret)
            self._upload_missing(owner)
            if options["wait"]:
                self._wait()

    def _tenant(self) -> str:
        with scope(REGISTRY):
            found = Tenant.objects.filter(slug=SLUG).first()
        if found is not None:
            return found.schema_name
        password = secrets.token_urlsafe(9)
        made = create_tenant(
            SLUG, name="Northwind Clinic", owner_email=OWNER_EMAIL, owner_password=password
        )
        kept = {"host": made.host, "email": OWNER_EMAIL, "password": password}
        write_private(settings.STATE_DIR / "demo-signin.json", json.dumps(kept))
        self.stdout.write(f"made the tenant {SLUG} (Northwind Clinic)")
        return made.schema

    def _upload_missing(self, owner: Person) -> None:
        known = set(Document.objects.values_list("name", flat=True))
        for path in sample_files():
            if path.name in known:
                continue
            taken = begin_upload(path.stat().st_size)
            shutil.copyfile(path, taken)
            accept_upload(path.name, MEDIA_TYPES[path.suffix], taken, uploaded_by=str(owner.pk))
            self.stdout.write(f"uploaded {path.name}")

    def _wait(self) -> None:
        began = idle_since = time.monotonic()
        known, told = passages_done(), ""
        wait = Wait("the documents", signs_of_documents, say=self._show, advice=_ADVICE)
        while waiting := list(Document.objects.exclude(state__in=_SETTLED).order_by("pk")):
            now = time.monotonic()
            counted = progress_of(waiting, passages_per_second=0.0)
            if counted != told:
                self._show(counted)
                wait.hear()
                idle_since, told = now, counted
            speed = (passages_done() - known) / max(now - began, 0.001)
            try:
                wait.look(progress_of(waiting, passages_per_second=speed))
            except NothingMoves as error:
                raise CommandError(str(error)) from error
            queued = [row for row in waiting if row.state == DocumentState.QUEUED]
            if len(queued) == len(waiting) and now - idle_since > _IDLE_SECONDS:
                # No worker runs, it seems. Should one come, only one of the two gets each document.
                ingest_document(str(queued[0].pk))
                continue
            time.sleep(_LOOK_SECONDS)
        for broken in Document.objects.filter(state=DocumentState.FAILED):
            self.stderr.write(f"{broken.name} could not be read: {failure_sentence(broken)}")

    def _show(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def signs_of_documents() -> Hashable:
    """Return what changes while somebody works: states, passages, attempts, renewed leases."""
    rows = Document.objects.exclude(state__in=_SETTLED).order_by("pk")
    return tuple(rows.values_list("pk", "state", "chunks_done", "attempt", "lease_expires_at"))


def passages_done() -> int:
    return sum(Document.objects.values_list("chunks_done", flat=True))


def progress_of(waiting: Sequence[Document], *, passages_per_second: float) -> str:
    """Say how many documents and passages are left, and about how long they take."""
    done = sum(row.chunks_done for row in waiting)
    total = sum(row.chunks_total for row in waiting)
    line = f"indexing: {len(waiting)} documents to go, {done} of {total} passages"
    # Before a document is parsed nobody knows how many passages it has.
    if not passages_per_second or any(not row.chunks_total for row in waiting):
        return line
    return f"{line}, about {(total - done) / passages_per_second:.0f} s"


def sample_files() -> list[Path]:
    """Return the demo's documents, in a stable order."""
    folder = Path(samples.__file__).parent
    return sorted(path for path in folder.iterdir() if path.suffix in MEDIA_TYPES)
