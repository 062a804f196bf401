"""DUR-09: every task body three times and in another order leaves the same database."""

import json
import re
import uuid
from collections.abc import Iterator, Sequence

import pytest
from django.db import connections

from assistant.conversations import ask
from assistant.models import Run, RunState
from rag.collections import create_collection
from rag.documents import accept_upload, begin_upload, delete_document
from rag.models import Document, DocumentState
from tenants.base.context import REGISTRY, person_scope, platform_scope, scope
from tenants.base.jobs import (
    DELETE_FILES,
    INGEST_DOCUMENT,
    JOBS,
    JUDGE_DOCUMENTS,
    RUN_TURN,
    Job,
    body_of,
)
from tenants.base.roles import OWNER_ALIAS
from tenants.hosts import TenantRef
from tenants.models import WorkItem
from tenants.policies.publishing import publish_policy
from tenants.policies.standing import document_in_force
from tests.api.library import HANDBOOK
from tests.assistant.talking import provider  # noqa: F401 - a fixture
from tests.harness.copies import copy_tenant
from tests.harness.documents import put_document
from tests.harness.fixtures import end_work, new_tenant
from tests.harness.people import owner_of
from tests.harness.scripted_provider import ScriptedProvider
from tests.harness.world import SHARED, build_world, fingerprint

TIMES = 3
FORWARD = [INGEST_DOCUMENT, RUN_TURN, DELETE_FILES, JUDGE_DOCUMENTS]
ORDERS = {
    "backward": FORWARD[::-1],
    "halves swapped": [*FORWARD[2:], *FORWARD[:2]],
    "neighbours swapped": [RUN_TURN, INGEST_DOCUMENT, JUDGE_DOCUMENTS, DELETE_FILES],
}
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_COLUMNS = """
SELECT table_name, array_agg(column_name::text) FROM information_schema.columns
WHERE table_schema = %s AND data_type <> 'timestamp with time zone'
GROUP BY table_name ORDER BY table_name
"""

Promises = dict[Job, str]
Tables = dict[str, list[str]]


@pytest.fixture
def begun() -> Iterator[TenantRef]:
    """Offer a tenant in which each kind of work is promised once and nothing is done yet."""
    tenant = build_world(f"begun-{uuid.uuid4().hex[:8]}").tenant
    owner = owner_of(tenant)
    put_document(tenant, "Ask anna.schmidt@example.org for a key.", name="keys.md")
    with scope(platform_scope(tenant.schema, "tests")):
        path = begin_upload(len(HANDBOOK))
        path.write_bytes(HANDBOOK)
        accept_upload("handbook.md", "text/markdown", path)
        # An answer cites a passage of this one.
        delete_document(SHARED["document"])
        # The question looks where nothing changes, else its answer would rightly depend on the order.
        quiet = create_collection("Quiet")
        publish_policy({**document_in_force(), "paths": {"*.md": "L1"}}, author=owner, based_on=1)
    with scope(person_scope(tenant.schema, str(owner.pk))):
        ask("Hello!", conversation_id=None, person_id=str(owner.pk), collection_ids=[quiet.pk])
    yield tenant
    end_work(tenant)


@pytest.fixture
def copies(begun: TenantRef) -> Iterator[list[TenantRef]]:
    """Offer one copy to be worked on plainly, and one for each order."""
    made = [new_tenant("copy") for _number in range(1 + len(ORDERS))]
    for tenant in made:
        copy_tenant(begun, tenant)
    yield made
    for tenant in made:
        end_work(tenant)


def test_dur_09_every_task_thrice_and_in_another_order_leaves_the_same_database(
    begun: TenantRef,
    copies: list[TenantRef],
    provider: ScriptedProvider,  # noqa: F811
) -> None:
    promises = promises_of(begun)
    ours = {job for job in JOBS.values() if not body_of(job.kind).__module__.startswith("tests")}
    assert set(promises) == set(FORWARD) == ours, "a job has no trial"
    known = set(_UUID.findall(json.dumps(contents(begun))))
    plain, *others = copies

    work(plain, FORWARD, promises)
    wanted = without_new_ids(contents(plain), known)
    assert wanted != without_new_ids(contents(begun), known)
    assert_all_is_done(plain)

    for tenant, (name, order) in zip(others, ORDERS.items(), strict=True):
        work(tenant, [job for job in order for _time in range(TIMES)], promises)
        assert differing(without_new_ids(contents(tenant), known), wanted) == {}, name
        # Whatever comes later finds nothing to do, and not even a moment moves.
        settled = fingerprint(tenant)
        work(tenant, order * TIMES, promises)
        assert fingerprint(tenant) == settled, name


def work(tenant: TenantRef, jobs: Sequence[Job], promises: Promises) -> None:
    """Run the bodies as a worker runs them, without messages and leases of the queue."""
    for job in jobs:
        with scope(platform_scope(tenant.schema)):
            body_of(job.kind)(promises[job])


def promises_of(tenant: TenantRef) -> Promises:
    with scope(REGISTRY):
        items = list(WorkItem.objects.filter(schema=tenant.schema))
    return {JOBS[item.kind]: str(item.object_id) for item in items}


def assert_all_is_done(tenant: TenantRef) -> None:
    assert promises_of(tenant) == {}
    with scope(platform_scope(tenant.schema)):
        assert set(Run.objects.values_list("state", flat=True)) == {RunState.DONE}
        assert set(Document.objects.values_list("state", flat=True)) == {DocumentState.READY}
        assert Document.objects.filter(name="handbook.md", chunks_done__gt=0).count() == 1
        assert not Document.objects.filter(pk=SHARED["document"]).exists()


def contents(tenant: TenantRef) -> Tables:
    """Return every row of the tenant but for the moments in it, in a stable order."""
    found = {}
    with scope(platform_scope(tenant.schema)), connections[OWNER_ALIAS].cursor() as cursor:
        cursor.execute(_COLUMNS, [tenant.schema])
        for table, columns in cursor.fetchall():
            named = ", ".join(f'"{column}"' for column in sorted(columns))
            cursor.execute(
                f'SELECT row_to_json(kept)::text FROM (SELECT {named} FROM "{table}") kept'
            )
            found[table] = sorted(row for [row] in cursor.fetchall())
    found["work_item"] = sorted(job.kind for job in promises_of(tenant))
    return found


def differing(found: Tables, wanted: Tables) -> dict[str, set[str]]:
    """Return the rows that only one of the two has."""
    tables = {table: set(rows) ^ set(wanted[table]) for table, rows in found.items()}
    if [*map(len, found.values())] != [*map(len, wanted.values())]:
        tables["number of rows"] = {str({table: len(rows) for table, rows in found.items()})}
    return {table: rows for table, rows in tables.items() if rows}


def without_new_ids(tables: Tables, known: set[str]) -> Tables:
    """Put one word in place of ids that were drawn by chance since the beginning."""

    def named(match: re.Match[str]) -> str:
        return match[0] if match[0] in known else "NEW"

    return {table: sorted(_UUID.sub(named, row) for row in rows) for table, rows in tables.items()}
