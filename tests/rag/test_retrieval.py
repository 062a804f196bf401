"""What is found, in what order, by whom, and what is quoted and cited from it."""

import io
from collections.abc import Iterator

import pytest

from rag import documents, index_queries, retrieval, vector_index
from rag.chunking import cut_into_pieces
from rag.citing import cite
from rag.embeddings import ScriptedEmbedder
from rag.errors import EmbeddingsUnavailable
from rag.indexing import embedded, index_passages
from rag.loaders import markdown
from rag.models import Collection, Document, DocumentState, EmbeddingModel
from rag.quoting import best_sentences
from rag.retrieval import Mode, search
from tenants.base.context import platform_scope, scope
from tenants.hosts import TenantRef

TOPICS = {
    "leave.md": "# Leave\n\nAnnual leave is 24 days. After three years it grows to 28 days.",
    "travel.md": "# Travel\n\nTrains are second class. In Berlin a hotel may cost 140 euros.",
    "security.md": "# Security\n\nLost badges are reported within an hour to the front desk.",
    "假期.md": "# 假期\n\n年假为二十四天。入职满三年后增加到二十八天。病假需要医生证明。",
}


@pytest.fixture
def library(tenant: TenantRef) -> Iterator[TenantRef]:
    with scope(platform_scope(tenant.schema)):
        for name, text in TOPICS.items():
            add(name, text)
        yield tenant


def add(name: str, text: str, collection: Collection | None = None) -> Document:
    """Index a Markdown document, as ingestion does after the parser."""
    document = Document.objects.create(
        collection=documents.collection_of(collection),
        name=name,
        media_type="text/markdown",
        size_bytes=len(text),
        sha256="",
        storage_key="",
        state=DocumentState.READY,
    )
    pieces = list(cut_into_pieces(markdown.load(io.BytesIO(text.encode()))))
    with_embedder = ScriptedEmbedder()
    passages = embedded(pieces, with_embedder)
    index_passages(document, passages, first_ordinal=0, model_name=with_embedder.name)
    return document


def names(query: str, mode: Mode = "fused", collection_ids: list[int] | None = None) -> list[str]:
    found = search(query, collection_ids=collection_ids, mode=mode)
    return [passage.document_name for passage in found.passages]


@pytest.mark.parametrize("mode", ["lexical", "dense", "fused"])
@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("How many days of annual leave?", "leave.md"),
        ("hotel costs in Berlin", "travel.md"),
        ("年假有多少天？", "假期.md"),
    ],
)
def test_best_passage_comes_first(library: TenantRef, mode: Mode, query: str, name: str) -> None:
    assert names(query, mode)[0] == name


def test_scores_of_a_passage_are_told_apart(library: TenantRef) -> None:
    [first, *_rest] = search("hotel costs in Berlin", collection_ids=None).passages

    assert first.lexical > 0
    assert 0 < first.dense <= 1.001
    assert (first.page, first.heading) == (None, "Travel")


def test_common_terms_are_used_when_there_are_no_others(library: TenantRef) -> None:
    for number in range(20):
        add(f"note-{number}.md", f"The note number {number} is short.")

    assert len(names("the", "lexical")) == 6
    assert names("the berlin", "lexical") == ["travel.md"]


def test_unknown_words_find_nothing_by_words(library: TenantRef) -> None:
    found = search("zzz qqq", collection_ids=None, mode="lexical")

    assert (found.passages, found.answerable) == ((), False)


@pytest.mark.parametrize("query", ["", " ", "?!", "\x00", "\ud800", "a" * 100_000, "' OR 1=1 --"])
def test_no_question_breaks_the_search(library: TenantRef, query: str) -> None:
    assert len(search(query, collection_ids=None).passages) <= 6


def test_search_stays_in_the_collections_it_was_given(library: TenantRef) -> None:
    kept = Collection.objects.create(name="Kept apart")
    add("kept.md", "# Leave\n\nAnnual leave of directors is 40 days.", kept)

    assert names("annual leave days", collection_ids=[kept.pk]) == ["kept.md"]
    assert "kept.md" not in names(
        "annual leave days", collection_ids=[documents.default_collection().pk]
    )
    assert names("annual leave days", collection_ids=[987654]) == []


