"""Find the passage that supports a sentence of an answer, or say that none does.

Computed by us: small models name the wrong passage, above all in Chinese.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rag import index_queries
from rag.embeddings import embedder
from rag.errors import EmbeddingsUnavailable
from rag.gate import MIXED, language_of, support_of
from rag.retrieval import Passage
from rag.sentences import Span, split_sentences
from rag.terms import term_counts, terms_of

SUPPORT_MIN = 0.45
# A number that stands nowhere in the passage is most often a wrong one.
NUMBER_MISSING_FACTOR = 0.6


@dataclass(frozen=True, slots=True)
class Cited:
    """The passage, the supporting span of its text, and how well it supports (0 to 1)."""

    passage: Passage
    start: int
    end: int
    score: float


def cite(sentence: str, passages: Sequence[Passage]) -> Cited | None:
    """Return the best support among the passages; None marks the sentence as unsupported."""
    terms = term_counts(sentence)
    if not terms or not passages:
        return None
    claim = _Claim(sentence, frozenset(terms), language_of(sentence), _numbers(sentence))
    likeness = _likeness(sentence, passages)
    found = [_support(claim, passage, likeness.get(passage.chunk_id)) for passage in passages]
    best = max(found, key=lambda cited: (cited.score, -cited.passage.chunk_id))
    return best if best.score >= SUPPORT_MIN else None


@dataclass(frozen=True, slots=True)
class _Claim:
    """The sentence that wants support, taken apart once."""

    text: str
    terms: frozenset[int]
    language: str
    numbers: frozenset[str]


def _likeness(
    sentence: str, passages: Sequence[Passage]
) -> dict[int, list[tuple[int, int, float]]]:
    with_embedder = embedder()
    model = index_queries.model_number(with_embedder.name)
    if model is None:
        return {}
    try:
        [vector] = with_embedder.embed_passages([sentence])
    except EmbeddingsUnavailable:
        return {}
    chunks = [passage.chunk_id for passage in passages]
    return index_queries.sentence_likeness(vector, model, chunks)


def _support(claim: _Claim, passage: Passage, groups: list[tuple[int, int, float]] | None) -> Cited:
    best = Cited(passage, 0, 0, -1.0)
    for span in split_sentences(passage.text):
        score = _score(claim, passage.text[span.start : span.end], span, groups)
        if score > best.score:
            best = Cited(passage, span.start, span.end, score)
    if claim.numbers - _numbers(f"{passage.heading} {passage.text}"):
        return Cited(passage, best.start, best.end, best.score * NUMBER_MISSING_FACTOR)
    return best


def _score(
    claim: _Claim, text: str, span: Span, groups: list[tuple[int, int, float]] | None
) -> float:
    """Half by shared words, half by meaning; across languages by meaning alone."""
    shared = len(claim.terms & term_counts(text).keys()) / len(claim.terms)
    if groups is None:
        return shared
    likeness = max(
        (value for start, end, value in groups if start <= span.start and span.end <= end),
        default=0.0,
    )
    if language_of(text) == claim.language:
        meaning = support_of(embedder().name, claim.language, likeness)
        return (shared + meaning) / 2
    return max(shared, support_of(embedder().name, MIXED, likeness))


def _numbers(text: str) -> frozenset[str]:
    return frozenset(term for term in terms_of(text) if term.isdecimal())
