"""A passage of a document: what is searched, quoted and cited."""

from django.db import models

from rag.models.collection import Collection
from rag.models.document import Document


class Chunk(models.Model):
    id = models.BigAutoField(primary_key=True)
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="chunks")
    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="chunks")
    ordinal = models.IntegerField()
    page = models.IntegerField(null=True)
    heading = models.CharField(max_length=300, blank=True, db_default="")
    text = models.TextField()
    length = models.IntegerField()

    class Meta:
        ordering = ("document", "ordinal")
        indexes = [
            # Word search asks only for lengths, thousands at a time: never from the texts.
            models.Index(fields=["id"], include=["length"], name="chunk_length"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "ordinal"], name="chunk_once_per_place_in_document"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}#{self.ordinal}"