@pytest.mark.parametrize("mode", ["lexical", "dense", "fused"])
def test_ten_10_nearer_passage_of_another_tenant_is_never_found(
    library: TenantRef, other_tenant: TenantRef, mode: Mode
) -> None:
    query = "canary 7f3a of the other tenant"
    with scope(platform_scope(other_tenant.schema)):
        add("canary.md", query)
        assert names(query, mode) == ["canary.md"]

    assert "canary.md" not in names(query, mode)


def test_empty_tenant_answers_nothing(tenant: TenantRef) -> None:
    with scope(platform_scope(tenant.schema)):
        found = search("anything", collection_ids=None)

    assert (found.passages, found.answerable) == ((), False)


def test_words_still_find_when_the_embedder_is_away(
    library: TenantRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Away(ScriptedEmbedder):
        def embed_query(self, text: str) -> list[float]:
            raise EmbeddingsUnavailable

    monkeypatch.setattr(retrieval, "embedder", Away)

    found = search("hotel costs in Berlin", collection_ids=None)

    assert (found.mode, found.passages[0].document_name) == ("lexical", "travel.md")


def test_gate_tells_answers_from_strangers(library: TenantRef) -> None:
    assert search("How many days of annual leave?", collection_ids=None).answerable
    assert not search("quantum chromodynamics lecture", collection_ids=None).answerable


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("How many days is annual leave?", "Annual leave is 24 days."),
        ("What may a hotel in Berlin cost?", "In Berlin a hotel may cost 140 euros."),
        ("病假需要什么证明？", "病假需要医生证明。"),
    ],
)
def test_quote_is_the_sentence_word_for_word(
    library: TenantRef, question: str, sentence: str
) -> None:
    [best, *_rest] = best_sentences(question, search(question, collection_ids=None))

    assert best.text == sentence
    assert best.passage.text[best.start : best.end] == sentence


def test_quoted_row_is_shown_under_its_header(library: TenantRef) -> None:
    add(
        "limits.md", "# Limits\n\n| City | Limit |\n| --- | --- |\n| Oslo | 210 |\n| Rome | 160 |\n"
    )
    question = "limit in Rome"

    [best, *_rest] = best_sentences(question, search(question, collection_ids=None))

    assert best.text == "| City | Limit |\n| --- | --- |\n| Rome | 160 |"
    assert best.passage.text[best.start : best.end] == "| Rome | 160 |"


def test_nothing_found_quotes_nothing(tenant: TenantRef) -> None:
    with scope(platform_scope(tenant.schema)):
        assert best_sentences("anything", search("anything", collection_ids=None)) == ()


def test_supported_sentence_is_cited_where_it_stands(library: TenantRef) -> None:
    passages = search("annual leave and hotels", collection_ids=None).passages

    cited = cite("Annual leave is 24 days.", passages)

    assert cited is not None
    assert cited.passage.document_name == "leave.md"
    assert cited.passage.text[cited.start : cited.end] == "Annual leave is 24 days."
    assert cited.score > 0.9


@pytest.mark.parametrize(
    "sentence", ["The moon is made of cheese.", "Leave is 99 days in Berlin.", "...", ""]
)
def test_unsupported_sentence_is_not_cited(library: TenantRef, sentence: str) -> None:
    passages = search("annual leave", collection_ids=None).passages

    assert cite(sentence, passages) is None


def test_unfinished_document_is_not_searched(library: TenantRef) -> None:
    Document.objects.filter(name="travel.md").update(state="EMBEDDING")

    assert "travel.md" not in names("hotel costs in Berlin")


def test_index_of_large_tenants_finds_the_same(
    library: TenantRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Collection.objects.create(name="Kept apart")
    add("kept.md", "# Leave\n\nAnnual leave of directors is 40 days.", kept)
    queries = ("days of annual leave", "hotel costs in Berlin", "年假有多少天？")
    exact = [names(query, "dense") for query in queries]
    for module in (index_queries, vector_index):
        monkeypatch.setattr(module, "INDEX_FROM_PASSAGES", 1)

    built = [vector_index.build_vector_indexes() for _ in range(2)]

    model = EmbeddingModel.objects.get()
    assert built == [[f"rag_chunkvector_hnsw_{model.pk}"]] * 2
    assert [names(query, "dense") for query in queries] == exact
    assert names("annual leave days", "dense", [kept.pk]) == ["kept.md"]
