"""Documents, their passages and the index over them."""

from rag.models.chunk import Chunk
from rag.models.collection import Collection
from rag.models.document import Document, DocumentState
from rag.models.posting import Posting
from rag.models.vector import ChunkVector, EmbeddingModel, SentenceVector

__all__ = [
    "Chunk",
    "ChunkVector",
    "Collection",
    "Document",
    "DocumentState",
    "EmbeddingModel",
    "Posting",
    "SentenceVector",
]
