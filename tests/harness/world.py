"""A tenant with one of everything, every text of it a canary."""

import hashlib
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.utils import timezone

from assistant.models import Citation, Conversation, Message, MessageRole, Run, RunState
from rag.models import Chunk, Collection
from tenants.base.context import REGISTRY, person_scope, platform_scope, scope
from tenants.base.roles import OWNER_ALIAS
from tenants.hosts import TenantRef
from tenants.people.keys import issue_key
from tenants.people.models import KeyScope, Person
from tenants.provisioning import create_tenant
from tests.harness.documents import put_document
from tests.harness.people import add_person, owner_of
from tests.harness.web import WebClient

CSRF = "c" * 32
PRIVATE = "-PRIVATE"
# Both tenants hold rows of these ids, so that a leak cannot hide behind a 404.
SHARED = {
    name: str(uuid.UUID(int=number))
    for number, name in enumerate(
        ("conversation", "run", "key", "question", "answer", "document"), start=1
    )
}


@dataclass(frozen=True, slots=True)
class Credential:
    """One way to be someone: a cookie or a key, of whichever tenant gave it out."""

    who: str
    kind: str
    value: str = field(repr=False)

    def headers(self) -> dict[str, str]:
        if self.kind == "KEY":
            return {"authorization": f"Bearer {self.value}"}
        if self.kind == "COOKIE":
            cookie = f"__Host-session={self.value}; __Host-csrf={CSRF}"
            return {"cookie": cookie, "x-csrftoken": CSRF}
        return {"cookie": f"__Host-csrf={CSRF}", "x-csrftoken": CSRF}


@dataclass(frozen=True, slots=True)
class World:
    """One tenant: its people, their credentials, and the ids of one row of each kind."""

    tenant: TenantRef
    canary: str
    people: dict[str, Person]
    credentials: tuple[Credential, ...]
    # Ids that only this tenant has, by kind; those in SHARED exist everywhere.
    ids: dict[str, str]
    # Where the second page of a list begins.
    cursor: str


def build_world(slug: str, *, rows_own: int = 1) -> World:
    """Create the tenant; the one with more rows has numbers that the other lacks."""
    tenant = create_tenant(slug, name=slug.title(), owner_email=f"owner@{slug}.example")
    canary = f"CANARY-{slug.upper()}"
    people = {"owner": owner_of(tenant), "member": add_person(tenant, f"member@{slug}.example")}
    credentials = tuple(
        credential
        for who, person in people.items()
        for credential in _credentials(tenant, who, person)
    )
    ids = _fill(tenant, canary, people["owner"], rows_own)
    cursor = _cursor(tenant, credentials[1])
    return World(tenant, canary, people, credentials, ids, cursor)


def _credentials(tenant: TenantRef, who: str, person: Person) -> list[Credential]:
    client = WebClient(tenant)
    client.sign_in(person)
    with scope(person_scope(tenant.schema, str(person.pk))):
        _key, secret = issue_key(
            person, name=f"{who} probes", scopes=KeyScope.values, expires_at=None
        )
    return [
        Credential(who, "COOKIE", client.cookies["__Host-session"].value),
        Credential(who, "KEY", secret),
    ]


def _fill(tenant: TenantRef, canary: str, owner: Person, rows_own: int) -> dict[str, str]:
    """Put one set of rows under the shared ids, then some under ids of the tenant's own."""
    _put_set(tenant, canary, owner, SHARED)
    for _number in range(rows_own):
        own = {name: str(uuid.uuid4()) for name in SHARED}
        _put_set(tenant, canary, owner, own)
    with scope(platform_scope(tenant.schema)):
        # Numbers run on, so the last one is unknown to a tenant with fewer rows.
        chunk, collection = Chunk.objects.latest("id"), Collection.objects.latest("id")
        return own | {"chunk": str(chunk.pk), "collection": str(collection.pk)}


def _put_set(tenant: TenantRef, canary: str, owner: Person, ids: dict[str, str]) -> None:
    text = f"{canary} The gardener gets thirty days of leave."
    document = put_document(tenant, text, name=f"{canary}.md", document_id=ids["document"])
    with scope(platform_scope(tenant.schema)):
        Collection.objects.create(name=f"{canary} {ids['document']}")
        # Documents are everybody's in the house; the rest is its owner's alone.
        private = f"{canary}{PRIVATE}"
        _put_conversation(ids, private, owner, Chunk.objects.get(document=document))
        _put_key(ids["key"], private, owner)


def _put_conversation(ids: dict[str, str], canary: str, owner: Person, chunk: Chunk) -> None:
    conversation = Conversation.objects.create(id=ids["conversation"], owner=owner, title=canary)
    question = Message.objects.create(
        id=ids["question"],
        conversation=conversation,
        position=0,
        role=MessageRole.USER,
        text=f"{canary} question",
    )
    answer = Message.objects.create(
        id=ids["answer"],
        conversation=conversation,
        position=1,
        role=MessageRole.ASSISTANT,
        text=f"{canary} answer",
    )
    Run.objects.create(
        id=ids["run"],
        conversation=conversation,
        question=question,
        answer=answer,
        state=RunState.DONE,
        attempt=1,
        actor_kind="PERSON",
        actor_id=str(owner.pk),
        idempotency_key=f"key-{ids['run']}",
        partial_text=f"{canary} partial",
        model=canary,
        started_at=timezone.now(),
        finished_at=timezone.now(),
    )
    Citation.objects.create(
        message=answer,
        ordinal=1,
        chunk=chunk,
        document_id=chunk.document_id,
        document_name=canary,
        page=1,
        start=0,
        end=5,
        quote=f"{canary} quote",
        score=1.0,
    )


def _cursor(tenant: TenantRef, key: Credential) -> str:
    listed = WebClient(tenant).get("/api/v1/conversations?limit=1", headers=key.headers())
    return str(listed.json()["next_cursor"])


def _put_key(key_id: str, canary: str, owner: Person) -> None:
    key, _secret = issue_key(owner, name=canary, scopes=[KeyScope.READ], expires_at=None)
    type(key).objects.filter(pk=key.pk).update(id=key_id)


def fingerprint(tenant: TenantRef) -> dict[str, str]:
    """Return a hash of every table of the tenant, of its work and of its files."""
    with scope(platform_scope(tenant.schema)), connections[OWNER_ALIAS].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [tenant.schema])
        found = {}
        for table in sorted(row[0] for row in cursor.fetchall()):
            cursor.execute(
                "SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), ''))"
                f' FROM {tenant.schema}."{table}" t'
            )
            [found[table]] = cursor.fetchone()
    with scope(REGISTRY), connections[OWNER_ALIAS].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM work_item WHERE schema = %s", [tenant.schema])
        found["work_item"] = str(cursor.fetchone()[0])
    folder = Path(settings.FILES_ROOT) / tenant.schema
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        found[str(path.relative_to(folder))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found
