"""Measure retrieval over a set of paragraphs and questions in SQuAD's form.

The paragraphs are indexed in a scratch schema that is dropped at the end: nobody else ever
sees them, the tenant's own tables are not touched, and no transaction is long.
"""

import json
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean, median, quantiles

from django.db import connection, connections, transaction

from rag.digest import cut_texts
from rag.embeddings import embedder
from rag.indexing import Embedded, embedded, index_passages
from rag.models import Collection, Document, DocumentState
from rag.progress import Say, told
from rag.quoting import best_sentences
from rag.retrieval import Mode, SearchResult, search
from tenants.base.roles import OWNER_ALIAS
from tenants.policies.models import PolicyVersion
from tenants.scratch import scratch_schema

MODES: tuple[Mode, ...] = ("lexical", "dense", "fused")
RANKS = 10
# Paragraphs may be cut into passages; so many of these hold ten different paragraphs.
PASSAGES_READ = 40
QUOTES = 3


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    answers: tuple[str, ...]
    paragraph: int


@dataclass(frozen=True, slots=True)
class ModeFigures:
    """Shares of questions, and milliseconds of one search."""

    recall_at_1: float
    recall_at_5: float
    recall_at_10: float
    mrr_at_10: float
    ndcg_at_10: float
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`answer_in_k`: the answer stands in the first k quoted sentences, of the right paragraph."""

    n: int
    paragraphs: int
    passages: int
    embedder: str
    modes: dict[Mode, ModeFigures]
    answer_in_1: float
    answer_in_2: float
    answer_in_3: float
    answerable: float
    postings_bytes_per_passage: int
    index_seconds: float

    def as_document(self) -> dict[str, object]:
        """Return the figures by the names they are known by, as plain values."""
        document = asdict(self)
        document["modes"] = {
            mode: {name.replace("_at_", "@"): value for name, value in figures.items()}
            for mode, figures in document["modes"].items()
        }
        return document


def evaluate_retrieval(path: Path, *, say: Say) -> Evaluation:
    """Measure as the current tenant would find them, by its policy, outside its tables."""
    paragraphs, questions = read_squad(path)
    say(f"{len(paragraphs)} paragraphs, {len(questions)} questions")
    policy = PolicyVersion.objects.first()
    with scratch_schema("evaluation"):
        if policy is not None:
            PolicyVersion.objects.create(version=policy.version, document=policy.document)
        return _evaluated(paragraphs, questions, say)


def _evaluated(paragraphs: Sequence[str], questions: Sequence[Question], say: Say) -> Evaluation:
    started = time.perf_counter()
    passages = _embedded(paragraphs, say)
    collection = Collection.objects.create(name="evaluation")
    paragraph_of = _index(collection, passages, say)
    index_seconds = time.perf_counter() - started
    modes: dict[Mode, ModeFigures] = {}
    results: list[SearchResult] = []
    for mode in MODES:
        results, modes[mode] = _measured(collection, questions, paragraph_of, mode, say)
    found_in = [
        _answer_place(question, result, paragraph_of)
        for question, result in told(
            list(zip(questions, results, strict=True)), what="quoting", say=say
        )
    ]
    return Evaluation(
        n=len(questions),
        paragraphs=len(paragraphs),
        passages=sum(map(len, passages)),
        embedder=embedder().name,
        modes=modes,
        answer_in_1=_share(place <= 1 for place in found_in),
        answer_in_2=_share(place <= 2 for place in found_in),
        answer_in_3=_share(place <= 3 for place in found_in),
        answerable=_share(result.answerable for result in results),
        postings_bytes_per_passage=postings_bytes_per_passage(collection),
        index_seconds=round(index_seconds, 1),
    )


def read_squad(path: Path) -> tuple[list[str], list[Question]]:
    paragraphs: list[str] = []
    questions: list[Question] = []
    for article in json.loads(path.read_text("utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            for asked in paragraph["qas"]:
                answers = tuple(answer["text"] for answer in asked["answers"])
                questions.append(Question(asked["question"], answers, len(paragraphs)))
            paragraphs.append(paragraph["context"])
    return paragraphs, questions


def postings_bytes_per_passage(collection: Collection) -> int:
    """Return table and indexes of the postings, shared out by rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_total_relation_size('posting') * (SELECT count(*) FROM posting"
            " WHERE collection_id = %s) / greatest((SELECT count(*) FROM posting), 1)",
            [collection.pk],
        )
        [size_bytes] = cursor.fetchone() or (0,)
    collection.refresh_from_db()
    return round(int(size_bytes) / max(collection.chunk_count, 1))


