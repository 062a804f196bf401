"""Vectors of passages and sentences, each with the model that made it."""

from django.db import models
from pgvector.django import HalfVectorField

from rag.models.chunk import Chunk


class EmbeddingModel(models.Model):
    id = models.SmallAutoField(primary_key=True)
    name = models.CharField(max_length=120, unique=True)
    dimension = models.IntegerField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name


class ChunkVector(models.Model):
    chunk = models.ForeignKey(Chunk, on_delete=models.CASCADE, related_name="vectors")
    model = models.ForeignKey(EmbeddingModel, on_delete=models.PROTECT, related_name="+")
    vector = HalfVectorField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chunk", "model"], name="chunk_vector_once_per_model"),
        ]

    def __str__(self) -> str:
        return f"{self.model_id} of {self.chunk_id}"


class SentenceVector(models.Model):
    """A sentence's vector; `start` and `end` are character offsets in the passage's text."""

    chunk = models.ForeignKey(Chunk, on_delete=models.CASCADE, related_name="sentences")
    model = models.ForeignKey(EmbeddingModel, on_delete=models.PROTECT, related_name="+")
    ordinal = models.SmallIntegerField()
    start = models.IntegerField()
    end = models.IntegerField()
    vector = HalfVectorField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["chunk", "model", "ordinal"], name="sentence_vector_once_per_model"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model_id} of {self.chunk_id}.{self.ordinal}"
