"""Long texts of others cost time and nothing else: no worker stands, nothing is hidden or lost."""

import resource
import time

import pytest

from edge_agent.contract.levels import Level
from rag import ingestion
from rag.loaders.blocks import Block
from rag.loaders.bounds import bounded
from rag.models import Chunk, DocumentState
from rag.portions import portions_of
from rag.retrieval import search
from tenants.base.context import platform_scope, scope
from tenants.hosts import TenantRef
from tests.api.library import add_document

CHINESE = "员工每年享有十五天带薪年假"
LETTERS = 200_000
# Once 200,000 letters without a break took 21 s, in the thread of the worker.
CHILD_SECONDS_MAX = 10.0
OWN_SECONDS_MAX = 1.0
SECRET = "sk-proj-T3BlbkFJabcdefghij0123456789ABCDEFGHIJ"


def test_lod_chinese_text_without_breaks_is_ready_and_its_work_is_done_in_children(
    tenant: TenantRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (CHINESE * (LETTERS // len(CHINESE) + 1))[: LETTERS - 4] + "末尾在此"
    own_seconds: list[float] = []
    read = ingestion._read

    def measured(*arguments: object) -> object:
        started = time.thread_time()
        try:
            return read(*arguments)  # type: ignore[arg-type]
        finally:
            own_seconds.append(time.thread_time() - started)

    monkeypatch.setattr(ingestion, "_read", measured)
    before = _child_seconds()

    document = add_document(tenant, "handbook.txt", text.encode())

    child_seconds = _child_seconds() - before
    assert document.state == DocumentState.READY
    assert child_seconds < CHILD_SECONDS_MAX, f"{child_seconds:.1f} s in children"
    assert own_seconds[0] < OWN_SECONDS_MAX, f"{own_seconds[0]:.2f} s in the worker's thread"
    with scope(platform_scope(tenant.schema, "trials")):
        assert sum(map(len, Chunk.objects.values_list("text", flat=True))) == LETTERS
        assert (
            "末尾在此" in search("末尾在此", collection_ids=None, mode="lexical").passages[0].text
        )


@pytest.mark.parametrize("shown_first", [1, len(SECRET) // 2, len(SECRET) - 1])
def test_pol_04_secret_at_a_cut_makes_the_file_secret(tenant: TenantRef, shown_first: int) -> None:
    """The first portion of the file ends so many letters after the secret begins."""
    filler = "字" * LETTERS
    first, *_others = portions_of(bounded([Block(filler)]))
    border = sum(len(found.text) for found in first.found)
    text = f"{filler[: border - shown_first]}{SECRET}{filler}"
    assert _ends_within_the_secret(text, shown_first)

    document = add_document(tenant, "handbook.txt", text.encode())

    assert (document.state, document.level) == (DocumentState.READY, Level.L2)
    assert [reason["what"] for reason in document.level_reasons] == ["API_KEY"]


def _ends_within_the_secret(text: str, shown_first: int) -> bool:
    first, *_others = portions_of(bounded([Block(text)]))
    return first.found[-1].text.endswith(SECRET[:shown_first])


def _child_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