def _embedded(paragraphs: Sequence[str], say: Say) -> list[list[Embedded]]:
    with_embedder = embedder()
    texts = list(cut_texts(paragraphs))
    return [embedded(pieces, with_embedder) for pieces in told(texts, what="embedding", say=say)]


def _index(collection: Collection, passages: Sequence[list[Embedded]], say: Say) -> dict[str, int]:
    paragraph_of: dict[str, int] = {}
    for pieces in told(passages, what="indexing", say=say):
        number = len(paragraph_of)
        with transaction.atomic():
            document = Document.objects.create(
                collection=collection,
                name=f"paragraph {number}",
                media_type="text/plain",
                size_bytes=0,
                sha256="",
                storage_key="",
                state=DocumentState.READY,
            )
            index_passages(document, pieces, first_ordinal=0, model_name=embedder().name)
        paragraph_of[str(document.pk)] = number
    # What autovacuum does by itself in a tenant, within a minute or so.
    with connections[OWNER_ALIAS].cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) rag_document, rag_chunk, rag_chunkvector")
        cursor.execute("VACUUM (ANALYZE) rag_sentencevector, posting")
    return paragraph_of


def _measured(
    collection: Collection,
    questions: Sequence[Question],
    paragraph_of: dict[str, int],
    mode: Mode,
    say: Say,
) -> tuple[list[SearchResult], ModeFigures]:
    results, ranks, times = [], [], []
    for question in told(questions, what=f"asking, {mode}", say=say):
        started = time.perf_counter()
        result = search(
            question.text, collection_ids=[collection.pk], limit=PASSAGES_READ, mode=mode
        )
        times.append((time.perf_counter() - started) * 1000)
        results.append(result)
        found = dict.fromkeys(paragraph_of[each.document_id] for each in result.passages)
        ranks.append(_rank(list(found), question.paragraph))
    figures = ModeFigures(
        recall_at_1=_share(rank <= 1 for rank in ranks),
        recall_at_5=_share(rank <= 5 for rank in ranks),
        recall_at_10=_share(rank <= RANKS for rank in ranks),
        mrr_at_10=round(fmean(1 / rank if rank <= RANKS else 0 for rank in ranks), 4),
        ndcg_at_10=round(
            fmean(1 / math.log2(rank + 1) if rank <= RANKS else 0 for rank in ranks), 4
        ),
        p50_ms=round(median(times), 1),
        p95_ms=round(quantiles(times, n=20)[-1], 1),
    )
    say(f"{mode}: {figures}")
    return results, figures


def _rank(found: list[int], wanted: int) -> float:
    return found.index(wanted) + 1 if wanted in found else math.inf


def _answer_place(question: Question, result: SearchResult, paragraph_of: dict[str, int]) -> float:
    quoted = best_sentences(question.text, result, limit=QUOTES)
    for place, sentence in enumerate(quoted, start=1):
        text = sentence.passage.text[sentence.start : sentence.end]
        is_right = paragraph_of[sentence.passage.document_id] == question.paragraph
        if is_right and any(answer in text for answer in question.answers):
            return place
    return math.inf


def _share(hits: Iterator[bool]) -> float:
    return round(fmean(map(float, hits)), 4)
