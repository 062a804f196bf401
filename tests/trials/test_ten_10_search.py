"""TEN-10: the nearer neighbour lives next door, and a missing table is no way out."""

import io
import json
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, connections

from rag.models import Collection, Document
from tenants.base.context import REGISTRY, platform_scope, scope
from tenants.base.roles import OWNER_ALIAS
from tenants.hosts import TenantRef
from tests.harness.documents import put_document, search_texts

QUESTION = "How many days of leave does a gardener get?"
NEARER = "CANARY-NEXT-DOOR A gardener gets thirty days of leave."
FARTHER = "CANARY-AT-HOME The canteen opens at noon."


def test_ten_10_search_finds_only_what_is_at_home(
    tenant: TenantRef, other_tenant: TenantRef
) -> None:
    put_document(tenant, FARTHER)
    put_document(other_tenant, NEARER)

    for mode in ("lexical", "dense", "fused"):
        found = search_texts(tenant, QUESTION, mode)
        assert all(text == FARTHER for text in found), (mode, found)
        assert search_texts(other_tenant, QUESTION, mode) == [NEARER]


def test_ten_10_ids_that_overlap_lead_to_ones_own_rows(
    tenant: TenantRef, other_tenant: TenantRef
) -> None:
    ids = []
    for each in (tenant, other_tenant):
        with scope(platform_scope(each.schema)):
            ids.append(Collection.objects.create(name=f"of {each.schema}").pk)
    assert ids[0] == ids[1]
    with scope(platform_scope(tenant.schema)):
        assert Collection.objects.get(pk=ids[1]).name == f"of {tenant.schema}"


@pytest.fixture
def broken(tenant: TenantRef) -> Iterator[TenantRef]:
    """Offer a tenant whose documents are gone while `public` has a table of that name."""
    _run(f"ALTER TABLE {tenant.schema}.rag_document RENAME TO rag_document_gone")
    yield tenant
    _run(f"ALTER TABLE {tenant.schema}.rag_document_gone RENAME TO rag_document")


@pytest.fixture
def decoy() -> Iterator[None]:
    _run("CREATE TABLE public.rag_document (LIKE template_tenant.rag_document)")
    yield
    _run("DROP TABLE public.rag_document")


def _run(statement: str) -> None:
    with scope(REGISTRY), connections[OWNER_ALIAS].cursor() as cursor:
        cursor.execute(statement)


def test_ten_10_a_missing_table_stops_the_start(broken: TenantRef) -> None:
    with pytest.raises(CommandError, match=f"missing in {broken.schema}: rag_document"):
        call_command("migrate_tenants", stdout=io.StringIO())


def test_ten_10_the_start_goes_on_when_all_is_whole(tenant: TenantRef) -> None:
    said = io.StringIO()
    call_command("migrate_tenants", "--json", stdout=said)
    assert json.loads(said.getvalue().splitlines()[-1])["migrated"] == []


@pytest.mark.usefixtures("decoy")
def test_ten_10_a_missing_table_is_not_read_from_public(broken: TenantRef) -> None:
    with scope(platform_scope(broken.schema)):
        with pytest.raises(ProgrammingError, match="permission denied"):
            Document.objects.count()
        connection.close()
